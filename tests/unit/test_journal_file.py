"""The journal's file: made for one user, durable, append-only, and refused when it is not what it should be."""

import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from deskpay.domain.errors import JournalCorrupt, JournalError, JournalTooNew, JournalUnavailable
from deskpay.domain.intent import CardSlip, IntentKind, IntentState
from deskpay.journal import file
from deskpay.journal.failures import CLASSES, told_apart
from deskpay.journal.looking import look
from deskpay.journal.store import Store, open_store
from deskpay.journal.tables import TRIGGERS, schema
from tests.kit.intents import make_event, make_intent, make_record

S = IntentState


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "DeskPay" / "journal.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = open_store(path)
    yield opened
    opened.close()


@pytest.fixture
def written(path: Path) -> Path:
    """A closed journal with two stories, one of them unfinished."""
    with closing(open_store(path)) as opened:
        opened.draft(make_record(make_intent(1)))
        opened.append("intent-1", make_event(S.SENDING))
        opened.append("intent-1", make_event(S.ACCEPTED, outcome_id="payment", request_id="request"))
        opened.draft(make_record(make_intent(2)))
        opened.append("intent-2", make_event(S.SENDING))
        opened.append("intent-2", make_event(S.DECLINED, message="no funds"))
    return path


def _edit(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def _edit_rows(path: Path, *statements: str) -> None:
    """As someone would who knows the triggers: away with them, edit, and back."""
    names = [trigger.split()[2] for trigger in TRIGGERS]
    _edit(path, *(f"DROP TRIGGER {name}" for name in names), *statements, *TRIGGERS)


def test_the_file_and_its_folder_are_for_this_user_alone(store: Store, path: Path) -> None:
    assert store.unfinished() == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_others_could_read_is_closed_to_them(written: Path) -> None:
    written.chmod(0o644)
    open_store(written).close()
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_a_commit_survives_a_power_cut_as_far_as_sqlite_can_promise(store: Store) -> None:
    told = {
        pragma: store._connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "fullfsync", "busy_timeout")
    }
    assert told == {
        "journal_mode": "delete",
        "synchronous": 3,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "fullfsync": 1,
        "busy_timeout": 5000,
    }


def test_a_journal_left_in_wal_mode_comes_back_from_it(written: Path) -> None:
    _edit(written, "PRAGMA journal_mode=WAL")
    with closing(open_store(written)) as opened:
        assert opened.find("intent-2") is not None
        assert opened._connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"


def test_a_machine_that_keeps_no_promise_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setitem(file.DURABILITY, "synchronous", 7)
        with pytest.raises(JournalUnavailable, match="synchronous"):
            open_store(path)
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
        with pytest.raises(JournalUnavailable, match="too old"):
            open_store(path)
    assert not path.exists()
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE intents SET detail = '{}'",
        "DELETE FROM intents WHERE id = 'intent-2'",
        "UPDATE events SET state = 'declined'",
        "DELETE FROM events WHERE number = 1",
        "REPLACE INTO events SELECT * FROM events WHERE number = 1",
    ],
)
def test_rows_only_grow(statement: str, written: Path) -> None:
    with closing(open_store(written)) as opened, pytest.raises(IntegrityError, match="only grow"):
        opened._connection.exec_driver_sql(statement)


def test_tables_are_strict(store: Store) -> None:
    tables = store._connection.exec_driver_sql("PRAGMA table_list").mappings()
    assert {row["name"] for row in tables if row["strict"]} == {"intents", "events", "claims", "journal_meta"}


def test_nothing_can_hold_a_card_number_or_a_capture_reference(written: Path) -> None:
    columns = {table.name: {column.name for column in table.columns} for table in schema.tables.values()}
    assert columns == {
        "intents": {
            *("number", "id", "reference", "kind", "enterprise_id", "desk_id", "operator", "drafted_utc"),
            *("customer_id", "amount_minor", "currency", "currency_precision", "payment_id", "detail"),
        },
        "events": {
            *("number", "intent_id", "state", "at_utc", "evidence", "outcome_id", "request_id", "detail", "digest"),
        },
        "claims": {"enterprise_id", "claim", "intent_id"},
        "journal_meta": {"key", "value"},
    }
    with closing(open_store(written)) as opened:
        slip = CardSlip("Visa", "1111", "A Guest", None)
        opened.draft(make_record(make_intent(3, kind=IntentKind.RECORD_CARD, slip=slip)))
        connection = opened._connection
        details = [json.loads(text) for text in connection.exec_driver_sql("SELECT detail FROM intents").scalars()]
        steps = [json.loads(text) for text in connection.exec_driver_sql("SELECT detail FROM events").scalars()]
    kept = {
        *("version", "customer_name", "subject", "credit_card_id", "reservation_id", "bill_id", "note", "reason"),
        *("accounting_category_id", "tender", "external_identifier", "slip", "baseline", "repeat_of"),
        *("link", "terminal_id"),
    }
    assert {frozenset(detail) for detail in details} == {frozenset(kept)}
    assert details[2]["slip"] == {"brand": "Visa", "last_four": "1111", "holder": "A Guest"}
    assert {frozenset(step) for step in steps} == {frozenset({"version", "message", "people"})}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE intents SET amount_minor = 1 WHERE number = 1",
        "UPDATE intents SET operator = 'Eve' WHERE number = 2",
        "UPDATE intents SET detail = replace(detail, '1111', '2222')",
        "UPDATE events SET state = 'rejected' WHERE number = 6",
        "UPDATE events SET at_utc = replace(at_utc, '2026', '2025')",
        "UPDATE events SET outcome_id = NULL",
        "UPDATE events SET detail = replace(detail, 'no funds', 'nothing')",
        "UPDATE events SET digest = upper(digest) WHERE number = 6",
        "UPDATE events SET number = 7 WHERE number = 6",
        "DELETE FROM events WHERE number = 6",
        "DELETE FROM events WHERE number = 1",
        "INSERT INTO events VALUES (7, 'intent-2', 'confirmed', 'now', 'found', NULL, NULL, '{}', 'digest')",
        "INSERT INTO intents VALUES (3, 'x', 'x', 'charge', 'x', 'x', 'x', 'now', 'x', 1, 'GBP', 2, NULL, '{}')",
        "DELETE FROM intents WHERE number = 2",
        "UPDATE journal_meta SET value = 'another' WHERE key = 'journal_id'",
        "UPDATE journal_meta SET value = 'another' WHERE key = 'head'",
        "DELETE FROM journal_meta WHERE key = 'head'",
        "DELETE FROM claims",
        "INSERT INTO claims VALUES ('hotel', 'money:guest-2', 'intent-2')",
        "UPDATE claims SET claim = 'money:guest-9'",
    ],
)
def test_an_edited_journal_is_refused(statement: str, written: Path) -> None:
    _edit_rows(written, statement)
    with pytest.raises(JournalCorrupt):
        open_store(written)


