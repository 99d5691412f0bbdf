"""The names of files are kept plain, whatever was sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.files.files import plain_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("plan.txt", "plan.txt"),
        ("Ofertă țigle și cărămizi.pdf", "Ofertă țigle și cărămizi.pdf"),
        ("Oferta\u0306.pdf", "Ofertă.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\Кошторис.xlsx", "Кошторис.xlsx"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\nc.txt", "ab c.txt"),
        ("  .gitignore  ", ".gitignore"),
        ("л" * 300 + ".docx", "л" * 117 + ".docx"),
        ("<script>alert(1)</script>", "script>"),
    ],
)
def test_a_name_is_kept_plain(given_name: str, kept: str) -> None:
    assert plain_name(given_name) == kept


@pytest.mark.parametrize("name", ["", "   ", "..", "folder/", "\x00\x01", "\u202e"])
def test_a_name_with_nothing_in_it_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        plain_name(name)


@given(st.text(max_size=400))
def test_any_name_that_is_kept_is_safe_and_settled(name: str) -> None:
    try:
        kept = plain_name(name)
    except ValueError:
        return
    assert len(kept.encode()) <= 240
    assert not set("/\\\0\r\n") & set(kept)
    assert plain_name(kept) == kept
