"""The journal's commits against bare SQLite commits of the same rows with the same settings."""

import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from deskpay.domain.intent import IntentState
from deskpay.journal.file import DURABILITY
from deskpay.journal.store import open_store
from tests.kit.intents import make_event, make_intent, make_record

STORY = (IntentState.SENDING, IntentState.ACCEPTED, IntentState.CONFIRMED)
INTENTS = 25
ROUNDS = 8


def commits(folder: Path) -> tuple[float, float]:
    """Return seconds for one commit of the journal and for a bare one: medians of rounds that take turns.

    Args:
        folder: on the disk to measure.
    """
    ours, bare = list[float](), list[float]()
    with tempfile.TemporaryDirectory(dir=folder, prefix="bench-") as room:
        for turn in range(ROUNDS):
            path = Path(room) / f"{turn}.sqlite"
            ours += _ours(path)
            bare += _bare(path, path.with_suffix(".bare"))
    return statistics.median(ours), statistics.median(bare)


def _ours(path: Path) -> list[float]:
    took: list[float] = []
    with closing(open_store(path)) as store:
        for number in range(1, INTENTS + 1):
            record = make_record(make_intent(number))
            began = time.perf_counter()
            store.draft(record)
            took.append(time.perf_counter() - began)
            for state in STORY:
                event = make_event(state, outcome_id="payment", request_id="request")
                began = time.perf_counter()
                store.append(f"intent-{number}", event)
                took.append(time.perf_counter() - began)
    return took


def _bare(written: Path, path: Path) -> list[float]:
    """Write the rows of the journal `written` to a fresh file at `path`, a commit for each event."""
    with closing(sqlite3.connect(written)) as source:
        shapes = [str(row[0]) for row in source.execute("SELECT sql FROM sqlite_schema WHERE sql NOT NULL")]
        intents = source.execute("SELECT * FROM intents ORDER BY number").fetchall()
        events = source.execute("SELECT * FROM events ORDER BY number").fetchall()
    took: list[float] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        for pragma, wanted in DURABILITY.items():
            target.execute(f"PRAGMA {pragma}={wanted}")
        for shape in shapes:
            target.execute(shape)
        target.execute("INSERT INTO journal_meta VALUES ('head', '')")
        steps = len(STORY) + 1
        for place, event in enumerate(events):
            intent = intents[place // steps] if place % steps == 0 else None
            began = time.perf_counter()
            _write(target, event, intent, ended=place % steps == steps - 1)
            took.append(time.perf_counter() - began)
    return took


def _write(target: sqlite3.Connection, event: tuple[Any, ...], intent: tuple[Any, ...] | None, *, ended: bool) -> None:
    target.execute("BEGIN IMMEDIATE")
    if intent is not None:
        target.execute(f"INSERT INTO intents VALUES ({', '.join('?' * len(intent))})", intent)  # noqa: S608 - only question marks
        target.execute("INSERT INTO claims VALUES (?, ?, ?)", (intent[4], f"money:{intent[8]}", intent[1]))
    target.execute(f"INSERT INTO events VALUES ({', '.join('?' * len(event))})", event)  # noqa: S608 - only question marks
    target.execute("UPDATE journal_meta SET value = ? WHERE key = 'head'", (event[-1],))
    if ended:
        target.execute("DELETE FROM claims WHERE intent_id = ?", (event[1],))
    target.execute("COMMIT")
