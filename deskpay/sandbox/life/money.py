"""Money that moves without the desk: automations, colleagues, robots, payouts and chargebacks."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from deskpay.sandbox.clock import utc_text, utc_time
from deskpay.sandbox.hotel import house, rows
from deskpay.sandbox.hotel.ids import derived
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.operations.bills import balance
from deskpay.sandbox.payments import Declined, charge, open_bill, record

Row = dict[str, Any]


def pay_out(payment: Row, moment: datetime) -> Row:
    """Settle a card payment that the gateway took: what is paid out, less its fee, is told of the payment."""
    day = utc_text(moment)
    payment |= rows.settled(payment, f"settlement-{day[:10]}", day)
    return payment


def is_paid_out_later(payment: Row) -> bool:
    """Whether the gateway still owes the hotel this payment."""
    taken = payment["Type"] == "CreditCardPayment" and payment["Kind"] == "Payment" and payment["State"] == "Charged"
    return taken and payment["SettlementId"] is None


def paid_out_at(payment: Row) -> datetime:
    """When the gateway pays it out: in the morning, two days after it was charged."""
    return utc_time(rows.payout_due(payment["ChargedUtc"]))


def charge_back(hotel: Hotel, payment: Row, moment: datetime) -> Row:
    """Let the cardholder's bank take a whole payment back; nothing of it can be refunded any more."""
    original = payment["OriginalAmount"]
    bill = open_bill(hotel, payment["AccountId"], None, moment)
    back = rows.payment(
        str(uuid4()),
        bill,
        wire_value=-original["GrossValue"],
        currency=original["Currency"],
        state="Charged",
        created=utc_text(moment),
    )
    back |= {
        "ReservationId": payment["ReservationId"],
        "AccountingCategoryId": payment["AccountingCategoryId"],
        "Identifier": f"cb_{derived(payment['Id'], 'chargeback')}",
        "Kind": "Chargeback",
        "Data": rows.card_paid(payment["Data"]["CreditCard"]["CreditCardId"]),
        "PaymentOrigin": "System",
    }
    hotel.payments.add(back)
    hotel.refunds_of.setdefault(payment["Id"], []).append(back["Id"])
    return back


def automate(hotel: Hotel, stay: Row, card: Row, moment: datetime, *, fails: bool) -> Row:
    """Charge the price of a stay to its card, as the hotel's automation does on the morning of arrival.

    Args:
        hotel: Where.
        stay: A confirmed stay.
        card: The card that its agency gave.
        moment: When.
        fails: Whether the agency has not put the money on the card yet.
    """
    nights = (utc_time(stay["ScheduledEndUtc"]).date() - utc_time(stay["ScheduledStartUtc"]).date()).days
    room = hotel.rooms.get(stay["AssignedResourceId"])
    price = house.kind_of(room["Name"] if room else "x").night * nights
    details = _details(hotel, stay["Id"], "Card payments", "AutomaticPayment")
    if not fails:
        return charge(hotel, card, price, hotel.currency, moment, details)
    bill = open_bill(hotel, stay["AccountId"], None, moment)
    return record_failure(hotel, bill, card, price, moment, details)


def record_failure(hotel: Hotel, bill: Row, card: Row, value: Decimal, moment: datetime, details: Row) -> Row:
    """Put a payment on record that the bank refused."""
    payment = rows.payment(
        str(uuid4()), bill, wire_value=-value, currency=hotel.currency, state="Failed", created=utc_text(moment)
    )
    payment |= {"Identifier": f"ch_{uuid4()}", "Kind": "Payment", "Data": rows.card_paid(card["Id"])} | details
    return hotel.payments.add(payment)


def pay_in_cash(hotel: Hotel, bill: Row, moment: datetime) -> Row:
    """Let a colleague at the next desk take in cash what is owed on a bill."""
    details = _details(hotel, None, "Cash", "Operations") | {"Type": "CashPayment"}
    return record(hotel, bill, balance(hotel, bill), hotel.currency, moment, details)


def charge_by_robot(hotel: Hotel, bill: Row, card: Row, moment: datetime) -> Row | None:
    """Let an integration charge what is owed on a bill to a card on file; None where the bank declines."""
    details = _details(hotel, None, "Card payments", "Api") | {"Notes": "Robot"}
    try:
        return charge(hotel, card, balance(hotel, bill), hotel.currency, moment, details, bill["Id"])
    except Declined:
        return None


def _details(hotel: Hotel, reservation_id: str | None, category: str, origin: str) -> Row:
    return {
        "ReservationId": reservation_id,
        "AccountingCategoryId": house.category(hotel, category),
        "PaymentOrigin": origin,
    }
