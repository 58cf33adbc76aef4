"""A person saying that what an acquirer took stands in the hotel's books by their own hand."""

from __future__ import annotations

from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, ReleaseProblem, ReleaseRefused
from deskpay.domain.intent import Evidence, IntentEvent, IntentRecord, IntentState
from deskpay.domain.operator import Right
from deskpay.domain.policy import may_close
from deskpay.services.front_desk import FrontDesk


async def close_by_hand(front: FrontDesk, intent_id: str, where: str, *, looked_in_mews: bool) -> IntentRecord:
    """End the writing down of money that was taken, as whoever is at the desk says, and return the story.

    Args:
        front: the desk.
        intent_id: of an intent under way at this desk.
        where: where in the books it stands, or why it is not to stand there; kept for ever.
        looked_in_mews: True where they looked at the guest's account in the property system themselves.

    Raises:
        InputRefused: the words cannot be kept.
        NotSignedIn: nobody is at the desk.
        NotYourRight: they may write nothing down.
        ReleaseRefused: this may not be said now, or it stands there by now.
        JournalError: it could not be written; it is not ended then.
    """
    said = check_text(where, Field.REASON, required=True)
    front.desk.seat.check(Right.RECORD)
    person = front.desk.seat.operator.name
    if not looked_in_mews:
        raise ReleaseRefused(ReleaseProblem.NOT_LOOKED)

    def end(record: IntentRecord) -> IntentEvent:
        now_utc = front.records.server_now()
        if not may_close(record, now_utc):
            raise ReleaseRefused(ReleaseProblem.TOO_EARLY)
        return IntentEvent(
            state=IntentState.RESOLVED, at_utc=now_utc, evidence=Evidence.PERSON, message=said, people=(person,)
        )

    return await front.runner.close(intent_id, end)
