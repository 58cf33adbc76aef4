"""Alternative payments: the guest finishes them elsewhere, at an address that comes back with the answer."""

from __future__ import annotations

from pydantic import StrictStr

from deskpay.domain.intent import Intent
from deskpay.gateways.mews.wire.base import Fields, Id, Row, Text, given, read_body
from deskpay.gateways.mews.wire.money import amount_fields

_IDEAL = "Ideal"
_REDIRECT = "RedirectToUrl"


def encode_alternative(intent: Intent, return_address: str, *, gross_pricing: bool) -> Fields:
    """Return the fields of payments/addAlternative. It takes no note, so no reference goes along.

    Args:
        intent: of kind ALTERNATIVE; its tender is the method's word.
        return_address: where iDEAL sends the guest afterwards.
        gross_pricing: of the hotel.

    Raises:
        ValueError: the intent lacks the amount or the method.
    """
    if intent.amount is None or not intent.tender:
        raise ValueError("the intent has no amount or no method")
    details: dict[str, object] = {"Discriminator": intent.tender}
    if intent.tender == _IDEAL:
        details[_IDEAL] = {"RedirectUrl": return_address}
    return given(
        customer_id=intent.customer_id,
        amount=amount_fields(intent.amount, gross_pricing=gross_pricing),
        reservation_id=intent.reservation_id,
        data=details,
    )


class _NextAction(Row):
    discriminator: StrictStr
    value: Text


class _Begun(Row):
    payment_id: Id
    next_action: _NextAction | None = None


def decode_alternative(body: bytes) -> tuple[str, str]:
    """Return the payment's id and the address at which the guest pays, empty where there is none.

    Raises:
        WireError: there is no payment's id.
    """
    begun = read_body(_Begun, body)
    action = begun.next_action
    return begun.payment_id, action.value if action is not None and action.discriminator == _REDIRECT else ""
