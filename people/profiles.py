"""Profiles: how a business presents itself, to its team and on what it sends out."""

import secrets
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from pydantic import Field, field_validator
from sqlalchemy import select

from people.actors import Actor
from people.announcements import ProfileChanged
from people.businesses import Business
from people.events import BusinessChanged
from people.forms import BusinessForm
from people.languages import Language
from people.mailboxes import EmailIfAny
from people.streams import business_stream
from people.web_addresses import web_address
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, NotFound, _
from store.own_rows import change
from store.secrets.ciphers import cipher
from store.texts.texts import Lines

KEY_BYTES = 18


class ChangeBusiness(Command, touches="work", needs="admin", area="business", fields_touch={"find_closed": "rights"}):
    name: str | None = Field(None, min_length=1, max_length=120)
    header: Lines | None = Field(None, max_length=300)
    footer_left: Lines | None = Field(None, max_length=300)
    footer_right: Lines | None = Field(None, max_length=300)
    address: Lines | None = Field(None, max_length=500)
    tax_id: str | None = Field(None, max_length=60)
    registration_number: str | None = Field(None, max_length=60)
    bank_account: str | None = Field(None, max_length=120)
    phone: str | None = Field(None, max_length=60)
    email: EmailIfAny | None = None
    website: str | None = Field(None, max_length=300)
    language: Language | None = None
    time_zone: str | None = None
    country: str | None = None
    currency: str | None = None
    working_week: list[int] | None = Field(None, max_length=7)
    hours_a_day: Decimal | None = Field(None, ge=Decimal("0.5"), le=24, decimal_places=2)
    meetings_url: str | None = Field(None, max_length=500)
    shown_at_sign_in: bool | None = None
    find_closed: bool | None = None
    """Whether staff find the names of rooms and clients that they can't open, so that nothing is begun twice."""

    @field_validator("website")
    @classmethod
    def address_of_the_web(cls, text: str | None) -> str | None:
        return text if text is None else web_address(text)

    @field_validator("meetings_url")
    @classmethod
    def secure_address(cls, text: str | None) -> str | None:
        address = text if text is None else web_address(text)
        if address and not address.startswith("https://"):
            raise ValueError(_("The meetings link has to start with https://."))
        return address

    @field_validator("time_zone")
    @classmethod
    def known_zone(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError(_("There is no such time zone."))
        return zone

    @field_validator("country")
    @classmethod
    def known_country(cls, country: str | None) -> str | None:
        if country and country not in countries():
            raise ValueError(_("There is no such country."))
        return country or None

    @field_validator("currency")
    @classmethod
    def known_currency(cls, currency: str | None) -> str | None:
        if currency is not None and currency not in currencies():
            raise ValueError(_("There is no such currency."))
        return currency

    @field_validator("working_week")
    @classmethod
    def days(cls, days: list[int] | None) -> list[int] | None:
        if days is None:
            return None
        if not days or not set(days) <= set(range(1, 8)):
            raise ValueError(_("A working week has at least one day."))
        return sorted(set(days))


@cache
def currencies() -> frozenset[str]:
    """These are the currencies that are legal tender somewhere today. Source: ISO 4217, CLDR's supplemental data."""
    tenders = get_global("territory_currencies").values()
    return frozenset(code for used in tenders for code, _since, until, tender in used if until is None and tender)


@cache
def countries() -> frozenset[str]:
    """These are the countries, by their two letters. Source: ISO 3166, CLDR's territories."""
    not_countries = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
    codes = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - not_countries


async def change_business(tx: Transaction, actor: Actor, command: ChangeBusiness) -> BusinessForm:
    """Change your business's profile. Its admins do. With another week or country, leave is counted anew."""
    business = await own_business(tx, actor, lock=True)
    changed = change(business, command.changes(null=("country",)))
    if "country" in changed:
        business.region = None  # it was one of the country before
    await tx.flush()
    await tx.announce(ProfileChanged(actor, business, frozenset(changed)))
    return await tell_business_changed(tx, actor, business, changed)


async def tell_business_changed(tx: Transaction, actor: Actor, business: Business, changed: list[str]) -> BusinessForm:
    """Tell the team of a business's new profile, if anything of it is new."""
    await tx.flush()
    form = BusinessForm.model_validate(business)
    if changed:
        event = BusinessChanged(business=form, changed=changed)
        tx.record(business_stream(business.id), event, by=actor.id, audience="team")
    return form


async def own_business(tx: Transaction, actor: Actor, *, lock: bool = False) -> Business:
    """This is the business that the asker administers.

    Raises:
        Forbidden: the asker isn't an admin.
    """
    if actor.kind != "admin" or actor.business_id is None:
        raise Forbidden()
    business = await tx.get(Business, actor.business_id, lock=lock)
    if business is None:
        raise NotFound()
    return business


class RenewMeetingsKey(Command, touches="entry", needs="admin", area="business"):
    pass


async def renew_meetings_key(tx: Transaction, actor: Actor, command: RenewMeetingsKey) -> None:
    """Make a new key with which invited guests join meetings; the old one is worth nothing from then on."""
    business = await own_business(tx, actor, lock=True)
    business.meetings_key = cipher().encrypt(secrets.token_urlsafe(KEY_BYTES))
    await tell_business_changed(tx, actor, business, ["meetings_key"])


async def meetings_key(tx: Transaction, actor: Actor) -> str | None:
    """This is the key with which guests join meetings, or None while none was made.

    Raises:
        Forbidden: the asker isn't an admin.
    """
    business = await own_business(tx, actor)
    return cipher().decrypt(business.meetings_key) if business.meetings_key else None


async def welcome(tx: Transaction) -> dict[str, Any] | None:
    """This is what the sign-in page shows of the installation's only business, if that wants to be shown there."""
    shown = select(Business.id, Business.name, Business.logo, Business.shown_at_sign_in)
    found = (await tx.execute(shown.limit(2))).all()
    if len(found) != 1 or not found[0].shown_at_sign_in:
        return None
    return dict(found[0]._mapping)
