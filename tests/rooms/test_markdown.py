"""Markdown: what somebody wrote is seen, safe, and costs about as much as its length, whatever it is."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.markdown import MOST_CELLS, MOST_HTML_FOLD, SOME_PAGES, draw, draw_plainly
from rooms.wall.typed_names import address
from store.texts.texts import is_seen
from tests.costs import Ordinary
from tests.rooms.shapes import LONGEST, costly_shapes

TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[Termen]: luni", "[Termen]: luni"),
        ("[1]: https://a.example/x", "[1]: "),
        ("#", "#"),
        ("-", "-"),
        (">", "&gt;"),
        ("- \n- ", "-"),
        ("> # ", "&gt; #"),
        ("**", "**"),
        ("```\n```", "```"),
        ("[](https://a.example)", "https://a.example"),
        ("![](https://a.example/b.png)", "https://a.example/b.png"),
        ("[]()", "[]()"),
        ("[](<>)", "[](&lt;&gt;)"),
        ("> [](<>)", "[](&lt;&gt;)"),
        ('Hello [\u200b](<> "a")', '[\u200b](&lt;&gt; "a")'),
        ("[ ](http://a.example)", ">http://a.example</a>"),
        ("[&nbsp;](http://a.example)", ">http://a.example</a>"),
        ("[\u200b](http://a.example)", ">http://a.example</a>"),
        ("[**\u3164**](http://a.example)", ">http://a.example</a>"),
        ("[<http://a.example>](http://b.example) [](<>)", "[](&lt;&gt;)"),
        ("[`\u2800`](http://a.example) b", ">http://a.example</a>"),
        ("![a plan](https://a.example/b.png)", "a plan"),
        ("<!-- a -->", "&lt;!-- a --&gt;"),
        ("&#8203;", "&amp;#8203;"),
        ("Hello\n\n#\n\n[Termen]: luni", "#"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
    ],
)
def test_what_somebody_wrote_is_seen(text: str, shown: str) -> None:
    assert shown in draw(text)


PIECES = [
    *"[]()#->*_`~|:!<&;1.ab\\ \n\t\"'",
    *(
        "[](",
        "](",
        "[ ](",
        "<>",
        "](<>)",
        "&nbsp;",
        "&#8203;",
        "\u200b",
        "\u3164",
        "\u2800",
        "http://a.example",
        "**",
        "```",
        "|-|",
    ),
    "@[0190a5d8-0000-7000-8000-000000000001]",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_text_shows_nothing(text: str) -> None:
    assert is_seen(text) == is_seen(words_of(draw(text)))


def words_of(html: str) -> str:
    """What a browser shows of some HTML, without its tags; a line across is one."""
    reader = Words()
    reader.feed(html.replace("<hr>", "line"))
    reader.close()
    return "".join(reader.words)


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\u200b", "\u00a0\u2060", "\u0301", "\u2800", "\u3164", "\U000e0041"]
)
def test_what_has_no_form_is_nothing(text: str) -> None:
    assert not is_seen(text)
    assert draw(text) == ""


@pytest.mark.parametrize("scheme", ["javascript", "JaVaScript", "&#106;avascript", "vbscript", "file", "data"])
@pytest.mark.parametrize("form", ["[x]({})", "![x]({})", "<{}>", "[x][y]\n\n[y]: {}", "[x]( {} )"])
def test_no_link_runs_anything(form: str, scheme: str) -> None:
    drawn = draw(form.format(f"{scheme}:text/html,alert(1)"))
    assert "href" not in drawn
    assert "src" not in drawn


@pytest.mark.parametrize("text", ["plan.de", "fisier.md", "see a.b.c", "javascript:alert(1)", "http://", "www."])
def test_names_of_files_are_no_links(text: str) -> None:
    assert "<a" not in draw(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/b?c=1.", "https://a.example/b?c=1"),
        ("(www.a.example)", "http://www.a.example"),
        ("ask ana@a.example!", "mailto:ana@a.example"),
        ("[a](https://a.example)", "https://a.example"),
        ("<https://a.example>", "https://a.example"),
        ("http: and https://a.example:8080/x", "https://a.example:8080/x"),
    ],
)
def test_addresses_are_links(text: str, address: str) -> None:
    assert f'href="{address}"' in draw(text)


def test_an_indented_first_line_is_code() -> None:
    assert draw("    let it be").startswith("<pre><code>let it be")


def test_a_table_is_one_up_to_so_many_cells() -> None:
    assert "<table>" in draw(TABLE)
    assert "<table>" in draw(TABLE + "\n| 1 | 2 |" * 200)
    assert "<table>" not in draw(TABLE + "\nx" * MOST_CELLS)


def test_the_tables_of_a_text_share_their_cells() -> None:
    wide = "|" + "a|" * 50 + "\n|" + "-|" * 50 + "\nx" * 7
    assert draw(f"{wide}\n\n" * 2).count("<table>") == 2
    assert draw(f"{wide}\n\n" * 40).count("<table>") == 2
    assert draw(f"{wide}\n\n" * 3 + TABLE).count("<table>") == 3, "a small one still finds room"


@pytest.mark.parametrize(
    "ordinary",
    [
        "Am vorbit cu clientul despre **termen** și `plan`.\n\n",
        "- https://www.example.com/doc/plan-2026\n",
        "| Ana Pop | 12.5 | 100 |\n",
        "1. Prima parte, *apoi* a doua\n",
        "- @[0190a5d8-0000-7000-8000-000000000001], vezi ## 3\n",
    ],
)
def test_long_ordinary_texts_are_drawn(ordinary: str) -> None:
    lines = ordinary * (LONGEST // len(ordinary) - 2)
    text = f"|Name|Hours|Rate|\n|---|---|---|\n{ordinary * 300}" if ordinary.startswith("|") else lines
    assert draw(text) != draw_plainly(text)


def test_some_pages_of_addresses_are_drawn() -> None:
    text = "- ana.pop@firma.ro\n" * 200
    assert draw(text).count('href="mailto:ana.pop@firma.ro"') == 200


@pytest.mark.parametrize(("name", "text"), costly_shapes())
def test_no_shape_costs_out_of_proportion(name: str, text: str) -> None:
    """Beside an ordinary text of the same length."""
    ORDINARY.must_bear(12, lambda: _drawn_both_ways(text), name)
    assert len(draw(text)) <= max(SOME_PAGES, MOST_HTML_FOLD * len(text), len(draw_plainly(text)))


def _drawn_both_ways(text: str) -> None:
    draw(text)
    address(text, {f"person {number}": [str(number)] for number in range(500)}, {})


ORDINARY = Ordinary(lambda: _drawn_both_ways("so much **to say** about `it` " * (LONGEST // 29)))


def test_what_is_shown_plainly_keeps_lines_signs_and_names() -> None:
    id = "0190a5d8-0000-7000-8000-000000000001"
    assert draw_plainly(f"a <b>\n  c @[{id}]") == (f'<p>a &lt;b&gt;<br>\n  c <span data-mention="{id}">@</span></p>')
