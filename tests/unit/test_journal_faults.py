"""The journal under what happens to machines: killed processes, full disks, locks, second desks, damaged files."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from deskpay.domain.errors import JournalCorrupt, JournalError, JournalUnavailable
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.journal import file
from deskpay.journal.store import Store, open_store
from tests.kit.intents import make_event, make_intent, make_record

S = IntentState
ROOT = Path(__file__).resolve().parents[2]

CHILD = """
import sys
from pathlib import Path
from deskpay.domain.errors import GuestBeingChecked
from deskpay.domain.intent import IntentState as S
from deskpay.journal.store import open_store
from tests.kit.intents import make_event, make_intent, make_record

def say(*words):
    print(*words, flush=True)

path = Path(sys.argv[1])
"""

STEPWISE = (
    CHILD
    + """
store = open_store(path)
say("opened")
for state in [S.DRAFTED, S.SENDING, S.UNKNOWN, S.ACCEPTED, S.CONFIRMED]:
    sys.stdin.readline()
    if state is S.DRAFTED:
        store.draft(make_record())
    else:
        store.append("intent-1", make_event(state))
    say(state.value)
sys.stdin.readline()
"""
)

TIRELESS = (
    CHILD
    + """
store = open_store(path)
for number in range(1, 100_000):
    store.draft(make_record(make_intent(number)))
    say(number, "drafted")
    store.append(f"intent-{number}", make_event(S.SENDING))
    say(number, "sending")
"""
)

DESK = (
    CHILD
    + """
say("ready")
sys.stdin.readline()
store = open_store(path)
desk = int(sys.argv[2])
for guest in range(20):
    number = 100 * desk + guest
    try:
        store.draft(make_record(make_intent(number, customer_id=f"guest-{guest}")))
    except GuestBeingChecked as refusal:
        say(guest, "lost", refusal.reference)
    else:
        say(guest, "won", store.append(f"intent-{number}", make_event(S.SENDING)).intent.reference)
