"""Saved cards: list, add from the vault, charge, disable; and what is held on them."""

import re
from typing import Any
from uuid import uuid4

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.errors import invalid, refused
from deskpay.sandbox.hotel import rows
from deskpay.sandbox.hotel.house import PUBLIC_KEY
from deskpay.sandbox.ledger import reference_in
from deskpay.sandbox.money import asked
from deskpay.sandbox.operations.listing import Filters
from deskpay.sandbox.operations.targets import details_of
from deskpay.sandbox.paging import page
from deskpay.sandbox.payments import Declined, check_chargeable
from deskpay.sandbox.payments import charge as charge_card
from deskpay.sandbox.world import World

Row = dict[str, Any]

_CARDS = Filters(
    {"EnterpriseIds": "EnterpriseId", "CreditCardIds": "Id", "CustomerIds": "CustomerId"},
    {"UpdatedUtc": "UpdatedUtc"},
    frozenset({"CreditCardIds", "CustomerIds", "UpdatedUtc"}),
)
_EXPIRATION = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_MASKED = re.compile(r"(\d{6})\D+(\d{4})")

# Card codes of the vault (Secure Fields) and the API's card types; the others have none there.
_BRANDS = {
    "VIS": "Visa",
    "ECA": "MasterCard",
    "AMX": "Amex",
    "DIN": "DinersClub",
    "DIS": "Discover",
    "JCB": "Jcb",
    "MAU": "Maestro",
    "CUP": "UnionPay",
    "DNK": "Dankort",
}
_NOT_REDEEMED = {
    "expired": "The card data has expired. Please enter the card again.",
    "not_found": "The card data was not found. Please enter the card again.",
    "consumed": "The card data has already been used. Please enter the card again.",
}


def get_credit_cards(world: World, body: Row) -> Row:
    """creditCards/getAll."""
    table = world.hotel.cards
    found, cursor = page(table, _CARDS.select(table, body), body["Limitation"])
    return {"CreditCards": found, "Cursor": cursor}


def get_preauthorizations(world: World, body: Row) -> Row:
    """preauthorizations/getAllByCustomers."""
    wanted = {customer_id.lower() for customer_id in body["CustomerIds"]}
    return {"Preauthorizations": [row for row in world.hotel.preauthorizations if row["CustomerId"] in wanted]}


def add_tokenized(world: World, body: Row) -> Row:
    """creditCards/addTokenized: exchange a vault id for a card of the customer."""
    customer = world.hotel.customers.get(body["CustomerId"])
    if customer is None:
        raise invalid("CustomerId")
    given = body["CreditCardData"]
    now = world.clock.now()
    expiration = _EXPIRATION.fullmatch(given["Expiration"])
    if expiration is None or (int(expiration[1]), int(expiration[2])) < (now.year, now.month):
        raise invalid("CreditCardData.Expiration")
    redeemed = world.vault.redeem(given["StorageData"], PUBLIC_KEY, now)
    if redeemed.outcome != "ok":
        raise refused(_NOT_REDEEMED[redeemed.outcome])
    card = rows.card(
        str(uuid4()),
        world.hotel.enterprise_id,
        customer["Id"],
        brand=_BRANDS.get(redeemed.brand or ""),
        number=_starred(redeemed.masked_number or ""),
        expiration=f"{expiration[2]}/{expiration[1]}",
        created=utc_text(now),
    )
    world.hotel.cards.add(card)
    world.ledger.card_added(card["Id"])
    return {"CreditCardId": card["Id"]}


def charge(world: World, body: Row) -> Row:
    """creditCards/charge: take money. Answers nothing but an id."""
    reference = reference_in(body.get("Notes"), body.get("ReceiptIdentifier"))
    world.ledger.attempted(reference)
    card = world.hotel.cards.get(body["CreditCardId"])
    if card is None:
        raise invalid("CreditCardId")
    value, currency = asked(body["Amount"], world.hotel.enterprise)
    now = world.clock.now()
    check_chargeable(card, now)
    details = details_of(world.hotel, body, card["CustomerId"])
    try:
        payment = charge_card(world.hotel, card, value, currency, now, details)
    except Declined as declined:
        world.ledger.charged(reference, declined.payment_id)
        raise refused(f"Transaction was declined ({declined.reason}).") from declined
    world.ledger.charged(reference, payment["Id"])
    return {"PaymentId": payment["Id"]}


def disable(world: World, body: Row) -> Row:
    """creditCards/disable: switch a gateway card off."""
    card = world.hotel.cards.get(body["CreditCardId"])
    if card is None:
        raise invalid("CreditCardId")
    if card["Kind"] != "Gateway":
        raise refused("Only credit cards stored in the payment gateway can be disabled.")
    card |= {"State": "Disabled", "IsActive": False, "UpdatedUtc": utc_text(world.clock.now())}
    return {}


def _starred(masked_number: str) -> str:
    """First six and last four digits around stars, whatever the vault masks with."""
    known = _MASKED.fullmatch(masked_number)
    assert known is not None, "the vault shows six and four digits"  # noqa: S101 - its contract
    return f"{known[1]}{'*' * (len(masked_number) - 10)}{known[2]}"
