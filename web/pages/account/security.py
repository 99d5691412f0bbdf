"""How one signs in: codes by an app, passkeys, recovery codes, and other services that say who one is."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import segno
from markupsafe import Markup

from people.signing.authenticators import ConfirmAuthenticator, RemoveAuthenticator, StartAuthenticator, own_codes
from people.signing.identities import UnlinkIdentity, own_identities
from people.signing.passkeys import RemovePasskey, RenamePasskey, own_passkeys
from people.signing.recovery import RenewRecoveryCodes
from store.errors import _
from web.declared import Form, LivePart, Page, Posted, Visit
from web.forms.command_forms import Asked
from web.forms.usual_fields import OWN_PASSWORD


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    codes = await own_codes(tx, actor)
    shown = {
        "needed": actor.second_factor_needed,
        "codes": codes,
        "qr": qr(codes.setup.uri) if codes.setup and codes.setup.uri else None,
        "passkeys": await own_passkeys(tx, actor),
        "identities": await own_identities(tx, actor),
        "fresh": visit.result["recovery_codes"] if visit.result else None,
    }
    return shown | ({"done": visit.command} if visit.result else {})


def qr(text: str) -> Markup:
    """This is a text as a QR code, black on white whatever the theme: phones read no other."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, scale=5, border=3, dark="#000", light="#fff", omitsize=True
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by the library, of squares alone


def _then(at: str) -> Callable[[Posted], str | None]:
    """Recovery codes are shown in the answer itself: nowhere can they be read again."""

    def then(done: Posted) -> str | None:
        fresh = done.result and done.result.get("recovery_codes")
        return None if fresh else f"/account/security?done={done.command}#{at}"

    return then


FIRST_CODE = Asked("code", _("Code"), more={"autocomplete": "one-time-code", "inputmode": "numeric", "minlength": "6"})
CODE = Asked(
    "code",
    _("Code"),
    _("From your authenticator app, or a recovery code."),
    more={"autocomplete": "one-time-code", "spellcheck": "false"},
)
FOR_NEW_CODES = replace(OWN_PASSWORD, help=_("Your previous codes will stop working."))
PAGE = Page(
    "/account/security",
    "account/security.html",
    reads,
    forms=(
        Form(StartAuthenticator, then=_then("codes")),
        Form(ConfirmAuthenticator, then=_then("codes"), fields=((FIRST_CODE, OWN_PASSWORD),)),
        Form(RemoveAuthenticator, at="codes", fields=((OWN_PASSWORD, CODE),)),
        Form(RenewRecoveryCodes, then=_then("recovery"), fields=(FOR_NEW_CODES,)),
        Form(RenamePasskey, at="passkeys", fields=(Asked("name", _("Its name")),)),
        Form(RemovePasskey, at="passkeys", fields=(OWN_PASSWORD,)),
        Form(UnlinkIdentity, at="identities"),
    ),
    at="account",
    parts=(LivePart("/security", "account/security_part.html"),),
)
