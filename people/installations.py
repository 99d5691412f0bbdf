"""The installation as a whole: its settings, whoever runs it, and its stream, which superadmins and every node hear.

What every page and letter needs to know of it is kept in memory on each node: ``hub.installation`` reads it anew when
something was changed; what is drawn asks here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.forms import InstallationForm
from people.languages import LANGUAGES, SHIPPED
from store.database import Transaction
from store.errors import Forbidden
from store.rows import Row
from store.streams import Stream

ITSELF = UUID(int=1)


def installation_stream() -> Stream:
    """This is the stream of what concerns the installation as a whole."""
    return Stream("installation", ITSELF, None)


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


async def installation(tx: Transaction) -> InstallationForm:
    """These are the installation's settings."""
    return settings_form(await tx.get(InstallationSettings, 1))


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


AS_SHIPPED = settings_form(None)


@dataclass
class _Known:
    settings: InstallationForm = field(default_factory=lambda: AS_SHIPPED)


_known = _Known()


def current() -> InstallationForm:
    """These are the installation's settings, as this node knows them."""
    return _known.settings


def know(settings: InstallationForm, further: Mapping[str, str]) -> None:
    """Know the settings, and the languages that can be chosen beside those that Atrium brings, by their own names."""
    _known.settings = settings
    wanted = {**SHIPPED, **further}
    for code in set(LANGUAGES) - set(wanted):
        del LANGUAGES[code]
    LANGUAGES.update(wanted)
