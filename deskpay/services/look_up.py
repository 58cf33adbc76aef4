"""Looking in the hotel's books for what became of an act: never sending, only reading."""

from __future__ import annotations

from datetime import timedelta

from deskpay.domain.adoption import (
    Sight,
    Verdict,
    card_candidates,
    find_card,
    find_payment,
    find_recorded,
    find_request,
    find_taken,
    payment_candidates,
    request_candidates,
)
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import Payment, PaymentState
from deskpay.domain.payment_request import PaymentRequestState
from deskpay.domain.terminal import CommandState
from deskpay.services.acquirer import Acquirer
from deskpay.services.acquirer_look import AcquirerLook
from deskpay.services.ports import HotelRecords
from deskpay.services.settled import Settled

SKEW = timedelta(minutes=10)
"""How far the property system's clock may be from what we believe; both ends of a search reach that much further."""

REACH = timedelta(hours=24)
"""How long after sending a payment can still be its effect; one that fits and was made later is another one."""


class LookUp:
    """Reads the hotel's books about one intent.

    Args:
        records: the books.
        acquirer: who charges cards of its own vault; None where the connection has none.
    """

    def __init__(self, records: HotelRecords, acquirer: Acquirer | None = None) -> None:
        self._records = records
        self._acquirer_look = AcquirerLook(acquirer, records.server_now)

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
        if intent.in_two_steps:
            return await self._acquirer_look.sight(record)
        if intent.kind is IntentKind.SAVE_CARD:
            cards = await self._records.credit_cards(intent.customer_id)
            return Sight(find_card(intent, cards), card_candidates(intent, cards))
        if intent.kind is IntentKind.PAY_LINK:
            requests = await self._records.payment_requests(intent.customer_id)
            return Sight(find_request(intent, requests), request_candidates(intent, requests))
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
        if intent.in_two_steps:
            return await self._acquirer_look.settled(record)
        if intent.kind is IntentKind.SAVE_CARD:
            cards = await self._records.credit_cards(intent.customer_id)
            return Settled(IntentState.CONFIRMED, outcome_id) if any(card.id == outcome_id for card in cards) else None
        if intent.kind is IntentKind.RECORD_CARD:
            recorded = find_recorded(intent, outcome_id, await self._payments_since(record))
            return _end_of(recorded) if recorded is not None else None
        if intent.kind is IntentKind.PAY_LINK:
            return await self._link_end(outcome_id)
        if intent.kind is IntentKind.TERMINAL:
            return await self._terminal_end(record, outcome_id)
        found = await self._records.payments_by_id([outcome_id])
        return _end_of(found[0]) if len(found) == 1 else None

    async def _link_end(self, request_id: str) -> Settled | None:
        """Return the end of a request to pay: paid, or over for good."""
        found = await self._records.payment_requests_by_id([request_id])
        if len(found) != 1 or found[0].state.open:
            return None
        state = found[0].state
        if state is PaymentRequestState.COMPLETED:
            return Settled(IntentState.CONFIRMED, request_id)
        return Settled(IntentState.DECLINED, request_id, state.value)

    async def _terminal_end(self, record: IntentRecord, command_id: str) -> Settled | None:
        """Return the end of an order to a terminal: its payment in the books, or none and the terminal's own word.

        That the terminal says it is done is no end before the payment is there, and that it failed is none while a
        payment lives that may be its own. Of several that fit, the oldest is taken for it.
        """
        commands = await self._records.commands([command_id])
        if len(commands) != 1 or commands[0].state is CommandState.UNDER_WAY:
            return None
        state = commands[0].state
        taken = [
            payment for payment in find_taken(record.intent, await self._payments_since(record)) if _lives(payment)
        ]
        if taken:
            return _end_of(taken[0])
        return None if state is CommandState.PROCESSED else Settled(IntentState.DECLINED, command_id, state.value)

    async def _payments_since(self, record: IntentRecord) -> list[Payment]:
        since = record.sent_utc or record.intent.drafted_utc
        # Right after a start the time is this computer's guess: too early a guess must not cut off what was sent.
        until = min(max(self._records.server_now(), since), since + REACH)
        return await self._records.payments(
            [record.intent.customer_id], created_from_utc=since - SKEW, created_to_utc=until + SKEW
        )


def _lives(payment: Payment) -> bool:
    return payment.state.live


def _end_of(payment: Payment) -> Settled | None:
    if payment.state is PaymentState.CHARGED:
        return Settled(IntentState.CONFIRMED, payment.id)
    return None if payment.state.live else Settled(IntentState.DECLINED, payment.id)
