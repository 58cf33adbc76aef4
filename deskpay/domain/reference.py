"""References: short ids that let a payment be found again in the property system."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that are not mistaken for each other when read aloud: no I, L, O, U."""

_PATTERN = re.compile(rf"\bDP-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}\b")


def new_reference(choose: Callable[[str], str] = secrets.choice) -> str:
    """Return a fresh reference, ``DP-`` and eight characters (40 random bits).

    Args:
        choose: picks one character of a string; replaced by a seeded choice in simulations.
    """
    letters = "".join(choose(ALPHABET) for _ in range(8))
    return f"DP-{letters[:4]}-{letters[4:]}"


def references_in(text: str) -> tuple[str, ...]:
    """Return every reference that stands in `text`, in order."""
    return tuple(_PATTERN.findall(text))


def with_reference(note: str, reference: str) -> str:
    """Return `note` with `reference` behind it, as carried in the property system's notes."""
    return f"{note} · {reference}" if note else reference
