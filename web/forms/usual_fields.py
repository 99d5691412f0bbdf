"""Fields that several forms ask for, each called the same in all of them."""

from store.errors import _
from web.forms.command_forms import Asked
from web.words.choices import language_choices, weekdays
from web.words.zones import zones

NAME = Asked("name", _("Name"))
EMAIL = Asked("email", _("Email"), type="email")
LANGUAGE = Asked("language", _("Language"), choices=language_choices)
TIME_ZONE = Asked("time_zone", _("Time zone"), type="time_zone", choices=zones)
WORKING_WEEK = Asked("working_week", _("Working days"), choices=weekdays)
FIRST_PASSWORD = Asked(
    "password",
    _("Password, if you set it"),
    _("Leave empty to let them choose one by email."),
    type="password",
    more={"autocomplete": "new-password"},
)
OWN_PASSWORD = Asked("password", _("Your password"), type="password", more={"autocomplete": "current-password"})
"""By which somebody proves that it's them."""
