"""Which payment in the hotel's books is the one that a lost answer was about.

A match must be new since the baseline, of the right kind, account, card and amount, and where the property system
carries our reference back it must bear it. One match is adopted. Several, one that bears no reference where it should,
or one that bears it and is not what was asked for (a surcharge, another currency) are for a person to judge: a wrong
adoption hides a charge, and "not found" invites a second one, both worse than a question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from deskpay.domain.acquirer import AcquirerCharge, AcquirerRefund, RefundState
from deskpay.domain.card import CardKind, CreditCard
from deskpay.domain.intent import Intent, IntentKind
from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod
from deskpay.domain.payment_request import PaymentRequest
from deskpay.domain.reference import references_in

_OWN_ORIGINS = frozenset({"", "Api"})
"""What a payment of ours may tell of where it was made. Source: Mews Connector API, payments, "Payment origin"."""


_TERMINAL = "Terminal"
"""What a payment of a terminal tells of where it was made, in the same table."""


class Finding(Enum):
    """What a look came to."""

    NOTHING = "nothing"
    ONE = "one"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look came to, with the row where there is exactly one.

    Args:
        finding: nothing, one, or unclear.
        payment: the row adopted; None for cards and requests.
        credit_card_id: the card adopted; None for payments and requests.
        request: the request to pay adopted; None for payments and cards.
        charge: the acquirer's charge; None for everything else.
        refund: the acquirer's refund; None for everything else.
    """

    finding: Finding
    payment: Payment | None = None
    credit_card_id: str | None = None
    request: PaymentRequest | None = None
    charge: AcquirerCharge | None = None
    refund: AcquirerRefund | None = None

    @property
    def outcome_id(self) -> str | None:
        """Id of the row: payment, request, charge, refund or card."""
        row = self.payment or self.request or self.charge or self.refund
        return row.id if row is not None else self.credit_card_id

    @property
    def lives(self) -> bool:
        """False where the row is a payment or a charge that took no money and will not."""
        if self.charge is not None:
            return not self.charge.over
        if self.refund is not None:
            return self.refund.state is not RefundState.FAILED
        return self.payment is None or self.payment.state.live


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry of the books that a person may take for the one sought.

    Args:
        id: of the payment, refund, card or request.
        ours: True where it bears our reference, so that nobody may take it for something else.
        payment: the row, for payments.
        card: the row, for cards.
        request: the row, for requests to pay.
    """

    id: str
    ours: bool
    payment: Payment | None = None
    card: CreditCard | None = None
    request: PaymentRequest | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at the books shows of an intent.

    Args:
        verdict: what it comes to.
        candidates: what a person may choose from, newest first.
    """

    verdict: Verdict
    candidates: tuple[Candidate, ...]

    @classmethod
    def nothing(cls) -> Sight:
        """Return the sight of books that show nothing of it."""
        return cls(Verdict(Finding.NOTHING), ())


def payment_candidates(intent: Intent, payments: Iterable[Payment]) -> tuple[Candidate, ...]:
    """Return the new living rows that bear our reference, or that fit and bear nobody else's.

    A row that failed took no money, so it is nothing to choose. A refund may bear the reference of what it gives back.
    """
    rows = [payment for payment in _new(intent, payments) if payment.state.live]
    return tuple(
        Candidate(payment.id, _bears(intent.reference, payment), payment=payment)
        for payment in sorted(rows, key=lambda payment: payment.created_utc, reverse=True)
        if _bears(intent.reference, payment)
        or (_fits(intent, payment) and (intent.kind is IntentKind.REFUND or not references_in(payment.notes)))
    )


def card_candidates(intent: Intent, cards: Iterable[CreditCard]) -> tuple[Candidate, ...]:
    """Return the new active cards; they carry no reference."""
    return tuple(Candidate(card.id, ours=False, card=card) for card in _new_cards(intent, cards))


def find_payment(intent: Intent, payments: Iterable[Payment]) -> Verdict:
    """Judge `payments`, all that the guest's account has since the intent was drafted."""
    new = _new(intent, payments)
    fitting = [payment for payment in new if _fits(intent, payment)]
    bearing = [payment for payment in new if _bears(intent.reference, payment)]
    if bearing:
        return _only(bearing) if bearing[0] in fitting else Verdict(Finding.UNCLEAR)
    if intent.kind in {IntentKind.REFUND, IntentKind.ALTERNATIVE}:
        return Verdict(Finding.UNCLEAR) if any(_from_elsewhere(intent, p) for p in fitting) else _only(fitting)
    # One that failed took no money, whoever made it.
    strangers = [payment for payment in fitting if payment.state.live and not references_in(payment.notes)]
    return Verdict(Finding.UNCLEAR) if strangers else Verdict(Finding.NOTHING)


def find_recorded(intent: Intent, outcome_id: str, payments: Iterable[Payment]) -> Payment | None:
    """Return the row of a recorded card payment, None while it cannot be told.

    Args:
        intent: of kind RECORD_CARD.
        outcome_id: the card row that the answer named, or the payment once it was found.
        payments: as for `find_payment`. Other payments may name the same card row.

    Source: Mews Connector API, payments/addCreditCard: the answer names a card, not the payment.
    """
    named = [
        payment
        for payment in _new(intent, payments)
        if outcome_id in {payment.id, payment.credit_card_id} and not _of_another(intent, payment)
    ]
    if len(named) > 1:
        named = [payment for payment in named if _bears(intent.reference, payment)]
    return named[0] if len(named) == 1 else None


