"""What a bank holds on a card is shown, and never taken for money: not owed less, not paid, not to be refunded."""

from pathlib import Path

import pytest

from deskpay.ui.bills.bills_dialog import BillsDialog
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.record_dialog import RecordDialog
from deskpay.ui.payments.refund_dialog import RefundDialog
from tests.e2e.desk_stage import CONTROL, AtDesk, Key
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

HELD, OWED = "£150.00", "£590.25"
NEVER = "Held, not taken. DeskPay can neither take it nor give it free."


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_what_is_held_on_a_card_is_no_money_anywhere_at_the_desk(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, appearance: str
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance) as desk:
            await desk.find("tumblegate")
            panel = desk.screen.panel
            held = desk.read(panel.held)
            assert [word in held for word in ("Held by banks", HELD, "Visa •••• 8807", NEVER)] == [True] * 4
            assert HELD not in desk.read(panel.strip) + desk.read(panel.bills)
            assert OWED in desk.balance
            assert HELD not in [row[-1] for row in desk.payments()]

            charge = await desk.ask(Key.Key_F2, ChargeDialog)
            assert charge.entry.amount.text() == OWED.removeprefix("£")
            assert HELD not in desk.read(charge)
            await desk.leave()
            record = await desk.ask(Key.Key_F3, RecordDialog)
            assert record.entry.amount.text() == OWED.removeprefix("£")
            await desk.leave()
            refund = await desk.ask(Key.Key_F8, RefundDialog)
            assert "£134.75 left to refund" in desk.read(refund)
            assert HELD not in desk.read(refund)
            await desk.leave()
            await desk.clerk.press(Key.Key_B, CONTROL)
            bills = await desk.see(BillsDialog)
            await desk.says(f"{OWED} is still open.")
            assert HELD not in desk.read(bills)
            await desk.leave()

            await desk.confirm(await desk.ask(Key.Key_F2, ChargeDialog))
            await desk.outcome("The card was charged once", f"{OWED} to Visa •••• 8807")
            await desk.leave()
            await desk.until("the balance", lambda: "Open balance 0 pounds" in desk.balance)
            assert HELD in desk.read(panel.held)
            assert [(row["amount"], row["state"]) for row in await desk.charges()] == [("590.25", "Charged")]

            # One that ran out holds nothing.
            await desk.find("O'Brien")
            assert not panel.held.isVisible()

    run(scene())
