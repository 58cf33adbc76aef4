"""The simulation itself: one seed is one run, its journal is the real one, and a failure is made small."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from deskpay.app.cli import main
from deskpay.domain.errors import Declined, NotSent, OutcomeUnknown, RateLimited, Rejected, Unauthorized
from deskpay.domain.intent import IntentKind, IntentRecord
from deskpay.gateways.mews.classify import Judgment, judge_act
from deskpay.journal.store import open_store
from deskpay.services.intent_runner import IntentRunner
from deskpay.simulation.campaign import run_seed, shrunk, simulate, told
from deskpay.simulation.disk import MemoryShelf
from deskpay.simulation.faults import FINE, MEETINGS, WRITE_FAULTS
from deskpay.simulation.loop import StuckError, new_loop
from deskpay.simulation.plan import Act, Scenario, Step, draw
from deskpay.simulation.world import play

KEYS = {"seed", "runs", "faults", "outcomes", "double_charges", "lost_intents", "wrong_outcomes", "violations"}

SEEDS = [run_seed(4, number) for number in range(25)]

SEND_ONCE = IntentRunner._send_once


@pytest.mark.parametrize("desks", [1, 2, 3])
def test_whatever_breaks_no_promise_does(desks: int) -> None:
    findings = simulate(desks, 700, desks)
    assert findings.violations == []
    assert findings.ok
    assert {"confirmed", "declined", "rejected", "not_sent", "unknown", "abandoned"} <= findings.outcomes.keys()


def test_every_fault_is_met() -> None:
    faults = simulate(77, 2_500, 2).faults
    assert {f"act: {meeting.fault}" for meeting in MEETINGS} <= faults.keys()
    assert {act.value for act in Act} - {"confirm"} <= faults.keys()
    assert {*WRITE_FAULTS, "read: outage", "read: slow"} <= faults.keys()


def test_the_summary_is_what_scripts_rely_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--seed", "5", "--runs", "20", "--desks", "2"]) == 0
    printed = capsys.readouterr()
    summary = json.loads(printed.out)
    assert summary.keys() >= KEYS
    assert (summary["seed"], summary["runs"], summary["violations"]) == (5, 20, [])
    assert summary["intents"] == sum(summary["outcomes"].values())
    assert "intents in" in printed.err


@pytest.mark.parametrize("words", [["--seed", "1", "--runs", "0"], ["--runs", "5"], ["--seed", "x", "--runs", "5"]])
def test_wrong_words_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as told_off:
        main(["simulate", *words])
    assert told_off.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_one_seed_is_one_run_in_every_process() -> None:
    program = (
        "from deskpay.simulation.campaign import run_seed\n"
        "from deskpay.simulation.plan import draw\n"
        "from deskpay.simulation.world import play\n"
        "for n in range(150): print(*play(draw(run_seed(8, n), 3), traced=True).trace, sep='\\n')\n"
    )

    def printed(hash_seed: str) -> str:
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", program]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    first = printed("1")
    assert len(first) > 10_000
    assert printed("2") == first


def test_any_run_can_be_played_alone() -> None:
    third = run_seed(12, 3)
    campaign = play(draw(third, 2), traced=True)
    alone = play(draw(run_seed(third, 0), 2), traced=True)
    assert alone == campaign


@pytest.mark.parametrize("seed", SEEDS)
def test_the_shelf_in_memory_keeps_what_sqlite_keeps(seed: int, tmp_path: Path) -> None:
    path, shelf = tmp_path / "journal.sqlite", MemoryShelf()
    store = open_store(path)
    try:
        on_disk = play(draw(seed, 2), traced=True, shelf=store)
        store.check()
    finally:
        store.close()
    in_memory = play(draw(seed, 2), traced=True, shelf=shelf)
    assert in_memory == on_disk
    reading = sqlite3.connect(path)
    reading.row_factory = sqlite3.Row
    for table, rows in (("intents", shelf.intents), ("events", shelf.events)):
        drawn_anew = {"id", "intent_id", "digest"}
        kept = [dict(row) for row in reading.execute(f"SELECT * FROM {table} ORDER BY number")]  # noqa: S608 - two names
        assert [_without(row, drawn_anew) for row in kept] == [_without(dict(row), drawn_anew) for row in rows]
    reading.close()


def _without(row: dict[str, object], names: set[str]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in names}


def send_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the rule that nothing is sent twice."""

    async def sent(runner: IntentRunner, record: IntentRecord, send: Callable[[], Awaitable[str]]) -> IntentRecord:
        async def stubborn() -> str:
            try:
                return await send()
            except OutcomeUnknown:
                return await send()

        return await SEND_ONCE(runner, record, stubborn)

    monkeypatch.setattr(IntentRunner, "_send_once", sent)


def test_a_violation_is_told_with_its_seed_and_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    send_again(monkeypatch)
    assert main(["simulate", "--seed", "1", "--runs", "40"]) == 1
    summary = json.loads(capsys.readouterr().out)
    assert summary["double_charges"] > 0
    first = summary["violations"][0]
    assert any("was sent twice" in line for line in first["trace"])
    assert main(["simulate", "--seed", str(first["seed"]), "--runs", "1"]) == 1
    assert json.loads(capsys.readouterr().out)["violations"] == [first]


def test_a_failure_is_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    send_again(monkeypatch)
    lost = next(meeting for meeting in MEETINGS if meeting.error is OutcomeUnknown)
    needed = Step(act=Act.CONFIRM, kind=IntentKind.CHARGE, clicks=2, tries=2, wait_s=20, leaves=True)
    beside = [Step(act=Act.CHECK_NOW), Step(act=Act.COLLEAGUE_TAKES), Step(act=Act.CONFIRM, guest=1)]
    large = Scenario(
        seed=1,
        desks=2,
        steps=(beside[0], needed, *beside[1:]),
        meetings=(lost, lost, FINE),
        reads=((40, "read: 500"),),
        writes=((30, "disk: full"),),
        skew_s=(0.0, 600.0),
    )
    small = shrunk(large)
    assert [step.act for step in small.steps] == [Act.CONFIRM]
    assert replace(small.steps[0], guest=0) == Step(act=Act.CONFIRM, kind=IntentKind.CHARGE)
    assert [meeting.fault for meeting in small.meetings] == [lost.fault]
    assert (small.reads, small.writes, small.skew_s) == ((), (), (0.0, 0.0))
    assert any("VIOLATION" in line for line in told(small))


JUDGED = {
    Judgment.DECLINED: Declined,
    Judgment.REJECTED: Rejected,
    Judgment.UNAUTHORIZED: Unauthorized,
    Judgment.RATE_LIMITED: RateLimited,
    Judgment.NOT_SENT: NotSent,
    Judgment.UNKNOWN: OutcomeUnknown,
}


def test_statuses_mean_what_the_gateway_makes_of_them() -> None:
    statuses = [meeting for meeting in MEETINGS if re.match("[0-9]{3}", meeting.fault)]
    assert len(statuses) > 10
    for meeting in statuses:
        judgment = judge_act(int(meeting.fault[:3]), says_json=True, has_message=True)
        assert meeting.error is JUDGED[judgment], meeting.fault


def test_a_loop_that_nothing_can_wake_says_so() -> None:
    loop = new_loop()

    async def waits() -> None:
        await loop.create_future()

    with pytest.raises(StuckError):
        loop.play(waits())
