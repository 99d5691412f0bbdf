"""Passwords: what is easily guessed is refused, wherever one is set."""

import pytest

from people.passwords import check_password
from store.errors import Invalid

ANA = ["Ana Popescu", "ana.popescu@atelier.example"]


@pytest.mark.parametrize(
    "password",
    ["password12", "1234567890", "qwertyuiop", "iloveyou12", "aaaaaaaaaa", "abcdefghij", "Password123!", "1q2w3e4r5t"],
)
def test_common_and_simple_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_password(password, field="new_password")
    assert refused.value.fields.keys() == {"new_password"}


@pytest.mark.parametrize("password", ["tall green Popescu", "atelier by the sea", "ANA.POPESCU@atelier.example"])
def test_one_s_own_name_or_e_mail_is_no_password(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, ANA)


@pytest.mark.parametrize("password", ["a long password", "a long enough one", "atrium-demo", "x3Q-vv81-pq" * 18])
def test_others_are_taken(password: str) -> None:
    check_password(password, ANA)
