"""Intents, events and payments as tests need them: every field set, each overridable."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from deskpay.domain.card import CardFormat, CardKind, CreditCard, Expiry
from deskpay.domain.intent import Evidence, Intent, IntentEvent, IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod, PaymentState

NOW = datetime(2026, 11, 20, 9, 14, tzinfo=UTC)
GBP = Currency("GBP", 2)
EUR = Currency("EUR", 2)

EVIDENCE: Mapping[IntentState, Evidence] = {
    IntentState.DRAFTED: Evidence.DECIDED,
    IntentState.SENDING: Evidence.ABOUT_TO_SEND,
    IntentState.ACCEPTED: Evidence.ANSWERED,
    IntentState.CONFIRMED: Evidence.READ_BACK,
    IntentState.DECLINED: Evidence.REFUSED,
    IntentState.NOT_SENT: Evidence.NOTHING_LEFT,
    IntentState.REJECTED: Evidence.REFUSED,
    IntentState.UNKNOWN: Evidence.NO_ANSWER,
    IntentState.RESOLVED: Evidence.PERSON,
    IntentState.ABANDONED: Evidence.RESTARTED,
    IntentState.TAKEN: Evidence.READ_BACK,
    IntentState.RECORDING: Evidence.ABOUT_TO_SEND,
}


def gbp(minor: int) -> Money:
    """Pence."""
    return Money(minor, GBP)


def make_intent(number: int = 1, **changed: Any) -> Intent:
    """A charge of £312.40; `number` makes id, reference and guest its own."""
    kind = changed.get("kind", IntentKind.CHARGE)
    fields: dict[str, Any] = {
        "id": f"intent-{number}",
        "reference": f"DP-7K2M-{number:04d}",
        "kind": kind,
        "enterprise_id": "hotel",
        "desk_id": "desk",
        "operator": "Ada",
        "drafted_utc": NOW,
        "customer_id": f"guest-{number}",
        "customer_name": "Zoë Łukasz 王",
        "subject": "Visa •••• 1111",
        "amount": None if kind is IntentKind.SAVE_CARD else gbp(31_240),
        "credit_card_id": "card",
    }
    return Intent(**(fields | changed))


def make_event(state: IntentState, **changed: Any) -> IntentEvent:
    """A step to `state` on the evidence usual for it."""
    fields: dict[str, Any] = {"state": state, "at_utc": NOW, "evidence": EVIDENCE[state]}
    return IntentEvent(**(fields | changed))


def make_record(intent: Intent | None = None, *states: IntentState) -> IntentRecord:
    """`intent` drafted, then moved through `states`."""
    story = (IntentState.DRAFTED, *states)
    return IntentRecord(intent or make_intent(), tuple(make_event(state) for state in story))


def make_payment(number: int = 1, **changed: Any) -> Payment:
    """A charged card payment of £312.40 by guest-1."""
    amount = changed.get("amount", gbp(31_240))
    fields: dict[str, Any] = {
        "id": f"payment-{number}",
        "customer_id": "guest-1",
        "amount": amount,
        "original_amount": amount,
        "state": PaymentState.CHARGED,
        "kind": PaymentKind.PAYMENT,
        "method": PaymentMethod.CREDIT_CARD,
        "credit_card_id": "card",
        "bill_id": None,
        "reservation_id": None,
        "tender": "",
        "external_identifier": "",
        "notes": "",
        "origin": "",
        "created_utc": NOW + timedelta(seconds=2),
        "charged_utc": NOW + timedelta(seconds=3),
        "open_on_bill": True,
    }
    return Payment(**(fields | changed))


def make_card(number: int = 1, **changed: Any) -> CreditCard:
    """A gateway card of guest-1, good until the end of April 2028."""
    fields: dict[str, Any] = {
        "id": f"card-{number}",
        "customer_id": "guest-1",
        "brand": "Visa",
        "obfuscated_number": "411111******1111",
        "expiry": Expiry(2028, 4),
        "enabled": True,
        "active": True,
        "kind": CardKind.GATEWAY,
        "format": CardFormat.PHYSICAL,
        "created_utc": NOW,
    }
    return CreditCard(**(fields | changed))
