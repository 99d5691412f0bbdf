"""Quantities: a number with its noun, in the reader's language. 20.5 is a number too."""

from decimal import Decimal
from typing import Any

from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from store.errors import Quantity
from web.words.blanks import filled
from web.words.formatting import number_in, reader
from web.words.translations import counted

SHOWN = Decimal("0.01")


def said(language: str, quantity: Quantity) -> str:
    """20.5 days; 20,5 zile; 20,5 дня"""
    return _text(language, quantity) % {"count": number_in(language, quantity.count)}


@pass_eval_context
def in_template(context: EvalContext, one: str, many: str, count: float | Decimal | str, **params: Any) -> str:
    """``quantity("%(count)s day", "%(count)s days", days)``, for the reader; other blanks are filled by name."""
    quantity = Quantity(one, many, Decimal(str(count)))
    text = _text(reader().language, quantity)
    number = number_in(reader().language, quantity.count)
    return filled(Markup(text) if context.autoescape else text, {"count": number, **params})  # noqa: S704 - the catalogue's


def _text(language: str, quantity: Quantity) -> str:
    return counted(language, quantity.one, quantity.many, Decimal(str(quantity.count)).quantize(SHOWN).normalize())
