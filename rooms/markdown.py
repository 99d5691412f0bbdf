"""Markdown: what people write, made into HTML that is safe to show.

Only functions from plain data to plain data: what they cost is decided by whoever wrote the text, so
``rooms.rendered_texts`` calls them where they hold nobody up. The library is kept linear here: where it would look
through the whole text at each sign, a rule of ours before its own says at once that there is nothing.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, link
from markdown_it.token import Token
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from store.texts.texts import is_seen

ADDRESSED = re.compile(r"@\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]")
"""Somebody's name as it stands in a message (``rooms.wall.addressees``). Its HTML says who, without the name."""
SPOT = re.compile(r'<span data-mention="([0-9a-f-]{36})">@</span>')
"""Where somebody's name stands in a message's HTML; nobody can write one but the rule below."""

MOST_CELLS = 1_000
"""A text's tables hold so many together; a table that would bring more is shown as it was written."""
MOST_LINES = 2_000
"""A text of more, and so of short ones, is shown as it was written."""
MOST_HTML_FOLD = 4
"""HTML that is so many times longer than its text, and longer than some pages, isn't worth its price: whoever opens the
room pays it, at each message and task. A long text of words stays under twice its length, one of addresses under four
times."""
SOME_PAGES = 30_000

_TAGS = {
    "p", "br", "em", "strong", "s", "a", "ul", "ol", "li", "code", "pre", "blockquote", "hr",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "span",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "span": {"data-mention"}}


def draw(text: str) -> str:
    """This is a Markdown text as safe HTML: no scripts, styles or images, links that open apart."""
    if not is_seen(text):
        return ""
    html = _drawn(text)
    return draw_plainly(text) if html is None else html


def _drawn(text: str) -> str | None:
    """A text's HTML, or None when it would be more than it is worth."""
    if _is_too_long(text):
        return None
    html = safe(_writer.render(text))
    return None if len(html) > max(SOME_PAGES, MOST_HTML_FOLD * len(text)) else html


def _is_too_long(text: str) -> bool:
    return text.count("\n") > MOST_LINES


def identifiers_in(text: str) -> set[str]:
    """These are the identifiers by which a text names somebody: those that don't stand in code or in a link."""
    if _is_too_long(text):
        return set(ADDRESSED.findall(text))
    inline = chain.from_iterable(token.children or () for token in _writer.parse(text))
    return {token.content for token in inline if token.type == "addressed"}


def draw_plainly(text: str) -> str:
    """This is a text as HTML that shows it as it was written."""
    lines = escape(text, quote=False).strip("\n").replace("\n", "<br>\n")
    return f"<p>{ADDRESSED.sub(lambda found: spot(found[1]), lines)}</p>"


def spot(id: str) -> str:
    return f'<span data-mention="{id}">@</span>'


