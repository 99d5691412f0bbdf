"""Lenses and audiences: who sees what in a room."""

from rooms.lenses import AUDIENCES, audiences_of, for_the_team


def test_what_is_for_the_team_no_client_sees() -> None:
    assert {audience for audience in AUDIENCES if not for_the_team(audience)} == set(audiences_of("client"))
    assert for_the_team("team")
    assert not for_the_team("all")
