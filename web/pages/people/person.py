"""A person's page, for those who look after people: what is known, what they may do and why, and what can be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clients.companies import companies
from clients.kept_clients import InviteClient
from people.actors import PERMISSIONS
from people.mail.mail_settings import mail_works
from people.persons.changes import ChangePerson
from people.persons.departures import ReactivatePerson
from people.persons.directory import Occurrence, occurrences, profile
from people.persons.invitation_links import MakeInvitationLink, ResendInvitation, WithdrawInvitation
from people.persons.locks import UnlockPerson
from people.persons.records import UnlinkPerson
from people.persons.resets import SendReset
from people.persons.rights import reasons
from people.roles import role_choices
from people.sentences import HISTORY
from people.signing.factors import ways
from rooms.members import AddMember, RemoveMember
from rooms.persons import PersonRoom, person_rooms
from rooms.tasks.assignments import assignments
from store.errors import _
from web.declared import Form, Page, Visit
from web.forms.command_forms import Asked
from web.forms.usual_fields import EMAIL, LANGUAGE, NAME, TIME_ZONE
from web.pages.people.person_acts import back_to_them, offered
from web.site import address_of_site
from web.words.sentences import in_words
from web.words.signatures import signed
from web.words.translations import translated

AT_ONCE = (
    UnlockPerson,
    ReactivatePerson,
    UnlinkPerson,
    SendReset,
    ResendInvitation,
    WithdrawInvitation,
    RemoveMember,
)
"""What a button on the page does without asking again."""


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    whom = await profile(tx, actor, visit.id("person_id"))
    found = await person_rooms(tx, actor, whom)
    return {
        "person": whom,
        "why": reasons(whom),
        "rooms": found,
        "room_choices": [(place.id, _with_company(place)) for place in found.outside],
        "tasks": await assignments(tx, actor, of=whom.id) if whom.kind != "client" else [],
        "history": [_lived(occurrence, actor.language) for occurrence in await occurrences(tx, actor, whom.id)],
        "acts": offered(actor, whom, second=bool(await ways(tx, whom.id))),
        "permissions": [permission for permission in PERMISSIONS if actor.may(permission)],
        "roles": await role_choices(tx, actor) if whom.managed and whom.kind == "staff" else [],
        "companies": await companies(tx, actor) if whom.managed and whom.kind == "client" else [],
        "mail_works": await mail_works(tx),
        "link": address_of_site(visit.request) + visit.result["path"] if visit.result else None,
    }


def _with_company(place: PersonRoom) -> str:
    return f"{place.title} · {place.company_name}" if place.company_name else place.title


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
    fields = [HISTORY.details.get(field, field) for field in occurrence.body.get("changed", [])]
    return Lived(in_words(said, language), said.icon, [translated(language, field) for field in fields], occurrence.at)


ROOM = Asked("room_id", _("Room"), choices="room_choices")
CHANGES = (
    NAME,
    Asked("phone", _("Phone"), type="tel"),
    Asked("address", _("Address"), rows=2),
    LANGUAGE,
    TIME_ZONE,
)
PAGE = Page(
    "/people/{person_id}",
    "people/person.html",
    reads,
    forms=(
        Form(ChangePerson, then=back_to_them, fields=CHANGES),
        Form(InviteClient, then=back_to_them, fields=(EMAIL,)),
        Form(AddMember, then=back_to_them, fields=(ROOM,)),
        *(Form(command, then=back_to_them) for command in AT_ONCE),
        Form(MakeInvitationLink, then=lambda _done: None),
    ),
    at="people",
    live=True,
)
