"""Intents: one decision to move or write down money, and the only ways its story may go.

::

    DRAFTED -> SENDING -> ACCEPTED -> CONFIRMED | DECLINED
       |          |-> NOT_SENT   proof: no byte was written
       |          |-> REJECTED   answered before execution
       |          |-> DECLINED   refused, and a look found no live payment
       |          `-> UNKNOWN -> ACCEPTED | CONFIRMED | DECLINED | RESOLVED
       `-> ABANDONED

What an acquirer takes is written down in the hotel's books as a second step of the same intent::

    ACCEPTED -> TAKEN <-> RECORDING -> CONFIRMED
                  `-----------`-----> RESOLVED

What an acquirer gives back, a person writes into the books: TAKEN -> RESOLVED.

An intent is never changed: its story is a list of events, and its state is where the last one led. UNKNOWN may follow
UNKNOWN, and RECORDING may follow RECORDING: each look that settled nothing is an event too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from deskpay.domain.card import Expiry
from deskpay.domain.money import Money
from deskpay.domain.payment_request import LinkTerms


class IntentKind(Enum):
    """What the clerk decided."""

    CHARGE = "charge"
    REFUND = "refund"
    RECORD_CARD = "record_card"
    RECORD_EXTERNAL = "record_external"
    SAVE_CARD = "save_card"
    PAY_LINK = "pay_link"
    ALTERNATIVE = "alternative"
    TERMINAL = "terminal"
    ACQUIRER_CHARGE = "acquirer_charge"

    @property
    def in_two_steps(self) -> bool:
        """True where the money is taken by somebody else than the property system and then written down there."""
        return self is IntentKind.ACQUIRER_CHARGE

    @property
    def asks_guest(self) -> bool:
        """True where the guest pays by an act of their own, so that nothing is taken by the request itself."""
        return self in {IntentKind.PAY_LINK, IntentKind.ALTERNATIVE, IntentKind.TERMINAL}


class IntentState(Enum):
    """Where an intent stands."""

    DRAFTED = "drafted"
    SENDING = "sending"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    NOT_SENT = "not_sent"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    RESOLVED = "resolved"
    ABANDONED = "abandoned"
    TAKEN = "taken"
    RECORDING = "recording"

    @property
    def took_unrecorded(self) -> bool:
        """True when money was taken and is not known to be in the hotel's books yet."""
        return self is IntentState.TAKEN or self is IntentState.RECORDING

    @property
    def final(self) -> bool:
        """True when nothing can follow."""
        return not LEGAL_MOVES[self]


LEGAL_MOVES: Mapping[IntentState, frozenset[IntentState]] = MappingProxyType(
    {
        IntentState.DRAFTED: frozenset({IntentState.SENDING, IntentState.ABANDONED}),
        IntentState.SENDING: frozenset(
            {
                IntentState.ACCEPTED,
                IntentState.NOT_SENT,
                IntentState.REJECTED,
                IntentState.DECLINED,
                IntentState.UNKNOWN,
            }
        ),
        IntentState.ACCEPTED: frozenset({IntentState.CONFIRMED, IntentState.DECLINED, IntentState.TAKEN}),
        IntentState.UNKNOWN: frozenset(
            {
                IntentState.UNKNOWN,
                IntentState.ACCEPTED,
                IntentState.CONFIRMED,
                IntentState.DECLINED,
                IntentState.RESOLVED,
            }
        ),
        IntentState.TAKEN: frozenset({IntentState.RECORDING, IntentState.RESOLVED}),
        IntentState.RECORDING: frozenset(
            {IntentState.RECORDING, IntentState.TAKEN, IntentState.CONFIRMED, IntentState.RESOLVED}
        ),
        IntentState.CONFIRMED: frozenset(),
        IntentState.DECLINED: frozenset(),
        IntentState.NOT_SENT: frozenset(),
        IntentState.REJECTED: frozenset(),
        IntentState.RESOLVED: frozenset(),
        IntentState.ABANDONED: frozenset(),
    }
)


