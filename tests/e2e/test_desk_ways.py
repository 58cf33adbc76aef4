"""Every way of paying and paying back, to every end that it can come to: in both looks and by keyboard alone."""

from pathlib import Path
from typing import Any

import pytest

from deskpay.domain.intent import IntentState
from deskpay.domain.payment import PaymentMethod, PaymentState
from deskpay.services import close_bill
from deskpay.services.intent_runner import Timings
from deskpay.ui.bills.bills_dialog import BillsDialog
from tests.e2e.desk_stage import CONTROL, AtDesk, Key, is_confirmable
from tests.e2e.money_ends import CANNOT, GUEST, PLAYS, End, asked, booked, come_to, happen
from tests.e2e.money_forms import WAYS, Way, refunding
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

TWO_LOOKS = Timings(looks_s=(0.1, 0.2, 600), later_looks_s=600)
"""Then the hotel is left in peace: so many acts would keep it busy."""

OPERATIONS = {way.operation for way in WAYS.values()}
LOOKS = pytest.mark.parametrize("appearance", ["light", "dark"])


@pytest.mark.parametrize("end", End)
def test_each_way_is_played_to_an_end_or_says_why_it_cannot_come_to_it(end: End) -> None:
    played, cannot = set(PLAYS[end]), CANNOT.get(end, {})
    assert played | set(cannot) == set(WAYS)
    assert played.isdisjoint(cannot)
    assert all(cannot.values())


@LOOKS
@pytest.mark.parametrize("end", [end for end in End if end is not End.UNKNOWN])
def test_each_way_comes_to_its_end(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, end: End, appearance: str
) -> None:
    """The guest can go on after each of them, and the hotel was asked once."""

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance) as desk:
            async for name in come_to(desk, PLAYS[end]):
                assert desk.states() == [], name
            ledger = await desk.ledger()
            for name, play in PLAYS[end].items():
                assert booked(ledger, WAYS[name]) == play.books, name

    run(scene())


@LOOKS
def test_what_is_lost_without_a_trace_is_not_known_and_not_sent_again(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, appearance: str
) -> None:
    """Each way has a guest of its own, for whom nothing else can be done meanwhile; all of them go on being checked."""

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance, timings=TWO_LOOKS) as desk:
            async for name in come_to(desk, PLAYS[End.UNKNOWN]):
                assert not desk.screen.panel.can_move_money, name
                assert set(desk.states()) == {IntentState.UNKNOWN}, name
            assert len(desk.states()) == len(WAYS)
            ledger = await desk.ledger()
            assert [booked(ledger, way) for way in WAYS.values()] == [()] * len(WAYS)

    run(scene())


@LOOKS
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


@LOOKS
def test_whatever_is_hidden_after_it_was_sent_is_done_once_all_the_same(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, appearance: str
) -> None:
    """Esc is pressed while the hotel has not answered yet; the outcome says what Esc means there."""

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance) as desk:
            await desk.find(GUEST)
            for name, way in WAYS.items():
                before = await asked(desk, way)
                dialog = await way.fill(desk)
                await desk.broken(way.operation, "delay", seconds=0.7)
                await desk.confirm(dialog)
                outcome = await desk.outcome("DeskPay")
                assert outcome.note == "Hiding does not stop what was sent", name
                await desk.leave()
                await desk.until(f"{name} to be known", lambda: IntentState.SENDING not in desk.states())
                await ended(desk, way)
                assert await asked(desk, way) == before + 1, name
            ledger = await desk.ledger()
            for name, way in WAYS.items():
                rows = [row for row in ledger.get(way.book, ()) if row["amount"] == way.amount]
                assert [dict(way.row).items() <= row.items() for row in rows] == [True] * bool(way.book), name
            states = [act.state for act in await desk.acts()]
            assert len(states) == len(WAYS)
            # The link and the code wait for their guest.
            assert states.count(IntentState.ACCEPTED) == 2

    run(scene())


async def ended(desk: AtDesk, way: Way) -> None:
    """Bring what was sent to where another act for the guest may begin."""
    if way.operation == "payments/refund":
        await happen(desk, "refund_lands")
    if way.operation == "commands/addPaymentTerminal":
        await happen(desk, "terminal_payment")
        await desk.until("the terminal", lambda: desk.states() == [])
    await desk.until("money to be possible", lambda: desk.screen.panel.can_move_money)


def test_a_refund_that_fails_gives_nothing_back_and_can_be_made_again_in_parts(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance="dark") as desk:
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


UNCLOSED: dict[str, tuple[dict[str, Any], str]] = {
    "status_before": ({"status": 403}, "Mews did not close the bill. It is still open."),
    "drop_before": ({}, "No answer from Mews. The bill still shows as open."),
}


@LOOKS
@pytest.mark.parametrize("fault", UNCLOSED)
def test_a_bill_that_is_not_closed_says_so_and_keeps_what_was_ticked(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, fault: str, appearance: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(close_bill, "LOOKS_S", (0.1, 0.2))
    more, says = UNCLOSED[fault]

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance) as desk:
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
            assert (await desk.ledger())["requests"]["bills/close"] == 1
            await desk.leave()
            assert "£590.25" in desk.balance

    run(scene())
