"""What the domains from which people sign in bring."""

from people.signing.domains import domain_records, sentences
from people.signing.domains.domain_proofs import check_domain, look_for_record, vouch_domain, withdraw_domain
from people.signing.domains.domain_records import DOMAIN_LOST, DOMAIN_MISSING, Looker
from store.commands import Prepared
from store.parts import Part
from store.upkeep import Upkeep

DOMAINS = Part(
    "domains",
    verbs=(
        Prepared(check_domain, look_for_record),
        vouch_domain,
        withdraw_domain,
    ),
    upkeep=Upkeep(
        forgets=(domain_records.look_again,),
    ),
    jobs={"domain.look": lambda shop: Looker(shop.database).look},
    letters=(
        DOMAIN_MISSING,
        DOMAIN_LOST,
    ),
    journal=sentences.JOURNAL,
)
