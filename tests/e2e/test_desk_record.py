"""A payment that was taken elsewhere is written down: once, and nothing is charged."""

from pathlib import Path

from deskpay.services.intent_runner import Timings
from deskpay.ui.payments.record_dialog import CASH, TERMINAL, TRANSFER, RecordDialog
from deskpay.ui.payments.repeat_dialog import RepeatDialog
from tests.e2e.desk_stage import ALT, AtDesk, Key, is_confirmable
from tests.e2e.money_forms import recording as record_form
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner


async def recording(desk: AtDesk, guest: str, amount: str, means: str = TERMINAL) -> RecordDialog:
    """Find a guest, choose how it was paid and type the amount."""
    await desk.find(guest)
    return await record_form(desk, amount, means)


def test_cash_is_written_down_with_its_change(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await recording(desk, "mapledown", "64", CASH)
            await desk.clerk.tab_to(dialog.cash.received.editor)
            await desk.clerk.write("50")
            await desk.says("£14.00 less than is to be paid.")
            assert not is_confirmable(dialog)
            await desk.clerk.type_over("100")
            await desk.says("Change to give £36.00")
            await desk.confirm(dialog)
            await desk.outcome("The payment was recorded once", "No card was charged")
            await desk.leave()
            await desk.until("the balance", lambda: "Open balance 0 pounds" in desk.balance)
            assert desk.payments()[0][1:] == ("Cash", "Poppy Inkwell", "Recorded", "£64.00")
            ledger = await desk.ledger()
            assert [(row["amount"], row["currency"]) for row in ledger["records"]] == [("64.00", "GBP")]
            assert ledger["charges"] == []

    run(scene())


def test_a_terminal_s_slip_is_written_down(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await recording(desk, "mapledown", "64")
            assert not is_confirmable(dialog)
            await desk.clerk.tab_to(dialog.last_four.editor)
            await desk.clerk.write("8210")
            await desk.clerk.tab_to(dialog.receipt.editor)
            await desk.clerk.write("004512")
            await desk.says("Not used before")
            await desk.confirm(dialog)
            await desk.outcome("The payment was recorded once")
            await desk.leave()
            await desk.until("the row", lambda: desk.payments()[0][3] == "Recorded")
            assert desk.payments()[0][1] == "Terminal •••• 8210"
            ledger = await desk.ledger()
            assert len(ledger["records"]) == 1
            assert ledger["charges"] == []

    run(scene())


def test_a_transfer_s_number_is_used_once(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await recording(desk, "mapledown", "30", TRANSFER)
            await desk.clerk.tab_to(dialog.receipt.editor)
            await desk.clerk.write("TR-77")
            await desk.confirm(dialog)
            await desk.outcome("The payment was recorded once")
            await desk.leave()
            await desk.until("the row", lambda: desk.payments()[0][3] == "Recorded")
            dialog = await recording(desk, "mapledown", "20", TRANSFER)
            await desk.clerk.tab_to(dialog.receipt.editor)
            await desk.clerk.write("TR-77")
            await desk.says("A payment with this number is already on the guest's account.")
            assert not is_confirmable(dialog)
            assert dialog.entry.amount.text() == "20.00"
            await desk.leave()
            assert len((await desk.ledger())["records"]) == 1

    run(scene())


def test_a_lost_answer_writes_no_second_row(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, timings=Timings(looks_s=(600,), polls_s=(0, 0.1))) as desk:
            dialog = await recording(desk, "mapledown", "64", CASH)
            await desk.broken("payments/addExternal", "drop_after")
            await desk.confirm(dialog)
            await desk.outcome("No answer from Mews", "Don't record this payment again")
            await desk.leave()
            await desk.clerk.press(Key.Key_F3)
            assert desk.clerk.in_front is desk.window
            await desk.clerk.press(Key.Key_U, ALT)
            await desk.outcome("No answer from Mews")
            await desk.clerk.press(Key.Key_F5)
            await desk.outcome("The payment was recorded once")
            await desk.leave()
            ledger = await desk.ledger()
            assert len(ledger["records"]) == 1
            assert ledger["requests"]["payments/addExternal"] == 1

    run(scene())


def test_the_same_cash_again_is_asked_about(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.confirm(await recording(desk, "mapledown", "20", CASH))
            await desk.outcome("The payment was recorded once")
            await desk.leave()
            await desk.confirm(await recording(desk, "mapledown", "20", CASH))
            await desk.see(RepeatDialog)
            await desk.says("This looks like the same payment again", "Nothing was sent yet.")
            await desk.escape()
            await desk.clerk.back_at_the_window()
            assert len((await desk.ledger())["records"]) == 1

    run(scene())
