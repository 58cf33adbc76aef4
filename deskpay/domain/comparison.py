"""Our journal beside the hotel's books, both ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import Payment
from deskpay.domain.reference import references_in


class Difference(Enum):
    """How the two disagree."""

    MISSING_THERE = "missing_there"
    UNKNOWN_HERE = "unknown_here"
    AMOUNT_DIFFERS = "amount_differs"
    FAILED_THERE = "failed_there"
    LIVES_THERE = "lives_there"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One act or payment on which the two do not agree.

    Args:
        difference: how.
        ours: our act, None where the journal knows none.
        theirs: their payment, None where the books hold none.
    """

    difference: Difference
    ours: IntentRecord | None
    theirs: Payment | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing.

    Args:
        agreed: how many acts of ours are in the books as the journal says.
        elsewhere: how many payments were made by other hands, which the journal need not know.
        disagreements: what does not agree.
    """

    agreed: int
    elsewhere: int
    disagreements: tuple[Disagreement, ...]


_NOT_DONE = frozenset({IntentState.DECLINED, IntentState.NOT_SENT, IntentState.REJECTED, IntentState.ABANDONED})


def moved_money(record: IntentRecord) -> bool:
    """Tell whether the journal says that the act has a row in the books."""
    said_done = record.state in {IntentState.ACCEPTED, IntentState.CONFIRMED}
    return said_done or (record.state is IntentState.RESOLVED and record.outcome_id is not None)


def compare(
    acts: Iterable[IntentRecord], payments: Iterable[Payment], further: Iterable[Payment], known: frozenset[str]
) -> Comparison:
    """Return where the journal and the books differ.

    Args:
        acts: ours of the span, of every kind and state.
        payments: theirs of the span.
        further: payments named by our acts that lie outside the span.
        known: references that the journal knows from outside the span.
    """
    in_span = list(payments)
    by_id = {payment.id: payment for payment in (*in_span, *further)}
    money = [record for record in acts if record.intent.amount is not None]
    references = {record.intent.reference for record in money} | known
    # The card row that a recorded slip makes names its payment, not the other way round.
    by_card = {payment.credit_card_id: payment for payment in by_id.values() if payment.credit_card_id}
    bearing = {reference: payment for payment in by_id.values() for reference in _references(payment)}
    agreed, matched, found = 0, set[str](), list[Disagreement]()
    for record in money:
        theirs = by_id.get(record.outcome_id or "") or bearing.get(record.intent.reference)
        if theirs is None and record.intent.kind is IntentKind.RECORD_CARD:
            theirs = by_card.get(record.outcome_id or "")
        if theirs is not None:
            matched.add(theirs.id)
        difference = _difference(record, theirs)
        if difference is not None:
            found.append(Disagreement(difference, record, theirs))
        elif moved_money(record):
            agreed += 1
    strangers = [payment for payment in in_span if payment.id not in matched]
    lost = [payment for payment in strangers if not references.issuperset(_references(payment))]
    found += [Disagreement(Difference.UNKNOWN_HERE, None, payment) for payment in lost]
    return Comparison(agreed, len(strangers) - len(lost), tuple(found))


def _difference(record: IntentRecord, theirs: Payment | None) -> Difference | None:
    if not moved_money(record):
        lives = theirs is not None and theirs.state.live and record.state in _NOT_DONE
        return Difference.LIVES_THERE if lives else None
    if theirs is None:
        return Difference.MISSING_THERE
    if record.state is not IntentState.ACCEPTED and not theirs.state.live:
        return Difference.FAILED_THERE
    amount = record.intent.amount
    if amount is not None and abs(theirs.original_amount) != amount:
        return Difference.AMOUNT_DIFFERS
    return None


def _references(payment: Payment) -> tuple[str, ...]:
    return references_in(payment.notes) + references_in(payment.external_identifier)
