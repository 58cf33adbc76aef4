"""Receipts in the real window: withheld until the money's end is known, and a second print is a copy."""

from pathlib import Path

from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from deskpay.ui.receipts.receipt_dialog import ReceiptDialog
from tests.e2e.desk_stage import AtDesk, Key
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner


def test_a_charge_gets_a_receipt_and_then_copies(sandbox: Hotel, run: CoroutineRunner, tmp_path: Path) -> None:
    async def story() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.confirm(await desk.charging("pepperwick", "131.50"))
            await desk.outcome("The card was charged once")
            await desk.clerk.press(Key.Key_F9)
            dialog = await desk.see(ReceiptDialog)
            words = dialog.page.words
            for told in ("Payment receipt", "£131.50", "Ottoline Pepperwick", "214", "48213", "PRACTICE"):
                assert told in words
            assert "COPY" not in words
            # The paper is chosen by the arrows.
            narrow = dialog.page.size_mm.width()
            await desk.clerk.press(Key.Key_Right)
            assert dialog.page.size_mm.width() > narrow
            assert desk.program.flow is not None
            receipts = desk.program.flow.money._outcomes.receipts
            receipts.keep(dialog, dialog._receipt, dialog.page, tmp_path / "receipt.pdf")
            assert (tmp_path / "receipt.pdf").read_bytes().startswith(b"%PDF")
            await desk.says("Saved receipt.pdf", of=dialog)
            assert "COPY 1" in dialog.page.words
            await desk.escape()
            await desk.see(OutcomeDialog)
            await desk.leave()
            # From the table it is a copy too.
            await desk.until("the payment", lambda: any("£131.50" in row for row in desk.payments()))
            table = desk.screen.panel.table
            await desk.clerk.tab_to(table)
            await desk.clerk.press(Key.Key_Home)
            await desk.clerk.press(Key.Key_F9)
            again = await desk.see(ReceiptDialog)
            assert "COPY" in again.page.words
            await desk.leave()

    run(story())


def test_a_pending_charge_has_no_receipt_yet(sandbox: Hotel, run: CoroutineRunner, tmp_path: Path) -> None:
    async def story() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.confirm(await desk.charging("larkspindle", "50.00"))
            dialog = await desk.outcome("Mews has the charge")
            assert not dialog.receipt_button.isVisible()
            await desk.clerk.press(Key.Key_F9)
            assert desk.clerk.in_front is dialog
            await desk.later(60)
            await desk.says("The card was charged once")
            assert dialog.receipt_button.isVisible()
            await desk.leave()

    run(story())
