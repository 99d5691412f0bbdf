"""How long tests wait, on a machine that may have something else to do.

What is to come is waited for until it comes: what never comes fails, too, only later. A promise of seconds is held to
on a machine that is ``SLOWER`` times slower than a free one; `make faults` has one to itself, and sets that to 1.
"""

import os
from typing import Any

import httpx

PATIENT_SECONDS = 120.0
SLOWER = float(os.environ.get("TESTS_SLOWER", "4"))


def promised(seconds: float) -> float:
    """So long may what is promised within some seconds take here."""
    return seconds * SLOWER


def browser_at(url: str = "", **options: Any) -> httpx.AsyncClient:
    """This is a client of HTTP that waits for its answers."""
    return httpx.AsyncClient(base_url=url, timeout=PATIENT_SECONDS, **{"verify": False} | options)
