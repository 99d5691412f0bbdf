"""What every page and letter needs to know of the installation, kept in memory on each node.

``hub.installation`` reads it anew when something was changed; what is drawn asks here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from people.installation.forms import InstallationForm
from people.installation.settings import settings_form
from people.languages import LANGUAGES, SHIPPED

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
