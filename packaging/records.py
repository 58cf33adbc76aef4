"""The journal that an ordinary user of a bare machine leaves, and how it is seen from outside."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from machine import HOME, Machine
from smoke import SmokeError

NAME = "deskpay"
PATIENCE_S = 120
RECORDS = f"{HOME}/.local/share/DeskPay"


def require(held: bool, otherwise: str) -> None:
    """Go on where it held.

    Raises:
        SmokeError: it did not.
    """
    if not held:
        raise SmokeError(otherwise)


def worked(bare: Machine) -> str:
    """Play the tour at a training hotel that outlives it, so that a journal stays; return the journal's head."""
    hotel = bare.start(NAME, "sandbox", "--die-with-stdin")
    if hotel.stdin is None or hotel.stdout is None:
        raise AssertionError("it was started with pipes")
    try:
        control = json.loads(hotel.stdout.readline())["control"]
        bare.run(NAME, "tour", "--out", f"{HOME}/first", "--sandbox", control, clerk=True, QT_QPA_PLATFORM="offscreen")
    finally:
        hotel.stdin.close()
        hotel.wait(PATIENCE_S)
    return head_of(bare)


def head_of(bare: Machine) -> str:
    """Return the digest of the journal's last row, after its chain was found whole."""
    return str(verified(bare)["head"])


def verified(bare: Machine) -> dict[str, Any]:
    """Return what DeskPay itself says of the one journal there."""
    said = json.loads(bare.run(NAME, "journal", "verify", "--json", clerk=True))
    require(said["ok"] and len(said["journals"]) == 1, f"the journal does not hold: {said}")
    journal: dict[str, Any] = said["journals"][0]
    return journal


def journal_file(bare: Machine) -> Path:
    """Return the one journal's file, as this machine reaches it."""
    (file,) = (bare.root / RECORDS.lstrip("/")).rglob("*.sqlite")
    return file


def journal_digest(bare: Machine) -> str:
    """Return the SHA-256 of the journal's bytes."""
    return hashlib.sha256(journal_file(bare).read_bytes()).hexdigest()
