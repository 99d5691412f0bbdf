"""Roles among the settings: what each permits."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from people.actors import PERMISSIONS
from people.roles import AddRole, ChangeRole, RemoveRole, roles
from store.errors import _
from web.declared import Form, Page, Visit
from web.forms.command_forms import Asked


async def reads(visit: Visit) -> Mapping[str, Any]:
    return {"roles": await roles(visit.tx, visit.actor), "permissions": PERMISSIONS}


NAME, TEXT = Asked("name", _("Its name")), Asked("description", _("What it is for"))
NEW_NAME = replace(NAME, placeholder=_("Programmers, for example"))
PAGE = Page(
    "/settings/roles",
    "settings/roles.html",
    reads,
    needs="staff",
    forms=(Form(AddRole, fields=((NEW_NAME, TEXT),)), Form(ChangeRole, fields=((NAME, TEXT),)), RemoveRole),
    at="settings/roles",
    live=True,
)
