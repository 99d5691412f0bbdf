"""Work for another try, done as a program does it."""

from typing import Any

from altcha import Challenge, Payload, solve_challenge

from people.signing.throttling import SignInLimits

QUICK = SignInLimits(easiest=2, hardest_step=3)
"""The usual bounds, with little work."""


def solution_of(challenge: dict[str, Any]) -> str:
    """This is what shows that a challenge's work was done."""
    found = Challenge.from_dict(challenge)
    solved = solve_challenge(found)
    assert solved
    return Payload(found, solved).to_base64()
