"""Which of our refunds count against a payment."""

from __future__ import annotations

from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.domain.payment import OwnRefund

_DID_NOTHING = frozenset({IntentState.DECLINED, IntentState.NOT_SENT, IntentState.REJECTED, IntentState.ABANDONED})


def own_refund(record: IntentRecord) -> OwnRefund | None:
    """Return the refund that `record` made or may have made, None when it gave nothing back."""
    intent, refund_id = record.intent, record.outcome_id
    # Two people resolve an unknown refund: with the row they found, or without one when it did nothing.
    nothing_given = record.state in _DID_NOTHING or (record.state is IntentState.RESOLVED and refund_id is None)
    if nothing_given or intent.payment_id is None or intent.amount is None:
        return None
    return OwnRefund(intent.payment_id, refund_id, intent.amount)
