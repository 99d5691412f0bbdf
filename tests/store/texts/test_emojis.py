"""Emojis: one is one, however it was typed."""

import pytest
from pydantic import TypeAdapter, ValidationError

from store.texts.emojis import Emoji

EMOJI = TypeAdapter(Emoji)


@pytest.mark.parametrize("text", ["👍", "👍🏽", "🎉", "👨\u200d👩\u200d👧", "🇷🇴", "1\ufe0f\u20e3", "✅"])
def test_an_emoji_stays_as_it_is(text: str) -> None:
    assert EMOJI.validate_python(text) == text


def test_two_ways_to_type_one_are_one() -> None:
    assert EMOJI.validate_python("\u2764") == EMOJI.validate_python("\u2764\ufe0f") == "\u2764\ufe0f"


@pytest.mark.parametrize("text", ["", "a", "ok", "👍👍", "👍 ", ":thumbs_up:", "1", "\u200d", "\ufe0f", "👍" * 1000])
def test_what_isn_t_one_emoji_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        EMOJI.validate_python(text)