class Evidence(Enum):
    """What a move rests on."""

    DECIDED = "decided"
    ABOUT_TO_SEND = "about_to_send"
    NOTHING_LEFT = "nothing_left"
    ANSWERED = "answered"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    RESTARTED = "restarted"
    FOUND = "found"
    NOT_FOUND = "not_found"
    SEVERAL_FOUND = "several_found"
    COULD_NOT_LOOK = "could_not_look"
    READ_BACK = "read_back"
    PERSON = "person"


class IllegalMoveError(AssertionError):
    """An intent was moved where it may not go: stop rather than continue wrongly."""


@dataclass(frozen=True, slots=True)
class CardSlip:
    """What is written down from a terminal's slip; never a full number.

    Args:
        brand: the property system's word, such as ``Visa``.
        last_four: four digits, or empty when not on the slip.
        holder: name on the card.
        expiry: None when not on the slip.
    """

    brand: str
    last_four: str
    holder: str
    expiry: Expiry | None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"(?:[0-9]{4})?", self.last_four):
            raise ValueError("a slip keeps the last four digits and no more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One decision, complete before anything is sent.

    Args:
        id: unique, made here.
        reference: ``DP-…``, carried to the property system.
        kind: what was decided.
        enterprise_id: the hotel.
        desk_id: the workstation.
        operator: who decided.
        drafted_utc: when, by the property system's clock as far as it is known.
        customer_id: whose money.
        customer_name: for people reading the journal.
        subject: what it concerns in words, such as ``Visa •••• 1111``.
        amount: positive; None only for saving a card.
        credit_card_id: card to charge, of the vault that the kind of the act belongs to.
        reservation_id: stay that it belongs to.
        bill_id: bill to record on.
        payment_id: payment to refund.
        accounting_category_id: category to book under.
        tender: code of the external type, or of the alternative method.
        external_identifier: number of a slip, a voucher or a receipt block; of the acquirer's payment that a refund
            there gives back.
        slip: for a recorded card payment, and what is known of the card that an acquirer charges.
        link: for a request to pay.
        terminal_id: terminal that is to take the payment.
        note: the clerk's words.
        reason: why money is given back, or why a repeat is meant.
        repeat_of: ids of the payments and requests that it looked like, and that a person saw and went on.
        baseline: ids of the payments (or cards, or requests to pay) that existed before; what is found later is none of
            these.
    """

    id: str
    reference: str
    kind: IntentKind
    enterprise_id: str
    desk_id: str
    operator: str
    drafted_utc: datetime
    customer_id: str
    customer_name: str
    subject: str
    amount: Money | None
    credit_card_id: str | None = None
    reservation_id: str | None = None
    bill_id: str | None = None
    payment_id: str | None = None
    accounting_category_id: str | None = None
    tender: str = ""
    external_identifier: str = ""
    slip: CardSlip | None = None
    link: LinkTerms | None = None
    terminal_id: str | None = None
    note: str = ""
    reason: str = ""
    repeat_of: frozenset[str] = frozenset()
    baseline: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if (self.amount is None) != (self.kind is IntentKind.SAVE_CARD):
            raise ValueError("only saving a card moves no money")
        if self.amount is not None and not self.amount.positive:
            raise ValueError("an intent moves a positive amount")

    @property
    def in_two_steps(self) -> bool:
        """True where the money moves at an acquirer and comes into the hotel's books then, for a refund by a person."""
        return self.kind.in_two_steps or (self.kind is IntentKind.REFUND and bool(self.external_identifier))

    @property
    def claim(self) -> str:
        """What no second unresolved intent may hold at the same time: the guest's money, or the guest's cards."""
        held = "cards" if self.kind is IntentKind.SAVE_CARD else "money"
        return f"{held}:{self.customer_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentEvent:
    """One step of an intent's story.

    Args:
        state: where it led.
        at_utc: when.
        evidence: what it rests on.
        outcome_id: id that the property system gave: a payment, a refund or a card.
        request_id: the property system's id of the request.
        message: the property system's own sentence, or a person's reason; plain text.
        people: who decided, where people did.
    """

    state: IntentState
    at_utc: datetime
    evidence: Evidence
    outcome_id: str | None = None
    request_id: str | None = None
    message: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntentRecord:
    """An intent and its story so far.

    Args:
        intent: the decision.
        events: the story, oldest first, never empty.
    """

    intent: Intent
    events: tuple[IntentEvent, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.events or self.events[0].state is not IntentState.DRAFTED:
            raise IllegalMoveError("a story begins with a draft")
        for before, after in zip(self.events, self.events[1:], strict=False):
            if after.state not in LEGAL_MOVES[before.state]:
                raise IllegalMoveError(f"{before.state.value} does not lead to {after.state.value}")
            self._check_steps(before.state, after.state)

    def _check_steps(self, before: IntentState, after: IntentState) -> None:
        """Refuse a second step where there is none, and an end without it where there is one."""
        if after.took_unrecorded and not self.intent.in_two_steps:
            raise IllegalMoveError(f"{self.intent.kind.value} is done in one step")
        if after is IntentState.CONFIRMED and self.intent.in_two_steps and not before.took_unrecorded:
            raise IllegalMoveError(f"{self.intent.kind.value} ends when it is written down")

    @classmethod
    def begun(cls, intent: Intent, at_utc: datetime, people: tuple[str, ...] = ()) -> IntentRecord:
        """Return the record of a decision that was just made, by `people` where one might not alone."""
        drafted = IntentState.DRAFTED
        return cls(intent, (IntentEvent(state=drafted, at_utc=at_utc, evidence=Evidence.DECIDED, people=people),))

    @property
    def state(self) -> IntentState:
        """Where the intent stands."""
        return self.events[-1].state

    @property
    def outcome_id(self) -> str | None:
        """Id of the payment, refund or card that came of it, the latest told."""
        return next((event.outcome_id for event in reversed(self.events) if event.outcome_id is not None), None)

    @property
    def charge_id(self) -> str | None:
        """Id of the acquirer's charge, told before anything was sent that could take money; None elsewhere."""
        return next((event.outcome_id for event in self.events if event.outcome_id is not None), None)

    @property
    def taken_id(self) -> str | None:
        """Id of what an acquirer took or gave back, None before and elsewhere."""
        taken = (event.outcome_id for event in self.events if event.state is IntentState.TAKEN)
        return next((outcome_id for outcome_id in taken if outcome_id is not None), None)

    @property
    def message(self) -> str:
        """The latest sentence told by the property system."""
        return next((event.message for event in reversed(self.events) if event.message), "")

    @property
    def request_id(self) -> str | None:
        """The latest Request-Id, for support."""
        return next((event.request_id for event in reversed(self.events) if event.request_id is not None), None)

    @property
    def sent_utc(self) -> datetime | None:
        """When sending began, None before."""
        return next((event.at_utc for event in self.events if event.state is IntentState.SENDING), None)

    @property
    def awaits_answer(self) -> bool:
        """True from the draft until an answer or its loss is on record, and as long as an entry is being written."""
        writing = self.state is IntentState.RECORDING and self.events[-1].evidence is Evidence.ABOUT_TO_SEND
        return writing or self.state in {IntentState.DRAFTED, IntentState.SENDING}

    @property
    def owes_entry(self) -> bool:
        """True while the guest's money was taken by an acquirer and the books are not known to show it."""
        return self.intent.kind.in_two_steps and self.state.took_unrecorded

    @property
    def holds_claim(self) -> bool:
        """True while no second act of the same kind may begin for this guest.

        A refund that was accepted has an id and counts in what is left to refund, so it blocks nothing while it lands.
        A guest who was asked to pay may take days or never do it: that warns before other acts and blocks none. Money
        that was taken and waits to be written down warns before other acts too.
        """
        patient = self.intent.kind is IntentKind.REFUND or self.intent.kind.asks_guest
        known = self.state.final or self.state.took_unrecorded
        return not (known or (patient and self.state is IntentState.ACCEPTED))

    def moved(self, event: IntentEvent) -> IntentRecord:
        """Return the record with `event` added.

        Raises:
            IllegalMoveError: the state may not follow.
        """
        return replace(self, events=(*self.events, event))
