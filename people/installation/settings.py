"""Settings: what holds for the whole installation, whichever node answers."""

from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator, field_validator
from sqlalchemy.dialects.postgresql import insert

from people.actors import Actor
from people.forms import InstallationForm
from people.installation.addresses import origin
from people.installation.events import InstallationChanged
from people.installations import (
    BY_DEFAULT,
    InstallationSettings,
    installation,
    installation_stream,
    settings_form,
)
from people.languages import Language
from store.commands import Command
from store.database import Transaction
from store.errors import _
from store.own_rows import change
from store.texts.texts import Lines


def _gigabytes(value: Any, handler: ValidatorFunctionWrapHandler) -> int:
    try:
        number: int = handler(value)
    except ValidationError:
        raise ValueError(_("This must be a whole number of GB, from 1 to 1000000.")) from None
    return number


Gigabytes = Annotated[int, Field(ge=1, le=1_000_000), WrapValidator(_gigabytes)]
"""A size as people set one."""


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
    changed = change(row, command.changes(null=("quota_gb",)))
    form = settings_form(row)
    if changed:
        tx.record(installation_stream(), InstallationChanged(installation=form, changed=changed), by=actor.id)
    return form


async def installation_snapshot(tx: Transaction) -> dict[str, Any]:
    """This is what who runs the installation hears changes of."""
    return {"installation": (await installation(tx)).model_dump(mode="json")}
