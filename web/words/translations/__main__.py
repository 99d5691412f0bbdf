"""Keeps the catalogue in step with the sources: ``--extract`` takes new texts in, ``--check`` fails on a gap."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from people.installation.wording_rules import blanks_lost as lost
from people.languages import SHIPPED
from web.words.translations import po_path, read_catalogue

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ("hub", "web", "presence", "rooms", "commands", "staff", "clients", "processes", "people", "store")
METHODS = [
    ("**/node_modules/**", "ignore"),
    ("**/static/**", "ignore"),
    ("**/tests/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "jinja2.ext:babel_extract"),
    ("**.ts", f"{__name__}:typescript"),
]
# As `web.draw` reads them; a template that can't be read fails, rather than to be left out without a word.
TEMPLATES = {"trimmed": "true", "newstyle_gettext": "true", "extensions": "jinja2.ext.do", "silent": "false"}
COUNTED = ("Quantity", "quantity")
"""What says a number with its noun. Its plural is a text of its own too, for fractions like no whole number."""
KEYWORDS = {**DEFAULT_KEYWORDS, **dict.fromkeys(COUNTED, (1, 2))}
STRING = r'"(?:[^"\\]|\\.)*"'
CALLS = re.compile(rf"\btn\(\s*(?P<one>{STRING})\s*,\s*(?P<many>{STRING})|\bt\(\s*(?P<text>{STRING})")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
OTHERS = [language for language in SHIPPED if language != "en"]


def main(argument: str) -> int:
    if argument == "--extract":
        needed = template()
        for language in OTHERS:
            po_path(language).write_bytes(updated(language, needed))
        return 0
    if argument == "--check":
        needed = template()
        faults = [fault for language in OTHERS for fault in faults_of(language, needed)]
        sys.stderr.writelines(f"{fault}\n" for fault in faults)
        return bool(faults)
    sys.stderr.write("usage: python -m web.words.translations --extract | --check\n")
    return 2


def updated(language: str, needed: Catalog) -> bytes:
    """This is a language's file with the sources' present texts: new ones empty, unused ones dropped."""
    catalogue = read_catalogue(language)
    catalogue.update(needed, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment, catalogue.fuzzy = "# Atrium", False
    written = BytesIO()
    write_po(written, catalogue, sort_output=True, omit_header=False, include_lineno=False, width=120)
    head, _, messages = written.getvalue().partition(b"\n\n")
    return re.sub(rb'\n"(?!Language:|Plural-Forms|Content-Type|MIME).*', b"", head) + b"\n\n" + messages


def faults_of(language: str, needed: Catalog) -> Iterator[str]:
    """These are the reasons why a language isn't complete."""
    catalogue = read_catalogue(language)
    for message in needed:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        text = message.id if isinstance(message.id, str) else message.id[0]
        where = ", ".join(sorted({path for path, _ in message.locations}))
        if known is None or not all(known.string if isinstance(known.string, tuple | list) else [known.string]):
            yield f"{language}: missing: {text!r} ({where})"
        elif known.fuzzy:
            yield f"{language}: fuzzy: {text!r}"
        else:
            yield from (f"{language}: {fault}: {text!r}" for fault in blanks_lost(known.id, known.string))
    for message in catalogue:
        if message.id and needed.get(message.id, message.context) is None:
            yield f"{language}: no longer used: {message.id!r}"
    yield from (f"{language}: obsolete: {key!r}" for key in catalogue.obsolete)


def blanks_lost(source: Any, translation: Any) -> Iterator[str]:
    """A translation must fill the blanks that its source has, and no others; a singular may spell its number out."""
    for blanks in lost(source, translation):
        yield f"blanks differ ({blanks})"


def template() -> Catalog:
    """These are the texts in the sources."""
    catalogue = Catalog()
    for source in SOURCES:
        for path, _, message, comments, context in _found(source, METHODS, KEYWORDS):
            catalogue.add(message, locations=[(f"{source}/{path}", 0)], auto_comments=comments, context=context)
        for path, _, message, _comments, _context in _found(source, METHODS[:-1], dict.fromkeys(COUNTED, (2,))):
            catalogue.add(message, locations=[(f"{source}/{path}", 0)], auto_comments=["With a fraction: 20.5"])
    return read_po(_as_file(catalogue))


def _found(source: str, methods: Any, keywords: Any) -> Iterable[Any]:
    return extract_from_dir(
        ROOT / source,
        method_map=methods,
        options_map={"**.html": TEMPLATES},
        keywords=keywords,
        strip_comment_tags=True,
    )


def _as_file(catalogue: Catalog) -> BytesIO:
    file = BytesIO()
    write_po(file, catalogue, omit_header=False)
    file.seek(0)
    return file


def typescript(
    file: IO[bytes], keywords: Any, comments: Any, options: Any
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Finds ``t("…")`` and ``tn("…", "…", count)`` in the browser's sources, for Babel."""
    text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), file.read().decode())
    for call in CALLS.finditer(text):
        line = text.count("\n", 0, call.start()) + 1
        if call["text"]:
            yield line, "gettext", json.loads(call["text"]), []
        else:
            yield line, "ngettext", (json.loads(call["one"]), json.loads(call["many"])), []


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [""]))
