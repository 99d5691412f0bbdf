"""Letters, drawn: each from one template, once as HTML and once as plain text.

``letters/<kind>.html`` says things by macros (``says``, ``act``, ``facts``), of which there are two sets; so both parts
always say the same.
"""

import re
from functools import cache
from typing import Any

from jinja2 import Environment

from people.mail.delivery import Drawing, Drawn
from people.mail.kinds import NAMES
from web.draw import environment
from web.words.formatting import Reader, reading_as, zone_named
from web.words.signatures import signed
from web.words.translations import translated

BLANK_LINES = re.compile(r"\n{3,}")


def draw_letter(drawing: Drawing) -> Drawn:
    """This is a letter in its receiver's language: its subject and both parts."""
    context = context_of(drawing)
    with reading_as(Reader(drawing.language, zone_named(drawing.time_zone), drawing.now)):
        subject = translated(drawing.language, drawing.kind.subject) % context
        return Drawn(
            subject=subject,
            text=_text(environment_of("text"), drawing.kind.name, context | {"subject": subject}),
            html=_html(environment_of("html"), drawing.kind.name, context | {"subject": subject}),
        )


def context_of(drawing: Drawing) -> dict[str, Any]:
    address = drawing.params.get("url", "")
    return {
        "language": drawing.language,
        "to_name": drawing.to_name,
        "from_business": drawing.business,
        "site": drawing.site,
        "product": drawing.product,
        "link": drawing.link,
        **_signed(drawing),
        "url": drawing.site + address if str(address).startswith("/") else address,
    }


def _signed(drawing: Drawing) -> dict[str, Any]:
    """A letter's parameters; whoever wrote it in another's name is named too."""
    acted_by = drawing.params.get("acted_by")
    return {
        name: signed(value, acted_by, drawing.language) if name in NAMES else value
        for name, value in drawing.params.items()
    }


@cache
def environment_of(form: str) -> Environment:
    """This is the environment in which a part is drawn: plain text escapes nothing."""
    made = environment().overlay(autoescape=form == "html")
    made.globals = made.globals | {"form": f"letters/as_{form}.html", "parts": f"letters/{form}_parts.html"}
    return made


def _html(environment: Environment, kind: str, context: dict[str, Any]) -> str:
    return environment.get_template(f"letters/{kind}.html").render(context)


def _text(environment: Environment, kind: str, context: dict[str, Any]) -> str:
    drawn = environment.get_template(f"letters/{kind}.html").render(context)
    lines = (line.strip() for line in drawn.splitlines())
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"
