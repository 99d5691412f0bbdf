"""Letters about someone's account: that it was locked, unlocked, closed or opened again, and whom to ask about it."""

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business
from people.installations import installation
from people.mail.kinds import MailKind, mail_kind
from people.mail.letters import send_letter
from people.parties import Party
from store.database import Transaction


def account_kind(name: str, subject: str, listed: str) -> MailKind:
    """This is a kind of letter about an account: where it is, who did it, and where to ask about it."""
    return mail_kind(name, subject, listed, "business", "by", "contact")


async def write_of_account(tx: Transaction, actor: Actor, kind: MailKind, person: Party, account: Account) -> None:
    """Tell someone by letter what was done to their account. Who signs in by another one is left alone: that one stays.

    Call it once the account is settled. Whoever has no e-mail gets no letter.
    """
    if account.linked_id is not None:
        return
    business = await tx.get(Business, person.business_id) if person.business_id else None
    await send_letter(
        tx,
        kind,
        to_person_id=person.id,
        business=business.name if business else "",
        by=actor,
        contact=await _contact(tx, actor, business),
    )


async def _contact(tx: Transaction, actor: Actor, business: Business | None) -> str:
    """Where to ask: of the business, or of who runs the installation where they did it."""
    if actor.kind == "superadmin":
        return (await installation(tx)).support
    return business.email if business else ""
