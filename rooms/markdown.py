"""Markdown: what people write, made into HTML that is safe to show."""

import re
from collections.abc import Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

ADDRESSED = re.compile(r"@\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]")
"""Somebody's name as it stands in a message (``rooms.addressing``). Its HTML says who; the name is for who shows it."""

_writer = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True}).enable(
    ["linkify", "strikethrough", "table"]
)


def _addressed(state: StateInline, silent: bool) -> bool:
    found = ADDRESSED.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("addressed", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _draw_addressed(_renderer: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    return f'<span data-mention="{tokens[place].content}">@</span>'


_writer.inline.ruler.before("link", "addressed", _addressed)
_writer.add_render_rule("addressed", _draw_addressed)
_TAGS = {
    "p", "br", "em", "strong", "s", "a", "ul", "ol", "li", "code", "pre", "blockquote", "hr",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "span",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "span": {"data-mention"}}


def html_of(text: str) -> str:
    """This is a Markdown text as safe HTML: no scripts, styles or images, links that open apart."""
    if not text:
        return ""
    return nh3.clean(
        _writer.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()
