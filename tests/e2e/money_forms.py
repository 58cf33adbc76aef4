"""The forms of the desk over money, each filled in by keyboard and not confirmed yet."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from deskpay.ui.ask import Asking
from deskpay.ui.payments.ask_dialog import LINK, TERMINAL, AskDialog
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.record_dialog import CASH, OTHER, TRANSFER, RecordDialog
from deskpay.ui.payments.record_dialog import TERMINAL as SLIP
from deskpay.ui.payments.refund_dialog import RefundDialog
from tests.e2e.desk_stage import AtDesk, Key

PLACES = (SLIP, CASH, TRANSFER, OTHER)
"""The means of payment in the order in which the arrow keys reach them."""


async def charging(desk: AtDesk, amount: str) -> ChargeDialog:
    """Charge the guest shown, on the card that is chosen already."""
    dialog = await desk.ask(Key.Key_F2, ChargeDialog)
    await desk.clerk.type_over(amount)
    return dialog


async def recording(desk: AtDesk, amount: str, means: str = SLIP) -> RecordDialog:
    """Choose how the guest shown paid, and type the amount."""
    dialog = await desk.ask(Key.Key_F3, RecordDialog)
    if means != SLIP:
        await desk.clerk.tab_to(dialog.means)
        for _ in range(PLACES.index(means)):
            await desk.clerk.press(Key.Key_Right)
        await desk.clerk.tab_to(dialog.entry.amount.editor)
    await desk.clerk.type_over(amount)
    return dialog


async def refunding(desk: AtDesk, part: str = "", story: str = "Heating failed") -> RefundDialog:
    """Ask for a refund to the guest shown, of a part or of all that is left, with a reason."""
    dialog = await desk.ask(Key.Key_F8, RefundDialog)
    if part:
        await desk.clerk.tab_to(dialog.share_choice)
        await desk.clerk.press(Key.Key_Right)
        await desk.clerk.tab_to(dialog.amount.editor)
        await desk.clerk.type_over(part)
    await desk.clerk.tab_to(dialog.cause.editor)
    await desk.clerk.press(Key.Key_Down)
    await desk.clerk.tab_to(dialog.story.editor)
    await desk.clerk.write(story)
    return dialog


async def asking(desk: AtDesk, amount: str, means: str = LINK) -> AskDialog:
    """Ask the guest shown by a link, a code or at a terminal."""
    dialog = await desk.ask(Key.Key_F4, AskDialog)
    if means != LINK:
        await desk.clerk.tab_to(dialog.means)
        await desk.clerk.press(Key.Key_Left if means == TERMINAL else Key.Key_Right)
    assert dialog.means.current() == means
    if means == TERMINAL:
        await desk.clerk.tab_to(dialog.terminal.editor)
        await desk.clerk.press(Key.Key_Down)
    await desk.clerk.tab_to(dialog.entry.amount.editor)
    await desk.clerk.type_over(amount)
    return dialog


async def _slip(desk: AtDesk) -> RecordDialog:
    dialog = await recording(desk, "12")
    await desk.clerk.tab_to(dialog.last_four.editor)
    await desk.clerk.write("8210")
    return dialog


async def _transfer(desk: AtDesk) -> RecordDialog:
    return await recording(desk, "14", TRANSFER)


async def _voucher(desk: AtDesk) -> RecordDialog:
    dialog = await recording(desk, "15", OTHER)
    assert dialog.kind.current() == "Voucher"
    await desk.clerk.tab_to(dialog.receipt.editor)
    await desk.clerk.write("V-2026-118")
    return dialog


Fill = Callable[[AtDesk], Awaitable[Asking[Any]]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a guest pays or is paid back.

    Attributes:
        amount: which no other way has.
        fill: opens its form for the guest shown and fills it in.
        operation: what it sends.
        book: where the hotel's ledger lists what came of it; empty for what is money only once the guest has paid.
        row: what of the entry tells this way from the others.
    """

    amount: str
    fill: Fill
    operation: str
    book: str = ""
    row: tuple[tuple[str, str], ...] = ()


WAYS = {
    "refund": Way("16.00", lambda desk: refunding(desk, "16"), "payments/refund", "refunds"),
    "charge": Way("11.00", lambda desk: charging(desk, "11"), "creditCards/charge", "charges"),
    "slip": Way("12.00", _slip, "payments/addCreditCard", "records", (("type", "CreditCardPayment"),)),
    "cash": Way(
        "13.00", lambda desk: recording(desk, "13", CASH), "payments/addExternal", "records", (("type", "Cash"),)
    ),
    "transfer": Way("14.00", _transfer, "payments/addExternal", "records", (("type", "WireTransfer"),)),
    "voucher": Way(
        "15.00",
        _voucher,
        "payments/addExternal",
        "records",
        (("type", "Voucher"), ("external_identifier", "V-2026-118")),
    ),
    "terminal": Way("17.00", lambda desk: asking(desk, "17", TERMINAL), "commands/addPaymentTerminal"),
    "link": Way("18.00", lambda desk: asking(desk, "18"), "paymentRequests/add"),
    "code": Way("19.00", lambda desk: asking(desk, "19", "Ideal"), "payments/addAlternative", "alternatives"),
}
"""All of them, in an order in which none makes the next one ask whether it is meant twice."""
