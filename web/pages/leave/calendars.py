"""Calendars: what is due, leave and holidays for people's own calendar programs, at a secret address:
a file for programs, and no page.

Source: RFC 5545 (iCalendar); RFC 7986 for the name and how often to ask again.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from rooms.tasks.assignments import Assignment, assignments
from staff.leave.calendars import FREE, Holiday
from staff.leave.feeds import Feed, feed, note_read, reader_of_feed
from staff.leave.forms import AbsenceForm
from store.errors import NotFound, _
from store.scopes import EVERYWHERE
from web.site import address_of_site, site_of
from web.words.translations import translated

LENGTH_AT_MOST = 100
DUE_AT_MOST = 500


async def calendar(request: Request) -> Response:
    """Give someone's calendar to whoever knows its address."""
    token = request.path_params["token"]
    database = site_of(request).database
    async with database.reading(EVERYWHERE) as tx:
        actor = await reader_of_feed(tx, token) if len(token) < LENGTH_AT_MOST else None
    if actor is None:
        raise NotFound()
    async with database.reading(actor.within) as tx:
        due = await assignments(tx, actor, DUE_AT_MOST, dated=True)
        body = drawn(await feed(tx, actor), due, actor, tx.now, address_of_site(request))
    async with database.asked_by(actor) as tx:
        await note_read(tx, actor)
    return Response(
        body,
        media_type="text/calendar; charset=utf-8",
        headers={"cache-control": "private, max-age=300", "content-disposition": 'inline; filename="calendar.ics"'},
    )


def drawn(found: Feed, due: Iterable[Assignment], actor: Actor, now: datetime, site: str) -> bytes:
    """This is a calendar as iCalendar writes it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Atrium//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _said(actor, _("Tasks and leave at %(business)s")) % {"business": found.business})
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for task in due:
        calendar.add_component(_task(task, now, site))
    for absence in found.absences:
        if absence.person_id in found.names:
            calendar.add_component(_absence(absence, found, actor, now))
    for holiday in found.holidays:
        calendar.add_component(_holiday(holiday, actor, now))
    return bytes(calendar.to_ical())


def _task(task: Assignment, now: datetime, site: str) -> Event:
    """An event of the whole day: few calendar programs show RFC 5545's VTODO of a subscribed calendar."""
    assert task.due_on is not None
    event = Event()
    event.add("uid", f"task-{task.task_id}@atrium")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", task.due_on)
    event.add("dtend", task.due_on + timedelta(days=1))
    event.add("summary", task.title)
    event.add("location", " · ".join(filter(None, (task.room_title, task.company_name))))
    event.add("url", f"{site}/rooms/{task.room_id}/tasks#task-{task.task_id}")
    event.add("transp", "TRANSPARENT")
    return event


def _absence(absence: AbsenceForm, found: Feed, actor: Actor, now: datetime) -> Event:
    kind = found.kinds.get(absence.kind_id) if absence.kind_id else None
    word = _said(actor, kind.name) if kind and kind.key else kind.name if kind else _said(actor, _("Away"))
    own = absence.person_id == actor.id
    halves = [
        _said(actor, text)
        for text, holds in ((_("from noon"), absence.starts_at_noon), (_("until noon"), absence.ends_at_noon))
        if holds
    ]
    event = Event()
    event.add("uid", f"{absence.id}@atrium")
    event.add("dtstamp", now.astimezone(UTC))
    starts, ends = _time(absence, found)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    summary = word if own else f"{found.names[absence.person_id]}: {word}"
    event.add("summary", f"{summary} ({', '.join(halves)})" if halves else summary)
    event.add("transp", "OPAQUE" if own else "TRANSPARENT")
    return event


def _time(absence: AbsenceForm, found: Feed) -> tuple[date, date]:
    """This is from when until when somebody is away: whole days, or hours where there is a half of a day in it. A
    business's working day lies around noon, which parts its halves."""
    if not absence.starts_at_noon and not absence.ends_at_noon:
        return absence.starts_on, absence.ends_on + timedelta(days=1)
    half = timedelta(hours=float(found.hours_a_day)) / 2
    first, last = (_noon(day, found.time_zone) for day in (absence.starts_on, absence.ends_on))
    return first if absence.starts_at_noon else first - half, last if absence.ends_at_noon else last + half


def _noon(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(time_zone)).astimezone(UTC)


def _holiday(holiday: Holiday, actor: Actor, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"holiday-{holiday.day.isoformat()}@atrium")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", holiday.day)
    event.add("dtend", holiday.day + timedelta(days=1))
    if holiday.change == "worked":
        working = _said(actor, _("Working day"))
        event.add("summary", f"{working}: {holiday.name}" if holiday.name else working)
    else:
        event.add("summary", holiday.name or _said(actor, FREE))
    event.add("transp", "TRANSPARENT")
    return event


def _said(actor: Actor, text: str) -> str:
    return translated(actor.language, text)


ROUTES: list[BaseRoute] = [Route("/calendar/{token}.ics", calendar)]
