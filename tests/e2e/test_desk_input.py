"""Bad input: a clear sentence in its place, what was typed stays, nothing is sent and nothing lost."""

from pathlib import Path

import pytest

from deskpay.ui.payments.charge_dialog import ChargeDialog
from tests.e2e.desk_stage import CONTROL, AtDesk, Key, is_confirmable
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner


async def nothing_was_sent(desk: AtDesk) -> None:
    """Assert that no act reached the hotel."""
    ledger = await desk.ledger()
    acts = {"creditCards/charge", "payments/addExternal", "payments/addCreditCard", "payments/refund"}
    assert not acts & set(ledger["requests"])
    assert await desk.acts() == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "Type an amount above zero."),
        ("0.00", "Type an amount above zero."),
        ("-5", "Type an amount without a minus sign."),
        ("12.345", "This currency does not have that many decimals."),
        ("12a", "This is not an amount of money."),
        ("99999999999", "This is more than DeskPay moves at once."),
    ],
)
def test_an_amount_that_cannot_be_charged(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, typed: str, sentence: str
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", typed)
            await desk.until("the sentence", lambda: sentence in dialog.entry.amount.message)
            assert dialog.entry.amount.text() == typed
            assert not is_confirmable(dialog)
            await desk.clerk.press(Key.Key_Return)
            assert desk.clerk.in_front is dialog
            await desk.leave()
            await nothing_was_sent(desk)

    run(scene())


def test_only_currencies_that_are_taken_are_offered(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", "10")
            offered = dialog.entry.currency_choice.editor
            codes = {offered.itemText(at) for at in range(offered.count())}
            assert codes == {"GBP", "EUR", "USD", "PHP"}
            await desk.clerk.tab_to(offered)
            await desk.clerk.write("E")
            await desk.says("Charge 10 euros to Visa ending 8807")
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once")
            await desk.leave()
            assert [(row["amount"], row["currency"]) for row in await desk.charges()] == [("10.00", "EUR")]

    run(scene())


def test_a_card_number_in_a_note(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", "10")
            await desk.clerk.tab_to(dialog.remark.editor)
            await desk.clerk.write("card 4242 4242 4242 4242")
            await desk.says("This looks like a card number. Notes go to Mews; take it out.")
            assert dialog.remark.text() == "card 4242 4242 4242 4242"
            assert dialog.entry.amount.text() == "10.00"
            assert not is_confirmable(dialog)
            await desk.leave()
            await nothing_was_sent(desk)

    run(scene())


def test_a_guest_without_cards(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("candlewax")
            await desk.says("No card on file. Add the guest's card, or record a payment.")
            dialog = await desk.ask(Key.Key_F2, ChargeDialog)
            await desk.says("No saved card can be charged.", "Add a card, or record a payment")
            assert not is_confirmable(dialog)
            await desk.leave()
            await nothing_was_sent(desk)

    run(scene())


def test_expired_and_terminal_cards_cannot_be_chosen(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("pepperw 214", "10")
            await desk.says("Amex ending 0005", "Expired")
            chosen = set()
            await desk.clerk.tab_to(dialog.cards)
            for _ in range(6):
                chosen.add(dialog._chosen[dialog.cards.current()].last_four)
                await desk.clerk.press(Key.Key_Down)
            assert chosen == {"1111", "4444"}
            assert len(dialog._chosen) == 3
            await desk.leave()
            await nothing_was_sent(desk)

    run(scene())


def test_a_card_that_was_switched_off_meanwhile(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    """The check before sending reads the cards afresh."""

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", "10")
            await desk.switched_off(dialog.cards.current())
            await desk.confirm(dialog)
            await desk.says("This card was switched off. Choose another.")
            assert desk.clerk.in_front is dialog
            assert dialog.entry.amount.text() == "10.00"
            await desk.leave()
            await nothing_was_sent(desk)

    run(scene())


def test_nobody_matches(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            popup = desk.screen.search.popup
            await desk.clerk.press(Key.Key_F, CONTROL)
            await desk.clerk.type_over("<b>xyzzy</b>")
            await desk.until("the answer", lambda: "Nobody matches “<b>xyzzy</b>”" in popup.words)
            await desk.clerk.press(Key.Key_Return)
            assert desk.screen.panel.state == "none"

    run(scene())
