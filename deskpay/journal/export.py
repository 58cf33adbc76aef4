"""The journal for people and their programs: a table of intents, and every event with its digest."""

from __future__ import annotations

import csv
import json
import os
import secrets
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from deskpay.domain.errors import JournalUnavailable
from deskpay.domain.intent import IntentKind, IntentRecord
from deskpay.domain.spreadsheet import harmless
from deskpay.journal.chain import genesis
from deskpay.journal.looking import Look

COLUMNS = (
    *("hotel", "reference", "kind", "state", "drafted_utc", "last_utc", "customer_id", "customer", "subject"),
    *("amount", "currency", "desk", "operator", "outcome_id", "request_id", "evidence", "message", "reason", "note"),
    *("reservation_id", "bill_id", "refunded_payment_id", "tender", "external_identifier", "id"),
)
"""The head of the table. Columns are only ever added, at the end."""

_DATABASE = b"SQLite format 3\0"


def write_csv(looks: Iterable[Look], path: Path) -> int:
    """Write one row for each intent and return how many there are.

    UTF-8 with a byte-order mark, without which Excel takes it for something else. Refunds are negative. A text that a
    spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"); amounts are numbers.

    Raises:
        JournalUnavailable: the file cannot be written, or is a database.
    """
    rows = [_row(record) for look in looks for record in look.records]
    with _written(path, "utf-8-sig") as stream:
        table = csv.writer(stream)
        table.writerow(COLUMNS)
        table.writerows(rows)
    return len(rows)


def write_jsonl(looks: Iterable[Look], path: Path) -> int:
    """Write one line for each event and return how many there are.

    A line holds the row as it is chained and its digest, with the row of the intent where the story begins, so that the
    chain can be checked from this file alone. See `deskpay.journal.chain.link`.

    Raises:
        JournalUnavailable: the file cannot be written, or is a database.
    """
    lines = [json.dumps(line, sort_keys=True) for look in looks for line in _lines(look)]
    with _written(path, "utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)
    return len(lines)


def _lines(look: Look) -> Generator[dict[str, object]]:
    journal_id = look.told.get("journal_id", "")
    previous, begun = genesis(journal_id), set[str]()
    for row in look.events:
        intent_id = str(row["intent_id"])
        event = {name: value for name, value in row.items() if name != "digest"}
        intent = None if intent_id in begun else look.intents.get(intent_id)
        yield {
            "journal_id": journal_id,
            "previous": previous,
            "digest": row["digest"],
            "event": event,
            "intent": intent,
        }
        previous = str(row["digest"])
        begun.add(intent_id)


def _row(record: IntentRecord) -> list[str]:
    intent, last = record.intent, record.events[-1]
    amount, currency = "", ""
    if intent.amount is not None:
        moved = -intent.amount if intent.kind is IntentKind.REFUND else intent.amount
        amount, currency = format(moved.to_decimal(), "f"), moved.currency.code
    before = (
        *(intent.enterprise_id, intent.reference, intent.kind.value, record.state.value),
        *(intent.drafted_utc.isoformat(), last.at_utc.isoformat()),
        *(intent.customer_id, intent.customer_name, intent.subject),
    )
    after = (
        *(currency, intent.desk_id, intent.operator, record.outcome_id, record.request_id, last.evidence.value),
        *(record.message, intent.reason, intent.note, intent.reservation_id, intent.bill_id, intent.payment_id),
        *(intent.tender, intent.external_identifier, intent.id),
    )
    return [*(harmless(text) for text in before), amount, *(harmless(text or "") for text in after)]


@contextmanager
def _written(path: Path, encoding: str) -> Generator[TextIO]:
    """Write aside, sync, then replace: under this name stands the whole of it or what stood there before."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    try:
        if _is_database(path):
            raise JournalUnavailable(f"{path.name} is a database and is not overwritten")
        descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            # What a broken server sent may hold halves of characters, which UTF-8 cannot carry.
            with os.fdopen(descriptor, "w", encoding=encoding, errors="backslashreplace", newline="") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(path)
        except BaseException:
            aside.unlink()
            raise
    except OSError as problem:
        raise JournalUnavailable(f"{path.name} cannot be written: {problem.strerror}") from problem


def _is_database(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(_DATABASE)) == _DATABASE
