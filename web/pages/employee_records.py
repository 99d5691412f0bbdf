"""An employee's card: its work part to the team, all of it to themselves, and the rest only by an act."""

from typing import Any
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from staff.employees.forms import CardRead, CardReadingForm, EmployeeStatusForm
from staff.employees.records import ChangeEmployee, ReadCard, card
from staff.employees.sentences import READINGS
from staff.employees.statuses import statuses
from staff.leave.absences import away_today
from staff.leave.calendars import own_business, week_of
from staff.leave.rosters import ChangeEmployeeWeek, RemoveEmployeeWeek
from staff.leave.weeks import week_form
from store.database import Transaction
from store.errors import Forbidden, NotFound
from store.texts import without_controls
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.queries import identifier
from web.words.sentences import in_words
from web.words.signatures import signed
from web.words.translations import translated

COMMANDS = tuple(command.wire_name for command in (ChangeEmployee, ReadCard, ChangeEmployeeWeek, RemoveEmployeeWeek))


async def card_page(request: Request) -> Response:
    """Show someone's card to their team."""
    async with signed_in(request) as (tx, actor):
        return _private(await _draw(request, tx, actor))


async def card_part(request: Request) -> Response:
    """What of it is read, by itself."""
    async with signed_in(request) as (tx, actor):
        return _private(await _draw(request, tx, actor, template="parts/card.html"))


async def change(request: Request) -> Response:
    """Write on a card by a posted form, or ask for what isn't for everyone."""
    actor, form = await posted(request)
    name, person_id = text_of(form, "command"), _person_id(request)
    if name not in COMMANDS:
        raise NotFound()
    outcome = await perform(request, actor, name, form, person_id=str(person_id), **_several(form))
    if isinstance(outcome, Feedback):
        async with signed_in(request) as (tx, again):
            return _private(await _draw(request, tx, again, feedback=outcome))
    reading = outcome.result["id"] if name == ReadCard.wire_name else text_of(form, "reading")
    where = [f"reading={reading}"] if reading else []
    where += [] if name == ReadCard.wire_name else ["done=1"]
    return RedirectResponse(f"/people/{person_id}/card?{'&'.join(where)}", 303)


def _several(form: FormData) -> dict[str, Any]:
    """These are the messengers, one a line; and that it is the business's week again, which has no days of its own."""
    if text_of(form, "as_business"):
        return {"days": None}
    return (
        {"messengers": [without_controls(each) for each in text_of(form, "messengers").splitlines()]}
        if "messengers" in form
        else {}
    )


async def _draw(
    request: Request, tx: Transaction, actor: Actor, *, feedback: Feedback | None = None, template: str = "card.html"
) -> Response:
    person_id, over = _person_id(request), False
    try:
        found = await card(tx, actor, person_id, identifier(request, "reading"))
    except Forbidden as refusal:
        if refusal.code != "reading_over":
            raise
        found, over = await card(tx, actor, person_id), True
    assert actor.business_id
    known = await statuses(tx, actor.business_id, actor.language)
    away = await away_today(tx, actor)
    return await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="people",
        card=found,
        readings=[_read(reading, actor.language) for reading in found.readings or ()],
        status_choices=[(str(each.id), _name(each, actor.language)) for each in known],
        standing=next((each for each in known if found.work and each.id == found.work["status_id"]), None),
        until=away.get(person_id),
        weeks=(await week_form(tx, person_id)).weeks if found.work is not None else [],
        week=week_of(await own_business(tx, actor)),
        reading_over=over,
        feedback=feedback,
        done=request.query_params.get("done", ""),
    )


def _name(status: EmployeeStatusForm, language: str) -> str:
    return translated(language, status.name) if status.key else status.name


def _read(reading: CardReadingForm, language: str) -> tuple[CardReadingForm, str, str]:
    """Who looked or wrote, in words, and the icon before it."""
    told = {"name": CardRead.wire_name, "card_reading": reading.model_dump(mode="json")}
    said = READINGS.said(told, {"reader": lambda _: signed(reading.reader_name, reading.acted_by, language)})
    assert said
    return reading, in_words(said, language), said.icon


def _private(response: Response) -> Response:
    """Nothing on the way may keep a copy of a card."""
    response.headers["cache-control"] = "no-store"
    return response


def _person_id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["person_id"])
    except ValueError as error:
        raise NotFound() from error


ROUTES: list[BaseRoute] = [
    Route("/people/{person_id}/card", card_page),
    Route("/people/{person_id}/card", change, methods=["POST"]),
]
PARTS: list[BaseRoute] = [Route("/people/{person_id}/card", card_part)]
