"""People ending what nobody can prove: with an entry that they say is it, or with their word that there is none."""

from __future__ import annotations

from deskpay.domain.adoption import Sight
from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, ReleaseProblem, ReleaseRefused
from deskpay.domain.intent import Evidence, IntentEvent, IntentRecord, IntentState
from deskpay.domain.policy import Decision, Found, NothingThere, check_decision
from deskpay.services.front_desk import FrontDesk
from deskpay.services.seat import Proven


async def see_candidates(front: FrontDesk, record: IntentRecord) -> Sight:
    """Return which entries of the hotel's books could be the intent, freshly read, for people to judge.

    Raises:
        HotelUnavailable: the books could not be read whole.
        Refused: they may not be read.
    """
    return await front.look_up.sight(record)


async def resolve(
    front: FrontDesk,
    intent_id: str,
    decision: Decision,
    reason: str,
    second: Proven,
    *,
    looked_in_mews: bool,
) -> IntentRecord:
    """End an intent without a known outcome as two people decided, after looking once more; return its story.

    Where that look proves what became of it, proof goes first: the intent is adopted as if nobody had been asked.

    Args:
        front: the desk.
        intent_id: of an intent under way at this desk.
        decision: what they say.
        reason: why, kept for ever.
        second: who decides together with whoever is at the desk.
        looked_in_mews: True where they looked at the guest's account in the property system themselves.

    Raises:
        InputRefused: the reason cannot be kept.
        NotSignedIn: nobody is at the desk.
        SignInRefused: the second person proved who they are too long ago.
        ReleaseRefused: these people may not decide this now.
        HotelUnavailable: the look brought no answer.
        Refused: the books may not be read.
        JournalError: the decision could not be written.
    """
    said = check_text(reason, Field.REASON, required=True)
    people = front.desk.seat.pair(second)
    if not looked_in_mews:
        raise ReleaseRefused(ReleaseProblem.NOT_LOOKED)

    def decide(record: IntentRecord, sight: Sight) -> IntentEvent:
        check_decision(record, sight.verdict, sight.candidates, decision)
        return IntentEvent(
            state=IntentState.RESOLVED,
            at_utc=front.records.server_now(),
            evidence=Evidence.PERSON,
            outcome_id=decision.outcome_id if isinstance(decision, Found) else None,
            message=said,
            people=people,
        )

    ended = await front.runner.decide(intent_id, decide)
    if isinstance(decision, NothingThere) and ended.state is IntentState.RESOLVED:
        front.runner.watch(ended, decision.rejected)
    return ended
