"""The journal: who signed in and out and what befell accounts. A superadmin reads all of it, an admin their own."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from people.actors import Actor
from people.devices import device
from people.installation.openings import businesses
from people.journal import AT_ONCE, Filters, JournalLine, journal
from people.sentences import UNKNOWN
from store.days import known_day, midnight
from store.errors import Invalid, _
from store.sentences import LATEST, Said, Sentences
from web.declared import Page, Visit
from web.site import site_of
from web.words.formatting import zone_named
from web.words.sentences import in_markup
from web.words.signatures import signed
from web.words.translations import translated

ALL = "all"


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor, site = visit.tx, visit.actor, site_of(visit.request)
    query = {name: value for name, value in visit.query.items() if value}
    lines = await journal(tx, actor, _filters(query, actor, site.journal), _identifier(query, "before"))
    asked = {name: query[name] for name in query if name not in ("before", "path")}
    return {
        "asked": asked,
        "kinds": [(kind, translated(actor.language, called)) for kind, called in kinds(site.journal).items()],
        "businesses": await businesses(tx, actor) if actor.kind == "superadmin" else [],
        "lines": [_shown(line, site.journal, actor.language) for line in lines],
        "earlier": f"/journal?{urlencode(asked | {'before': str(lines[-1].id)})}" if len(lines) == AT_ONCE else None,
        "newest": f"/journal?{urlencode(asked)}" if "before" in query else None,
        "kept_days": site.journal_days,
        "source": f"/parts/journal?{urlencode(asked)}",
    }


def kinds(sentences: Sentences) -> dict[str, str]:
    """These are the kinds of lines that one can ask for, as they are called."""
    return {**sentences.kinds, ALL: _("Everything")}


def asked_for(what: str, sentences: Sentences) -> tuple[str, ...]:
    """These are the names of the lines of what was asked for; none are named, where that is all."""
    if what == ALL:
        return ()
    return sentences.of(what if what in sentences.kinds else LATEST)


def _filters(query: dict[str, str], actor: Actor, sentences: Sentences) -> Filters:
    zone = zone_named(actor.time_zone)
    since, until = _day(query, "since"), _day(query, "until")
    return Filters(
        person_id=_identifier(query, "person"),
        business_id=_identifier(query, "business"),
        named=query.get("named", "")[:100],
        what=asked_for(query.get("what", ""), sentences),
        since=midnight(since, zone) if since else None,
        until=midnight(until + timedelta(days=1), zone) if until else None,
    )


def _day(query: dict[str, str], name: str) -> date | None:
    if name not in query:
        return None
    try:
        day = datetime.fromisoformat(query[name]).date()
    except ValueError as error:
        raise Invalid(fields={name: _("This isn't a date.")}) from error
    try:
        return known_day(day)
    except ValueError as error:
        raise Invalid(fields={name: str(error)}) from error


def _identifier(query: dict[str, str], name: str) -> UUID | None:
    try:
        return UUID(query[name]) if name in query else None
    except ValueError as error:
        raise Invalid(fields={name: _("This isn't an identifier.")}) from error


def _shown(line: JournalLine, sentences: Sentences, language: str) -> dict[str, Any]:
    details, by = line.details, _doer(line, language)
    told = {"name": line.what, "person": line.person, "by": by, "details": details}
    said = sentences.said(told, {}) or _of_another_version(line)
    return {
        "at": line.at,
        "said": partial(in_markup, said, language),
        "names_both": "by" in said.params,
        "grave": said.kind == "failed",
        "person_id": line.person_id,
        "person": line.person,
        "business": line.business or details.get("business"),
        "by": by,
        "reason": details.get("reason"),
        "since": details.get("since"),
        "until": details.get("until"),
        "deeds": details.get("deeds"),
        "address": line.address,
        "device": device(line.agent) if line.agent else "",
        "details": [] if said.says_all else _details(line, sentences),
    }


def _of_another_version(line: JournalLine) -> Said:
    """What is said of a line whose word only a newer version knows, which served beside this one."""
    return Said(f"{{name}} {line.what.replace('_', ' ')}", {"name": line.person or UNKNOWN}, icon="", kind="")


def _details(line: JournalLine, sentences: Sentences) -> list[str]:
    """How it was done, or why it wasn't."""
    telling = ("factor", "how", "why", *(("domain",) if line.person else ()))
    said = [line.details.get(name) for name in telling]
    return [sentences.details.get(text, text) for text in said if text and isinstance(text, str)]


def _doer(line: JournalLine, language: str) -> str | None:
    by: str | None = line.by or line.details.get("by_name")
    return signed(line.on_behalf_of, by, language) if line.on_behalf_of else by


PAGE = Page("/journal", "journal/journal.html", reads, needs=("admin", "superadmin"), at="journal/journal", live=True)