def test_an_edit_that_changes_nothing_is_none(written: Path) -> None:
    _edit_rows(written, "UPDATE events SET state = state")
    open_store(written).close()


@pytest.mark.parametrize(
    "statement", ["DROP TRIGGER events_keep_delete", "CREATE TABLE more (a)", "DROP INDEX intents_of_customer"]
)
def test_another_schema_is_refused(statement: str, written: Path) -> None:
    _edit(written, statement)
    with pytest.raises(JournalCorrupt, match="schema"):
        open_store(written)


def test_a_row_that_is_chained_but_unreadable_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_store(path)) as opened, monkeypatch.context() as patched:
        patched.setattr("deskpay.journal.coding.DETAIL_VERSION", 0)
        opened.draft(make_record())
    with pytest.raises(JournalCorrupt, match="version of detail: 0"):
        open_store(path)


def test_a_row_of_a_newer_deskpay_asks_for_the_newer_deskpay_and_not_for_a_backup(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(path)) as opened, monkeypatch.context() as patched:
        patched.setattr("deskpay.journal.coding.DETAIL_VERSION", 99)
        opened.draft(make_record())
    with pytest.raises(JournalTooNew, match="version 99 of detail"):
        open_store(path)
    seen = look(path)
    assert isinstance(seen.problem, JournalTooNew)
    assert (len(seen.intents), seen.records) == (1, ())


def test_a_head_that_was_taken_away_under_an_open_journal_stops_it(path: Path, store: Store) -> None:
    store.draft(make_record())
    _edit(path, "DELETE FROM journal_meta WHERE key = 'head'")
    with pytest.raises(JournalCorrupt, match="head"):
        store.append("intent-1", make_event(S.SENDING))


def test_a_head_that_moved_under_an_open_journal_stops_it(path: Path, store: Store) -> None:
    store.draft(make_record())
    _edit(path, "UPDATE journal_meta SET value = 'another' WHERE key = 'head'")
    with pytest.raises(JournalCorrupt):
        store.append("intent-1", make_event(S.SENDING))
    with pytest.raises(JournalCorrupt, match="opened again"):
        store.find("intent-1")


def test_a_newer_journal_is_refused(written: Path) -> None:
    _edit(written, "PRAGMA user_version=2")
    with pytest.raises(JournalTooNew, match="version 2"):
        open_store(written)


@pytest.mark.parametrize("what", ["empty", "text", "another database", "no version", "cut short", "not utf-8"])
def test_what_is_no_journal_is_refused(what: str, written: Path) -> None:
    match what:
        case "empty":
            written.write_bytes(b"")
        case "text":
            written.write_text("dear diary, " * 100)
        case "another database":
            written.unlink()
            _edit(written, "CREATE TABLE intents (id)")
        case "no version":
            _edit(written, "PRAGMA user_version=0")
        case "cut short":
            written.write_bytes(written.read_bytes()[:-4096])
        case _:
            _edit(written, "PRAGMA writable_schema=ON", "UPDATE sqlite_schema SET sql = CAST(x'ff' AS TEXT)")
    with pytest.raises(JournalCorrupt):
        open_store(written)


def test_a_folder_in_place_of_the_file_is_the_machines_fault(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(JournalUnavailable):
        open_store(path)


def test_of_two_that_make_the_journal_one_wins_and_both_use_it(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Path, "exists", lambda _path: False)  # as seen just before the other one was done
        with closing(open_store(written)) as opened:
            assert opened.find("intent-2") is not None
    assert list(written.parent.iterdir()) == [written]


def _raised(code: int | None) -> sqlite3.Error:
    problem = sqlite3.OperationalError("by the test")
    if code is not None:
        problem.sqlite_errorcode = code
    return problem


@pytest.mark.parametrize("code", CLASSES)
def test_failures_are_told_apart_by_their_primary_code(code: int) -> None:
    extended = code | 7 << 8
    for problem in (_raised(extended), DBAPIError("SELECT", None, _raised(extended))):
        with pytest.raises(JournalError, match="by the test") as told, told_apart():
            raise problem
        assert type(told.value) is CLASSES[code]


@pytest.mark.parametrize("code", [None, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_CONSTRAINT])
def test_what_the_table_does_not_name_is_our_bug(code: int | None) -> None:
    with pytest.raises(sqlite3.OperationalError, match="by the test"), told_apart():
        raise _raised(code)
