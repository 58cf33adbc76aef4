"""Writing down a payment that was taken elsewhere. This moves no money and charges no card."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from deskpay.domain.customer import Customer
from deskpay.domain.entry import check_last_four, check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.hotel import Hotel
from deskpay.domain.intent import CardSlip, Intent, IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment
from deskpay.services.checks import check_amount, check_not_repeated, check_not_waiting
from deskpay.services.desk import Desk
from deskpay.services.intent_runner import IntentRunner
from deskpay.services.ports import HotelRecords, IntentJournal, PaymentGateway
from deskpay.services.scope import side_by_side


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOrder:
    """What the clerk confirmed.

    Args:
        reference: drawn when the form opened.
        customer: who paid.
        amount: how much was taken.
        reservation_id: the stay, where there is one.
        bill_id: the open bill to write it on, None for the guest's default bill.
        slip: the card slip of an outside terminal; None for everything else.
        tender: code of the external type; empty with a slip.
        external_identifier: number of the slip, voucher or transfer; may be empty.
        note: shown in the property system; may be empty.
        repeat_reason: why this is another payment, where it looks like a repeat.
    """

    reference: str
    customer: Customer
    amount: Money
    reservation_id: str | None
    bill_id: str | None
    slip: CardSlip | None = None
    tender: str = ""
    external_identifier: str = ""
    note: str = ""
    repeat_reason: str = ""


class RecordPayment:
    """Writes down payments.

    Args:
        hotel: for whom.
        desk: by whom.
        records: the hotel's books.
        gateway: what carries the row.
        journal: our own acts.
        runner: carries out intents.
    """

    def __init__(
        self,
        hotel: Hotel,
        desk: Desk,
        records: HotelRecords,
        gateway: PaymentGateway,
        journal: IntentJournal,
        runner: IntentRunner,
    ) -> None:
        self._hotel = hotel
        self._desk = desk
        self._records = records
        self._gateway = gateway
        self._journal = journal
        self._runner = runner

    async def __call__(self, order: RecordOrder) -> IntentRecord:
        """Check everything afresh, make the intent durable and start it; return before the answer is there.

        Raises:
            InputRefused: something typed cannot be used; nothing was sent.
            LooksRepeated: the same payment seems to be on the books; nothing was sent.
            GuestBeingChecked: an earlier act for this guest has no known outcome; nothing was sent.
            HotelUnavailable: the books could not be read before; nothing was sent.
            Refused: the books may not be read; nothing was sent.
            JournalError: the intent could not be written; nothing was sent.
        """
        identifier = self._check_input(order)
        note = check_text(order.note, Field.NOTE)
        reason = check_text(order.repeat_reason, Field.REASON)
        async with side_by_side() as group:
            reading_payments = group.create_task(self._records.payments([order.customer.id]))
            reading_bills = group.create_task(self._records.bills(order.customer.id))
            reading_intents = group.create_task(self._journal.of_customer(order.customer.id))
        payments, now = reading_payments.result(), self._records.server_now()
        check_not_waiting(reading_intents.result())
        if order.bill_id is not None and not any(b.id == order.bill_id and b.is_open for b in reading_bills.result()):
            raise InputRefused(Field.BILL, InputProblem.GONE)
        _check_identifier_unused(identifier, payments)
        check_not_repeated(order.amount, payments, now, reason)
        slip = order.slip
        intent = Intent(
            id=str(uuid.uuid4()),
            reference=order.reference,
            kind=IntentKind.RECORD_CARD if slip else IntentKind.RECORD_EXTERNAL,
            enterprise_id=self._hotel.id,
            desk_id=self._desk.id,
            operator=self._desk.operator,
            drafted_utc=now,
            customer_id=order.customer.id,
            customer_name=order.customer.full_name,
            subject=f"{slip.brand} •••• {slip.last_four}" if slip else order.tender,
            amount=order.amount,
            reservation_id=order.reservation_id,
            bill_id=order.bill_id,
            tender=order.tender,
            external_identifier=identifier,
            slip=slip,
            note=note,
            reason=reason,
            baseline=frozenset(payment.id for payment in payments),
        )
        record = self._gateway.record_card if slip else self._gateway.record_external
        return await self._runner.begin(intent, lambda: record(intent))

    def _check_input(self, order: RecordOrder) -> str:
        check_amount(order.amount, self._hotel)
        identifier = check_text(order.external_identifier, Field.RECEIPT)
        if order.slip is None:
            if order.tender not in self._hotel.tenders:
                raise InputRefused(Field.TENDER, InputProblem.NOT_TAKEN)
            return identifier
        check_last_four(order.slip.last_four)
        check_text(order.slip.holder, Field.HOLDER, required=True)
        expiry, today = order.slip.expiry, self._hotel.today(self._records.server_now())
        if expiry is not None and expiry.past(today):
            raise InputRefused(Field.EXPIRY, InputProblem.PAST)
        return identifier


def _check_identifier_unused(identifier: str, payments: Sequence[Payment]) -> None:
    if identifier and any(p.state.live and p.external_identifier == identifier for p in payments):
        raise InputRefused(Field.RECEIPT, InputProblem.RECORDED)
