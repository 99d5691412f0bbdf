"""Roles among the settings: what each permits."""

from collections.abc import Mapping
from typing import Any

from people.actors import PERMISSIONS
from people.roles import AddRole, ChangeRole, RemoveRole, roles
from web.declared import Page, Visit


async def reads(visit: Visit) -> Mapping[str, Any]:
    return {"roles": await roles(visit.tx, visit.actor), "permissions": PERMISSIONS}


PAGE = Page(
    "/settings/roles",
    "settings/roles.html",
    reads,
    needs="staff",
    forms=(AddRole, ChangeRole, RemoveRole),
    at="settings/roles",
    live=True,
)