def find_card(intent: Intent, cards: Iterable[CreditCard]) -> Verdict:
    """Judge `cards`, all that the guest has: a new active one is the one that was saved.

    A terminal's row is none: it comes with a payment that was written down meanwhile.
    """
    new = _new_cards(intent, cards)
    if len(new) == 1:
        return Verdict(Finding.ONE, credit_card_id=new[0].id)
    return Verdict(Finding.UNCLEAR if new else Finding.NOTHING)


def find_request(intent: Intent, requests: Iterable[PaymentRequest]) -> Verdict:
    """Judge `requests`, all that the guest was ever asked for: the new one that bears our reference is the one.

    Source: Mews Connector API, paymentRequests: the notes that were given come back.
    """
    new = _new_requests(intent, requests)
    bearing = [request for request in new if intent.reference in references_in(request.notes)]
    if len(bearing) == 1 and bearing[0].amount == intent.amount:
        return Verdict(Finding.ONE, request=bearing[0])
    strangers = [r for r in new if r.amount == intent.amount and r.state.open and not references_in(r.notes)]
    return Verdict(Finding.UNCLEAR if bearing or strangers else Finding.NOTHING)


def request_candidates(intent: Intent, requests: Iterable[PaymentRequest]) -> tuple[Candidate, ...]:
    """Return the new requests that bear our reference, or that are open, ask for as much and bear nobody else's."""
    return tuple(
        Candidate(request.id, ours=intent.reference in references_in(request.notes), request=request)
        for request in _new_requests(intent, requests)
        if intent.reference in references_in(request.notes)
        or (request.state.open and request.amount == intent.amount and not references_in(request.notes))
    )


def find_charge(charge: AcquirerCharge) -> Verdict:
    """Judge the acquirer's charge of an intent: as long as no card has come to it, its sending may be under way."""
    return Verdict(Finding.NOTHING if charge.untouched else Finding.ONE, charge=charge)


def find_given_back(intent: Intent, refunds: Iterable[AcquirerRefund]) -> Verdict:
    """Judge which of the refunds of a payment at its acquirer is the intent's: the one that bears its reference."""
    ours = [refund for refund in refunds if intent.reference in references_in(refund.note)]
    if len(ours) > 1:
        return Verdict(Finding.UNCLEAR)
    return Verdict(Finding.ONE, refund=ours[0]) if ours else Verdict(Finding.NOTHING)


def find_written_down(intent: Intent, payments: Iterable[Payment]) -> Verdict:
    """Judge whether money that an acquirer took stands in `payments`, as for any card slip or external payment.

    An entry that was taken back is none.
    """
    kind = IntentKind.RECORD_EXTERNAL if intent.tender else IntentKind.RECORD_CARD
    return find_payment(replace(intent, kind=kind), [payment for payment in payments if payment.state.live])


def find_taken(intent: Intent, payments: Iterable[Payment]) -> tuple[Payment, ...]:
    """Return the payments that a terminal may have taken for `intent`, oldest first; terminals carry no reference."""
    fitting = [p for p in _new(intent, payments) if _fits(intent, p) and not _of_another(intent, p)]
    return tuple(sorted(fitting, key=lambda payment: payment.created_utc))


def _new_requests(intent: Intent, requests: Iterable[PaymentRequest]) -> list[PaymentRequest]:
    return [r for r in requests if r.id not in intent.baseline and r.customer_id == intent.customer_id]


def _new_cards(intent: Intent, cards: Iterable[CreditCard]) -> list[CreditCard]:
    return [
        card for card in cards if card.id not in intent.baseline and card.active and card.kind is not CardKind.TERMINAL
    ]


def _only(matches: list[Payment]) -> Verdict:
    if len(matches) == 1:
        return Verdict(Finding.ONE, matches[0])
    return Verdict(Finding.UNCLEAR if matches else Finding.NOTHING)


def _bears(reference: str, payment: Payment) -> bool:
    return reference in references_in(payment.notes) or reference in references_in(payment.external_identifier)


def _of_another(intent: Intent, payment: Payment) -> bool:
    """Tell whether `payment` bears a reference, and not the intent's."""
    return bool(references_in(payment.notes)) and not _bears(intent.reference, payment)


def _new(intent: Intent, payments: Iterable[Payment]) -> list[Payment]:
    return [
        payment
        for payment in payments
        if payment.id not in intent.baseline and payment.customer_id == intent.customer_id
    ]


def _from_elsewhere(intent: Intent, refund: Payment) -> bool:
    """Tell whether a refund that fits tells of another card, another act, or another way than through the API.

    Whether a refund shows its reason, or the note of what it gives back, the API's documents do not say.
    """
    other_card = intent.credit_card_id and refund.credit_card_id not in {None, intent.credit_card_id}
    return bool(other_card) or _of_another(intent, refund) or refund.origin not in _OWN_ORIGINS


def _fits(intent: Intent, payment: Payment) -> bool:
    if intent.amount is None:
        raise AssertionError("saving a card makes no payment")
    if intent.kind is IntentKind.REFUND:
        return payment.kind is PaymentKind.REFUND and payment.original_amount == -intent.amount
    if payment.original_amount != intent.amount:
        return False
    if intent.kind is IntentKind.CHARGE:
        return payment.method is PaymentMethod.CREDIT_CARD and payment.credit_card_id == intent.credit_card_id
    if intent.kind is IntentKind.RECORD_CARD:
        return payment.method is PaymentMethod.CREDIT_CARD
    if intent.kind is IntentKind.ALTERNATIVE:
        return payment.method is PaymentMethod.ALTERNATIVE
    if intent.kind is IntentKind.TERMINAL:
        return payment.method is PaymentMethod.CREDIT_CARD and payment.origin in {"", _TERMINAL}
    return payment.method in {PaymentMethod.EXTERNAL, PaymentMethod.CASH, PaymentMethod.INVOICE}
