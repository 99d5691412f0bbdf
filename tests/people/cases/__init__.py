"""Commands about people, each with those who are refused it: one module a subject, gathered here."""

import pkgutil
from importlib import import_module

from tests.people.offices import Case

CASES: list[Case] = [
    case for module in pkgutil.iter_modules(__path__) for case in import_module(f"{__name__}.{module.name}").CASES
]
EVERYONES: set[str] = set().union(
    *(
        getattr(import_module(f"{__name__}.{module.name}"), "EVERYONES", set())
        for module in pkgutil.iter_modules(__path__)
    )
)
"""What anyone may ask for, since it concerns themselves alone."""
