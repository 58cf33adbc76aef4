"""The watch: compares every request, every commit and every end with what the simulated hotel really did.

It keeps its own notion of what is unresolved, so that a rule of DeskPay that is broken does not break its judge too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from deskpay.domain.acquirer import ChargeState, RefundState
from deskpay.domain.intent import Intent, IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod
from deskpay.simulation.acquirer import SimulatedAcquirer
from deskpay.simulation.hotel import ROBOT, SimulatedHotel

DOUBLE, LOST, WRONG = "double_charges", "lost_intents", "wrong_outcomes"

DID_NOTHING = frozenset({IntentState.DECLINED, IntentState.NOT_SENT, IntentState.REJECTED, IntentState.ABANDONED})
_ENDED = DID_NOTHING | {IntentState.CONFIRMED, IntentState.RESOLVED}
_PATIENT = frozenset({IntentKind.REFUND, IntentKind.PAY_LINK, IntentKind.ALTERNATIVE, IntentKind.TERMINAL})
_UNRECORDED = frozenset({IntentState.TAKEN, IntentState.RECORDING})
_UNANSWERED = frozenset({IntentState.DRAFTED, IntentState.SENDING})


@dataclass(eq=False)
class Goal:
    """What a clerk wants once, however often it is clicked and tried.

    Args:
        kind: of the act.
        meant: a repeat was meant, with a reason.
        references: of the forms that were used for it.
    """

    kind: IntentKind
    meant: bool
    references: list[str] = field(default_factory=list)


def unresolved(record: IntentRecord) -> bool:
    """Tell whether the act keeps its guest waiting.

    An accepted refund, which has an id and counts, does not, nor does what waits for the guest to pay, nor what was
    taken and is to be written down.
    """
    accepted = record.intent.kind in _PATIENT and record.state is IntentState.ACCEPTED
    return record.state not in _ENDED | _UNRECORDED and not accepted


def _is_entry(record: IntentRecord | None, intent: Intent) -> bool:
    """Tell whether an act writes down what an acquirer took, which has the same intent and is another request."""
    return record is not None and record.intent.kind is not intent.kind


class Watch:
    """Sees everything and says what must not be.

    Attributes:
        violations: kind and sentence of each, in order.
        records: what stands in the journal, by intent id.
        requests: how many requests left, by reference.
        mistaken: refunds that took another program's for theirs, which nothing tells apart.
        trace: what happened, where it is kept.
    """

    def __init__(self, *, traced: bool) -> None:
        self.violations: list[tuple[str, str]] = []
        self.records: dict[str, IntentRecord] = {}
        self.requests: Counter[str] = Counter()
        self.mistaken: set[str] = set()
        self.trace: list[str] | None = [] if traced else None
        self.hotel: SimulatedHotel
        self.acquirer: SimulatedAcquirer
        self._effects: Counter[str] = Counter()
        self._holders: dict[tuple[bool, str], str] = {}
        self._refunded: Counter[str] = Counter()

    def note(self, happened: str) -> None:
        """Keep a line of the trace; the caller asks `trace` first where making the line takes time."""
        if self.trace is not None:
            self.trace.append(f"{self.hotel.now():%d %H:%M:%S.%f} {happened}")

    def violated(self, kind: str, sentence: str) -> None:
        """Take note of what must not be."""
        self.violations.append((kind, sentence))
        self.note(f"VIOLATION ({kind}): {sentence}")

    def request(self, intent: Intent) -> None:
        """See a request on its way."""
        reference = intent.reference
        if self.trace is not None:
            amount = "" if intent.amount is None else f" {intent.amount.minor}"
            self.note(f"{intent.desk_id} sends {intent.kind.value}{amount} {reference}")
        record = self.records.get(intent.id)
        second = _is_entry(record, intent)
        self.requests[reference] += not second  # an entry may be sent anew; that it stands there once is what counts
        if self.requests[reference] > 1:
            self.violated(DOUBLE, f"{reference} was sent twice")
        if record is None or record.state is not (IntentState.RECORDING if second else IntentState.SENDING):
            self.violated(LOST, f"{reference} was sent before its sending was on record")

    def effect(self, intent: Intent) -> None:
        """See the hotel carry out an act."""
        reference = intent.reference
        if self.trace is not None:
            self.note(f"hotel carries out {reference}")
        record = self.records.get(intent.id)
        if _is_entry(record, intent):
            if self._entries_of(reference):
                self.violated(DOUBLE, f"{reference} was written down twice")
            return
        self._effects[reference] += 1
        if self._effects[reference] > 1:
            self.violated(DOUBLE, f"{reference} was carried out twice")
        if record is not None and record.state in DID_NOTHING:
            self.violated(WRONG, f"{reference} was carried out and is called {record.state.value}")

    def _entries_of(self, reference: str) -> list[Payment]:
        """Return what stands in the books for an act of ours."""
        rows = self.hotel.rows.values()
        return [row for row in rows if self.hotel.made_by.get(row.id) == reference and row.state.live]

    def committed(self, record: IntentRecord) -> None:
        """See what stands in the journal of one intent."""
        intent, before = record.intent, self.records.get(record.intent.id)
        if before is not None:
            if record.events[: len(before.events)] != before.events or intent != before.intent:
                self.violated(LOST, f"the story of {intent.reference} was rewritten")
            if len(record.events) == len(before.events):
                return
        if self.trace is not None:
            last = record.events[-1]
            self.note(f"on record: {intent.reference} {last.state.value}, {last.evidence.value}, {last.outcome_id}")
        self.records[intent.id] = record
        self._check_alone(record)
        self._check_owner(record)
        self._check_truth(record)

    def _check_alone(self, record: IntentRecord) -> None:
        """One unresolved act with a guest's money at a time, and one with a guest's cards."""
        key = (record.intent.kind is IntentKind.SAVE_CARD, record.intent.customer_id)
        holder = self._holders.get(key)
        if unresolved(record):
            if holder is not None and holder != record.intent.id:
                other = self.records[holder].intent.reference
                self.violated(DOUBLE, f"{record.intent.reference} goes on while {other} is not resolved")
            self._holders[key] = record.intent.id
        elif holder == record.intent.id:
            del self._holders[key]

    def _check_owner(self, record: IntentRecord) -> None:
        """No act takes another's row for its own."""
        outcome_id, intent = record.events[-1].outcome_id, record.intent
        maker = self.hotel.made_by.get(outcome_id or "")
        if outcome_id is None or maker == intent.reference:
            return
        row = self.hotel.rows.get(outcome_id)
        robots = maker is None and row is not None and row.origin == ROBOT
        left_over = maker in {self.records[mistaken].intent.reference for mistaken in self.mistaken}
        if intent.kind is IntentKind.REFUND and (robots or left_over):
            # Another program gave the same amount back to the same card in the same minutes; nothing tells them apart.
            # The row that was then left over may be taken by our next equal refund.
            self.mistaken.add(intent.id)
            return
        self.violated(WRONG, f"{intent.reference} takes {outcome_id}, made by {maker or 'another hand'}, for its own")

    def _check_truth(self, record: IntentRecord) -> None:
        """What is called the end is what the hotel did."""
        intent, hotel = record.intent, self.hotel
        if intent.id in self.mistaken:
            return
        if intent.in_two_steps:
            self._check_acquired(record)
            return
        made = hotel.truth.get(intent.reference)
        state = hotel.state_of(made or "")
        if record.state is IntentState.CONFIRMED:
            charged = made is not None and (state is None or (state.final and state.live))
            if record.outcome_id != made or not charged:
                self.violated(WRONG, f"{intent.reference} is called confirmed and is {state.value if state else made}")
        elif record.state in DID_NOTHING and made is not None and (state is None or state.live):
            self.violated(WRONG, f"{intent.reference} is called {record.state.value} and was carried out")
        if intent.kind is IntentKind.REFUND and intent.payment_id is not None:
            self._check_refunds(intent.payment_id)

    def _check_acquired(self, record: IntentRecord) -> None:
        """What an acquirer moved is called taken, and what it did not move is called nothing."""
        reference, back = record.intent.reference, record.intent.kind is IntentKind.REFUND
        took = self.acquirer.gave(reference) if back else self.acquirer.took(reference)
        if back:
            self._check_given(record)
        if record.state in DID_NOTHING and took:
            self.violated(WRONG, f"{reference} is called {record.state.value} and was taken")
        if record.state in _UNRECORDED | {IntentState.CONFIRMED} and not took:
            self.violated(WRONG, f"{reference} is called {record.state.value} and nothing was taken")
        if record.state is IntentState.CONFIRMED and record.outcome_id != self.hotel.truth.get(reference):
            self.violated(WRONG, f"{reference} is called written down and is not")

    def _check_given(self, record: IntentRecord) -> None:
        """What an acquirer gave back of a payment never exceeds it, and counts as given once it has landed."""
        reference, paid_id = record.intent.reference, record.intent.external_identifier
        refund = self.acquirer.given.get(reference)
        if record.state in _UNRECORDED and refund is not None and refund.state is not RefundState.LANDED:
            self.violated(WRONG, f"{reference} is called given back and is {refund.state.value}")
        rows = [row for row in self.acquirer.given.values() if row.payment_id == paid_id]
        given = sum(row.amount.minor for row in rows if self.acquirer.gave(self.hotel.made_by[row.id]))
        taken = self.acquirer.charges[self.hotel.made_by[paid_id]].amount.minor
        if given > taken:
            self.violated(DOUBLE, f"{given} were given back of {taken} at the acquirer")

    def _check_refunds(self, payment_id: str) -> None:
        """Our refunds of a payment never exceed it."""
        hotel = self.hotel
        own = [hotel.rows[i] for i in hotel.given_back.get(payment_id, ()) if i in hotel.made_by]
        given = -sum(row.amount.minor for row in own if row.state.live)
        if given > hotel.rows[payment_id].amount.minor:
            self.violated(DOUBLE, f"{given} were given back of {hotel.rows[payment_id].amount.minor}")

    def at_the_end(self, followed: frozenset[str], goals: list[Goal]) -> None:
        """Judge everything after a quiet night.

        Args:
            followed: ids of the intents that a desk shows as unresolved.
            goals: what the clerks wanted.
        """
        on_record = {record.intent.reference for record in self.records.values()}
        for reference in self.requests:
            if reference not in on_record:
                self.violated(LOST, f"{reference} was sent and is not on record")
        for record in self.records.values():
            self._check_truth(record)
            if not record.state.final:
                self._check_open(record, followed)
        for goal in goals:
            if goal.kind in {IntentKind.REFUND, IntentKind.SAVE_CARD} or goal.meant:
                continue
            if sum(self.acquirer.took(reference) for reference in goal.references) > 1:
                self.violated(DOUBLE, f"one decision was taken as {', '.join(goal.references)}")
            if goal.kind is IntentKind.ACQUIRER_CHARGE:
                continue
            made = [self.hotel.truth[reference] for reference in goal.references if reference in self.hotel.truth]
            states = (self.hotel.state_of(row) for row in made)
            if sum(state is not None and state.live for state in states) > 1:
                self.violated(DOUBLE, f"one decision was carried out as {', '.join(goal.references)}")

    def _check_open(self, record: IntentRecord, followed: frozenset[str]) -> None:
        reference = record.intent.reference
        if record.intent.id not in followed:
            self.violated(LOST, f"{reference} is {record.state.value} and followed by no desk")
        elif record.state in _UNANSWERED:
            self.violated(LOST, f"{reference} is still {record.state.value}")
        elif self._can_be_known(record):
            self.violated(LOST, f"{reference} is still {record.state.value}, though the books tell its end")

    def _can_be_known(self, record: IntentRecord) -> bool:
        hotel, intent = self.hotel, record.intent
        if intent.in_two_steps and intent.kind is IntentKind.REFUND:
            refund = self.acquirer.given.get(intent.reference)
            looked_for = record.state in {IntentState.UNKNOWN, IntentState.ACCEPTED}
            return looked_for and refund is not None and refund.state is not RefundState.UNDER_WAY
        if intent.in_two_steps:
            return self._can_go_on(record)
        made = hotel.truth.get(intent.reference)
        if made is None or intent.id in self.mistaken:
            return False
        if intent.kind is IntentKind.SAVE_CARD:
            return record.state is IntentState.ACCEPTED
        state = hotel.state_of(made)
        if record.state is IntentState.ACCEPTED:
            return state is not None and state.final
        if made in hotel.asked:
            asked = hotel.asked[made]
            return intent.kind is IntentKind.PAY_LINK and intent.reference in asked.notes
        row = hotel.rows[made]
        if intent.kind is IntentKind.ALTERNATIVE:
            ways = (o for o in hotel.rows.values() if o.method is PaymentMethod.ALTERNATIVE)
            new = [o for o in ways if o.id not in intent.baseline and o.customer_id == row.customer_id]
            return len(new) == 1 and row.original_amount == intent.amount
        if intent.kind is IntentKind.REFUND:
            alike = [
                other
                for other in hotel.rows.values()
                if other.kind is PaymentKind.REFUND
                and other.id not in intent.baseline
                and other.original_amount == row.original_amount
                and other.customer_id == row.customer_id
            ]
            return len(alike) == 1
        return intent.reference in row.notes and row.original_amount == intent.amount

    def _can_go_on(self, record: IntentRecord) -> bool:
        """Tell whether an acquirer's charge could have come further: it can be read, and an entry be made or found."""
        intent, hotel = record.intent, self.hotel
        charge = self.acquirer.charges[intent.reference]
        if record.state not in _UNRECORDED:
            return charge.state is not ChargeState.WAITS_FOR_GUEST
        if intent.reference in hotel.truth:
            entries = [row for row in self._entries_of(intent.reference) if row.state.final]
            return any(intent.reference in row.notes and row.amount == intent.amount for row in entries)
        new = [row for row in hotel.rows.values() if row.id not in intent.baseline]
        return not any(row.customer_id == intent.customer_id and row.original_amount == intent.amount for row in new)
