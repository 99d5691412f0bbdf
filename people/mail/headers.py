"""Headers: what stands above a letter's words, written so that it is read as it was meant.

Python's own writing isn't relied on: it loses the quotes of a long name, and up to some of its releases it takes an
encoded word in a text for what it encodes, line ends and all, so that a name can bring headers and a body of its own
(CVE-2024-6923). Here plain text stays plain and all else becomes encoded words of ours; no other sign gets through.

Source: RFC 5322, sections 2.1.1, 2.2.3 and 3.4; RFC 2047, sections 2, 5 and 6.2.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from itertools import groupby

from store.texts.texts import without_controls

WIDTH = 78
WORD_BYTES = 45
"""So much is in an encoded word of 75 signs, which is the most that one may have."""
ENCODED = "=?"

_LINES = r"[A-Za-z-]+:(?:\r\n|(?: [!-~]{signs}*\r\n)+)"
_WELL_FORMED = re.compile(_LINES.replace("{signs}", r"[ -~]"))
_WITH_OTHER_LETTERS = re.compile(_LINES.replace("{signs}", r"[^\x00-\x1f\x7f-\x9f]"))


class BadHeader(ValueError):
    """A header that isn't one line, continued as lines are: it is never sent."""


def header(name: str, *parts: str, other_letters: bool = False) -> str:
    """This is a header with its line end, folded between its parts.

    Raises:
        BadHeader: a part has a sign that no header may have. Other than plain letters are for addresses that have them.
    """
    lines = [f"{name}:"]
    for part in parts:
        if len(lines[-1]) + 1 + len(part) > WIDTH and not lines[-1].endswith(":"):
            lines.append("")
        lines[-1] += f" {part}"
    written = "\r\n".join(lines) + "\r\n"
    if not (_WITH_OTHER_LETTERS.fullmatch(written) if other_letters else _WELL_FORMED.fullmatch(written)):
        raise BadHeader(f"The header {name} can't be written")
    return written


def text_parts(text: str) -> list[str]:
    """These are the parts of a header that is a text, such as the subject."""
    text = one_line(text)
    if _plain(text) and all(len(word) < WIDTH for word in text.split()):
        return text.split()
    return list(_encoded(text))


def mailbox_parts(name: str, address: str) -> list[str]:
    """These are the parts of a header that is somebody's name and address."""
    return [*_phrase(one_line(name)), f"<{address}>"]


def one_line(text: str) -> str:
    """This is a text as a header has it: what ends a line or isn't seen is a blank, and blanks are single."""
    return " ".join(without_controls(text).split())


def _phrase(name: str) -> Iterator[str]:
    """A name: what is plain in quotes, what isn't as encoded words.

    Some programs put a blank between encoded words that stand side by side, so there are no more of them than needed.
    """
    for plain, words in groupby(name.split(), _plain):
        text = " ".join(words)
        if plain:
            yield '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        else:
            yield from _encoded(text)


def _plain(text: str) -> bool:
    return text.isascii() and ENCODED not in text


def _encoded(text: str) -> Iterator[str]:
    word = b""
    for sign in text:
        letter = sign.encode()
        if len(word) + len(letter) > WORD_BYTES:
            yield _word(word)
            word = b""
        word += letter
    yield _word(word)


def _word(word: bytes) -> str:
    return f"=?utf-8?b?{b64encode(word).decode()}?="
