"""The head of a journal at one moment: kept elsewhere, it tells later whether what came before is all there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JournalHead:
    """Where the two records of a hotel at one desk ended.

    Args:
        journal_id: of the journal of intents.
        events: how many events it had.
        digest: of the last of them, which stands for all before.
        security_lines: how many security events this desk had on record.
        security_seal: of the last of them; empty where there was none.
        hotel_id: whose journal it is.
        desk_id: which desk kept the head.
        at_utc: when, by this computer's clock.
    """

    journal_id: str
    events: int
    digest: str
    security_lines: int
    security_seal: str
    hotel_id: str
    desk_id: str
    at_utc: datetime
