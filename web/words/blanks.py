"""Blanks: what a text is filled with. A sentence that ends with a filling has one full stop, even where the filling
brings its own: "Ask Nord S.R.L." The browser fills them alike (``web/client/models/words.ts``)."""

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from web.words.formatting import reader
from web.words.translations import translations

_AT_THE_END = re.compile(r"(%\((\w{1,60})\)s(?:</\w{1,10}>)?)\.(?!\S)")


def filled(text: str, fillings: Mapping[str, Any]) -> str:
    """This is a text with its blanks filled; markup stays markup."""
    stopped = {name for name, filling in fillings.items() if _bare(filling).endswith(".")}
    kept = _AT_THE_END.sub(lambda blank: blank[1] if blank[2] in stopped else blank[0], text)
    return type(text)(kept) % fillings


def _bare(filling: Any) -> str:
    return filling.striptags() if isinstance(filling, Markup) else str(filling)


@pass_eval_context
def in_template(context: EvalContext, text: str, /, **fillings: Any) -> str:
    """``_("Ask %(who)s.", who=name)``, for the reader."""
    found = translations(reader().language).gettext(text)
    return filled(Markup(found) if context.autoescape else found, fillings)  # noqa: S704 - the catalogue's
