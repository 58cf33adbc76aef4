"""The window is closed in the middle of something, and DeskPay is started again on the same journal."""

from pathlib import Path
from typing import Any

import pytest

from deskpay.app import assemble
from deskpay.domain.intent import IntentState
from deskpay.services.intent_runner import Timings
from tests.e2e.desk_stage import ALT, QUICK, AtDesk, Key
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

PATIENT = Timings(looks_s=(600,), later_looks_s=600)
"""Looks only when the clerk asks for one."""


def test_a_charge_under_way_is_finished_before_the_window_goes(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", "10")
            await desk.broken("creditCards/charge", "delay", seconds=1)
            await desk.confirm(dialog)
            await desk.outcome("Charging £10.00 to Visa")
            (begun,) = await desk.acts()
            desk.window.close()
            assert desk.window.isVisible(), "closing is asked for, not done"
            await desk.close()
            assert not desk.window.isVisible()
            assert len(await desk.charges()) == 1
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("tumblegate")
            await desk.until("nothing left to follow", lambda: desk.states() == [])
            (record,) = await desk.acts()
            assert record.intent.id == begun.intent.id
            assert record.state is IntentState.CONFIRMED
            assert len((await desk.ledger())["attempts"]) == 1

    run(scene())


@pytest.mark.parametrize(
    ("fault", "words"),
    [("drop_after", ("The card was charged once", "Found in Mews after")), ("drop_before", ("No answer from Mews",))],
)
def test_what_was_not_known_is_looked_for_after_a_restart(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, fault: str, words: tuple[str, ...]
) -> None:
    async def before() -> None:
        async with AtDesk(sandbox, tmp_path, timings=PATIENT) as desk:
            dialog = await desk.charging("tumblegate", "10")
            await desk.broken("creditCards/charge", fault)
            await desk.confirm(dialog)
            await desk.outcome("No answer from Mews")

    async def after() -> None:
        async with AtDesk(sandbox, tmp_path, timings=PATIENT) as desk:
            assert desk.screen.header.pill.isVisible()
            await desk.find("tumblegate")
            await desk.says("£10.00 is not known yet", of=desk.screen.panel)
            assert not desk.screen.panel.can_move_money
            await desk.clerk.press(Key.Key_U, ALT)
            await desk.outcome("No answer from Mews")
            await desk.clerk.press(Key.Key_F5)
            await desk.outcome(*words)
            await desk.leave()
            ledger = await desk.ledger()
            assert sum(ledger["attempts"].values()) <= 1
            assert len(ledger["charges"]) == (fault == "drop_after")

    run(before())
    run(after())


def test_what_has_no_answer_when_time_is_up_stays_on_record(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hotel answers after DeskPay has gone; the next start finds the charge, which was sent once."""
    monkeypatch.setattr(assemble, "DRAIN_S", 0.2)

    async def before() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", "10")
            await desk.broken("creditCards/charge", "delay", seconds=1.5)
            await desk.confirm(dialog)
            await desk.outcome("Charging £10.00 to Visa")
            await desk.close()

    async def after() -> None:
        async with AtDesk(sandbox, tmp_path, timings=QUICK) as desk:
            await desk.find("tumblegate")
            await desk.until("the charge to be found", lambda: desk.states() == [])
            (record,) = await desk.acts()
            assert record.state is IntentState.CONFIRMED
            ledger: dict[str, Any] = await desk.ledger()
            assert len(ledger["charges"]) == 1
            assert list(ledger["attempts"].values()) == [1]

    run(before())
    run(after())


def test_a_form_that_is_open_does_not_hold_the_window(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.charging("tumblegate", "10")
            await desk.close()
            assert not desk.window.isVisible()
            assert (await desk.ledger())["attempts"] == {}

    run(scene())
