"""Reading stories back, and the proof that a whole journal can be believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, select

from deskpay.domain.errors import JournalCorrupt
from deskpay.domain.intent import IllegalMoveError, IntentEvent, IntentRecord
from deskpay.journal.chain import Row, check
from deskpay.journal.coding import event_of, intent_of
from deskpay.journal.file import SCHEMA_ROWS, schema_digest
from deskpay.journal.statements import Statements
from deskpay.journal.tables import claims, events, intents, journal_meta


class Cursor(Protocol):
    """What a statement brought: rows as tuples."""

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Driver(Protocol):
    """An engine's own connection. A charge waits for it, and SQLAlchemy's way to each statement costs as much."""

    def execute(self, statement: str, parameters: Row = ..., /) -> Cursor:
        """Carry out one statement."""
        ...


def meta(connection: Connection) -> dict[str, str]:
    """Return what `journal_meta` holds."""
    return {row.key: row.value for row in connection.execute(select(journal_meta))}


def records_where(
    connection: Connection, condition: ColumnElement[bool], *, newest_first: bool = False
) -> list[IntentRecord]:
    """Return the records of the intents that meet `condition`, in the order of writing or against it.

    Raises:
        JournalCorrupt: a row cannot be read back, or a story contradicts the state machine.
    """
    order = intents.c.number.desc() if newest_first else intents.c.number
    found = connection.execute(select(intents).where(condition).order_by(order)).mappings().all()
    steps = connection.execute(
        select(events).join(intents, intents.c.id == events.c.intent_id).where(condition).order_by(events.c.number)
    )
    return _folded([dict(row) for row in found], [dict(row) for row in steps.mappings()])


def record_of(driver: Driver, statements: Statements, intent_id: str) -> IntentRecord | None:
    """Return the record of one intent, None when there is none.

    Raises:
        JournalCorrupt: a row cannot be read back, or the story contradicts the state machine.
    """
    asked = {"id": intent_id}
    found = driver.execute(statements.intent, asked).fetchone()
    if found is None:
        return None
    steps = [dict(zip(events.c.keys(), row, strict=True)) for row in driver.execute(statements.steps, asked)]
    return _folded([dict(zip(intents.c.keys(), found, strict=True))], steps)[0]


def check_all(connection: Connection) -> None:
    """Prove that the journal is whole: pages, indexes, schema, chain, every story and every claim.

    `integrity_check`, for `quick_check` does not compare indexes with their tables, and a lost index entry hides a
    payment as well as a lost row.

    Raises:
        JournalCorrupt: it is not.
    """
    complaints = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(1)")]
    if complaints != ["ok"]:
        raise JournalCorrupt(f"SQLite finds damage: {complaints[0]}")
    rows = [(str(kind), str(name), str(sql)) for kind, name, sql in connection.exec_driver_sql(SCHEMA_ROWS)]
    told = meta(connection)
    if told.keys() != {"journal_id", "schema", "head"} or told["schema"] != schema_digest(rows):
        raise JournalCorrupt("the schema was changed")
    check_rows(connection, told)


def check_rows(connection: Connection, told: dict[str, str]) -> list[IntentRecord]:
    """Prove chain, every story and every claim; return the stories.

    Args:
        connection: reads one state of the journal.
        told: its `journal_meta`.

    Raises:
        JournalCorrupt: the rows contradict each other.
    """
    found = [dict(row) for row in connection.execute(select(intents).order_by(intents.c.number)).mappings()]
    steps = [dict(row) for row in connection.execute(select(events).order_by(events.c.number)).mappings()]
    check(told["journal_id"], told["head"], {str(row["id"]): row for row in found}, steps)
    records = _folded(found, steps)
    held = {(one.intent.enterprise_id, one.intent.claim, one.intent.id) for one in records if one.holds_claim}
    if held != {tuple(row) for row in connection.execute(select(claims))}:
        raise JournalCorrupt("the claims do not follow from the stories")
    return records


def _folded(found: Iterable[Row], steps: Iterable[Row]) -> list[IntentRecord]:
    stories: dict[str, list[IntentEvent]] = {}
    try:
        for row in steps:
            stories.setdefault(str(row["intent_id"]), []).append(event_of(row))
        return [IntentRecord(intent_of(row), tuple(stories.get(str(row["id"]), ()))) for row in found]
    except (ValueError, IllegalMoveError) as problem:
        raise JournalCorrupt(f"a story cannot be read: {problem}") from problem
