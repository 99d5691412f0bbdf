"""Password strength: how many tries a password withstands.

A sandbox's work: whoever chooses a password can choose one that takes long to judge.
"""

from collections.abc import Iterable

from zxcvbn import zxcvbn


def guesses(password: str, known: Iterable[str]) -> float:
    """This is about how many tries it takes to find a password, for whoever knows these words of its owner."""
    if not password:
        return 1
    found: float = float(zxcvbn(password, user_inputs=list(known))["guesses"])
    return found
