"""Every way of paying and paying back, by keyboard: left before it is sent, left after, and its less happy ends."""

from pathlib import Path
from typing import Any

import pytest

from deskpay.domain.intent import IntentState
from deskpay.domain.payment import PaymentMethod, PaymentState
from deskpay.services import close_bill
from deskpay.ui.bills.bills_dialog import BillsDialog
from tests.e2e.desk_stage import CONTROL, AtDesk, Key, is_confirmable
from tests.e2e.money_forms import WAYS, Way, asking, charging, refunding
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

GUEST = "pepperw 214"
OPERATIONS = {way.operation for way in WAYS.values()}
WEEKS_S = 40 * 86_400
"""Longer than any link works."""


async def sent(desk: AtDesk, operation: str) -> int:
    """How often the hotel was asked to do something."""
    return int((await desk.ledger())["requests"].get(operation, 0))


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_whichever_form_is_left_before_it_is_sent_asks_the_hotel_nothing(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, appearance: str
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance) as desk:
            await desk.find(GUEST)
            for way in WAYS.values():
                dialog = await way.fill(desk)
                assert is_confirmable(dialog)
                await desk.leave()
            assert OPERATIONS.isdisjoint((await desk.ledger())["requests"])
            assert await desk.acts() == []

    run(scene())


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_whatever_is_hidden_after_it_was_sent_is_done_once_all_the_same(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, appearance: str
) -> None:
    """Esc is pressed while the hotel has not answered yet; the outcome says what Esc means there."""

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance) as desk:
            await desk.find(GUEST)
            for name, way in WAYS.items():
                before = await sent(desk, way.operation)
                dialog = await way.fill(desk)
                await desk.broken(way.operation, "delay", seconds=0.7)
                await desk.confirm(dialog)
                outcome = await desk.outcome("DeskPay")
                assert outcome.note == "Hiding does not stop what was sent", name
                await desk.leave()
                await desk.until(f"{name} to be known", lambda: IntentState.SENDING not in desk.states())
                await ended(desk, way)
                assert await sent(desk, way.operation) == before + 1, name
            ledger = await desk.ledger()
            for name, way in WAYS.items():
                if way.book:
                    found = [row for row in ledger[way.book] if dict(way.row).items() <= row.items()]
                    assert len(found) == 1, name
            assert len(ledger["charges"]) == 1
            states = [act.state for act in await desk.acts()]
            assert len(states) == len(WAYS)
            # The link and the code wait for their guest.
            assert states.count(IntentState.ACCEPTED) == 2

    run(scene())


async def ended(desk: AtDesk, way: Way) -> None:
    """Bring what was sent to where another act for the guest may begin."""
    if way.operation == "payments/refund":
        await desk.hotel.aask("POST", "happenings", {"what": "refund_lands", "customer_id": None})
    if way.operation == "commands/addPaymentTerminal":
        await desk.hotel.aask("POST", "happenings", {"what": "terminal_payment", "customer_id": None})
        await desk.until("the terminal", lambda: desk.states() == [])
    await desk.until("money to be possible", lambda: desk.screen.panel.can_move_money)


WITHOUT_TRACE = {
    "slip": "Don't record this payment again",
    "voucher": "Don't record this payment again",
    "refund": "Don't give this money back again",
    "link": "Don't send another link",
    "code": "Don't take this money another way yet",
    "terminal": "Don't take this money again",
}


@pytest.mark.parametrize("name", WITHOUT_TRACE)
def test_a_request_that_is_lost_without_a_trace_is_not_known_and_not_sent_again(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, name: str
) -> None:
    async def scene() -> None:
        way = WAYS[name]
        async with AtDesk(sandbox, tmp_path, appearance="dark") as desk:
            await desk.find(GUEST)
            dialog = await way.fill(desk)
            await desk.broken(way.operation, "drop_before")
            await desk.confirm(dialog)
            await desk.outcome("No answer from Mews", WITHOUT_TRACE[name], "Check 2")
            await desk.leave()
            assert not desk.screen.panel.can_move_money
            assert desk.states() == [IntentState.UNKNOWN]
            assert await sent(desk, way.operation) == 1
            if way.book:
                assert (await desk.ledger())[way.book] == []

    run(scene())


