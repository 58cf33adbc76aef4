"""Who may end an intent that nobody can prove, and when.

A person decides only over what was looked at: one of the entries that could be it, or that there is none. The second
frees the guest for another charge, so it needs 15 minutes of looks that found nothing, two people at the desk, and
their word that they looked in the property system themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from deskpay.domain.adoption import Candidate, Finding, Verdict
from deskpay.domain.errors import ReleaseProblem, ReleaseRefused
from deskpay.domain.intent import Evidence, IntentKind, IntentRecord, IntentState

TRACE_SPAN = timedelta(minutes=15)
"""How long successful looks must have found nothing before people may say that there is nothing."""

_FIRST_WAIT = timedelta(minutes=1)
"""How much of the wait before the first successful look counts: looks begin seconds after the answer was lost."""

_SAW_THE_BOOKS = frozenset({Evidence.NOT_FOUND, Evidence.SEVERAL_FOUND})


@dataclass(frozen=True, slots=True)
class Found:
    """People say that this entry is it.

    Args:
        outcome_id: the payment, refund or card.
    """

    outcome_id: str


@dataclass(frozen=True, slots=True)
class NothingThere:
    """People say that nothing was done.

    Args:
        rejected: ids of the entries that they were shown and that are something else.
    """

    rejected: frozenset[str] = frozenset()


Decision = Found | NothingThere


def searched_for(record: IntentRecord) -> timedelta:
    """Return how long successful looks have gone on without proof: failed looks and the time around them prove nothing.

    Two looks at least are needed; a look long after the others stands for itself.
    """
    looks = [
        (before.at_utc, event.at_utc)
        for before, event in zip(record.events, record.events[1:], strict=False)
        if event.state is IntentState.UNKNOWN
        and before.state is IntentState.UNKNOWN
        and event.evidence in _SAW_THE_BOOKS
    ]
    if len(looks) < 2:
        return timedelta()
    (waited_since, first), (_, last) = looks[0], looks[-1]
    return last - max(waited_since, first - _FIRST_WAIT)


def no_trace(record: IntentRecord) -> bool:
    """Tell whether 15 minutes of successful looks have brought no proof, so that people may decide that none comes."""
    return record.state is IntentState.UNKNOWN and searched_for(record) >= TRACE_SPAN


def may_close(record: IntentRecord, now_utc: datetime) -> bool:
    """Tell whether a person may say that money which was taken stands in the books by their own hand.

    Not while DeskPay's own entry may be on its way or is about to be made: only once an entry was refused, or was
    sought for as long as any may take to show.
    """
    unrecorded = [event for event in record.events if event.state.took_unrecorded]
    if not record.state.took_unrecorded:
        return False
    sent = [event.at_utc for event in unrecorded if event.evidence is Evidence.ABOUT_TO_SEND]
    if record.intent.kind is IntentKind.REFUND:
        return True  # nothing writes it down but a person
    if record.state is IntentState.TAKEN and any(event.evidence is Evidence.REFUSED for event in unrecorded):
        return True
    return now_utc - max(sent, default=unrecorded[0].at_utc) >= TRACE_SPAN


def check_decision(record: IntentRecord, verdict: Verdict, candidates: Sequence[Candidate], decision: Decision) -> None:
    """Refuse what a fresh look at the books contradicts.

    Args:
        record: the story so far.
        verdict: of the fresh look.
        candidates: of the fresh look.
        decision: what people say.

    Raises:
        ReleaseRefused: it is found after all, the entries have changed since they were shown, or it is too early.
    """
    there = {candidate.id for candidate in candidates}
    if isinstance(decision, Found):
        if decision.outcome_id not in there:
            raise ReleaseRefused(ReleaseProblem.CHANGED)
        return
    if verdict.finding is Finding.ONE or any(candidate.ours for candidate in candidates):
        raise ReleaseRefused(ReleaseProblem.FOUND)
    if not there <= decision.rejected:
        raise ReleaseRefused(ReleaseProblem.CHANGED)
    if not no_trace(record):
        raise ReleaseRefused(ReleaseProblem.TOO_EARLY)
