"""Payment methods: a card's number comes in once and is forgotten. Source: PayMongo, "Payment Method resource"."""

import re
from typing import Any

from deskpay.sandbox.paymongo.account import Account
from deskpay.sandbox.paymongo.cards import behaviour_of, brand_of
from deskpay.sandbox.paymongo.checks import Checks
from deskpay.sandbox.paymongo.errors import Problem, Refused, unauthorized
from deskpay.sandbox.paymongo.objects import PaymentMethod

Json = dict[str, Any]

_CODE = re.compile(r"[0-9]{3}")
_PERSON = ("name", "email", "phone")
_ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")


def create(account: Account, attributes: Json) -> Json:
    """Make a payment method of a card.

    Raises:
        Refused: 400 for what is missing or wrong.
    """
    checks = Checks(attributes)
    checks.given("type")
    checks.one_of("type", "card")
    checks.given(*(f"details.{name}" for name in ("card_number", "exp_month", "exp_year", "cvc")))
    checks.whole("details.exp_month", 1, 12)
    checks.whole("details.exp_year", 0, 9_999)
    checks.flat("metadata")
    for name in _PERSON:
        checks.text(f"billing.{name}", 255)
    for name in _ADDRESS:
        checks.text(f"billing.address.{name}", 255)
    checks.done()
    details = attributes["details"]
    number, code = details["card_number"], details["cvc"]
    behaviour = behaviour_of(number) if isinstance(number, str) and number else None
    if behaviour is None:
        raise _malformed("details.card_number")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise _malformed("details.cvc")
    if _past(account, details):
        words = "The card has expired."
        raise Refused(400, Problem("parameter_invalid", words, "details.exp_year"), checked=False)
    now = account.seconds()
    method = PaymentMethod(
        id=f"pm_{account.signs()}",
        last4=number[-4:],
        brand=brand_of(number),
        exp_month=details["exp_month"],
        exp_year=details["exp_year"],
        behaviour=behaviour,
        billing=_billing(attributes.get("billing")),
        metadata=attributes.get("metadata"),
        created_at=now,
        updated_at=now,
        link_id=f"cus_pm_{account.signs()}",
    )
    account.methods[method.id] = method
    return _shown(account, method, code)


def _billing(given: object) -> Json | None:
    """Return what was given with every name there, as PayMongo's own libraries rely on; what is left out is null."""
    if not isinstance(given, dict):
        return None
    address = given.get("address")
    where = address if isinstance(address, dict) else {}
    return {name: given.get(name) for name in _PERSON} | {"address": {name: where.get(name) for name in _ADDRESS}}


def _malformed(pointer: str) -> Refused:
    return Refused(400, Problem("parameter_format_invalid", f"{pointer} format is invalid.", pointer), checked=False)


def _past(account: Account, details: Json) -> bool:
    year = details["exp_year"] + (2_000 if details["exp_year"] < 100 else 0)
    now = account.today()
    return bool((year, details["exp_month"]) < (now.year, now.month))


def renew_code(account: Account, method_id: str, attributes: Json, *, secret: bool) -> Json:
    """Take the code of a saved card anew; three shapes of the call are known, and each is taken.

    Raises:
        Refused: 401 for the public key unless it is let in, 404, or 400.
    """
    if not secret and not account.switches.code_by_public_key:
        raise unauthorized()
    method = account.method(method_id)
    details = attributes.get("details")
    nested = details if isinstance(details, dict) else {}
    card = nested.get("card") if isinstance(nested.get("card"), dict) else {}
    code = attributes.get("cvc", nested.get("cvc", card.get("cvc") if isinstance(card, dict) else None))
    if code is not None:
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise _malformed("cvc")
        method.fresh_code = True
        method.updated_at = account.seconds()
    return _shown(account, method, code)


def _shown(account: Account, method: PaymentMethod, code: str | None) -> Json:
    shown = method.as_json()
    if account.switches.code_echoed and code is not None:
        shown["attributes"]["details"]["cvc"] = code
    return {"data": shown}
