"""The settings' pages at a glance, and the way to the first that one may open."""

from web.declared import Menu, Page
from web.pages.settings import first_steps, leave, policies, processes, profile, rights, roles, services

PAGES: tuple[Page, ...] = (
    profile.PAGE,
    first_steps.PAGE,
    processes.PAGE,
    policies.BUSINESS,
    services.PAGE,
    roles.PAGE,
    rights.PAGE,
    leave.PAGE,
)
MENU = Menu("/settings", PAGES)
