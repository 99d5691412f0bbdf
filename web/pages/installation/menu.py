"""Every page of the installation, at a glance, and the way to the first."""

from web.declared import Menu
from web.pages.installation import admins, businesses, general, mail, updates, vocabulary

PAGES = (
    general.PAGE,
    businesses.PAGE,
    admins.PAGE,
    admins.ONE,
    vocabulary.PAGE,
    mail.PAGE,
    updates.PAGE,
)
MENU = Menu("/installation", PAGES)
