"""Payments by other methods than a card: begun here, finished by the guest or the bank."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from deskpay.sandbox.errors import invalid
from deskpay.sandbox.money import asked
from deskpay.sandbox.operations.targets import details_of
from deskpay.sandbox.payments import open_bill, payment_page, start_alternative
from deskpay.sandbox.world import World

Row = dict[str, Any]

# A direct debit is collected some days later; the last digits of the account decide, as those of a card do.
_COLLECTED_AFTER = timedelta(days=3)
_UNCOLLECTABLE = "0002"
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)


def add_alternative(world: World, body: Row) -> Row:
    """payments/addAlternative: nothing is paid until the guest confirms where ``NextAction`` leads."""
    hotel, now = world.hotel, world.clock.now()
    customer = hotel.customers.get(body["CustomerId"])
    if customer is None:
        raise invalid("CustomerId")
    value, currency = asked(body["Amount"], world.hotel.enterprise)
    method = body["Data"]["Discriminator"]
    returns, iban = _return_address(body["Data"]), _account(body["Data"])
    details = details_of(hotel, body, customer["Id"])
    bill = open_bill(hotel, customer["Id"], None, now)
    payment = start_alternative(hotel, method, bill, value, currency, now, details)
    world.ledger.began(payment["Id"])
    if iban is not None:
        state = "Failed" if iban.endswith(_UNCOLLECTABLE) else "Charged"
        hotel.later(payment["Id"], now + _COLLECTED_AFTER, state)
        return {"PaymentId": payment["Id"], "NextAction": None}
    if returns is not None:
        hotel.returns[payment["Id"]] = returns
    action = {"Discriminator": "RedirectToUrl", "Value": world.origin + payment_page(payment["Id"])}
    return {"PaymentId": payment["Id"], "NextAction": action}


def _return_address(data: Row) -> str | None:
    """Where the guest is sent back to; only iDEAL asks for it.

    Raises:
        Rejected: 400 when it is missing, or no address a browser may be sent to.
    """
    if data["Discriminator"] != "Ideal":
        return None
    if data.get("Ideal") is None:
        raise invalid("Data.Ideal")
    address: str = data["Ideal"]["RedirectUrl"]
    try:
        scheme = urlsplit(address).scheme
    except ValueError as error:
        raise invalid("Data.Ideal.RedirectUrl") from error
    if scheme in {"javascript", "data", "vbscript"} or not (address.isascii() and address.isprintable()):
        raise invalid("Data.Ideal.RedirectUrl")
    return address


def _account(data: Row) -> str | None:
    """The account to collect from; only a direct debit has one.

    Raises:
        Rejected: 400 when it is missing, or its check digits (ISO 7064, MOD 97-10) are wrong.
    """
    if data["Discriminator"] != "SepaDirectDebit":
        return None
    if data.get("SepaDirectDebit") is None:
        raise invalid("Data.SepaDirectDebit")
    iban: str = data["SepaDirectDebit"]["Iban"].replace(" ", "")
    digits = "".join(f"{int(mark, 36)}" for mark in iban[4:] + iban[:4]) if _IBAN.fullmatch(iban) else "0"
    if int(digits) % 97 != 1:
        raise invalid("Data.SepaDirectDebit.Iban")
    return iban
