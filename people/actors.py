"""The one who asks."""

from dataclasses import dataclass, field
from typing import Annotated, Literal, get_args
from uuid import UUID

from pydantic import Field

from store.errors import Forbidden
from store.scopes import EVERYWHERE, Within
from store.streams import Hand

Kind = Literal["superadmin", "admin", "staff", "client"]
Permission = Literal["projects", "clients", "staff", "invoicing", "tickets", "own_leave", "hours"]
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)
Permissions = Annotated[list[Permission], Field(max_length=len(PERMISSIONS))]
"""Some of them, as a command says which."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, as verbs and reads see whoever asks."""

    id: UUID
    kind: Kind
    business_id: UUID | None
    name: str
    email: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    theme: str = "auto"
    permissions: frozenset[str] = field(default_factory=frozenset)
    session_id: UUID | None = None
    home_business_id: UUID | None = None
    """Where a parent's admin belongs while working in a child; else the same as ``business_id``."""
    impersonator_id: UUID | None = None
    """The superadmin who acts as this person."""
    impersonator_name: str = ""
    scopes: frozenset[str] | None = None
    """What an API token may; None for a session, which may all that its person may."""
    token_id: UUID | None = None
    """The API token by which a program speaks; it has no session then."""
    address: str = ""
    """Where the request came from, for the journal and for a business that lets in some networks only."""
    agent: str = ""
    second_factor_needed: bool = False
    """Until they have set one up they may do nothing else: their business asks for it."""
    networks: tuple[str, ...] = ()
    """The networks from which their business lets its people in; none named means any."""

    @property
    def within(self) -> Within:
        """Whose rows are seen when this person asks."""
        if self.kind == "superadmin":
            return EVERYWHERE
        return tuple({id for id in (self.business_id, self.home_business_id) if id is not None})

    @property
    def hand(self) -> Hand | None:
        """Who really does what this person's name stands under, where people of the business can't look them up."""
        if self.impersonator_id is not None:
            return Hand(self.impersonator_id, self.impersonator_name, on_behalf_of=self.id)
        return Hand(self.id, self.name) if self.kind == "superadmin" else None

    def may(self, permission: Permission) -> bool:
        """Whether this person holds a permission; an admin holds them all."""
        return self.kind == "admin" or (self.kind == "staff" and permission in self.permissions)

    def must(self, permission: Permission) -> UUID:
        """Refuse unless this person holds a permission; this is the business in which it holds.

        Raises:
            Forbidden: it isn't held.
        """
        if self.business_id is None or not self.may(permission):
            raise Forbidden()
        return self.business_id

    @property
    def here(self) -> UUID:
        """The business that they work in: whoever holds what a command of a business needs works in one.

        Raises:
            Forbidden: they work in none.
        """
        if self.business_id is None:
            raise Forbidden()
        return self.business_id

    @property
    def of_the_team(self) -> bool:
        return self.kind in ("admin", "staff")
