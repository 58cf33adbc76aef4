"""The chain of digests that makes a later change of any row visible.

Each event's digest covers the digest before it, its own row and, with the first event of a story, the row of the
intent. The head stands in `journal_meta`, so that a lost tail shows too. The chain has no key: it tells of accidents
and careless edits, not of someone who rewrites the whole file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from deskpay.domain.errors import JournalCorrupt

Row = Mapping[str, object]
"""One row by column name; values are text, integers or None."""


def genesis(journal_id: str) -> str:
    """Return the digest that the first event follows."""
    return hashlib.sha256(f"deskpay journal {journal_id}".encode()).hexdigest()


def link(previous: str, event: Row, intent: Row | None) -> str:
    """Return the digest of `event` behind `previous`.

    Args:
        previous: digest of the event before, or the genesis.
        event: its row; the column `digest` does not count.
        intent: row of the intent where this is the first event of its story, else None.
    """
    counted = {name: value for name, value in event.items() if name != "digest"}
    canonical = json.dumps([counted, None if intent is None else dict(intent)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def check(journal_id: str, head: str, intents: Mapping[str, Row], events: Iterable[Row]) -> None:
    """Walk the whole chain.

    Args:
        journal_id: the journal's own id.
        head: digest that the last event must have.
        intents: every intent's row by id.
        events: every event's row, oldest first.

    Raises:
        JournalCorrupt: a row was changed, lost, added or moved.
    """
    digest, begun = genesis(journal_id), set[str]()
    for event in events:
        intent_id = str(event["intent_id"])
        if intent_id not in intents:
            raise JournalCorrupt(f"event {event['number']} belongs to no intent")
        digest = link(digest, event, None if intent_id in begun else intents[intent_id])
        if digest != event["digest"]:
            raise JournalCorrupt(f"the chain breaks at event {event['number']}")
        begun.add(intent_id)
    if digest != head:
        raise JournalCorrupt("the chain does not reach its head")
    if len(begun) != len(intents):
        raise JournalCorrupt("an intent has no story")
