"""What may be a PIN or a password. A PIN opens the desk of a computer that somebody has signed in to already."""

from __future__ import annotations

from itertools import pairwise

from deskpay.domain.errors import Field, InputProblem, InputRefused

PIN_DIGITS = 6

LEAST_PASSWORD = 12
"""Characters (PCI DSS 8.3.6)."""

MOST_PASSWORD = 128
"""A longer one is a slip of the clipboard."""


def check_secret(secret: str, *, by_password: bool) -> str:
    """Return `secret` where it may be kept as a new PIN or password.

    Raises:
        InputRefused: a PIN that is not six digits or is guessed at once, a password that is too short or too long.
    """
    if not secret:
        raise InputRefused(Field.SECRET, InputProblem.EMPTY)
    if by_password:
        if len(secret) < LEAST_PASSWORD:
            raise InputRefused(Field.SECRET, InputProblem.TOO_SHORT)
        if len(secret) > MOST_PASSWORD:
            raise InputRefused(Field.SECRET, InputProblem.TOO_LONG)
        return secret
    if not (len(secret) == PIN_DIGITS and secret.isascii() and secret.isdecimal()):
        raise InputRefused(Field.SECRET, InputProblem.BAD_FORM)
    steps = {ord(after) - ord(before) for before, after in pairwise(secret)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise InputRefused(Field.SECRET, InputProblem.GUESSED)
    return secret
