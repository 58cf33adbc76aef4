"""A clerk who charges at PayMongo: the real program at the training hotel, its merchant's account and its bank."""

import asyncio
from typing import Any

from PySide6.QtCore import Qt

from deskpay.app.connection import PayMongoAccount
from deskpay.ui.cards.capture.flow import State
from deskpay.ui.payments.acquirer_dialog import AcquirerDialog
from deskpay.ui.payments.bank_dialog import BankDialog
from deskpay.ui.payments.forget_dialog import ForgetDialog
from deskpay.ui.payments.refund_dialog import RefundDialog
from tests.e2e.desk_stage import PATIENCE_S, AtDesk, Key, cursor_in
from tests.kit.hotel import Hotel

PAYS, ASKS, LOST = "4343434343434345", "4120000000000007", "5300000000000196"
FOREIGN = "378282246310005"
"""An American Express test number, as processors publish it."""


def account_of(hotel: Hotel, **changes: Any) -> PayMongoAccount:
    """The training merchant's account."""
    return PayMongoAccount(hotel.connector, hotel.paymongo_secret_key, hotel.paymongo_public_key, **changes)


async def grant(hotel: Hotel, **switches: bool) -> None:
    """Turn on what PayMongo grants, or leaves open."""
    await hotel.aask("POST", "paymongo", {"vaulting": True, "code_by_public_key": True, **switches})


async def there(desk: AtDesk) -> dict[str, Any]:
    """What PayMongo did."""
    told: dict[str, Any] = await desk.hotel.aask("GET", "paymongo")
    return told


async def open_form(desk: AtDesk, amount: str) -> AcquirerDialog:
    """Open the form for the guest shown, and type an amount."""
    await desk.until("money to be possible", lambda: desk.screen.panel.can_move_money)
    await desk.clerk.press(Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    dialog = await desk.see(AcquirerDialog)
    await desk.clerk.tab_to(dialog.amount.editor)
    await desk.clerk.type_over(amount)
    return dialog


async def type_new(desk: AtDesk, dialog: AcquirerDialog, number: str, code: str = "123") -> None:
    """Type a card that is not saved yet: number, code, expiry."""
    await desk.until("the card fields", lambda: dialog.pane.state is State.READY)
    dialog.pane.focus_number()
    await cursor_in(dialog, "number")
    await desk.clerk.write(number)
    await desk.clerk.press(Key.Key_Tab)
    await cursor_in(dialog, "code")
    await desk.clerk.write(code)
    await desk.until("a whole card", lambda: dialog._complete)
    await desk.clerk.tab_to(dialog.expiry.editor)
    await desk.clerk.write("1230")


async def type_foreign(desk: AtDesk, dialog: AcquirerDialog) -> None:
    """Type a card of a brand that PayMongo does not take, read what is said about it, and take it out again."""
    await desk.until("the card fields", lambda: dialog.pane.state is State.READY)
    dialog.pane.focus_number()
    await cursor_in(dialog, "number")
    await desk.clerk.write(FOREIGN)
    said = "document.body.innerText.includes('PayMongo takes Visa and Mastercard only')"
    async with asyncio.timeout(PATIENCE_S):
        while not await _asked(dialog, said):
            continue  # a round trip through the engine
    assert not dialog._complete
    await desk.clerk.press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    await desk.clerk.press(Key.Key_Delete)


async def charge_new(desk: AtDesk, amount: str, number: str) -> None:
    """Charge a card that is not saved and is not to be kept."""
    dialog = await open_form(desk, amount)
    await type_new(desk, dialog, number)
    await desk.confirm(dialog)


async def charge_saved(desk: AtDesk, amount: str) -> None:
    """Charge the card that is saved, with its code."""
    dialog = await open_form(desk, amount)
    await type_code(desk, dialog, "123")
    await desk.confirm(dialog)


async def give_back(desk: AtDesk, amount: str) -> None:
    """Give a part of the guest's latest payment at PayMongo back, and wait until it has landed there."""
    dialog = await desk.ask(Key.Key_F8, RefundDialog)
    payment_id = (await desk.ledger())["records"][-1]["payment_id"]
    dialog.payments.set_current(payment_id)
    dialog.payments.chosen.emit(payment_id)
    await desk.clerk.tab_to(dialog.amount.editor)
    await desk.clerk.type_over(amount)
    dialog.cause.editor.setCurrentIndex(1)
    dialog.cause.editor.activated.emit(1)
    await desk.confirm(dialog)
    await desk.outcome("The refund is on its way", "PayMongo has it")
    await desk.later(3_600)
    await desk.outcome("The money was given back once", "Given back, not in Mews")


async def forget(desk: AtDesk, form: AcquirerDialog, row: int) -> None:
    """Have PayMongo forget the saved card chosen (row 0) or the guest with all cards (row 1), and leave the form."""
    await desk.until("the way to forget", form.forget_button.isVisible)
    await desk.clerk.tab_to(form.forget_button)
    await desk.clerk.press(Key.Key_Space)
    dialog = await desk.see(ForgetDialog)
    for _ in range(row):
        await desk.clerk.press(Key.Key_Down)
    await desk.confirm(dialog)
    await desk.see(AcquirerDialog)
    await desk.until("nothing saved any more", lambda: not form._saved)
    await desk.leave()


async def type_code(desk: AtDesk, dialog: AcquirerDialog, code: str) -> None:
    """Type the code of a saved card."""
    await desk.until("the code's field", lambda: dialog.pane.state is State.READY)
    dialog.pane.focus_number()
    await cursor_in(dialog, "code")
    await desk.clerk.write(code)
    await desk.until("a whole code", lambda: dialog._complete)


async def at_bank(desk: AtDesk, choice: str) -> None:
    """Press a button of the bank's page, `authorize` or `fail`, once it is there."""
    dialog = await desk.see(BankDialog)
    click = f"(function () {{ var b = document.querySelector('[value={choice}]'); if (b) b.click(); return !!b; }})()"
    async with asyncio.timeout(PATIENCE_S):
        while not await _asked(dialog, click):
            continue  # a round trip through the engine


async def _asked(dialog: BankDialog | AcquirerDialog, script: str) -> Any:
    engine = dialog.pane._engine
    assert engine is not None
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    engine._page.runJavaScript(script, 0, lambda value, to=answer: to.done() or to.set_result(value))
    return await answer
