"""What is announced of people, so that others' folders do what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from people.actors import Actor
from people.businesses import Business
from people.forms import PersonForm
from store.announcements import Announcement


@dataclass(frozen=True, slots=True)
class AccessEnded(Announcement):
    """Nobody comes in any more by what somebody had given them, nor do their programs."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonForgotten(Announcement):
    """Somebody is erased: what is only about them goes, wherever it is kept. All businesses' rows are seen."""

    business_id: UUID
    person_id: UUID
    pseudonym: str


@dataclass(frozen=True, slots=True)
class ProfileChanged(Announcement):
    """A business's profile changed, in these fields; its row is locked."""

    actor: Actor
    business: Business
    changed: frozenset[str]


@dataclass(frozen=True, slots=True)
class BusinessEnds(Announcement):
    """All rows of a business are about to go: what lies elsewhere has to be noted first."""

    business_id: UUID


@dataclass(frozen=True, slots=True)
class Sought(Announcement):
    """Somebody looks for words, which are folded. The answers are lists of what they see with these in it, each with
    its ``kind``, ``title``, ``detail`` and ``url`` (``store.finds``)."""

    actor: Actor
    words: str


@dataclass(frozen=True, slots=True)
class PersonShown(Announcement):
    """Somebody enters their own stream. The answers are pieces of its snapshot: lists of forms as the wire has them, by
    the things' names."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class BusinessShown(Announcement):
    """One of a business's team enters its stream. The answers are pieces of its snapshot."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class PersonRenamed(Announcement):
    """Somebody's name or kind is another: it is told wherever it stands."""

    person: PersonForm
    changed: Literal["name", "kind"]
    by: UUID


@dataclass(frozen=True, slots=True)
class StartChosen(Announcement):
    """Somebody chose the page on which they begin; whoever knows that they can't open it refuses."""

    actor: Actor
    start: str


@dataclass(frozen=True, slots=True)
class CompaniesChosen(Announcement):
    """A client is to belong to these companies and no others. The answers say whether that changed anything; who knows
    that one isn't the business's refuses."""

    business_id: UUID
    person_id: UUID
    company_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class ClientsListed(Announcement):
    """Clients are listed, among others perhaps. The answers are the companies that each belongs to, by name in the
    reader's alphabet, by the person; who belongs to none is left out."""

    person_ids: Sequence[UUID]
    language: str


@dataclass(frozen=True, slots=True)
class StrangerSignsIn(Announcement):
    """Somebody signs in with an e-mail. The answers are how they wait to be let in, or None where they don't."""

    email: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody who waits to be let in, with the password that they chose."""

    password_hash: str
    confirmed: bool
    """Whether their e-mail is theirs, as far as it has to be shown here."""
