"""What a receipt says, and when one may be given: only of money whose end is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from deskpay.domain.errors import NotAllowed
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money


class ReceiptKind(Enum):
    """What it proves; the three never look alike."""

    CHARGED = "charged"
    RECORDED = "recorded"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt.

    Args:
        kind: what it proves.
        amount: positive.
        card: brand and last four; empty where no card was used.
        tender: code of the external type or of the method; empty for cards.
        saved_card: True where a card on file was charged.
        at_utc: when the money moved, or was written down.
        guest: name.
        room: room name; empty where there is none.
        confirmation: number of the stay; empty where there is none.
        reference: ours.
        payment_id: the property system's.
        served_by: who did it.
        still_open: what is open on the guest's account now; None where that was not read.
    """

    kind: ReceiptKind
    amount: Money
    card: str
    tender: str
    saved_card: bool
    at_utc: datetime
    guest: str
    room: str
    confirmation: str
    reference: str
    payment_id: str
    served_by: str
    still_open: Money | None = None


_KINDS = {
    IntentKind.REFUND: ReceiptKind.REFUNDED,
    IntentKind.RECORD_CARD: ReceiptKind.RECORDED,
    IntentKind.RECORD_EXTERNAL: ReceiptKind.RECORDED,
}


def has_receipt(record: IntentRecord) -> bool:
    """Tell whether a receipt may be given: the money's end is known, and it moved.

    A charge that is pending or being verified may still fail, and one that people decided about proves nothing.
    """
    return record.state is IntentState.CONFIRMED and record.intent.amount is not None


def receipt_of(record: IntentRecord, room: str, confirmation: str, still_open: Money | None = None) -> Receipt:
    """Return the receipt of an act.

    Args:
        record: the act.
        room: room name; empty where there is none.
        confirmation: number of the stay; empty where there is none.
        still_open: what is open on the guest's account now.

    Raises:
        NotAllowed: its end is not known, or it moved nothing.
    """
    intent = record.intent
    if not has_receipt(record) or intent.amount is None:
        raise NotAllowed("a receipt waits until the money's end is known")
    by_card = "•" in intent.subject
    return Receipt(
        kind=_KINDS.get(intent.kind, ReceiptKind.CHARGED),
        amount=intent.amount,
        card=intent.subject if by_card else "",
        tender="" if by_card else intent.tender or intent.subject,
        saved_card=intent.kind is IntentKind.CHARGE,
        at_utc=record.sent_utc or intent.drafted_utc,
        guest=intent.customer_name,
        room=room,
        confirmation=confirmation,
        reference=intent.reference,
        payment_id=record.outcome_id or "",
        served_by=intent.operator,
        still_open=still_open,
    )
