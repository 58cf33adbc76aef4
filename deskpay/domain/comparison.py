"""Our journal beside the hotel's books, both ways, and beside what an acquirer says that it took.

What an acquirer takes comes into the books as a second step, so the two are never compared with each other: each is
compared with the journal, whose act names both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from deskpay.domain.acquirer import AcquirerPayment
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
    NOT_IN_BOOKS = "not_in_books"
    ACQUIRER_TOOK = "acquirer_took"
    ACQUIRER_TOOK_NOT = "acquirer_took_not"
    ACQUIRER_AMOUNT = "acquirer_amount"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One act or payment on which the two do not agree.

    Args:
        difference: how.
        ours: our act, None where the journal knows none.
        theirs: their payment, None where the books hold none.
        taken: the acquirer's payment, None where the difference is not one with the acquirer.
    """

    difference: Difference
    ours: IntentRecord | None
    theirs: Payment | None
    taken: AcquirerPayment | None = None


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
    """Tell whether the journal says that the act has a row in the books.

    Of what an acquirer moves it says so only once it was read there: what a person wrote into the books bears what
    they made of it.
    """
    if record.state is IntentState.CONFIRMED:
        return True
    said_done = record.state is IntentState.ACCEPTED or (
        record.state is IntentState.RESOLVED and record.outcome_id is not None
    )
    return said_done and not record.intent.in_two_steps


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
    if record.state.took_unrecorded:
        return Difference.NOT_IN_BOOKS if theirs is None else None
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


def compare_taken(
    acts: Iterable[IntentRecord], taken: Iterable[AcquirerPayment], in_span: Callable[[datetime], bool]
) -> tuple[Disagreement, ...]:
    """Return where the journal and an acquirer differ about what was taken.

    What was taken there without a reference of ours is another program's, and no matter of this journal.

    Args:
        acts: ours of the span and around it, of every kind and state.
        taken: what the acquirer took in the span and around it.
        in_span: tells whether a moment belongs to the span.
    """
    charges = {record.intent.reference: record for record in acts if record.intent.kind.in_two_steps}
    paid = {payment.id: payment for payment in taken if payment.paid}
    found = list[Disagreement]()
    for payment in paid.values():
        reference = next(iter(references_in(payment.description)), "")
        record = charges.get(reference)
        if not reference or not in_span(payment.created_utc):
            continue
        difference = Difference.UNKNOWN_HERE if record is None else _difference_there(record, payment)
        if difference is not None:
            found.append(Disagreement(difference, record, None, payment))
    found += [
        Disagreement(Difference.ACQUIRER_TOOK_NOT, record, None)
        for record in charges.values()
        if record.taken_id is not None and record.taken_id not in paid and in_span(_taken_at(record))
    ]
    return tuple(found)


def _difference_there(record: IntentRecord, payment: AcquirerPayment) -> Difference | None:
    another = record.taken_id is not None and record.taken_id != payment.id
    if another or record.state in _NOT_DONE:
        return Difference.ACQUIRER_TOOK
    return Difference.ACQUIRER_AMOUNT if payment.amount != record.intent.amount else None


def _taken_at(record: IntentRecord) -> datetime:
    return next(event.at_utc for event in record.events if event.state is IntentState.TAKEN)


def _references(payment: Payment) -> tuple[str, ...]:
    return references_in(payment.notes) + references_in(payment.external_identifier)
