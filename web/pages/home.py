"""Home: what matters first to each kind of person."""

from collections.abc import Mapping
from typing import Any

from people.actors import Actor
from people.checklists import is_hidden
from people.installation.admins import admins
from people.installation.hierarchy import tree
from people.installation.impersonations import traces, unseen
from people.installation.openings import businesses
from people.installation.registration_decisions import registrations
from rooms.activity import latest_activity
from rooms.first_steps import first_steps
from rooms.rooms import rooms
from rooms.summaries import by_company, summaries
from rooms.tasks.assignments import assignments, completed
from rooms.time.hours import hours_by_day, team_days, today_of
from rooms.time.timers import running_timers
from rooms.wall.unseen_mentions import mentioned
from store.database import Transaction
from web.declared import LivePart, Page, Visit
from web.site import site_of
from web.streams import streams_of
from web.words.activity import said
from web.words.first_steps import shown

ROOMS_AT_HOME = 24
LATEST = {"client": 12, "staff": 8, "admin": 12}
"""So much of what happened is shown."""


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    # What the doctor finds is for who runs the installation.
    findings = {"findings": await site_of(visit.request).findings()} if actor.kind == "superadmin" else {}
    acted = {"acted": await unseen(tx, actor), "traces": await traces(tx, actor)}
    return findings | acted | await HOMES[actor.kind](tx, actor) | await _latest(visit)


async def _latest(visit: Visit) -> dict[str, Any]:
    """What happened last in somebody's rooms, in words; who runs the installation has none."""
    actor = visit.actor
    if actor.kind == "superadmin":
        return {}
    site = site_of(visit.request)
    found = await latest_activity(visit.tx, actor, site.timeline.latest, LATEST[actor.kind])
    return {"activity": said(site.timeline, site.tabs.by_part, found, actor.language)}


async def _clients(tx: Transaction, actor: Actor) -> dict[str, Any]:
    own = await rooms(tx, actor, limit=ROOMS_AT_HOME)
    found = await summaries(tx, actor, own)
    return {
        "summaries": found,
        "groups": by_company(found, actor.language),
        "timers": await running_timers(tx, actor),
        "mentioned": await mentioned(tx, actor),
        "days": await hours_by_day(tx, actor, 7),
        "streams": await streams_of(tx, actor, [room.id for room in own]),
    }


async def _staffs(tx: Transaction, actor: Actor) -> dict[str, Any]:
    own = await rooms(tx, actor, mine=True, limit=ROOMS_AT_HOME)
    return {
        "summaries": await summaries(tx, actor, own),
        "assignments": await assignments(tx, actor),
        "mentioned": await mentioned(tx, actor),
        "days": await hours_by_day(tx, actor, 7, own=True),
        "streams": await streams_of(tx, actor, [room.id for room in own]),
    }


async def _admins(tx: Transaction, actor: Actor) -> dict[str, Any]:
    found = await rooms(tx, actor, limit=ROOMS_AT_HOME)
    days = await team_days(tx, actor)
    steps = [] if await is_hidden(tx, actor) else shown(await first_steps(tx, actor))
    return {
        "steps": steps if any(each.step.available and not each.step.done for each in steps) else [],
        "days": days,
        "working": sum(day.timer is not None for day in days),
        "today_seconds": sum(day.seconds for day in days),
        "completed": await completed(tx, actor, today_of(tx.now, actor)),
        "summaries": await summaries(tx, actor, found),
        "mentioned": await mentioned(tx, actor),
        "streams": await streams_of(tx, actor, [room.id for room in found]),
    }


async def _superadmins(tx: Transaction, actor: Actor) -> dict[str, Any]:
    found = {each.id: each for each in await businesses(tx, actor)}
    return {
        "tree": await tree(tx, actor),
        "summaries": found,
        "people": sum(each.people for each in found.values()),
        "admins": len(await admins(tx, actor)),
        "registrations": await registrations(tx, actor),
        "streams": "person installation",
    }


HOMES = {"client": _clients, "staff": _staffs, "admin": _admins, "superadmin": _superadmins}
PAGE = Page("/", "home/{kind}.html", reads, at="home", parts=(LivePart("/home", "home/{kind}_part.html"),))
