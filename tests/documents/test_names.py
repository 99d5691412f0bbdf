"""A name stands for one thing: no two classes or types of the product share it."""

import re
from collections import defaultdict

import pytest

from tests.documents.texts import ROOT, files

CLASS = {
    ".py": re.compile(r"^class (\w+)", re.MULTILINE),
    ".ts": re.compile(r"^(?:export )?(?:abstract )?(?:class|interface|type|enum) (\w+)", re.MULTILINE),
}
NOT_THE_PRODUCT = ("tests/", "bench/", "web/client/tests/")


@pytest.mark.parametrize("suffix", CLASS)
def test_no_two_classes_share_a_name(suffix: str) -> None:
    places = classes(suffix)
    assert len(places) > 50
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def classes(suffix: str) -> dict[str, list[str]]:
    """The modules in which each class or type stands, by its name."""
    places: dict[str, list[str]] = defaultdict(list)
    for file in sorted(files()):
        if file.endswith(suffix) and not file.startswith(NOT_THE_PRODUCT):
            for name in CLASS[suffix].findall((ROOT / file).read_text()):
                places[name].append(file)
    return places
