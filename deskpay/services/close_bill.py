"""Closing a bill for good.

It moves no money, so it is no intent; but it is a fiscal act that nobody can take back, and it must not be done twice.
The bill itself says whether it was done: an open bill becomes a closed one, and the property system refuses to close a
closed one. So the bill is read before, and read again whenever the answer leaves a doubt.
"""

from __future__ import annotations

from dataclasses import dataclass

from deskpay.domain.bill import Bill, BillKind, BillSheet, NotClosable
from deskpay.domain.customer import Customer
from deskpay.domain.entry import check_text
from deskpay.domain.errors import DeskPayError, Field, InputProblem, InputRefused, OutcomeUnknown, Rejected
from deskpay.domain.money import Money
from deskpay.domain.operator import Right
from deskpay.services.checks import check_not_waiting
from deskpay.services.front_desk import FrontDesk
from deskpay.services.ports import BillOffice
from deskpay.services.read_guest import read_guest

LOOKS_S = (1.0, 3.0, 10.0)
"""Waits before each reading of a bill whose closing had no clear answer."""

_PROBLEMS = {
    NotClosable.UNFINISHED: InputProblem.UNFINISHED,
    NotClosable.OTHER_CURRENCY: InputProblem.NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOrder:
    """What the clerk confirmed.

    Args:
        customer: whose bill.
        bill_id: which.
        kind: as what it is closed.
        owed: what was open on it when they confirmed; another amount is another decision.
        note: printed on the bill; may be empty.
    """

    customer: Customer
    bill_id: str
    kind: BillKind
    owed: Money
    note: str = ""


async def close_bill(front: FrontDesk, office: BillOffice, order: CloseOrder) -> Bill:
    """Check everything afresh, close the bill and return it closed; one that is closed already is returned as it is.

    Raises:
        InputRefused: the bill is gone, is not as it was shown, or cannot be closed now; nothing was sent.
        GuestBeingChecked: an act for this guest has no known outcome, so what is owed is not known; nothing was sent.
        HotelUnavailable: the books could not be read before; nothing was sent.
        NotSent: nothing left this computer.
        Refused: the property system said no.
        OutcomeUnknown: it has not said whether it did, and the bill is still open as far as it can be read.
        JournalError: our own acts could not be read; nothing was sent.
        NotSignedIn: nobody is at the desk; nothing was sent.
        NotYourRight: whoever is may not do this; nothing was sent.
    """
    front.desk.seat.check(Right.RECORD)
    note = check_text(order.note, Field.NOTE)
    check_not_waiting(await front.journal.of_customer(order.customer.id))
    file = await read_guest(front, order.customer, None)
    sheet = next((sheet for sheet in file.sheets if sheet.bill.id == order.bill_id), None)
    if sheet is None:
        raise InputRefused(Field.BILL, InputProblem.GONE)
    if not sheet.bill.is_open:
        return sheet.bill
    _check(sheet, order)
    try:
        await office.close_bill(order.bill_id, order.kind, note)
    except (OutcomeUnknown, Rejected) as doubt:
        return await _closed_after_all(front, order, doubt)
    return await _closed_after_all(front, order, OutcomeUnknown("the bill does not show as closed yet"))


def _check(sheet: BillSheet, order: CloseOrder) -> None:
    problem = sheet.not_closable
    if problem is not None:
        raise InputRefused(Field.BILL, _PROBLEMS[problem])
    if sheet.owed != order.owed or sheet.closes_as is not order.kind:
        raise InputRefused(Field.BILL, InputProblem.CHANGED)


async def _closed_after_all(front: FrontDesk, order: CloseOrder, doubt: DeskPayError) -> Bill:
    """Return the bill once it shows as closed; raise `doubt` where it stays open. Nothing is sent again."""
    for wait_s in (0.0, *LOOKS_S):
        await front.clock.sleep(wait_s)
        try:
            bills = await front.records.bills(order.customer.id)
        except DeskPayError:
            continue  # a reading that fails proves nothing; the next one follows
        closed = next((bill for bill in bills if bill.id == order.bill_id and not bill.is_open), None)
        if closed is not None:
            return closed
        if isinstance(doubt, Rejected):
            break
    raise doubt
