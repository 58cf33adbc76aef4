"""What the API does to money: charge, record, refund. Every rule refuses before anything is changed."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.errors import invalid, refused
from deskpay.sandbox.gateway import authorize
from deskpay.sandbox.hotel import rows
from deskpay.sandbox.hotel.state import Hotel

Row = dict[str, Any]

REFUNDABLE = frozenset({"CreditCardPayment", "AlternativePayment"})
REFUND_PENDING_FOR = timedelta(seconds=20)

# An unfinished redirect is canceled after this; no page of the API says when.
GUEST_DECIDES_WITHIN = timedelta(minutes=30)


class Declined(Exception):
    """The gateway said no; the failed payment is on record.

    Args:
        reason: The gateway's word for it.
        payment_id: The failed payment.
    """

    def __init__(self, reason: str, payment_id: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.payment_id = payment_id


def open_bill(hotel: Hotel, account_id: str, bill_id: str | None, now: datetime) -> Row:
    """The bill a payment goes to: the one asked for, else the account's oldest open one, else a new one.

    Raises:
        Rejected: 400 when the bill is unknown, another account's, or closed.
    """
    if bill_id is not None:
        bill = hotel.bills.get(bill_id)
        if bill is None or bill["AccountId"] != account_id or bill["State"] != "Open":
            raise invalid("BillId")
        return bill
    mine = [bill for bill in hotel.bills.where("AccountId", account_id) if bill["State"] == "Open"]
    if mine:
        return min(mine, key=hotel.bills.age)
    kind = "Company" if hotel.companies.get(account_id) else "Customer"
    bill = rows.bill(_new_id(), hotel.enterprise_id, account_id, "Bill", utc_text(now), account_type=kind)
    return hotel.bills.add(bill)


def check_chargeable(card: Row, now: datetime) -> None:
    """Refuse a card that cannot be charged.

    Raises:
        Rejected: 403 for a terminal's, a disabled or an expired card.
    """
    if card["Kind"] != "Gateway":
        raise refused("Only credit cards stored in the payment gateway can be charged.")
    if card["State"] != "Enabled":
        raise refused("The credit card is disabled.")
    if card["Expiration"] and _expired(card["Expiration"], now):
        raise refused("The credit card has expired.")


def charge(
    hotel: Hotel, card: Row, value: Decimal, currency: str, now: datetime, details: Row, bill_id: str | None = None
) -> Row:
    """Take `value` from `card`; the card decides whose account pays.

    Args:
        hotel: Where.
        card: A card that passed `check_chargeable`.
        value: How much, positive.
        currency: In which currency.
        now: When.
        details: ``Notes``, ``ReservationId``, ``AccountingCategoryId`` and the like of the payment.
        bill_id: Which open bill of the account gets it; None leaves that to `open_bill`.

    Raises:
        Declined: when the bank refuses. A Failed payment stays on record.
    """
    bill = open_bill(hotel, card["CustomerId"], bill_id, now)
    answer = authorize(card["ObfuscatedNumber"])
    payment = rows.payment(
        _new_id(), bill, wire_value=-value, currency=currency, state=answer.state, created=utc_text(now)
    )
    payment |= details | {
        "Identifier": f"ch_{uuid4()}",
        "Kind": "Payment",
        "Data": rows.card_paid(card["Id"]),
    }
    hotel.payments.add(payment)
    if answer.later:
        wait, state = answer.later
        hotel.later(payment["Id"], now + wait, state)
    if answer.declined:
        raise Declined(answer.declined, payment["Id"])
    if answer.state == "Verifying":
        _ask_to_confirm(hotel, payment, now)
    return payment


def start_alternative(
    hotel: Hotel, method: str, bill: Row, value: Decimal, currency: str, now: datetime, details: Row
) -> Row:
    """Begin a payment by another method than a card; it is not paid until the guest, or the bank, confirms it.

    Args:
        hotel: Where.
        method: ``Ideal``, ``ApplePay``, ``GooglePay`` or ``SepaDirectDebit``.
        bill: The open bill it goes to.
        value: How much, positive.
        currency: In which currency.
        now: When.
        details: ``ReservationId`` and the like of the payment.
    """
    payment = rows.payment(
        _new_id(), bill, wire_value=-value, currency=currency, state="Pending", created=utc_text(now)
    )
    payment |= details | {
        "Identifier": f"alt_{uuid4()}",
        "Kind": "Payment",
        "Type": "AlternativePayment",
        "Data": rows.alternatively_paid(method),
    }
    hotel.payments.add(payment)
    hotel.later(payment["Id"], now + GUEST_DECIDES_WITHIN, "Canceled")
    return payment


def _ask_to_confirm(hotel: Hotel, payment: Row, now: datetime) -> None:
    """Mail the cardholder the bank's question. Agencies' addresses reach no guest (`HasOtaEmail`)."""
    customer = hotel.customers.get(payment["AccountId"])
    if customer is not None and not customer["HasOtaEmail"]:
        hotel.mail(customer, "Please confirm your payment", payment_page(payment["Id"]), now)


def payment_page(payment_id: str) -> str:
    """Path of the page where the guest confirms or cancels a payment at the bank."""
    return f"/guest/payments/{payment_id}"


def record(hotel: Hotel, bill: Row, value: Decimal, currency: str, now: datetime, details: Row) -> Row:
    """Put on record what was taken elsewhere; no gateway is asked."""
    payment = rows.payment(
        _new_id(), bill, wire_value=-value, currency=currency, state="Charged", created=utc_text(now)
    )
    return hotel.payments.add(payment | details)


def reserve(hotel: Hotel, card: Row, held: Row, reservation_id: str | None) -> Row:
    """Hold an amount on a card without taking it.

    Args:
        hotel: Where.
        card: Whose owner pays.
        held: How much, as answers carry it.
        reservation_id: The stay it is for, or None.
    """
    return hotel.preauthorizations.add(
        {
            "Id": _new_id(),
            "CreditCardId": card["Id"],
            "Amount": held,
            "State": "Chargeable",
            "ReservationId": reservation_id,
            "Code": card["Id"][:6].upper(),
            "CustomerId": card["CustomerId"],
            "IsActive": True,
        }
    )


def remaining(hotel: Hotel, payment: Row) -> Decimal:
    """What of `payment` has not been given back yet; failed refunds do not count."""
    refunds = [hotel.payments.get(refund_id) for refund_id in hotel.refunds_of.get(payment["Id"], [])]
    given: list[Decimal] = [row["OriginalAmount"]["GrossValue"] for row in refunds if row and row["State"] != "Failed"]
    paid: Decimal = -payment["OriginalAmount"]["GrossValue"]
    return paid - sum(given, Decimal(0))


def check_refundable(payment: Row) -> None:
    """Refuse what cannot be given back through the API.

    Raises:
        Rejected: 403 for other types, for money no gateway took, and for anything not charged.
    """
    if payment["Type"] not in REFUNDABLE:
        raise refused("Only card and alternative payments can be refunded.")
    if payment["Kind"] != "Payment":
        raise refused("This payment was not taken by the payment gateway and cannot be refunded through it.")
    if payment["State"] != "Charged":
        raise refused("Only charged payments can be refunded.")


def refund(hotel: Hotel, payment: Row, value: Decimal, now: datetime) -> Row:
    """Give `value` of `payment` back; the refund lands some seconds later.

    Raises:
        Rejected: 403 when more would be given back than remains.
    """
    if value > remaining(hotel, payment):
        raise refused("The amount exceeds what can still be refunded of this payment.")
    original = payment["OriginalAmount"]
    bill = hotel.bills.get(payment["BillId"])
    if bill is None or bill["State"] != "Open":
        bill = open_bill(hotel, payment["AccountId"], None, now)
    row = rows.payment(
        _new_id(), bill, wire_value=value, currency=original["Currency"], state="Pending", created=utc_text(now)
    )
    row |= {
        "ReservationId": payment["ReservationId"],
        "AccountingCategoryId": payment["AccountingCategoryId"],
        "Identifier": f"re_{uuid4()}",
        "Kind": "Refund",
        "Type": payment["Type"],
        "Data": payment["Data"],
    }
    hotel.payments.add(row)
    hotel.refunds_of.setdefault(payment["Id"], []).append(row["Id"])
    hotel.later(row["Id"], now + REFUND_PENDING_FOR, "Charged")
    return row


def _expired(expiration: str, now: datetime) -> bool:
    """Cards are good through the last day of the month ``MM/YYYY``."""
    month, year = expiration.split("/")
    return (int(year), int(month)) < (now.year, now.month)


def _new_id() -> str:
    # Unlike the seed's ids these never repeat: a journal may outlive the sandbox that made them.
    return str(uuid4())
