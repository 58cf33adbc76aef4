"""Payments: list, record what was taken elsewhere, give back."""

import re
from typing import Any
from uuid import uuid4

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.contract import contract
from deskpay.sandbox.errors import invalid, refused
from deskpay.sandbox.hotel import rows
from deskpay.sandbox.ledger import reference_in
from deskpay.sandbox.money import asked, positive
from deskpay.sandbox.operations.books import in_currency
from deskpay.sandbox.operations.listing import Filters
from deskpay.sandbox.operations.targets import details_of
from deskpay.sandbox.paging import page
from deskpay.sandbox.payments import check_refundable, open_bill, record
from deskpay.sandbox.payments import refund as give_back
from deskpay.sandbox.world import World

Row = dict[str, Any]

_IDS = {"PaymentIds": "Id", "AccountIds": "AccountId", "BillIds": "BillId", "ReservationIds": "ReservationId"}
_WINDOWS = ("CreatedUtc", "UpdatedUtc", "ChargedUtc", "ClosedUtc")
_PAYMENTS = Filters(
    {"EnterpriseIds": "EnterpriseId", **_IDS, "AccountingStates": "AccountingState", "States": "State", "Type": "Type"},
    {name: name for name in (*_WINDOWS, "SettlementUtc")},
    frozenset({*_IDS, *_WINDOWS}),
)
_CARD_TYPES = frozenset(
    {"Visa", "MasterCard", "Amex", "Discover", "DinersClub", "Jcb", "EnRoute", "Maestro", "UnionPay"}
)
_LAST_FOUR = re.compile(r"\*{0,15}(\d{4})")
_SIX_AND_FOUR = re.compile(r"\d{6}\*{2,9}\d{4}")
_CARD_EXPIRATION = re.compile(r"(0[1-9]|1[0-2])/\d{4}")


def get_payments(world: World, body: Row) -> Row:
    """payments/getAll: the source of truth; reading moves what is due."""
    world.hotel.settle(world.clock.now())
    table = world.hotel.payments
    found, cursor = page(table, _PAYMENTS.select(table, body), body["Limitation"])
    return {"Payments": in_currency(found, body.get("Currency"), ("Amount",)), "Cursor": cursor}


def add_external(world: World, body: Row) -> Row:
    """payments/addExternal: put on record what was taken outside."""
    hotel = world.hotel
    account = hotel.account(body["AccountId"])
    if account is None:
        raise invalid("AccountId")
    account_id = account[1]["Id"]
    kind = body.get("Type") or "Unspecified"
    if kind not in hotel.enterprise["AccountingConfiguration"]["EnabledExternalPaymentTypes"]:
        raise refused("Enterprise doesn't have the external payment type enabled")
    value, currency = asked(body["Amount"], hotel.enterprise)
    now = world.clock.now()
    identifier = body.get("ExternalIdentifier")
    details = details_of(hotel, body, account_id)
    details |= {"Type": "ExternalPayment", "Data": rows.externally_paid(kind, identifier)}
    bill = open_bill(hotel, account_id, body.get("BillId"), now)
    payment = record(hotel, bill, value, currency, now, details)
    world.ledger.recorded(reference_in(body.get("Notes"), identifier), payment["Id"])
    return {"ExternalPaymentId": payment["Id"]}


def add_credit_card(world: World, body: Row) -> Row:
    """payments/addCreditCard: put on record a card payment of a foreign terminal. Answers a card id."""
    hotel = world.hotel
    customer = hotel.customers.get(body["CustomerId"])
    if customer is None:
        raise invalid("CustomerId")
    given = body["CreditCard"]
    _check_slip(given)
    value, currency = asked(body["Amount"], hotel.enterprise)
    now = world.clock.now()
    details = details_of(hotel, body, customer["Id"])
    bill = open_bill(hotel, customer["Id"], body.get("BillId"), now)
    known = contract().enums["creditcards.md#credit-card-type"]
    card = rows.card(
        str(uuid4()),
        hotel.enterprise_id,
        customer["Id"],
        brand=given["Type"] if given["Type"] in known else None,
        number=_obfuscated(given["Number"]),
        expiration=given.get("Expiration"),
        created=utc_text(now),
        kind="Terminal",
    )
    hotel.cards.add(card)
    payment = record(hotel, bill, value, currency, now, details | {"Data": rows.card_paid(card["Id"])})
    world.ledger.recorded(reference_in(body.get("Notes"), body.get("ReceiptIdentifier")), payment["Id"])
    return {"CreditCardId": card["Id"]}


def refund(world: World, body: Row) -> Row:
    """payments/refund: give back all or part of a charged payment."""
    hotel = world.hotel
    now = world.clock.now()
    hotel.settle(now)
    payment = hotel.payments.get(body["PaymentId"])
    if payment is None:
        raise invalid("PaymentId")
    if payment["AccountId"] != body["AccountId"].lower():
        raise invalid("AccountId")
    if not body["Reason"].strip():
        raise invalid("Reason")
    check_refundable(payment)
    original = payment["OriginalAmount"]
    asked_for = body.get("ValueToRefund")
    value = -original["GrossValue"] if asked_for is None else positive(asked_for, original["Currency"], "ValueToRefund")
    row = give_back(hotel, payment, value, now)
    world.ledger.refunded(payment["Id"], row["Id"], body["Reason"])
    return {
        "PaymentId": payment["Id"],
        "RefundId": row["Id"],
        "Type": payment["Type"],
        "Amount": {"Currency": original["Currency"], "Value": value},
        "State": row["State"],
    }


def _check_slip(given: Row) -> None:
    """Refuse a slip that is not a slip, above all a full card number, which is neither kept nor echoed."""
    if given["Type"] not in _CARD_TYPES:
        raise invalid("CreditCard.Type")
    if not (_LAST_FOUR.fullmatch(given["Number"]) or _SIX_AND_FOUR.fullmatch(given["Number"])):
        raise invalid("CreditCard.Number")
    expiration = given.get("Expiration")
    if expiration is not None and not _CARD_EXPIRATION.fullmatch(expiration):
        raise invalid("CreditCard.Expiration")
    if not given["Name"].strip():
        raise invalid("CreditCard.Name")


def _obfuscated(number: str) -> str:
    last_four = _LAST_FOUR.fullmatch(number)
    return f"************{last_four[1]}" if last_four else number