REFUSED = {
    "slip": "Nothing was written on the bill",
    "voucher": "Nothing was written on the bill",
    "refund": "Nothing was given back",
    "link": "Nothing was taken",
    "code": "Nothing was taken",
    "terminal": "Nothing was taken",
}


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_whatever_mews_refuses_says_that_nothing_was_done_and_the_guest_can_go_on(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, appearance: str
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance) as desk:
            await desk.find(GUEST)
            for name, says in REFUSED.items():
                way = WAYS[name]
                dialog = await way.fill(desk)
                await desk.broken(way.operation, "status_before", status=403)
                await desk.confirm(dialog)
                await desk.outcome(says)
                await desk.leave()
                await desk.until("money to be possible", lambda: desk.screen.panel.can_move_money)
            ledger = await desk.ledger()
            assert [ledger[book] for book in ("charges", "records", "refunds", "alternatives")] == [[]] * 4
            assert {act.state for act in await desk.acts()} == {IntentState.DECLINED}

    run(scene())


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_a_refund_that_fails_gives_nothing_back_and_can_be_made_again_in_parts(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, appearance: str
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance) as desk:
            await desk.find(GUEST)
            await desk.confirm(await refunding(desk))
            await desk.outcome("The refund is on its way")
            await desk.hotel.aask("POST", "happenings", {"what": "refund_fails", "customer_id": None})
            await desk.outcome("The refund did not go through", "Nothing was given back")
            await desk.leave()
            for part, left in (("200", 450), ("150", 250), ("100", 100)):
                await to_give_back(desk, left)
                await desk.confirm(await refunding(desk, part))
                await desk.outcome("The refund is on its way", f"£{part}.00 back")
                await desk.hotel.aask("POST", "happenings", {"what": "refund_lands", "customer_id": None})
                await desk.outcome("The refund was made once")
                await desk.leave()
            rows = [(row["amount"], row["state"]) for row in (await desk.ledger())["refunds"]]
            assert rows == [("450.00", "Failed"), ("200.00", "Charged"), ("150.00", "Charged"), ("100.00", "Charged")]

    run(scene())


async def to_give_back(desk: AtDesk, pounds: int) -> None:
    """Wait until the page knows that so much of a payment is left, all readings under way having come to rest."""
    flow = desk.program.flow
    assert flow is not None

    def known() -> bool:
        file = flow._file
        return file is not None and any(
            payment.state is PaymentState.CHARGED
            and payment.method is PaymentMethod.CREDIT_CARD
            and file.refundable(payment).minor == 100 * pounds
            for payment in file.payments
        )

    await desk.until(f"{pounds} pounds to be left", known)


def test_a_charge_that_stays_pending_and_then_fails_took_nothing(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance="dark") as desk:
            await desk.find("larkspindle")
            await desk.confirm(await charging(desk, "30"))
            dialog = await desk.outcome("Pending")
            assert dialog.receipt_button.isHidden()
            await desk.hotel.aask("POST", "happenings", {"what": "payment_fails", "customer_id": None})
            await desk.outcome("The card was declined", "Nothing was taken")
            await desk.leave()
            ledger = await desk.ledger()
            assert ledger["charges"] == []
            assert [row["amount"] for row in ledger["declined"]] == ["30.00"]

    run(scene())


def test_a_link_that_nobody_pays_runs_out(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance="dark") as desk:
            await desk.find(GUEST)
            await desk.confirm(await asking(desk, "18"))
            await desk.outcome("The pay link is open")
            await desk.later(WEEKS_S)
            await desk.outcome("The link ended unpaid", "Nothing was taken")
            await desk.leave()
            (act,) = await desk.acts()
            assert (act.state, act.message) == (IntentState.DECLINED, "expired")
            assert await sent(desk, "payments/add") == 0

    run(scene())


UNCLOSED: dict[str, tuple[dict[str, Any], str]] = {
    "status_before": ({"status": 403}, "Mews did not close the bill. It is still open."),
    "drop_before": ({}, "No answer from Mews. The bill still shows as open."),
}


@pytest.mark.parametrize("fault", UNCLOSED)
def test_a_bill_that_is_not_closed_says_so_and_keeps_what_was_ticked(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(close_bill, "LOOKS_S", (0.1, 0.2))
    more, says = UNCLOSED[fault]

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance="dark") as desk:
            await desk.find("tumblegate")
            await desk.clerk.press(Key.Key_B, CONTROL)
            dialog = await desk.see(BillsDialog)
            await desk.clerk.tab_to(dialog.paid_later)
            await desk.clerk.press(Key.Key_Space)
            await desk.broken("bills/close", fault, **more)
            await desk.confirm(dialog)
            await desk.says(says, "No money moved.")
            assert "card" not in desk.read(dialog._problem)
            assert dialog.paid_later.isChecked()
            assert await sent(desk, "bills/close") == 1
            await desk.leave()
            assert "£590.25" in desk.balance

    run(scene())
