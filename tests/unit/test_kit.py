"""The kit itself: a guard that guards nothing is worse than none."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from json import dumps
from pathlib import Path
from textwrap import dedent
from urllib.parse import urlsplit

import pytest

from tests.kit.dead_code import dead_code
from tests.kit.hotel import Hotel, running_sandbox
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.virtual_clock import START_S, StuckError

pytest_plugins = ["pytester"]


def test_sleeps_on_the_virtual_clock_cost_nothing(run_virtual: VirtualRunner) -> None:
    began = time.monotonic()

    async def a_week() -> float:
        await asyncio.sleep(7 * 86_400)
        return run_virtual.clock.time()

    assert run_virtual(a_week(), timeout_s=8 * 86_400) == pytest.approx(START_S + 7 * 86_400)
    assert time.monotonic() - began < 5


def test_timers_fire_in_their_order_and_at_their_time(run_virtual: VirtualRunner) -> None:
    seen: list[tuple[str, float]] = []

    async def wait(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        seen.append((name, round(run_virtual.clock.time() - START_S, 6)))

    async def all_three() -> None:
        await asyncio.gather(wait("late", 30), wait("early", 0.25), wait("between", 29.999))

    run_virtual(all_three())
    assert seen == [("early", 0.25), ("between", 29.999), ("late", 30.0)]


def test_a_deadline_passes_on_the_virtual_clock(run_virtual: VirtualRunner) -> None:
    async def never() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(TimeoutError):
        run_virtual(never(), timeout_s=3_600)


def test_the_virtual_clock_waits_for_a_thread(run_virtual: VirtualRunner) -> None:
    async def work() -> str:
        async with asyncio.timeout(0.001):
            return await asyncio.to_thread(lambda: str(sum(range(2_000_000))))

    assert run_virtual(work()) == "1999999000000"


def test_the_wall_clock_moves_with_the_loop(run_virtual: VirtualRunner) -> None:
    before = run_virtual.clock.now()
    run_virtual(asyncio.sleep(59))
    assert (run_virtual.clock.now() - before).total_seconds() == pytest.approx(59)


def test_a_loop_that_nothing_can_wake_says_so(run_virtual: VirtualRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.kit.virtual_clock.STUCK_AFTER_S", 0)
    loop = run_virtual.loop
    with pytest.raises(StuckError):
        loop.run_until_complete(loop.create_future())


@pytest.mark.parametrize("name", ["run", "run_plain", "run_virtual"])
def test_a_task_left_behind_fails_the_run(name: str, request: pytest.FixtureRequest) -> None:
    runner: CoroutineRunner = request.getfixturevalue(name)

    async def forget() -> None:
        kept.append(asyncio.get_running_loop().create_task(asyncio.sleep(1_000), name="forgotten"))

    kept: list[asyncio.Task[None]] = []
    with pytest.raises(AssertionError, match="forgotten"):
        runner(forget())


@pytest.mark.parametrize("name", ["run", "run_plain", "run_virtual"])
def test_a_result_and_an_error_come_back(name: str, request: pytest.FixtureRequest) -> None:
    runner: CoroutineRunner = request.getfixturevalue(name)

    async def fail() -> None:
        await asyncio.sleep(0)
        raise LookupError("by the test")

    assert runner(asyncio.sleep(0, "result")) == "result"
    with pytest.raises(LookupError, match="by the test"):
        runner(fail())


LEAKS = {
    "a window": (
        """
        from PySide6.QtWidgets import QWidget
        kept = []
        def test_it(qapp):
            kept.append(QWidget())
            kept[0].show()
        """,
        "window left open",
    ),
    "a timer": (
        """
        from PySide6.QtCore import QTimer
        kept = []
        def test_it(qapp):
            kept.append(QTimer())
            kept[0].start(50)
        """,
        "timer left running: .* every 50 ms",
    ),
    "a thread": (
        """
        import threading
        gate = threading.Event()
        def test_it():
            threading.Thread(target=gate.wait, daemon=True).start()
        """,
        "thread left running",
    ),
    "a log record": (
        """
        import logging
        def test_it():
            logging.getLogger("deskpay").warning("the moon is %s", "full")
        """,
        "unexpected log record: WARNING deskpay: the moon is full",
    ),
    "a promised record": (
        """
        def test_it(expect_log):
            expect_log("the moon")
        """,
        "expected log record did not come: the moon",
    ),
    "a warning of Qt": (
        """
        from PySide6.QtCore import qWarning
        def test_it():
            qWarning("a signal is missing")
        """,
        "Qt messages with level WARNING or above",
    ),
}


@pytest.mark.parametrize("what", LEAKS)
def test_guard_fails_a_test_that_leaves(what: str, pytester: pytest.Pytester, pytestconfig: pytest.Config) -> None:
    source, complaint = LEAKS[what]
    result = _run_guarded(pytester, pytestconfig, source)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.re_match_lines_random([f".*{complaint}.*"])


def test_guards_let_a_clean_test_pass(pytester: pytest.Pytester, pytestconfig: pytest.Config) -> None:
    source = """
        import logging, threading
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QWidget

        def test_it(qtbot, expect_log):
            expect_log("moon")
            logging.getLogger("deskpay").warning("the moon is full")
            window = QWidget()
            qtbot.addWidget(window)
            window.show()
            timer = QTimer()
            timer.start(50)
            timer.stop()
            threading.Thread(target=int).start()
        """
    assert _run_guarded(pytester, pytestconfig, source).ret == pytest.ExitCode.OK


def _run_guarded(pytester: pytest.Pytester, config: pytest.Config, source: str) -> pytest.RunResult:
    """Run `source` as a test file of its own, in another process, under this project's guards."""
    pytester.makeconftest("from tests.kit.guards import expect_log, nothing_leaks\n")
    pytester.makepyprojecttoml(
        f"""
        [tool.pytest.ini_options]
        pythonpath = [{str(config.rootpath)!r}]
        qt_api = "pyside6"
        qt_log_level_fail = "WARNING"
        """
    )
    pytester.makepyfile(dedent(source))
    return pytester.runpytest_subprocess("-p", "no:cacheprovider")


