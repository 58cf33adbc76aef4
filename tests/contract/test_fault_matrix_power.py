"""The fault matrix, its power cut: the disk under a charge is cut after every write, and what was told still stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deskpay.domain.errors import JournalError
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.journal import file
from deskpay.journal.store import open_store
from deskpay.services.ports import IntentJournal
from tests.kit.crash_desk import BareDesk, WatchedJournal
from tests.kit.crash_line import Exchange, ScriptedLine
from tests.kit.crash_stage import CHARGE, Stage, final
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner
from tests.kit.recorded_disk import RecordedDisk, recording

SENT = "sent"
STORY = [IntentState.DRAFTED, IntentState.SENDING, IntentState.ACCEPTED, IntentState.CONFIRMED]


@pytest.fixture
def stage(run_plain: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> Stage:
    folder = tmp_path / "desk"
    folder.mkdir()
    open_store(folder / "journal.sqlite").close()
    return Stage(run_plain, sandbox, folder / "journal.sqlite")


def recorded_charge(stage: Stage) -> tuple[RecordedDisk, IntentRecord]:
    """Charge a card and keep what went to the disk, when each commit was reported and when the request left."""
    with recording(stage.file.parent) as disk:

        def watched(journal: IntentJournal) -> IntentJournal:
            return WatchedJournal(journal, lambda number, side: disk.mark(str(number)) if side == "after" else None)

        async def scene(desk: BareDesk, line: ScriptedLine) -> IntentRecord:
            async def leaves(exchange: Exchange) -> None:
                disk.mark(SENT)
                await exchange.passed()

            line.play(CHARGE, leaves)
            return await desk.reaches(await desk.act(IntentKind.CHARGE), final)

        record = stage(scene, journal_around=watched)
    assert [op.name for op in disk.ops if op.what == "mark"] == ["1", "2", SENT, "3", "4"]
    return disk, record


def broken_promises(disk: RecordedDisk, record: IntentRecord, folder: Path) -> Iterator[str]:
    """Cut the power at every point, open what each cut leaves, and tell where that is less than what was reported."""
    for number, (marks, left) in enumerate(disk.cuts(seed=26, tries=3)):
        place = folder / f"cut-{number}"
        place.mkdir()
        for name, content in left.items():
            (place / name).write_bytes(content)
        reported = len([mark for mark in marks if mark != SENT])
        try:
            store = open_store(place / "journal.sqlite")  # checks every row, story and claim
        except JournalError as problem:
            yield f"{marks} were reported and the journal does not open: {problem.detail}"
            continue
        found = store.find(record.intent.id)
        store.close()
        states = [event.state for event in found.events] if found is not None else []
        if states not in (STORY[:reported], STORY[: reported + 1]):
            yield f"{marks} were reported and {states} stand"


def test_power_cut_at_every_write_of_a_charge_loses_nothing_that_was_reported(stage: Stage, tmp_path: Path) -> None:
    assert list(broken_promises(*recorded_charge(stage), tmp_path)) == []
    assert stage.done() == 1


@pytest.mark.parametrize("synchronous", [2, 0], ids=["FULL", "OFF"])
def test_power_cut_at_a_journal_that_syncs_less_is_noticed(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, synchronous: int
) -> None:
    monkeypatch.setitem(file.DURABILITY, "synchronous", synchronous)
    assert next(broken_promises(*recorded_charge(stage), tmp_path))
