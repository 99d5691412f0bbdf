"""What docs/operations.md says is to be watched is what the hub counts, under that name."""

import re
from pathlib import Path

from tests.patience import browser_at

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


async def test_what_is_to_be_watched_is_what_the_hub_counts(hub: str) -> None:
    async with browser_at(hub) as client:
        counted = (await client.get("/metrics")).text
    there = set(re.findall(r"^# TYPE (atrium_\w+) ", counted, re.MULTILINE))
    named = set(re.findall(r"`(atrium_\w+)`", OPERATIONS.read_text()))
    assert named == {name for name in there if not name.endswith("_created")}
