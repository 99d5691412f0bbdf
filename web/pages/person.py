"""A person's page, for those who look after people: what is known, what they may do and why, and what can be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from clients.companies import companies
from clients.kept_clients import InviteClient
from people.actors import PERMISSIONS, Actor
from people.hands import may_be_done, must_be_ones_own
from people.mail.mail_settings import mail_works
from people.managers import manages
from people.persons.changes import ChangePerson, DemotePerson, PromotePerson
from people.persons.departures import DeactivatePerson, ErasePerson, ReactivatePerson, held_by, successors
from people.persons.directory import Occurrence, Profile, occurrences, profile
from people.persons.invitation_links import MakeInvitationLink, ResendInvitation, WithdrawInvitation
from people.persons.locks import LockPerson, UnlockPerson
from people.persons.records import LinkPerson, UnlinkPerson
from people.persons.resets import SendReset
from people.persons.rights import reasons
from people.roles import role_choices
from people.sentences import FIELDS, HISTORY
from people.signing.factor_resets import ResetFactors
from people.signing.factors import ways
from rooms.members import AddMember, RemoveMember
from rooms.persons import Place, places
from rooms.tasks.assignments import assignments
from store.commands import Command
from store.database import Transaction
from store.errors import NotFound, _
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.site import address_of_site
from web.words.sentences import in_words
from web.words.signatures import signed
from web.words.translations import translated
from web.words.zones import zones


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is asked about on a page of its own before it is done: its command, its icon, and its words."""

    command: type[Command]
    icon: str
    title: str
    text: str
    button: str
    grave: bool = False


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
    ),
}
AT_ONCE = (
    UnlockPerson.wire_name,
    ReactivatePerson.wire_name,
    UnlinkPerson.wire_name,
    SendReset.wire_name,
    ResendInvitation.wire_name,
    WithdrawInvitation.wire_name,
    AddMember.wire_name,
    RemoveMember.wire_name,
)
"""What a button on the page does without asking again."""
COMMANDS = {name: act.command for name, act in ACTS.items()} | {
    "unlock": UnlockPerson,
    "reactivate": ReactivatePerson,
    "unlink": UnlinkPerson,
    "reset": SendReset,
    "resend": ResendInvitation,
    "withdraw": WithdrawInvitation,
}
"""What each act that is offered asks for."""


async def person_page(request: Request) -> Response:
    """Show a person."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor)


async def person_part(request: Request) -> Response:
    """What changes on a person's page, by itself."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/person.html")


async def change(request: Request) -> Response:
    """Change a person, or do to them what needs no asking, by a posted form."""
    actor, form = await posted(request)
    name, person_id = text_of(form, "command"), str(_person_id(request))
    if name not in (ChangePerson.wire_name, InviteClient.wire_name, MakeInvitationLink.wire_name, *AT_ONCE):
        raise NotFound()
    given: dict[str, Any] = {"person_id": person_id}
    if name == ChangePerson.wire_name:
        given |= {field: _chosen(form, field) for field in ("permissions", "company_ids") if field in form}
    outcome = await perform(request, actor, name, form, **given)
    if not isinstance(outcome, Feedback) and name != MakeInvitationLink.wire_name:
        return RedirectResponse(f"/people/{person_id}?done={name}", 303)
    async with signed_in(request) as (tx, again):
        if isinstance(outcome, Feedback):
            return await _draw(request, tx, again, feedback=outcome)
        return await _draw(request, tx, again, link=address_of_site(request) + outcome.result["path"])


def _chosen(form: FormData, field: str) -> list[str]:
    """What is ticked; an empty value among them says that all may be taken away."""
    return [value for value in form.getlist(field) if isinstance(value, str) and value]


async def _draw(
    request: Request,
    tx: Transaction,
    actor: Actor,
    *,
    feedback: Feedback | None = None,
    template: str = "person.html",
    link: str | None = None,
) -> Response:
    whom = await profile(tx, actor, _person_id(request))
    found = await places(tx, actor, whom)
    return await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="people",
        person=whom,
        why=reasons(whom),
        rooms=found,
        room_choices=[(place.id, _with_company(place)) for place in found.outside],
        tasks=await assignments(tx, actor, of=whom.id) if whom.kind != "client" else [],
        history=[_lived(occurrence, actor.language) for occurrence in await occurrences(tx, actor, whom.id)],
        acts=offered(actor, whom, second=bool(await ways(tx, whom.id))),
        permissions=[permission for permission in PERMISSIONS if actor.may(permission)],
        roles=await role_choices(tx, actor) if whom.managed and whom.kind == "staff" else [],
        companies=await companies(tx, actor) if whom.managed and whom.kind == "client" else [],
        zones=zones(),
        mail_works=await mail_works(tx),
        link=link,
        feedback=feedback,
        done=request.query_params.get("done", ""),
    )


def _with_company(place: Place) -> str:
    return f"{place.title} · {place.company_name}" if place.company_name else place.title


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


async def asking_page(request: Request) -> Response:
    """Ask before something is done to a person."""
    async with signed_in(request) as (tx, actor):
        return await _ask(request, tx, actor)


async def doing(request: Request) -> Response:
    """Do it by a posted form, and go back to the person."""
    actor, form = await posted(request)
    act, person_id = _act(request), str(_person_id(request))
    outcome = await perform(request, actor, act.command.wire_name, form, person_id=person_id)
    if not isinstance(outcome, Feedback):
        return RedirectResponse(f"/people/{person_id}?done={act.command.wire_name}", 303)
    async with signed_in(request) as (tx, again):
        return await _ask(request, tx, again, outcome)


async def _ask(request: Request, tx: Transaction, actor: Actor, feedback: Feedback | None = None) -> Response:
    name, act = _name(request), _act(request)
    whom = await profile(tx, actor, _person_id(request))
    must_be_ones_own(actor, act.command, {})
    if name not in offered(actor, whom) and feedback is None:
        raise NotFound()
    return await page(
        request,
        tx,
        actor,
        "person_act.html",
        status=feedback.status if feedback else 200,
        page="people",
        person=whom,
        name=name,
        act=act,
        feedback=feedback,
        **await _needed(tx, actor, name, whom),
    )


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


def _act(request: Request) -> Act:
    return ACTS[_name(request)]


def _name(request: Request) -> str:
    return request.url.path.rpartition("/")[2]


def _person_id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["person_id"])
    except ValueError:
        raise NotFound() from None


@dataclass(frozen=True, slots=True)
class Lived:
    """Something that happened to a person, as the page says it."""

    text: str
    icon: str
    fields: list[str]
    at: datetime


def _lived(occurrence: Occurrence, language: str) -> Lived:
    who = signed(occurrence.by or "Atrium", occurrence.acted_by, language)
    said = HISTORY.said({**occurrence.body, "name": occurrence.name}, {"doer": lambda _: who})
    assert said
    fields = [FIELDS.get(field, field) for field in occurrence.body.get("changed", [])]
    return Lived(in_words(said, language), said.icon, [translated(language, field) for field in fields], occurrence.at)


ROUTES: list[BaseRoute] = [
    Route("/people/{person_id}", person_page),
    Route("/people/{person_id}", change, methods=["POST"]),
    *(
        route
        for act in ACTS
        for route in (
            Route(f"/people/{{person_id}}/{act}", asking_page),
            Route(f"/people/{{person_id}}/{act}", doing, methods=["POST"]),
        )
    ),
]
PARTS: list[BaseRoute] = [Route("/people/{person_id}", person_part)]
