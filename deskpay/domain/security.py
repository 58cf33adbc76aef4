"""What goes on record beside the acts with money: who came, who was refused, who changed what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class SecurityKind(Enum):
    """What happened."""

    SIGNED_IN = "signed_in"
    LEFT = "left"
    LOCKED_IDLE = "locked_idle"
    REFUSED = "refused"
    LOCKED_OUT = "locked_out"
    APPROVED = "approved"
    WITNESSED = "witnessed"
    STAFF_CHANGED = "staff_changed"
    SECRET_SET = "secret_set"  # noqa: S105 - the name of an event

    EXPORTED = "exported"
    POLICY = "policy"
    INSPECTED = "inspected"
    HEAD_KEPT = "head_kept"
    HEAD_MISSED = "head_missed"
    SETTING_CHANGED = "setting_changed"
    LIMIT_SET = "limit_set"


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """One of them.

    Args:
        at_utc: when, by this computer's clock.
        kind: what.
        operator: who did it, or tried.
        subject: whom or what it concerns, such as a reference or another name; may be empty.
        detail: what became of it in the program's own words; may be empty.
    """

    at_utc: datetime
    kind: SecurityKind
    operator: str
    subject: str = ""
    detail: str = ""