store.close()
"""
)


@contextmanager
def _child(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "BUSY_TIMEOUT_S", 0.05)


@pytest.mark.parametrize("steps", range(6))
def test_killed_between_two_commits_the_journal_tells_the_truth(steps: int, path: Path) -> None:
    story = [S.DRAFTED, S.SENDING, S.UNKNOWN, S.ACCEPTED, S.CONFIRMED][:steps]
    with _child(STEPWISE, path) as process:
        assert _told(process) == "opened"
        for state in story:
            _go_on(process)
            assert _told(process) == state.value
        process.kill()
        process.wait()
    with closing(open_store(path)) as store:
        record = store.find("intent-1")
        assert (record.events if record else ()) == tuple(make_event(state) for state in story)
        assert bool(store.unfinished()) == (0 < steps < 5)


@pytest.mark.parametrize("acknowledged", [1, 2, 7, 30])
def test_killed_in_the_midst_no_acknowledged_step_is_missing(acknowledged: int, path: Path) -> None:
    with _child(TIRELESS, path) as process:
        lines = [_told(process) for _ in range(acknowledged)]
        process.kill()
        assert process.stdout is not None
        lines += process.stdout.read().splitlines()
    with closing(open_store(path)) as store:
        found = [f"{r.intent.id.removeprefix('intent-')} {e.state.value}" for r in store.unfinished() for e in r.events]
    # One commit may have been done whose word was not out yet; nothing else can differ.
    assert found[: len(lines)] == lines
    assert len(found) - len(lines) in {0, 1}


def test_two_desks_on_one_new_file_share_it_and_one_of_them_has_each_guest(path: Path) -> None:
    with _child(DESK, path, 1) as one, _child(DESK, path, 2) as two:
        for process in (one, two):
            assert _told(process) == "ready"
        for process in (one, two):
            _go_on(process)
        said = [process.communicate()[0].splitlines() for process in (one, two)]
        assert (one.returncode, two.returncode) == (0, 0)
    with closing(open_store(path)) as store:
        records = store.unfinished()
    holders = {record.intent.customer_id: record.intent.reference for record in records}
    assert len(records) == len(holders) == 20
    for words in zip(*said, strict=True):
        guest = words[0].split()[0]
        reference = holders[f"guest-{guest}"]
        assert sorted(words) == [f"{guest} lost {reference}", f"{guest} won {reference}"]


@pytest.mark.usefixtures("soon")
def test_a_journal_that_another_writes_for_too_long_is_unavailable_and_then_works(path: Path) -> None:
    with closing(open_store(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalUnavailable, match="locked"):
            store.draft(make_record())
        assert store.find("intent-1") is None
        other.execute("COMMIT")
        store.draft(make_record())
        assert store.find("intent-1") == make_record()


@pytest.mark.usefixtures("soon")
def test_a_journal_that_another_keeps_to_itself_cannot_be_opened(path: Path) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(JournalUnavailable, match="locked"):
            open_store(path)
    open_store(path).close()


def test_a_full_disk_refuses_the_draft_and_the_journal_works_once_there_is_room(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.draft(make_record(make_intent(1)))
        connection = store._connection
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.rollback()
        with pytest.raises(JournalUnavailable, match="full"):
            store.draft(make_record(make_intent(2, note="x" * 20_000)))
        connection.exec_driver_sql("PRAGMA max_page_count=100000")
        connection.rollback()
        store.draft(make_record(make_intent(2)))
    with closing(open_store(path)) as store:
        assert [record.intent.id for record in store.unfinished()] == ["intent-1", "intent-2"]


def test_after_a_failed_write_to_the_disk_the_journal_must_be_opened_again(path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(open_store(path)) as store:
        store.draft(make_record(make_intent(1)))
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, before[1]))
            with pytest.raises(JournalUnavailable, match="disk I/O"):
                store.draft(make_record(make_intent(2, note="x" * 20_000)))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        with pytest.raises(JournalUnavailable, match="opened again"):
            store.draft(make_record(make_intent(3)))
    with closing(open_store(path)) as store:
        assert store.unfinished() == [make_record(make_intent(1))]


def test_a_journal_moved_away_under_an_open_desk_takes_no_draft(path: Path) -> None:
    aside = path.with_name("aside.db")
    with closing(open_store(path)) as store:
        store.draft(make_record(make_intent(1)))
        path.rename(aside)
        with pytest.raises(JournalUnavailable, match="moved away"):
            store.draft(make_record(make_intent(2)))
        open_store(path).close()  # another, fresh file under the same name
        with pytest.raises(JournalUnavailable, match="moved away"):
            store.append("intent-1", make_event(S.SENDING))
        aside.replace(path)
        store.append("intent-1", make_event(S.SENDING))
    with closing(open_store(path)) as store:
        assert store.unfinished() == [make_record(make_intent(1), S.SENDING)]


def _every_record(store: Store) -> list[IntentRecord]:
    records = store.drafted_on(date.min, date.max)
    # Asked in every way there is, since each way reads other pages.
    assert [store.find(record.intent.id) for record in records] == records
    assert all(record in store.of_customer(record.intent.customer_id) for record in records)
    refunds = [record for record in records if record.intent.payment_id]
    assert store.refunds_of([str(record.intent.payment_id) for record in refunds]) == refunds[::-1]
    assert store.unfinished() == [record for record in records if not record.state.final][::-1]
    return records


def test_flipped_bytes_are_noticed_or_change_nothing(path: Path) -> None:
    with closing(open_store(path)) as store:
        for number in range(1, 13):
            refund = number % 3 == 0
            kind = IntentKind.REFUND if refund else IntentKind.CHARGE
            payment_id = f"payment-{number}" if refund else None
            store.draft(make_record(make_intent(number, kind=kind, payment_id=payment_id, note="n" * 300)))
            for state in (S.SENDING, S.UNKNOWN, S.CONFIRMED)[: number % 4]:
                store.append(f"intent-{number}", make_event(state, message="m" * 100))
        truth = _every_record(store)
    whole = path.read_bytes()
    header = range(100)
    within = (0, 1, 3, 4, 5, 7, 8, 9, 11, 12, 90, 1_500, 2_800, 3_400, 3_700, 3_900, 4_000, 4_060, 4_090, 4_095)
    places = [*header, *(page + place for page in range(0, len(whole), 4_096) for place in within)]
    noticed = 0
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF if place % 2 else 0x01
        path.write_bytes(damaged)
        try:
            with closing(open_store(path)) as store:
                assert _every_record(store) == truth, f"a wrong story with byte {place} flipped"
        except JournalError:
            noticed += 1
    assert noticed > len(places) // 3


@pytest.mark.parametrize("table", ["intents", "events", "events_of_intent", "intents_of_customer", "claims"])
def test_a_page_of_noise_is_noticed(table: str, path: Path) -> None:
    with closing(open_store(path)) as store:
        store.draft(make_record())
        query = f"SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"  # noqa: S608 - from the list above
        page = int(store._connection.exec_driver_sql(query).scalar_one())
    whole = bytearray(path.read_bytes())
    whole[(page - 1) * 4_096 : page * 4_096] = b"\xa5" * 4_096
    path.write_bytes(whole)
    with pytest.raises(JournalCorrupt):
        open_store(path)
