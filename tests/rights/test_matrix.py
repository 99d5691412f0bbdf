"""Who may what: the matrix is the one that was read and agreed, and some things hold whatever it says."""

from pathlib import Path

import pytest

from commands.needs import needed
from hub.contract.classes import COMMANDS
from hub.parts import READS
from rooms.lenses import may_ask
from tests.people.cases import EVERYONES
from tests.rights.asked import Matrix
from tests.rights.asking import STRANGER, Row
from tests.rights.worlds import ASKERS, OTHERS, PRIVATE, STAFF, TEAM_ONLY
from web.api import PLACE
from web.declared import Page
from web.pages.routes import PAGES

GROUPS = {
    "all staff": STAFF,
    "clients": ("client", "client elsewhere"),
    "others": OTHERS,
    "the agency": ("admin", "parent's admin inside", "all staff", "clients"),
    "everyone signed in": ("the agency", "others", "superadmin"),
}
NO_DOOR = ("no_timer",)
"""Who has no timer running needs no room to be told so."""
OF_THEMSELVES = {("member.remove", "member")}
"""Whom the cases take out of the room: anyone of the team may leave one."""
AGREED = Path(__file__).parent / "matrix.txt"


def test_the_matrix_is_the_one_agreed(matrix: Matrix, request: pytest.FixtureRequest) -> None:
    written = drawn(matrix)
    if request.config.getoption("--write-rights", default=False):
        AGREED.write_text(written)
    assert written.splitlines() == AGREED.read_text().splitlines(), "python -m tests.rights writes it anew: read it"


def test_every_command_is_asked_for(matrix: Matrix) -> None:
    assert {row.name.partition(" ")[0] for row in matrix.commands} | EVERYONES == set(COMMANDS)


def test_every_read_is_asked_for(matrix: Matrix) -> None:
    assert {f"GET {PLACE}{read.path}" for read in READS} <= {row.name for row in matrix.routes}


def test_the_socket_answers_as_http_does(matrix: Matrix) -> None:
    for row in matrix.commands:
        for asker, answers in matrix.by_socket.items():
            assert answers[row.name] == row.answers[asker], (row.name, asker)


def test_whoever_lacks_what_a_command_needs_is_refused(matrix: Matrix) -> None:
    """What the classes say holds for everyone. In a room that somebody doesn't see, they learn of nothing."""
    for row in matrix.commands:
        command = COMMANDS[row.name.partition(" ")[0]].command
        unmet = {asker for asker, actor in ASKERS.items() if not may_ask(actor, command)}
        refusals = {row.answers[asker] for asker in unmet if (command.wire_name, asker) not in OF_THEMSELVES}
        assert refusals <= ({"forbidden", "not_found", *NO_DOOR} if command.lenses else {"forbidden"}), row.name
        assert needed(command) == ("anyone",) or unmet >= {"client", "other's client"}, row.name


def test_whoever_lacks_what_a_page_needs_is_refused_it(matrix: Matrix) -> None:
    """What a page declares holds for it and for each of its parts; whom it opens to, it isn't shut to."""
    answers = {row.name: row.answers for row in matrix.routes}
    for page in (each for each in PAGES if isinstance(each, Page)):
        unmet = {asker for asker, actor in ASKERS.items() if not page.opens_to(actor)}
        for name in (f"GET {page.url}", *(f"GET /parts{part.url}" for part in page.all_parts)):
            assert {answers[name][asker] for asker in unmet} <= {"403", "404"}, name
            if page.needs != "anyone" and "{" not in page.url:
                assert {answers[name][asker] for asker in ASKERS.keys() - unmet} == {"yes"}, name


def test_strangers_are_asked_to_sign_in(matrix: Matrix) -> None:
    for row in matrix.commands:
        assert row.answers[STRANGER] == "not_signed_in", row.name


def test_nobody_of_another_business_gets_at_anything(matrix: Matrix) -> None:
    """What is shown them may be a page of their own; it holds nothing of the agency's."""
    for row in (*matrix.routes, *matrix.commands):
        for asker in (*OTHERS[:3], STRANGER):  # a parent reads across its children
            for word in PRIVATE:
                assert word not in row.texts[asker], f"{row.name} tells {asker} of {word}"


def test_clients_see_nothing_of_the_teams(matrix: Matrix) -> None:
    for row in (*matrix.routes, *matrix.commands):
        for asker in ("client", "client elsewhere"):
            for word in TEAM_ONLY:
                assert word not in row.texts[asker], f"{row.name} tells a {asker} of {word}"


def test_a_small_token_opens_nothing_else(matrix: Matrix) -> None:
    for row in matrix.commands:
        assert row.answers["small token"] in ("scope_missing", "forbidden"), row.name


def test_nothing_fails(matrix: Matrix) -> None:
    for row in (*matrix.routes, *matrix.commands):
        assert not [answer for answer in row.answers.values() if answer.startswith("5") or answer == "failed"], row


def drawn(matrix: Matrix) -> str:
    """The matrix as text: a row, then the answers with those who get them, in the askers' order."""
    return (
        "\n".join(
            line for rows in (matrix.routes, matrix.commands) for row in sorted(rows, key=name) for line in _lines(row)
        )
        + "\n"
    )


def name(row: Row) -> str:
    return row.name


def _lines(row: Row) -> list[str]:
    by_answer: dict[str, list[str]] = {}
    for asker, answer in row.answers.items():
        by_answer.setdefault(answer, []).append(asker)
    return [row.name, *(f"    {answer}: {', '.join(_together(who))}" for answer, who in sorted(by_answer.items()))]


def _together(askers: list[str]) -> list[str]:
    """The askers, with those in one word who are always meant together."""
    for word, group in GROUPS.items():
        if set(group) <= set(askers):
            askers = [word, *(asker for asker in askers if asker not in group)]
    return askers
