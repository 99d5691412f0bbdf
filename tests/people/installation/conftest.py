"""An office, with who runs the installation."""

from tests.people.offices import open_office
from tests.stages import staged

office = staged(open_office)
