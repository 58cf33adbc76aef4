"""Journals that earlier versions wrote open for ever and tell the same stories.

`tests/vectors/journal/vN.sqlite` was written by the DeskPay that had schema version N, `vNdM.sqlite` by the one that
had version M of the rows' detail besides; the JSON beside it says what was written. None is ever made anew. Whoever
changes the schema or the detail raises its version, writes the way there from every older file, and adds the next pair.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.journal.coding import DETAIL_VERSION, event_row, intent_row
from deskpay.journal.file import SCHEMA_ROWS, schema_digest
from deskpay.journal.looking import look
from deskpay.journal.store import Store, open_store
from deskpay.journal.tables import SCHEMA_VERSION
from tests.kit.intents import make_event, make_intent, make_record

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "journal"
_IN_TWO_STEPS = frozenset(kind for kind in IntentKind if kind.in_two_steps)
_ASKS_GUEST = frozenset(kind for kind in IntentKind if kind.asks_guest)
CAME_LATER = {"v1": _ASKS_GUEST | _IN_TWO_STEPS, "v1d2": _ASKS_GUEST | _IN_TWO_STEPS, "v1d3": _IN_TWO_STEPS}
"""Kinds of acts that a version did not know yet."""

STATES_CAME_LATER = frozenset(state for state in IntentState if state.took_unrecorded)
"""States that none of them knows: they came without another key in the rows' detail."""

NAMES = sorted(path.stem for path in VECTORS.glob("*.sqlite"))


@pytest.fixture(params=NAMES)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of one of them, for opening may write."""
    return Path(shutil.copy(VECTORS / f"{request.param}.sqlite", tmp_path))


@pytest.fixture
def opened(old: Path) -> Iterator[Store]:
    with closing(open_store(old)) as store:
        yield store


def _told(old: Path) -> list[Any]:
    told: list[Any] = json.loads((VECTORS / f"{old.stem}.json").read_text(encoding="utf-8"))["stories"]
    return told


def _assert_same(told: Any, found: object) -> None:
    """Compare with what was told then; a field that came later is not in it."""
    if is_dataclass(found) and isinstance(told, dict):
        known = {field.name for field in fields(found)}
        assert set(told) <= known
        for name, value in told.items():
            _assert_same(value, getattr(found, name))
    elif isinstance(found, tuple | frozenset):
        items = sorted(found) if isinstance(found, frozenset) else found
        for one, other in zip(told, items, strict=True):
            _assert_same(one, other)
    elif isinstance(found, datetime):
        assert datetime.fromisoformat(told) == found
    else:
        assert told == (found.value if isinstance(found, Enum) else found)


def _every_record(store: Store) -> list[IntentRecord]:
    return store.drafted_on(date.min, date.max)[::-1]


def test_there_is_one_of_each_version_so_far() -> None:
    assert {"v1", "v1d2", "v1d3"} <= set(NAMES)
    assert f"v{SCHEMA_VERSION}d{DETAIL_VERSION}" in NAMES


def test_an_old_journal_tells_the_same_stories(old: Path, opened: Store) -> None:
    records = _every_record(opened)
    for told, record in zip(_told(old), records, strict=True):
        _assert_same(told, record)
    assert {record.intent.kind for record in records} == set(IntentKind) - CAME_LATER.get(old.stem, frozenset())
    assert {record.state for record in records} == set(IntentState) - STATES_CAME_LATER


def test_an_old_journal_is_in_order_and_can_be_looked_into(old: Path) -> None:
    before = old.read_bytes()
    seen = look(old)
    assert seen.problem is None
    assert [record.intent.id for record in seen.records] == [told["intent"]["id"] for told in _told(old)]
    assert old.read_bytes() == before


def test_the_stories_of_an_old_journal_go_on(old: Path, opened: Store) -> None:
    before = len(_every_record(opened))
    for record in opened.unfinished():
        if record.state is IntentState.SENDING:
            opened.append(record.intent.id, make_event(IntentState.UNKNOWN))
    opened.draft(make_record(make_intent(99)))
    opened.close()
    with closing(open_store(old)) as again:
        assert len(_every_record(again)) == before + 1
        assert IntentState.SENDING not in {record.state for record in again.unfinished()}


def test_the_schema_changes_only_with_its_version(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "new.sqlite")) as store:
        rows = [(str(kind), str(name), str(sql)) for kind, name, sql in store._connection.exec_driver_sql(SCHEMA_ROWS)]
    told = json.loads((VECTORS / f"v{SCHEMA_VERSION}d{DETAIL_VERSION}.json").read_text(encoding="utf-8"))
    assert schema_digest(rows) == told["schema"]


def test_the_keys_of_the_detail_change_only_with_its_version(tmp_path: Path) -> None:
    shutil.copy(VECTORS / f"v{SCHEMA_VERSION}d{DETAIL_VERSION}.sqlite", tmp_path / "old.sqlite")
    seen = look(tmp_path / "old.sqlite")
    told = [json.loads(str(row["detail"])) for rows in (seen.intents.values(), seen.events) for row in rows]
    now = [intent_row(make_intent(), 1), event_row(make_event(IntentState.SENDING), "intent-1", 1)]
    assert {frozenset(detail) for detail in told} == {frozenset(json.loads(str(row["detail"]))) for row in now}
