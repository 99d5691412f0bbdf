"""What may be done to a person: which acts make sense for whom, and the page that asks before one is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from people.actors import Actor
from people.hands import may_be_done, must_be_ones_own
from people.managers import manages
from people.persons.changes import DemotePerson, PromotePerson
from people.persons.departures import DeactivatePerson, ErasePerson, ReactivatePerson, held_by, successors
from people.persons.directory import Profile, profile
from people.persons.invitation_links import ResendInvitation, WithdrawInvitation
from people.persons.locks import LockPerson, UnlockPerson
from people.persons.records import LinkPerson, UnlinkPerson
from people.persons.resets import SendReset
from people.roles import role_choices
from people.signing.factor_resets import ResetFactors
from store.commands import Command
from store.database import Transaction
from store.errors import NotFound, _
from web.declared import Form, Page, Posted, Reads, Visit
from web.forms.command_forms import Asked


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is asked about on a page of its own before it is done: its command, its icon, and its words."""

    command: type[Command]
    icon: str
    title: str
    text: str
    button: str
    grave: bool = False
    fields: tuple[Asked, ...] = ()
    """What it asks for, where that is drawn from the command."""


ACTS = {
    "lock": Act(
        LockPerson,
        icon="lock",
        title=_("Lock %(name)s?"),
        text=_(
            "They can't sign in until you unlock them, and are signed out everywhere within seconds. "
            "Their rooms, tasks, running timer and automations keep going."
        ),
        button=_("Lock"),
    ),
    "let-go": Act(
        DeactivatePerson,
        icon="user-minus",
        title=_("Deactivate %(name)s?"),
        text=_(
            "They can no longer sign in and are removed from their rooms. What they wrote and did keeps "
            "their name. You can reactivate them later."
        ),
        button=_("Deactivate"),
        grave=True,
    ),
    "factors": Act(
        ResetFactors,
        icon="device-mobile",
        title=_("Has %(name)s lost their phone and recovery codes?"),
        text=_(
            "Their authenticator app, passkeys and recovery codes are removed, and they're signed out "
            "everywhere. After that they can sign in with just their password and set up new ones. Make "
            "sure that it's really them asking."
        ),
        button=_("Remove second factors"),
        grave=True,
    ),
    "promote": Act(
        PromotePerson,
        icon="arrow-up",
        title=_("Make %(name)s an admin?"),
        text=_("An admin can do everything in this business, including managing other admins."),
        button=_("Make an admin"),
    ),
    "demote": Act(
        DemotePerson,
        icon="arrow-down",
        title=_("Make %(name)s staff again?"),
        text=_("From then on they can do what their role permits."),
        button=_("Make staff"),
    ),
    "link": Act(
        LinkPerson,
        icon="link",
        title=_("Is %(name)s also on the team?"),
        text=_(
            "Choose the team member. The client's record stays in its rooms, but only the team account "
            "can sign in from then on."
        ),
        button=_("Link them"),
        fields=(Asked("staff_id", _("Team member"), choices="team", nothing=_("Choose…")),),
    ),
    "erase": Act(
        ErasePerson,
        icon="eraser",
        title=_("Erase the personal data of %(name)s?"),
        text=_(
            "Their name, email, phone, address and sign-in locations are erased, in past records too. A "
            "pseudonym replaces the name. What they wrote and did stays. This can't be undone."
        ),
        button=_("Erase"),
        grave=True,
        fields=(Asked("name", _("Name")),),
    ),
}
COMMANDS = {name: act.command for name, act in ACTS.items()} | {
    "unlock": UnlockPerson,
    "reactivate": ReactivatePerson,
    "unlink": UnlinkPerson,
    "reset": SendReset,
    "resend": ResendInvitation,
    "withdraw": WithdrawInvitation,
}
"""What each act that is offered asks for."""


def offered(actor: Actor, whom: Profile, *, second: bool = False) -> list[str]:
    """These are the acts that make sense for a person, for whoever asks; the verbs decide for themselves."""
    return [act for act in _sensible(actor, whom, second=second) if may_be_done(actor, COMMANDS[act])]


def _sensible(actor: Actor, whom: Profile, *, second: bool) -> list[str]:
    if not whom.managed or whom.state == "erased":
        return []
    if whom.state == "former":
        return ["reactivate", *(["erase"] if actor.kind == "admin" else [])]
    acts = []
    if whom.state == "invited":
        acts += ["resend", "withdraw"]
    elif whom.state == "active":
        acts += ["reset", *(["factors"] if second and whom.id != actor.id else [])]
    if whom.state == "linked":
        acts += ["unlink"] if manages(actor, "staff") else []
    elif whom.id != actor.id and (whom.state != "kept" or whom.locked_at):
        acts += [] if whom.locked_above else ["unlock"] if whom.locked_at else ["lock"]
    return acts + _kind_acts(actor, whom)


def _kind_acts(actor: Actor, whom: Profile) -> list[str]:
    acts = []
    if actor.kind == "admin" and whom.kind == "staff":
        acts.append("promote")
    if actor.kind == "admin" and whom.kind == "admin" and whom.id != actor.id:
        acts.append("demote")
    if whom.kind == "client" and whom.state != "linked" and manages(actor, "staff"):
        acts.append("link")
    return acts if whom.id == actor.id else [*acts, "let-go"]


def asks(name: str) -> Reads:
    """This is what the page reads that asks before an act."""

    async def reads(visit: Visit) -> Mapping[str, Any]:
        tx, actor, act = visit.tx, visit.actor, ACTS[name]
        whom = await profile(tx, actor, visit.id("person_id"))
        must_be_ones_own(actor, act.command, {})
        if name not in offered(actor, whom) and visit.feedback is None:
            raise NotFound()
        return {"person": whom, "name": name, "act": act, **await _needed(tx, actor, name, whom)}

    return reads


async def _needed(tx: Transaction, actor: Actor, name: str, whom: Profile) -> dict[str, Any]:
    held: dict[str, int] = await held_by(tx, whom.id) if name == "let-go" else {}
    needed: dict[str, Any] = {"held": held, "successors": [], "team": [], "roles": []}
    if name == "let-go":
        needed["successors"] = await successors(tx, actor, whom.id, whom.kind)
    if name == "link":
        needed["team"] = await successors(tx, actor, whom.id, "staff")
    if name == "demote":
        needed["roles"] = await role_choices(tx, actor)
    return needed


def back_to_them(done: Posted) -> str:
    return f"/people/{done.request.path_params['person_id']}?done={done.command}"


PAGES = tuple(
    Page(
        f"/people/{{person_id}}/{name}",
        "people/act.html",
        asks(name),
        forms=(Form(act.command, then=back_to_them, named=False, fields=act.fields),),
        at="people",
    )
    for name, act in ACTS.items()
)
