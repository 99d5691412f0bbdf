"""Settings: what holds for the whole installation, whichever node answers."""

from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator, field_validator
from sqlalchemy import SmallInteger, Text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.installation.addresses import origin
from people.installation.events import ITSELF, InstallationChanged, installation_stream
from people.installation.forms import InstallationForm
from people.languages import Language
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, _
from store.rows import Row
from store.texts import Lines

BY_DEFAULT: dict[str, Any] = {
    "name": "Atrium",
    "address": "",
    "language": "en",
    "time_zone": "UTC",
    "registration_open": False,
    "notice": "",
    "support": "",
    "quota_gb": 100,
}


def _gigabytes(value: Any, handler: ValidatorFunctionWrapHandler) -> int:
    try:
        number: int = handler(value)
    except ValidationError:
        raise ValueError(_("This must be a whole number of GB, from 1 to 1000000.")) from None
    return number


Gigabytes = Annotated[int, Field(ge=1, le=1_000_000), WrapValidator(_gigabytes)]
"""A size as people set one."""


class InstallationSettings(Row):
    """The one row of settings; there is none until something was changed."""

    __tablename__ = "installation_settings"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, default=1)
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    registration_open: Mapped[bool]
    notice: Mapped[str] = mapped_column(Text)
    support: Mapped[str] = mapped_column(Text)
    quota_gb: Mapped[int | None]


class ChangeInstallation(Command, touches="sign_in", needs="superadmin"):
    name: str | None = Field(None, min_length=1, max_length=60)
    address: str | None = Field(None, max_length=200)
    """Where people reach the installation, as letters and pages show it; empty for what the hub was started with."""
    language: Language | None = None
    """For strangers whose browser asks for none that is spoken here, and for new businesses."""
    time_zone: str | None = None
    registration_open: bool | None = None
    notice: Lines | None = Field(None, max_length=2000)
    """What stands above the form by which people register."""
    support: str | None = Field(None, max_length=200)
    quota_gb: Gigabytes | None = None
    """How much a business's files may take that has no quota of its own; null for without end."""

    @field_validator("address")
    @classmethod
    def reachable(cls, address: str | None) -> str | None:
        return origin(address) if address else address

    @field_validator("time_zone")
    @classmethod
    def known(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError(_("There is no such time zone."))
        return zone


async def change_installation(tx: Transaction, actor: Actor, command: ChangeInstallation) -> InstallationForm:
    """Change what holds for the whole installation. It takes effect at once, on every node."""
    row = await tx.get(InstallationSettings, 1, lock=True)
    if row is None:
        await tx.execute(insert(InstallationSettings).values(id=1, **BY_DEFAULT).on_conflict_do_nothing())
        row = await tx.get(InstallationSettings, 1, lock=True)
    assert row is not None
    given = {field: value for field, value in command.given().items() if value is not None or field == "quota_gb"}
    changed = [field for field, value in given.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, given[field])
    form = settings_form(row)
    if changed:
        tx.record(installation_stream(), InstallationChanged(installation=form, changed=changed), by=actor.id)
    return form


async def installation(tx: Transaction) -> InstallationForm:
    """These are the installation's settings."""
    return settings_form(await tx.get(InstallationSettings, 1))


async def installation_snapshot(tx: Transaction) -> dict[str, Any]:
    """This is what who runs the installation hears changes of."""
    return {"installation": (await installation(tx)).model_dump(mode="json")}


def settings_form(row: InstallationSettings | None) -> InstallationForm:
    shown = BY_DEFAULT if row is None else {field: getattr(row, field) for field in BY_DEFAULT}
    return InstallationForm(id=ITSELF, **shown)


def must_run_it(actor: Actor) -> None:
    """Refuse whoever doesn't run the installation.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    if actor.kind != "superadmin":
        raise Forbidden()
