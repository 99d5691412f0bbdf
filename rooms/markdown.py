"""Markdown: what people write, made into HTML that is safe to show."""

import nh3
from markdown_it import MarkdownIt

_writer = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True}).enable(
    ["linkify", "strikethrough", "table"]
)
_TAGS = {
    "p", "br", "em", "strong", "s", "a", "ul", "ol", "li", "code", "pre", "blockquote", "hr",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


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
