"""Acting: what may be done in another's name, and what takes one's own. What isn't sorted here is refused."""

from collections.abc import Collection

from people.actors import Actor
from store.errors import Forbidden, _

IN_ANOTHERS_NAME: dict[str, str] = {
    "account": "change",
    "business": "change enter",
    "calendar": "change",
    "card": "read",
    "checklist": "hide show",
    "client": "link unlink",
    "company": "add archive change remove restore",
    "company_note": "add remove",
    "contact": "add change remove",
    "department": "add change enlist remove",
    "department_member": "add remove",
    "employee": "change",
    "employee_status": "add remove rename",
    "employee_week": "change remove",
    "file": "change remove",
    "holiday": "add remove rename restore",
    "impersonation": "end",
    "leave": "approve cancel record refuse request withdraw",
    "leave_allowance": "change",
    "leave_allowances": "carry",
    "leave_kind": "add change remove",
    "logo": "remove",
    "member": "add remove",
    "mentions": "see",
    "message": "delete edit post",
    "person": "change deactivate erase lock",
    "process": "change",
    "room": "archive change open restore",
    "service": "add change remove",
    "stage": "add change move remove",
    "subscription": "add remove",
    "task": "change complete create remove reopen",
    "timer": "start stop",
    "working_day": "add remove",
}
"""The commands of everyday work, by noun. Each says in the log, and on what it makes, whose hand it was."""

IN_ONES_OWN: dict[str, str] = {
    "admin": "activate add change deactivate delete",
    "all_sessions": "revoke",
    "api_token": "make revoke",
    "authenticator": "confirm remove start",
    "business": "move open",
    "calendar_feed": "remove renew",
    "client": "invite keep",
    "device": "forget",
    "domain": "check vouch withdraw",
    "email": "change",
    "factors": "reset",
    "identity": "unlink",
    "impersonations": "acknowledge",
    "installation": "change",
    "installation_policy": "change",
    "invitation": "resend withdraw",
    "invitation_link": "make",
    "language": "add remove",
    "letter": "retry",
    "mail_settings": "change",
    "meetings_key": "renew",
    "other_sessions": "revoke",
    "passkey": "remove rename",
    "password": "change",
    "person": "add demote invite link promote reactivate unlink unlock",
    "provider": "add change remove",
    "quota": "change",
    "recovery_codes": "renew",
    "registration": "approve refuse",
    "reset": "send",
    "role": "add change remove",
    "session": "revoke",
    "sign_in_policy": "change",
    "test_letter": "send",
    "update": "run",
    "wording": "change reset",
    "wordings": "import",
}
"""The commands that give rights or the ways to them, that concern how somebody signs in, or that run the
installation."""

GIVING: dict[str, frozenset[str]] = {
    "department.add": frozenset({"head_id"}),
    "department.change": frozenset({"head_id", "deputy_ids"}),
    "person.change": frozenset({"role_id", "permissions"}),
}
"""Fields by which a command of everyday work gives rights; without them it may be run."""


class NotInAnothersName(Forbidden):
    code = "not_in_anothers_name"
    message = _(
        "You act as somebody else. What gives rights, or concerns how somebody signs in, can't be done in another's "
        "name. Stop acting to do it as yourself."
    )


def names(sorted_by_noun: dict[str, str]) -> frozenset[str]:
    """These are the commands' names."""
    return frozenset(f"{noun}.{verb}" for noun, verbs in sorted_by_noun.items() for verb in verbs.split())


_MAY_BE_RUN = names(IN_ANOTHERS_NAME)


def must_be_ones_own(actor: Actor, name: str, fields: Collection[str]) -> None:
    """Refuse whoever acts as somebody what takes one's own name.

    Raises:
        NotInAnothersName: it is such.
    """
    if not may_be_done(actor, name, *fields):
        raise NotInAnothersName()


def may_be_done(actor: Actor | None, name: str, *fields: str) -> bool:
    """Whether somebody may ask for a command, and say these of its fields, in the name that they do it in."""
    if actor is None or actor.impersonator_id is None:
        return True
    return name in _MAY_BE_RUN and GIVING.get(name, frozenset()).isdisjoint(fields)
