"""Looking in the hotel's books for what became of an act: never sending, only reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from deskpay.domain.adoption import (
    Sight,
    Verdict,
    card_candidates,
    find_card,
    find_payment,
    find_recorded,
    payment_candidates,
)
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import Payment, PaymentState
from deskpay.services.ports import HotelRecords

SKEW = timedelta(minutes=10)
"""How far the property system's clock may be from what we believe; both ends of a search reach that much further."""

REACH = timedelta(hours=24)
"""How long after sending a payment can still be its effect; one that fits and was made later is another one."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The end of an accepted act.

    Args:
        state: CONFIRMED or DECLINED.
        outcome_id: the payment, refund or card.
    """

    state: IntentState
    outcome_id: str


class LookUp:
    """Reads the hotel's books about one intent.

    Args:
        records: the books.
    """

    def __init__(self, records: HotelRecords) -> None:
        self._records = records

    async def verdict(self, record: IntentRecord) -> Verdict:
        """Return what the books hold of an act without an answer.

        Raises:
            HotelUnavailable: they could not be read whole; that is no proof of anything.
            Refused: they may not be read now.
        """
        return (await self.sight(record)).verdict

    async def sight(self, record: IntentRecord) -> Sight:
        """Return the verdict with the rows that a person may choose from. Raises as `verdict`."""
        intent = record.intent
        if intent.kind is IntentKind.SAVE_CARD:
            cards = await self._records.credit_cards(intent.customer_id)
            return Sight(find_card(intent, cards), card_candidates(intent, cards))
        payments = await self._payments_since(record)
        return Sight(find_payment(intent, payments), payment_candidates(intent, payments))

    async def settled(self, record: IntentRecord) -> Settled | None:
        """Return the end of an accepted act, None while it has none.

        Raises:
            HotelUnavailable: the books could not be read.
            Refused: they may not be read now.
        """
        intent, outcome_id = record.intent, record.outcome_id
        if outcome_id is None:
            raise AssertionError("an accepted intent has an outcome id")
        if intent.kind is IntentKind.SAVE_CARD:
            cards = await self._records.credit_cards(intent.customer_id)
            return Settled(IntentState.CONFIRMED, outcome_id) if any(card.id == outcome_id for card in cards) else None
        if intent.kind is IntentKind.RECORD_CARD:
            recorded = find_recorded(intent, outcome_id, await self._payments_since(record))
            return _end_of(recorded) if recorded is not None else None
        found = await self._records.payments_by_id([outcome_id])
        return _end_of(found[0]) if len(found) == 1 else None

    async def _payments_since(self, record: IntentRecord) -> list[Payment]:
        since = record.sent_utc or record.intent.drafted_utc
        # Right after a start the time is this computer's guess: too early a guess must not cut off what was sent.
        until = min(max(self._records.server_now(), since), since + REACH)
        return await self._records.payments(
            [record.intent.customer_id], created_from_utc=since - SKEW, created_to_utc=until + SKEW
        )


def _end_of(payment: Payment) -> Settled | None:
    if payment.state is PaymentState.CHARGED:
        return Settled(IntentState.CONFIRMED, payment.id)
    return None if payment.state.live else Settled(IntentState.DECLINED, payment.id)
