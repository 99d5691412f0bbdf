"""Commands about people, each with those who are refused it: one module a subject, gathered here."""

import pkgutil
from importlib import import_module

from tests.people.offices import Case

_MODULES = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]

CASES: list[Case] = [case for module in _MODULES for case in module.CASES]
EVERYONES: set[str] = {name for module in _MODULES for name in getattr(module, "EVERYONES", ())}
"""What anyone may ask for, since it concerns themselves alone."""
