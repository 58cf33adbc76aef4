"""The real app is asked to end while a charge is on its way: it waits for the answer within its bound and writes it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from deskpay.domain.intent import Evidence, IntentRecord, IntentState
from deskpay.journal.store import open_store
from tests.kit.crash_desk import Line, open_bare_desk
from tests.kit.hotel import ROOT, Hotel

S = IntentState
ACT_DEADLINE_S = "5"
"""The shortest that the settings take."""


@contextmanager
def _app(hotel: Hotel, folder: Path, how: str) -> Iterator[subprocess.Popen[str]]:
    """The app, connected to `hotel`."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "DESKPAY_DATA_FOLDER": str(folder),
        "DESKPAY_MONEY_DEADLINE_S": ACT_DEADLINE_S,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.kit.crash_app", how],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps(asdict(hotel)) + "\n")
            process.stdin.flush()
            yield process
        finally:
            process.kill()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _ended(process: subprocess.Popen[str]) -> None:
    """Wait for an end in order: no failure, no word on the way."""
    _, errors = process.communicate(timeout=40)
    assert (process.returncode, errors) == (0, "")


def _journal(folder: Path) -> Path:
    (path,) = folder.glob("training/*.sqlite")
    return path


def _story(folder: Path) -> list[tuple[IntentState, Evidence]]:
    with closing(open_store(_journal(folder))) as store:
        (record,) = store.drafted_on(date.min, date.max)
    return [(event.state, event.evidence) for event in record.events]


def _taken_up(hotel: Hotel, folder: Path) -> IntentRecord:
    """Open the desk again, and return the story once it came to an end."""

    async def scene() -> IntentRecord:
        line = Line(hotel.connector, hotel.client_token, hotel.access_token)
        async with open_bare_desk(line, _journal(folder)) as desk:
            for news in desk.front.runner.unfinished:
                await desk.reaches(news.record, lambda record: record.state.final)
            (record,) = await desk.stories()
            return record

    return asyncio.run(scene())


def _end(process: subprocess.Popen[str], how: str) -> None:
    if how.startswith("SIG"):
        process.send_signal(getattr(signal, how))


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "SIGHUP", "close", "logoff"])
def test_window_closed_mid_charge_the_request_finishes_and_the_answer_is_on_record(
    sandbox: Hotel, tmp_path: Path, how: str
) -> None:
    sandbox.fault("creditCards/charge", "delay", seconds=1.5)
    with _app(sandbox, tmp_path, how) as process:
        assert _line(process) == "sent"
        _end(process, how)
        _end(process, how)
        _ended(process)
    assert len(sandbox.ledger()["charges"]) == 1
    assert (S.ACCEPTED, Evidence.ANSWERED) in _story(tmp_path)
    assert _taken_up(sandbox, tmp_path).state is S.CONFIRMED
    assert sandbox.ledger()["requests"]["creditCards/charge"] == 1


def test_window_closed_mid_charge_without_an_answer_the_doubt_is_on_record(sandbox: Hotel, tmp_path: Path) -> None:
    sandbox.fault("creditCards/charge", "drip", seconds=3)
    with _app(sandbox, tmp_path, "wait") as process:
        assert _line(process) == "sent"
        process.terminate()
        _ended(process)
    assert _story(tmp_path)[-1] == (S.UNKNOWN, Evidence.NO_ANSWER)
    record = _taken_up(sandbox, tmp_path)
    assert [event.evidence for event in record.events[-2:]] == [Evidence.FOUND, Evidence.READ_BACK]
    assert len(sandbox.ledger()["charges"]) == 1


def test_window_closed_mid_charge_by_an_impatient_system_the_restart_finds_it(sandbox: Hotel, tmp_path: Path) -> None:
    sandbox.fault("creditCards/charge", "drip", seconds=3)
    with _app(sandbox, tmp_path, "wait") as process:
        assert _line(process) == "sent"
        process.terminate()
        process.kill()
        process.wait()
    assert _story(tmp_path)[-1] == (S.SENDING, Evidence.ABOUT_TO_SEND)
    while not sandbox.ledger()["charges"]:  # the request may still be on its way into the hotel
        continue
    assert _taken_up(sandbox, tmp_path).state is S.CONFIRMED
    assert len(sandbox.ledger()["charges"]) == 1


def test_a_second_deskpay_on_the_same_journal_is_refused_in_a_plain_sentence(sandbox: Hotel, tmp_path: Path) -> None:
    sandbox.fault("creditCards/charge", "delay", seconds=20)
    with _app(sandbox, tmp_path, "wait") as first:
        assert _line(first) == "sent"
        with _app(sandbox, tmp_path, "wait") as second:
            sentence = _line(second)
            _ended(second)
        assert sentence.startswith("Another DeskPay is open on this computer")
        # A crash lets go of it.
        first.kill()
        first.wait()
        assert [state for state, _ in _story(tmp_path)] == [S.DRAFTED, S.SENDING]
    sandbox.clear_faults()
    assert sandbox.ledger()["requests"]["creditCards/charge"] == 1
    assert _opens(sandbox, tmp_path)


def _opens(hotel: Hotel, folder: Path) -> bool:
    async def scene() -> bool:
        line = Line(hotel.connector, hotel.client_token, hotel.access_token)
        async with open_bare_desk(line, _journal(folder)) as desk:
            return bool(desk.front.runner.unfinished)

    return asyncio.run(scene())
