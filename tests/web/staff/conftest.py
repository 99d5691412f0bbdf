"""One house for all pages of the staff."""

from tests.web.conftest import house_for

house = house_for("package")
