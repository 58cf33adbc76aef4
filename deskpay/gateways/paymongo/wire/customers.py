"""Customers and the cards that they saved by paying."""

from __future__ import annotations

from pydantic import StrictInt, StrictStr

from deskpay.domain.acquirer import AcquirerCustomer, VaultedCard
from deskpay.gateways.mews.wire.base import Fields, Page, Text, WireError, parse_json, read
from deskpay.gateways.paymongo.wire.base import Id, Resource, Thing, expiry, read_many, read_one

_BRANDS = {"visa": "Visa", "mastercard": "Mastercard"}
"""Source: PayMongo, "Cards": no other brand is taken."""


def home_brand(wire: str | None) -> str:
    """Return the brand as the desk says it; empty where it is not told or not known, for nothing may be guessed."""
    return _BRANDS.get((wire or "").casefold(), "")


class _Customer(Resource):
    first_name: Text | None = None
    last_name: Text | None = None
    email: Text | None = None
    phone: Text | None = None


def _customer(row: _Customer) -> AcquirerCustomer:
    name = " ".join(part for part in (row.first_name, row.last_name) if part)
    return AcquirerCustomer(row.id, name, row.email or "", row.phone or "")


def encode_customer(first_name: str, last_name: str, email: str, phone: str) -> Fields:
    """Return the attributes of a new customer.

    Source: PayMongo, "Create a customer": names, e-mail address and default device are required since 2026.
    """
    told = {"first_name": first_name, "last_name": last_name, "email": email, "default_device": "email"}
    return told | ({"phone": phone} if phone else {})


def decode_customer(body: bytes) -> AcquirerCustomer:
    """Return the customer of an answer. Raises WireError as every decoder."""
    return _customer(read_one(_Customer, body))


def decode_customers(body: bytes) -> Page[AcquirerCustomer]:
    """Return the customers of an answer."""
    return read_many(_Customer, body, _customer)


class _Deleted(Resource):
    deleted: bool = False


def decode_deleted(body: bytes) -> None:
    """Take note that a customer is gone.

    Raises:
        WireError: the answer does not say so.
    """
    if not read_one(_Deleted, body).deleted:
        raise WireError("not deleted")


class _Details(Thing):
    last4: StrictStr = ""
    exp_month: StrictInt | None = None
    exp_year: StrictInt | None = None
    brand: StrictStr | None = None


class _Billing(Thing):
    name: Text | None = None


class _Method(Resource):
    type: StrictStr
    details: _Details | None = None
    billing: _Billing | None = None


def decode_card(body: bytes) -> VaultedCard:
    """Return the card of a payment method. A code that is quoted in it, as one recording does, is not read.

    Raises:
        WireError: it is no card, or not what the contract says.
    """
    row = read_one(_Method, body)
    if row.type != "card" or row.details is None:
        raise WireError("no card")
    holder = row.billing.name or "" if row.billing is not None else ""
    return _card(row.id, row.details, holder)


def _card(card_id: str, details: _Details, holder: str) -> VaultedCard:
    last_four = details.last4 if len(details.last4) == 4 and details.last4.isdecimal() else ""
    return VaultedCard(
        card_id, home_brand(details.brand), last_four, expiry(details.exp_month, details.exp_year), holder
    )


class _Saved(Resource):
    payment_method_id: Id
    payment_method_type: StrictStr = "card"


def decode_saved(body: bytes) -> Page[str]:
    """Return the ids of the cards that a customer saved; other kinds of methods are left out.

    What it tells of a card is not sure to be there, so each is read by its id. Clients disagree whether an entry has a
    level of attributes; both are read.
    """
    return read_many(_Saved, body, lambda row: row.payment_method_id if row.payment_method_type == "card" else None)


class _SavedV2(Thing):
    payment_method_id: Id
    source_type: StrictStr = "card"


class _ListV2(Thing):
    customer_payment_methods: list[_SavedV2]
    last_evaluated_payment_method_id: Id | None = None


class _AnswerV2(Thing):
    data: _ListV2
    has_more: bool = False


def decode_saved_v2(body: bytes) -> Page[str]:
    """Return the same from the newer family of the list, which has its own envelope."""
    answer = read(_AnswerV2, parse_json(body))
    cards = [row.payment_method_id for row in answer.data.customer_payment_methods if row.source_type == "card"]
    return Page(cards, answer.data.last_evaluated_payment_method_id if answer.has_more else None)
