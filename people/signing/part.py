"""What signing in brings."""

from people.signing import known_devices, pending_steps, proof_of_work, providers, reads, sentences, throttling
from people.signing.access import (
    PASSWORD_CHANGED,
    change_password,
    judge_new_password,
    revoke_all_sessions,
    revoke_other_sessions,
)
from people.signing.authenticators import (
    AUTHENTICATOR_ADDED,
    confirm_authenticator,
    remove_authenticator,
    start_authenticator,
)
from people.signing.factor_resets import reset_factors
from people.signing.identities import unlink_identity
from people.signing.known_devices import forget_device
from people.signing.passkeys import PASSKEY_ADDED, remove_passkey, rename_passkey
from people.signing.policies import change_installation_policy, change_sign_in_policy
from people.signing.providers import PROVIDER_ADDED, PROVIDER_CHANGED, add_provider, change_provider, remove_provider
from people.signing.recovery import renew_recovery_codes
from people.signing.session_ends import revoke_session
from people.signing.sign_in import NEW_SIGN_IN
from people.signing.tokens import make_api_token, revoke_api_token
from store.commands import Prepared
from store.parts import Part
from store.upkeep import Upkeep

SIGNING = Part(
    "signing",
    verbs=(
        Prepared(change_password, judge_new_password),
        revoke_session,
        revoke_other_sessions,
        revoke_all_sessions,
        forget_device,
        start_authenticator,
        confirm_authenticator,
        remove_authenticator,
        renew_recovery_codes,
        reset_factors,
        rename_passkey,
        remove_passkey,
        change_sign_in_policy,
        change_installation_policy,
        add_provider,
        change_provider,
        remove_provider,
        unlink_identity,
        make_api_token,
        revoke_api_token,
    ),
    reads=reads.READS,
    upkeep=Upkeep(
        forgets=(
            throttling.forget_old,
            pending_steps.forget_old,
            proof_of_work.forget_old,
            known_devices.forget_old,
            providers.claim_unclaimed,
        ),
    ),
    letters=(
        PASSWORD_CHANGED,
        NEW_SIGN_IN,
        PASSKEY_ADDED,
        AUTHENTICATOR_ADDED,
        PROVIDER_ADDED,
        PROVIDER_CHANGED,
    ),
    journal=sentences.JOURNAL,
)
