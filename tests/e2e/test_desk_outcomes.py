"""What becomes of a charge when the bank, the network or the hotel's system has something to say about it."""

from pathlib import Path
from typing import Any

import pytest

from deskpay.domain.intent import IntentState
from deskpay.services.intent_runner import Timings
from deskpay.services.training_staff import STAFF, TRAINING_PIN
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.decide_dialog import DecideDialog
from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from tests.e2e.desk_stage import ALT, QUICK, AtDesk, Key, line_to
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

PATIENT = Timings(looks_s=(600,), later_looks_s=600, polls_s=(0, 0.1), later_polls_s=0.2)
"""Looks only when the clerk asks for one."""

POPPY, _, _, EDMUND, _ = STAFF

SOON_S = 0.7
"""Longest wait for the answer to an act."""


def test_a_refusal_is_told_in_the_bank_s_words(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.confirm(await desk.charging("quillfeather"))
            await desk.outcome(
                "The card was declined", "Nothing was taken", "Mews says: “Transaction was declined (Refused).”"
            )
            await desk.leave()
            await desk.until("the failed payment", lambda: desk.payments()[0][3] == "Declined")
            assert "£86.50" in desk.balance
            assert await desk.charges() == []

    run(scene())


def test_markup_in_the_bank_s_words_stays_text(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    said = b"Transaction was declined (Refused)."
    evil = b"<h1>Yes</h1><img src='x'>".ljust(len(said), b"!")

    async def scene() -> None:
        with line_to(sandbox, (said, evil)) as line:
            async with AtDesk(sandbox, tmp_path, address=line.address) as desk:
                await desk.confirm(await desk.charging("quillfeather"))
                dialog = await desk.outcome("The card was declined")
                assert evil.decode() in desk.read(dialog)
                await desk.leave()

    run(scene())


def test_a_bank_that_asks_the_guest_first_is_waited_for(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    """The card is never confirmed in this hotel; after a day the payment is cancelled (sandbox, card gateway)."""

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.confirm(await desk.charging("lanternby"))
            await desk.outcome("The card's bank has not said yes yet")
            await desk.leave()
            await desk.until("the payment", lambda: any(row[3] == "Waiting for guest" for row in desk.payments()))
            assert "£45.00 is under way" in desk.read(desk.screen.panel)
            assert not desk.screen.panel.can_move_money
            await desk.later(24 * 3600 + 60)
            await desk.clerk.press(Key.Key_U, ALT)
            await desk.outcome("The card was declined")
            await desk.leave()

    run(scene())


def test_a_pending_charge_is_followed_to_its_end(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.confirm(await desk.charging("larkspindle"))
            await desk.outcome("Pending")
            assert "The card was charged once" not in desk.read()
            await desk.later(21)
            await desk.outcome("The card was charged once")
            await desk.leave()
            await desk.until("the row", lambda: desk.payments()[0][3] == "Charged")
            assert "Open balance 0 pounds" in desk.balance
            assert len(await desk.charges()) == 1

    run(scene())


FOUND: list[tuple[str, dict[str, Any]]] = [
    ("drop_after", {}),
    ("status_after", {"status": 500}),
    ("status_after", {"status": 403}),
    ("garbage_after", {}),
    ("drip", {"seconds": 0.5}),
    ("delay", {"seconds": SOON_S + 0.4}),
]


@pytest.mark.parametrize(("fault", "more"), FOUND, ids=[f"{fault}{more.get('status', '')}" for fault, more in FOUND])
def test_a_lost_answer_after_the_charge_is_found(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, fault: str, more: dict[str, Any]
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, timings=QUICK, money_deadline_s=SOON_S) as desk:
            dialog = await desk.charging("tumblegate")
            await desk.broken("creditCards/charge", fault, **more)
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once", "Found in Mews after")
            await desk.leave()
            await desk.until("the balance", lambda: "Open balance 0 pounds" in desk.balance)
            ledger = await desk.ledger()
            assert len(ledger["charges"]) == 1
            assert list(ledger["attempts"].values()) == [1]

    run(scene())


LOST: list[tuple[str, dict[str, Any]]] = [
    ("drop_before", {}),
    ("status_before", {"status": 500}),
    ("garbage", {}),
    ("html", {}),
]


@pytest.mark.parametrize(("fault", "more"), LOST, ids=[fault for fault, _ in LOST])
def test_a_lost_answer_without_a_trace_stays_unknown(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, fault: str, more: dict[str, Any]
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate")
            await desk.broken("creditCards/charge", fault, **more)
            await desk.confirm(dialog)
            await desk.outcome("No answer from Mews", "Don't take this money again")
            await desk.outcome("Check 2: not in Mews yet")
            assert "charged once" not in desk.read()
            await desk.leave()
            ledger = await desk.ledger()
            assert ledger["charges"] == []
            assert sum(ledger["attempts"].values()) <= 1
            assert desk.states() == [IntentState.UNKNOWN]

    run(scene())


def test_while_it_is_not_known_only_this_guest_waits(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, timings=PATIENT) as desk:
            dialog = await desk.charging("tumblegate")
            await desk.broken("creditCards/charge", "drop_after")
            await desk.confirm(dialog)
            await desk.outcome("No answer from Mews")
            await desk.leave()
            panel, pill = desk.screen.panel, desk.screen.header.pill
            assert pill.isVisible()
            assert pill.accessibleName() == "1 payments are not known yet"
            assert any("Tumblegate" in guest and "being checked" in guest for guest in desk.guests())
            assert "£590.25 is not known yet" in desk.read(panel)
            assert not panel.can_move_money
            assert "Don't take it again" in panel.strip.charge.toolTip()
            await desk.clerk.press(Key.Key_F2)
            await desk.clerk.press(Key.Key_F3)
            assert desk.clerk.in_front is desk.window

            await desk.confirm(await desk.charging("mapledown"))
            await desk.outcome("The card was charged once")
            await desk.leave()
            assert pill.isVisible()

            await desk.clerk.press(Key.Key_U, ALT)
            await desk.outcome("No answer from Mews")
            await desk.clerk.press(Key.Key_F5)
            await desk.outcome("The card was charged once", "Philippa Tumblegate")
            await desk.leave()
            assert not pill.isVisible()
            assert sorted(row["amount"] for row in await desk.charges()) == ["590.25", "64.00"]
            assert not any("being checked" in guest for guest in desk.guests())

    run(scene())


def test_the_guest_shown_is_the_one_whose_payment_is_shown(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, timings=PATIENT) as desk:
            for guest in ("tumblegate", "mapledown"):
                dialog = await desk.charging(guest)
                await desk.broken("creditCards/charge", "drop_before")
                await desk.confirm(dialog)
                await desk.outcome("No answer from Mews")
                await desk.leave()
            await desk.clerk.press(Key.Key_U, ALT)
            await desk.outcome("No answer from Mews", "Rufus Mapledown")
            await desk.leave()
            await desk.find("thistlewick")
            await desk.clerk.press(Key.Key_U, ALT)
            await desk.outcome("No answer from Mews", "Philippa Tumblegate")
            await desk.leave()

    run(scene())


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("too_many", {"retry_after": 1}),
    ("status_before", {"status": 401}),
    ("status_before", {"status": 400}),
]


@pytest.mark.parametrize(("fault", "more"), REFUSED, ids=["429", "401", "400"])
def test_a_refused_request_is_a_definite_no(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, fault: str, more: dict[str, Any]
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate")
            await desk.broken("creditCards/charge", fault, **more)
            await desk.confirm(dialog)
            await desk.outcome("Mews could not accept this", "Nothing was taken")
            await desk.leave()
            await desk.until("money to be possible again", lambda: desk.screen.panel.can_move_money)
            assert await desk.charges() == []

    run(scene())


def test_a_refused_connection_is_known_to_have_sent_nothing(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    """Reads go on over the connections that exist; the charge asks for one of its own and gets none."""

    async def scene() -> None:
        with line_to(sandbox) as line:
            async with AtDesk(sandbox, tmp_path, address=line.address) as desk:
                dialog = await desk.charging("tumblegate")
                line.cut()
                await desk.confirm(dialog)
                await desk.outcome("Nothing was sent", "The request never left this computer")
                await desk.leave()
                assert (await desk.ledger())["attempts"] == {}

    run(scene())


def test_refused_tokens_before_the_charge_keep_the_form(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", "12.34")
            await desk.broken("payments/getAll", "status_before", status=401)
            await desk.confirm(dialog)
            await desk.until("the sentence", lambda: "Mews does not let DeskPay do this" in desk.read())
            assert isinstance(desk.clerk.in_front, ChargeDialog)
            assert dialog.entry.amount.text() == "12.34"
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once")
            await desk.leave()
            assert [row["amount"] for row in await desk.charges()] == ["12.34"]

    run(scene())


def test_two_people_end_what_nobody_can_prove(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def decide(desk: AtDesk, pin: str) -> DecideDialog:
        dialog = await desk.see(DecideDialog)
        clerk = desk.clerk
        if not dialog.choice.current():
            await clerk.tab_to(dialog.choice)
            await clerk.press(Key.Key_Down)
        if not dialog.looked.isChecked():
            await clerk.tab_to(dialog.looked)
            await clerk.press(Key.Key_Space)
        await clerk.tab_to(dialog.second.editor)
        while dialog.second.current() != EDMUND.id:
            await clerk.press(Key.Key_Down)
        await clerk.tab_to(dialog.secret.editor)
        await clerk.type_over(pin)
        await clerk.tab_to(dialog.why.editor)
        await clerk.type_over("Not in the gateway either")
        await desk.confirm(dialog)
        return dialog

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, timings=PATIENT, operator=POPPY) as desk:
            dialog = await desk.charging("tumblegate")
            await desk.broken("creditCards/charge", "drop_before")
            await desk.confirm(dialog)
            await desk.outcome("No answer from Mews")
            await desk.clerk.press(Key.Key_F5)
            await desk.outcome("Check 1: not in Mews yet")
            # Nobody may say so before looks have found nothing for a quarter of an hour.
            await desk.clerk.press(Key.Key_F8)
            assert isinstance(desk.clerk.in_front, OutcomeDialog)
            await desk.later(16 * 60)
            await desk.clerk.press(Key.Key_F5)
            await desk.outcome("Supervisor decides…")
            await desk.clerk.press(Key.Key_F8)
            await decide(desk, "999999")
            await desk.says("not right")
            assert desk.states() == [IntentState.UNKNOWN]
            await decide(desk, TRAINING_PIN)
            await desk.outcome("A person decided", "Not in the gateway either")
            await desk.leave()
            assert desk.states() == []
            (act,) = await desk.acts()
            assert act.state is IntentState.RESOLVED
            assert act.events[-1].people == (POPPY.name, EDMUND.name)
            # The guest is free to pay again, and pays once.
            await desk.confirm(await desk.charging("tumblegate"))
            await desk.outcome("The card was charged once")
            await desk.leave()
            assert len(await desk.charges()) == 1

    run(scene())