def test_dead_code_is_what_the_package_does_not_use_itself(tmp_path: Path) -> None:
    package = tmp_path / "deskpay"
    package.mkdir()
    (package / "desk.py").write_text(
        dedent(
            """
            from typing_extensions import override
            import json

            def used(count, unused_parameter):
                return count

            def unused():
                return used(1, 2)

            class Pane(used(3, 4)):
                field = 1

                @override
                def resizeEvent(self, event):
                    pass

                def forgotten(self):
                    pass

            Pane()
            """
        ),
        encoding="utf-8",
    )
    assert sorted(finding.split(": ")[1] for finding in dead_code(package)) == [
        "unused function unused",
        "unused import json",
        "unused method forgotten",
    ]


def test_the_hotel_is_reset_and_can_be_broken(sandbox: Hotel) -> None:
    assert sandbox.ledger()["requests"] == {}
    sandbox.fault("configuration/get", "status_before", status=503, times=None)
    assert _configuration(sandbox) == 503
    sandbox.clear_faults()
    assert _configuration(sandbox) == 200
    assert sandbox.ledger()["requests"] == {"configuration/get": 2}
    sandbox.reset()
    assert sandbox.ledger()["requests"] == {}


def test_the_hotels_clock_is_moved_by_the_test(sandbox: Hotel) -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert sandbox.set_clock(noon) - noon < timedelta(seconds=10)
    assert timedelta(hours=1) <= sandbox.advance_clock(3_600) - noon < timedelta(hours=1, seconds=20)


def test_the_hotel_answers_while_the_loop_runs(sandbox: Hotel, run_plain: CoroutineRunner) -> None:
    assert run_plain(sandbox.aledger())["charges"] == []


def test_a_hotel_ends_with_its_test(tmp_path: Path) -> None:
    with running_sandbox(tmp_path / "ready.json") as hotel:
        assert hotel.ledger()["charges"] == []
    with pytest.raises(ConnectionRefusedError):
        hotel.ledger()


def test_a_hotel_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="--nonsense"), running_sandbox(tmp_path / "ready.json", "--nonsense"):
        pass


def _configuration(hotel: Hotel) -> int:
    connection = HTTPConnection(urlsplit(hotel.connector).netloc, timeout=10)
    body = {"ClientToken": hotel.client_token, "AccessToken": hotel.access_token, "Client": "DeskPay tests"}
    connection.request("POST", "/api/connector/v1/configuration/get", dumps(body), {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status
