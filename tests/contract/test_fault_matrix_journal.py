"""The fault matrix, rows about the journal and the machine under it: disk, locks, damage, rivals, sleep."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from deskpay.domain.errors import JournalCorrupt, JournalError, JournalInUse, JournalUnavailable
from deskpay.domain.intent import Evidence, IntentKind, IntentState
from deskpay.journal import file
from deskpay.journal.journal import open_journal
from deskpay.services.ports import IntentJournal
from deskpay.services.sweep import sweep
from tests.kit.crash_desk import BareDesk, WatchedJournal
from tests.kit.crash_line import ScriptedLine
from tests.kit.crash_points import EVERY_KIND, Point, desks_at
from tests.kit.crash_stage import Stage, final, looked_for
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

S = IntentState
E = Evidence
K = IntentKind


@pytest.fixture
def stage(run_plain: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> Stage:
    return Stage(run_plain, sandbox, tmp_path / "journal.sqlite")


@contextmanager
def _full_disk() -> Iterator[Callable[[], None]]:
    """Yield what fills the disk for this process; it is empty again afterwards."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _when(write: int, side: str, happens: Callable[[], object]) -> Callable[[IntentJournal], IntentJournal]:
    """Let `happens` happen right before or after a write of the journal."""

    def at(number: int, where: str) -> None:
        if (number, where) == (write, side):
            happens()

    return lambda journal: WatchedJournal(journal, at)


async def _stops(desk: BareDesk) -> None:
    """Charge, and wait until the journal's trouble stops the desk."""
    await desk.act(K.CHARGE)
    while desk.front.runner.stopped is None:
        await desk.front.runner._stories.next_change()


def test_disk_full_before_sending_refuses(stage: Stage) -> None:
    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        with _full_disk() as fill:
            fill()
            with pytest.raises(JournalUnavailable):
                await desk.act(K.CHARGE)

    stage(scene)
    assert (stage.requests(), stage.done()) == (0, 0)


def test_disk_full_after_the_draft_sends_nothing(stage: Stage) -> None:
    with _full_disk() as fill:

        async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
            await _stops(desk)

        stage(scene, journal_around=_when(2, "before", fill))
    assert stage.restart(final).state is S.ABANDONED
    assert stage.requests() == 0


def test_disk_full_after_sending_blocks_the_desk_and_the_restart_reconciles(stage: Stage) -> None:
    with _full_disk() as fill:

        async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
            await _stops(desk)
            # What came back is held in memory, and nobody's money moves any more.
            (news,) = desk.front.runner.unfinished
            assert (news.record.state, news.record.outcome_id is None) == (S.ACCEPTED, False)
            with pytest.raises(JournalError):
                await desk.act(K.CHARGE, guest="Brambleworth", reference="DP-CRAS-H002")

        stage(scene, journal_around=_when(3, "before", fill))
    record = stage.restart(final)
    assert [event.evidence for event in record.events[2:]] == [E.RESTARTED, E.FOUND, E.READ_BACK]
    assert (stage.done(), stage.requests()) == (1, 1)


def test_journal_locked_is_waited_for_and_then_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file.BUSY_TIMEOUT_S == 5
    monkeypatch.setattr(file, "BUSY_TIMEOUT_S", 0.05)

    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        with closing(sqlite3.connect(stage.file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalUnavailable, match="locked"):
                await desk.act(K.CHARGE)
        assert (await desk.reaches(await desk.act(K.CHARGE), final)).state is S.CONFIRMED

    stage(scene)
    assert (stage.done(), stage.requests()) == (1, 1)


def test_journal_locked_after_sending_stops_the_desk_and_the_restart_finds_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "BUSY_TIMEOUT_S", 0.05)
    stage(lambda desk, _line: desk.stories())
    with closing(sqlite3.connect(stage.file, isolation_level=None)) as other:

        async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
            await _stops(desk)

        stage(scene, journal_around=_when(3, "before", lambda: other.execute("BEGIN IMMEDIATE")))
        other.execute("ROLLBACK")
    assert stage.restart(final).state is S.CONFIRMED
    assert (stage.done(), stage.requests()) == (1, 1)


def test_journal_corrupt_at_any_page_opens_no_desk_or_tells_the_same_story(stage: Stage) -> None:
    record = stage.charge(final)
    whole = stage.file.read_bytes()
    refused = 0
    for page in range(0, len(whole), 4096):
        for place in (page + 5, page + 60, page + 4090):
            damaged = bytearray(whole)
            damaged[place] ^= 0xFF
            stage.file.write_bytes(damaged)
            try:
                assert stage.restart(final) == record
            except JournalError:
                refused += 1
    assert refused >= len(whole) // 4096
    assert (stage.done(), stage.requests()) == (1, 1)


