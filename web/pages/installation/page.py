"""The installation's pages, as each is declared: where it stands, and what is known at once after a change."""

from dataclasses import dataclass

from starlette.requests import Request

from store.commands import Needs
from web.declared import Page
from web.site import site_of


@dataclass(frozen=True)
class InstallationPage(Page):
    """A page of the installation. For everyone but who runs it, it isn't there."""

    needs: Needs = "superadmin"

    async def after(self, request: Request) -> None:
        await site_of(request).know_installation()
