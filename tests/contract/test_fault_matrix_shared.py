"""The fault matrix, rows about the journal that desks share: rivals, a link cut in a commit, a server that is away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deskpay.domain.errors import JournalAway, JournalCorrupt
from deskpay.domain.intent import Evidence, IntentKind, IntentRecord, IntentState
from deskpay.services import standstill
from deskpay.services.ports import IntentJournal
from tests.kit.crash_desk import BareDesk, WatchedJournal
from tests.kit.crash_line import ScriptedLine
from tests.kit.crash_points import EVERY_KIND, Point, desks_at
from tests.kit.crash_stage import Stage, final
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner
from tests.kit.postgres import Server
from tests.kit.postgres_line import Line, line_to_server

S = IntentState
E = Evidence
K = IntentKind


@pytest.fixture(autouse=True)
def _back_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    assert standstill.RETURN_S == 5
    monkeypatch.setattr(standstill, "RETURN_S", 0.05)


@pytest.fixture
def line(postgres: Server) -> Iterator[Line]:
    with line_to_server(postgres) as laid:
        yield laid


@pytest.fixture
def stage(run_plain: CoroutineRunner, sandbox: Hotel, line: Line) -> Stage:
    return Stage(run_plain, sandbox, line.place)


def _before(write: int, happens: Callable[[], object]) -> Callable[[IntentJournal], IntentJournal]:
    """Let `happens` happen right before a write of the journal."""

    def at(number: int, where: str) -> None:
        if (number, where) == (write, "before"):
            happens()

    return lambda journal: WatchedJournal(journal, at)


async def _goes_on(desk: BareDesk) -> None:
    """Wait until the journal is back and everything was taken up."""
    while desk.front.runner.stopped is not None:
        await desk.front.clock.sleep(0.01)


def _story(record: IntentRecord) -> list[Evidence]:
    return [event.evidence for event in record.events]


DONE = [E.DECIDED, E.ABOUT_TO_SEND, E.ANSWERED, E.READ_BACK]


@pytest.mark.parametrize("write", [1, 2, 3, 4], ids=["draft", "SENDING", "outcome", "end"])
def test_commit_reply_lost_on_the_link_goes_on_once_its_own_row_is_seen(stage: Stage, line: Line, write: int) -> None:
    def cut() -> None:
        line.cuts.append("reply")

    record = stage.charge(final, journal_around=_before(write, cut))
    assert line.cuts == []
    assert _story(record) == DONE
    assert (stage.done(), stage.requests()) == (1, 1)


ENDS = {1: [], 2: [E.DECIDED, E.RESTARTED], 3: DONE, 4: DONE}


@pytest.mark.parametrize("write", ENDS, ids=["draft", "SENDING", "outcome", "end"])
def test_commit_request_lost_on_the_link_sends_nothing_and_keeps_the_outcome(
    stage: Stage, line: Line, write: int
) -> None:
    async def scene(desk: BareDesk, _line: ScriptedLine) -> list[Evidence]:
        if write == 1:
            with pytest.raises(JournalAway):
                await desk.act(K.CHARGE)
            await _goes_on(desk)
            assert await desk.stories() == []
            return []
        begun = await desk.act(K.CHARGE)
        return _story(await desk.reaches(begun, final))

    def cut() -> None:
        line.cuts.append("request")

    assert stage(scene, journal_around=_before(write, cut)) == ENDS[write]
    assert stage.done() == stage.requests() == (1 if write > 2 else 0)


def test_shared_journal_away_before_sending_refuses_until_it_is_back(stage: Stage, line: Line) -> None:
    async def scene(desk: BareDesk, _line: ScriptedLine) -> IntentRecord:
        line.cuts, line.stays_down = ["request"], True
        for reference in ("DP-CRAS-H002", "DP-CRAS-H003"):
            with pytest.raises(JournalAway):
                await desk.act(K.CHARGE, reference=reference)
        assert isinstance(desk.front.runner.stopped, JournalAway)
        line.down = line.stays_down = False
        await _goes_on(desk)
        return await desk.reaches(await desk.act(K.CHARGE), final)

    assert stage(scene).state is S.CONFIRMED
    assert (stage.done(), stage.requests()) == (1, 1)


def test_shared_journal_away_after_sending_the_desk_keeps_the_outcome(stage: Stage, postgres: Server) -> None:
    async def scene(desk: BareDesk, _line: ScriptedLine) -> IntentRecord:
        begun = await desk.act(K.CHARGE)
        while desk.front.runner.stopped is None:
            await desk.front.runner._stories.next_change()
        postgres.start()
        return await desk.reaches(begun, final)

    assert _story(stage(scene, journal_around=_before(3, postgres.stop))) == DONE
    assert (stage.done(), stage.requests()) == (1, 1)


def test_shared_journal_away_after_sending_and_the_desk_dies_the_restart_finds_it(stage: Stage, line: Line) -> None:
    def away() -> None:
        line.cuts, line.stays_down = ["request"], True

    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        await desk.act(K.CHARGE)
        while desk.front.runner.stopped is None:
            await desk.front.runner._stories.next_change()

    stage(scene, journal_around=_before(3, away))
    line.down = line.stays_down = False
    record = stage.restart(final)
    assert _story(record)[2:] == [E.RESTARTED, E.FOUND, E.READ_BACK]
    assert (stage.done(), stage.requests()) == (1, 1)


@pytest.mark.parametrize("processes", [2, 20])
def test_two_desks_one_charge_one_wins_on_a_shared_journal(
    sandbox: Hotel, postgres: Server, tmp_path: Path, processes: int
) -> None:
    place = postgres.new_place()
    with desks_at(sandbox, tmp_path) as desks:
        sandbox.reset()
        said = desks.play(K.CHARGE, EVERY_KIND[0], place, Point(processes, "rivals"))
    told = [rival["told"] for rival in said]
    assert [rival["code"] for rival in said] == [0] * processes
    (winner,) = [one for one in told if "refused" not in one]
    assert winner["state"] == "confirmed"
    # The others meet the winner's claim, or come when it is gone and see what was charged.
    assert {one["refused"] for one in told if "refused" in one} <= {"GuestBeingChecked", "LooksRepeated"}
    ledger = sandbox.ledger()
    assert [row["reference"] for row in ledger["charges"]] == [winner["reference"]]
    assert ledger["requests"]["creditCards/charge"] == 1


def test_edited_row_of_a_shared_journal_under_an_open_desk_stops_charging(
    stage: Stage, postgres: Server, line: Line
) -> None:
    async def scene(desk: BareDesk, _line: ScriptedLine) -> None:
        await desk.reaches(await desk.act(K.CHARGE), final)
        postgres.edit(line.place, "UPDATE events SET digest = 'x' WHERE number = (SELECT max(number) FROM events)")
        with pytest.raises(JournalCorrupt):
            await desk.act(K.CHARGE, guest="Brambleworth", reference="DP-CRAS-H002")

    stage(scene)
    with pytest.raises(JournalCorrupt):
        stage.charge(final)
    assert (stage.done(), stage.requests()) == (1, 1)