def test_journal_lost_altogether_a_sweep_finds_our_charges_in_the_books(stage: Stage) -> None:
    record = stage.charge(final)
    stage.file.unlink()

    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        (found,) = await sweep(desk.front, desk.front.records.server_now() - timedelta(days=1))
        assert (found.id, found.customer_id) == (record.outcome_id, record.intent.customer_id)

    stage(scene)


def _edit(path: Path, statement: str) -> None:
    """Edit the journal as somebody with a tool for SQLite would, leaving its rules as they were."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        rules = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in rules:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for _, sql in rules:
            connection.execute(sql)


EDITS = {
    "amount": "UPDATE intents SET amount_minor = 1",
    "reference": "UPDATE intents SET reference = 'DP-AAAA-AAAA'",
    "state": "UPDATE events SET state = 'declined' WHERE state = 'confirmed'",
    "row": "DELETE FROM events WHERE state = 'confirmed'",
}


@pytest.mark.parametrize("statement", EDITS.values(), ids=EDITS)
def test_edited_journal_row_breaks_the_chain_and_stops_charging(stage: Stage, statement: str) -> None:
    stage.charge(final)
    _edit(stage.file, statement)
    with pytest.raises(JournalCorrupt):
        stage.charge(final)
    assert (stage.done(), stage.requests()) == (1, 1)


def test_edited_journal_row_under_an_open_desk_stops_charging(stage: Stage) -> None:
    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        await desk.reaches(await desk.act(K.CHARGE), final)
        _edit(stage.file, "UPDATE events SET digest = 'x' WHERE number = (SELECT max(number) FROM events)")
        with pytest.raises(JournalCorrupt):
            await desk.act(K.CHARGE, guest="Brambleworth", reference="DP-CRAS-H002")

    stage(scene)
    assert (stage.done(), stage.requests()) == (1, 1)


@pytest.mark.parametrize(
    ("write", "end", "done"),
    [(1, S.ABANDONED, 0), (2, S.UNKNOWN, 0), (3, S.CONFIRMED, 1), (4, S.CONFIRMED, 1)],
    ids=["draft", "SENDING", "outcome", "end"],
)
def test_commit_reply_lost_sends_nothing_that_is_not_seen_on_record(
    stage: Stage, write: int, end: S, done: int
) -> None:
    def lost() -> None:
        raise JournalUnavailable("the commit's reply was lost")

    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        if write == 1:
            with pytest.raises(JournalUnavailable):
                await desk.act(K.CHARGE)
        else:
            await _stops(desk)

    stage(scene, journal_around=_when(write, "after", lost))
    assert stage.restart(looked_for(2)).state is end
    assert (stage.done(), stage.requests()) == (done, done)


@pytest.mark.parametrize("processes", [2, 20])
def test_two_desks_one_charge_one_wins(sandbox: Hotel, tmp_path: Path, processes: int) -> None:
    with desks_at(sandbox, tmp_path) as desks:
        sandbox.reset()
        said = desks.play(K.CHARGE, EVERY_KIND[0], desks.new_journal(), Point(processes, "rivals"))
    told = [rival["told"] for rival in said]
    assert [rival["code"] for rival in said] == [0] * processes
    (winner,) = [one for one in told if "refused" not in one]
    assert winner["state"] == "confirmed"
    # The others meet the journal in use, or come when the winner is gone and see what was charged.
    assert {one["refused"] for one in told if "refused" in one} <= {"JournalInUse", "LooksRepeated"}
    ledger = sandbox.ledger()
    assert [row["reference"] for row in ledger["charges"]] == [winner["reference"]]
    assert ledger["requests"]["creditCards/charge"] == 1


def test_a_second_deskpay_at_the_same_journal_is_refused_until_the_first_is_gone(stage: Stage) -> None:
    async def scene(_desk: BareDesk, _line: ScriptedLine) -> None:
        with pytest.raises(JournalInUse):
            await open_journal(stage.file)

    stage(scene)
    stage(lambda desk, _line: desk.stories())


def test_sleep_or_resume_of_the_process_mid_charge_ends_known_and_once(sandbox: Hotel, tmp_path: Path) -> None:
    drips = next(outcome for outcome in EVERY_KIND if outcome.flies)
    with desks_at(sandbox, tmp_path) as desks:
        sandbox.reset()
        sandbox.fault("creditCards/charge", "drip", seconds=0.2)
        # Stopped by the system in the midst of an answer, beyond its deadline, and woken again.
        said = desks.play(K.CHARGE, drips, desks.new_journal(), Point(0, "asleep in flight"))
    assert (said["code"], said["told"]["state"]) == (0, "confirmed")
    ledger = sandbox.ledger()
    assert (len(ledger["charges"]), ledger["requests"]["creditCards/charge"]) == (1, 1)
