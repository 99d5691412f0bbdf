"""The texts of the interface, as whoever draws it offers them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the interface: its English form, or forms, where it stands, and what Atrium says in each language."""

    text: str
    plural: str | None
    part: str
    shipped: Mapping[str, Forms]

    @property
    def english(self) -> Forms:
        return (self.text,) if self.plural is None else (self.text, self.plural)


_offers: list[Callable[[], Mapping[str, Text]]] = []


def offer(texts: Callable[[], Mapping[str, Text]]) -> None:
    """Say where the texts are known from."""
    _offers[:] = [texts]


def texts() -> Mapping[str, Text]:
    """These are the texts of the interface, by their English (singular) form."""
    return _offers[0]() if _offers else {}