def safe(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()


# The writer, and the rules that keep it linear and let everything be seen.


def _addressed(state: StateInline, silent: bool) -> bool:
    found = ADDRESSED.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("addressed", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _draw_addressed(_renderer: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    return spot(tokens[place].content)


def _colon(state: StateInline, silent: bool) -> bool:
    """A colon that is no web address's. Before one that may be, no more waits to be looked through than its scheme."""
    if state.src[state.pos] != ":":
        return False
    if not (state.src.startswith("://", state.pos) and _ends_as_scheme(state.pending)):
        return _as_text(state, silent)
    if not silent:
        before, scheme, secure = state.pending.rpartition("http")
        state.pending = before
        if before:
            state.pushPending()
        state.pending = scheme + secure
    return False


def _ends_as_scheme(pending: str) -> bool:
    return pending.endswith(("http", "https"))


def _bracket(state: StateInline, silent: bool) -> bool:
    """A bracket behind which no link can be."""
    if state.src[state.pos] != "[":
        return False
    env = state.env
    if env.get("of") is not state.src:
        env["of"], env["last"] = state.src, state.src.rfind("](")
    return env["last"] < state.pos and _as_text(state, silent)


def _as_text(state: StateInline, silent: bool) -> bool:
    if not silent:
        state.pending += state.src[state.pos]
    state.pos += 1
    return True


def _small_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if silent or start + 1 >= end:
        return table(state, start, end, silent)
    left, columns = state.env.get("cells", MOST_CELLS), _columns(state, start + 1)
    if _rows(state, start, end, left // columns + 1) * columns > left or not table(state, start, end, silent):
        return False
    state.env["cells"] = left - (state.line - start) * columns
    return True


def _columns(state: StateBlock, line: int) -> int:
    """How many columns a table has by the line below its head."""
    rule = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    return rule.strip().strip("|").count("|") + 1


def _rows(state: StateBlock, start: int, end: int, most: int) -> int:
    """How many lines follow each other without an empty one, up to a number."""
    return next((row for row in range(most) if start + row >= end or state.isEmpty(start + row)), most)


def _unseen(state: StateCore) -> None:
    """A heading without words, a quote of nothing, a list of nothing: shown as it was written."""
    if not any(token.type in _MAY_BE_EMPTY for token in state.tokens):
        return
    lines = state.src.split("\n")
    kept: list[Token] = []
    for block in _blocks(state.tokens):
        kept += block if _shows(block) else _as_written(lines, block[0])
    state.tokens = kept


_MAY_BE_EMPTY = {"heading_open", "list_item_open", "blockquote_open", "fence", "inline"}


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _shows(block: Sequence[Token]) -> bool:
    every = chain.from_iterable((token.children or ()) if token.type == "inline" else (token,) for token in block)
    return any(_is_sight(token) for token in every)


def _is_sight(token: Token) -> bool:
    return token.type in _SHOW or (bool(token.content) and is_seen(token.content))


_SHOW = {"hr", "addressed"}


def _as_written(lines: Sequence[str], first: Token) -> list[Token]:
    begin, end = first.map or (0, 0)
    children: list[Token] = []
    for line in "\n".join(lines[begin:end]).strip().split("\n"):
        children += [Token("softbreak", "br", 0), Token("text", "", 0, content=line)]
    inline = Token("inline", "", 0, map=[begin, end], children=children[1:], level=1)
    return [Token("paragraph_open", "p", 1, map=[begin, end]), inline, Token("paragraph_close", "p", -1)]


def _link(state: StateInline, silent: bool) -> bool:
    """The library's link, which knows how it was written."""
    begin, before = state.pos, len(state.tokens)
    if not link(state, silent):
        return False
    if not silent:
        opened = next(token for token in state.tokens[before:] if token.type == "link_open")
        opened.meta["written"] = state.src[begin : state.pos]
    return True


def _unnamed_links(state: StateCore) -> None:
    """A link in which nothing is seen shows its address, or how it was written."""
    for token in state.tokens:
        if token.children and any(child.type == "link_open" for child in token.children):
            token.children = list(_with_named_links(token.children))


def _with_named_links(children: Sequence[Token]) -> Iterator[Token]:
    parts: list[Token] = []
    depth = 0  # a link may hold an address, which is one too
    for child in children:
        parts.append(child)
        depth += child.nesting if child.tag == "a" else 0
        if depth == 0:
            yield from _named(parts)
            parts = []


def _named(parts: Sequence[Token]) -> Sequence[Token]:
    if parts[0].type != "link_open" or any(_is_sight(token) for token in parts):
        return parts
    address = str(parts[0].attrs.get("href", ""))
    if is_seen(address):
        return [parts[0], Token("text", "", 0, content=address), parts[-1]]
    return [Token("text", "", 0, content=parts[0].meta.get("written", ""))]


def _made() -> MarkdownIt:
    writer = MarkdownIt("commonmark", {"html": False, "breaks": True})
    # A reference that is defined shows nothing of itself, and pictures are files here.
    writer.enable(["strikethrough", "table"]).disable(["reference", "image"]).use(gfm_autolink_plugin)
    writer.block.ruler.at("table", _small_table, {"alt": ["paragraph", "reference"]})
    writer.inline.ruler.before("text", "addressed", _addressed)
    writer.inline.ruler.before("text", "colon", _colon)
    writer.inline.ruler.before("text", "bracket", _bracket)
    writer.inline.ruler.at("link", _link)
    writer.core.ruler.push("unnamed_links", _unnamed_links)
    writer.core.ruler.push("unseen", _unseen)
    writer.add_render_rule("addressed", _draw_addressed)
    return writer


_writer = _made()
