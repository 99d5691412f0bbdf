"""Policies: how strict signing in is. A business says, and where it doesn't, the installation does."""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import ColumnElement, Integer, Text, case, false, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.events import SignInPolicyChanged
from people.hands import OwnHandsOnly
from people.installations import installation_stream
from people.journal import note_own
from people.signing.factors import has_second_factor
from people.signing.sentences import JOURNAL
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Invalid, _
from store.own_rows import change
from store.rows import Row
from store.texts.texts import Lines, parts_of

SHORTEST_MINUTES = 15
LONGEST_MINUTES = 366 * 24 * 60
MOST_NETWORKS = 100
LONGEST_NETWORK = 60
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Minutes = Annotated[int, Field(ge=SHORTEST_MINUTES, le=LONGEST_MINUTES)]


class SignInPolicy(Row):
    """What a business asks of its people; the row without a business is the installation's. Null is: what it says."""

    __tablename__ = "sign_in_policies"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None]
    two_factors: Mapped[bool | None]
    superadmin_two_factors: Mapped[bool] = mapped_column(default=False)
    session_minutes: Mapped[int | None] = mapped_column(Integer)
    idle_minutes: Mapped[int | None] = mapped_column(Integer)
    networks: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)


Own = aliased(SignInPolicy, name="own_policy")
Default = aliased(SignInPolicy, name="default_policy")


def two_factors_asked(kind: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether somebody of a kind needs two factors, in SQL, by their own and the default policy that are joined."""
    return case(
        (kind == "superadmin", func.coalesce(Default.superadmin_two_factors, false())),
        else_=func.coalesce(Own.two_factors, Default.two_factors, false()),
    )


class PolicyForm(BaseModel):
    """A policy as its page shows it."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    two_factors: bool | None = None
    superadmin_two_factors: bool = False
    session_minutes: int | None = None
    idle_minutes: int | None = None
    networks: list[str] = []


async def own_policy(tx: Transaction, business_id: UUID | None) -> PolicyForm:
    """This is what a business says itself, or the installation for None."""
    row = await tx.scalar(select(SignInPolicy).where(SignInPolicy.business_id.is_not_distinct_from(business_id)))
    return PolicyForm() if row is None else PolicyForm.model_validate(row)


async def people_without(tx: Transaction, business_id: UUID) -> int:
    """So many of a business's people have no second factor yet."""
    found: int = await tx.scalar(
        select(func.count())
        .select_from(Account)
        .where(Account.business_id == business_id, Account.active, ~has_second_factor(Account.person_id))
    )
    return found


class ChangeSignInPolicy(Command, touches="sign_in", needs="admin"):
    """What is left out stays; null is what the installation says."""

    two_factors: bool | None = None
    session_minutes: Minutes | None = None
    """The longest that anyone stays signed in."""
    idle_minutes: Minutes | None = None
    """So long may nothing be done."""
    networks: list[Lines] = Field([], max_length=MOST_NETWORKS)
    """Addresses and networks, such as 203.0.113.0/24, from which people may sign in; none means from anywhere. A text
    can name several, 100 in all."""

    @field_validator("networks")
    @classmethod
    def each(cls, networks: list[str]) -> list[str]:
        return parts_of(networks, MOST_NETWORKS, _("Enter at most 100 addresses and networks."))


async def change_sign_in_policy(tx: Transaction, actor: Actor, command: ChangeSignInPolicy) -> None:
    """Change what a business asks of its people when they sign in. Who no longer fits it is out within seconds.

    Raises:
        Invalid: a network is none, or the asker's own address is in none of them: they would lock themselves out.
    """
    business_id = actor.here
    given = command.given()
    if "networks" in given:
        given["networks"] = _networks(command.networks)
        # A visiting parent's admin is let in by their own business's networks, not by this one's.
        if business_id == actor.home_business_id and not admits(given["networks"], actor.address):
            raise Invalid(
                fields={"networks": _("Your own address, %(address)s, isn't included. You would lock yourself out.")},
                address=actor.address,
            )
    if changed := await _keep(tx, business_id, given):
        note_own(tx, actor, JOURNAL["policy_changed"], changed=changed)
        event = SignInPolicyChanged(changed=changed)
        tx.record(business_stream(business_id), event, by=actor.id, audience="managers")


class ChangeInstallationPolicy(Command, touches="sign_in", needs="superadmin"):
    """What is left out stays; null asks for nothing."""

    two_factors: bool | None = None
    superadmin_two_factors: bool | None = None
    session_minutes: Minutes | None = None
    idle_minutes: Minutes | None = None


async def change_installation_policy(tx: Transaction, actor: Actor, command: ChangeInstallationPolicy) -> None:
    """Change what holds for businesses that don't say otherwise, and for superadmins."""
    if actor.scopes is not None:
        raise OwnHandsOnly()
    given = command.changes(null=("two_factors", "session_minutes", "idle_minutes"))
    if changed := await _keep(tx, None, given):
        note_own(tx, actor, JOURNAL["policy_changed"], changed=changed)
        tx.record(installation_stream(), SignInPolicyChanged(changed=changed), by=actor.id)


async def _keep(tx: Transaction, business_id: UUID | None, given: dict[str, object]) -> list[str]:
    """Keep what was given; these are the fields that are other than before."""
    fresh = insert(SignInPolicy).values(id=tx.new_id(), business_id=business_id, networks=[])
    await tx.execute(fresh.on_conflict_do_nothing(index_elements=["business_id"]))
    mine = select(SignInPolicy).where(SignInPolicy.business_id.is_not_distinct_from(business_id)).with_for_update()
    row = (await tx.scalars(mine)).one()
    return change(row, given)


def _networks(named: Iterable[str]) -> list[str]:
    """These are networks as they are written, each once.

    Raises:
        Invalid: one of them is none.
    """
    found: dict[str, None] = {}
    for text in named:
        if (network := _network(text)) is None:
            raise Invalid(
                fields={
                    "networks": _("%(text)s isn't an address or a network. Use the form 203.0.113.7 or 203.0.113.0/24.")
                },
                text=text[:60],
            )
        found[str(network)] = None
    return list(found)


def _network(text: str) -> Network | None:
    if len(text) > LONGEST_NETWORK:
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def admits(networks: Iterable[str], address: str) -> bool:
    """Whether an address may come in; with no networks named any may."""
    named = tuple(networks)
    if not named:
        return True
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    return any(known in network for network in _parsed(named))


@lru_cache(maxsize=256)
def _parsed(networks: tuple[str, ...]) -> tuple[Network, ...]:
    """Networks as they are compared: each request looks at its business's."""
    return tuple(ipaddress.ip_network(network) for network in networks)


def network_of(address: str) -> str:
    """This is the neighbourhood of an address: what stays when a provider gives the same place another one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{known}/{24 if known.version == 4 else 56}", strict=False))
