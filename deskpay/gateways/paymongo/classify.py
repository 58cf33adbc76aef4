"""What an answer of PayMongo, or the lack of one, proves.

As with the property system, only an answer in the API's own words says that nothing was done. Its charges can be read
afterwards, so a doubt is never the end of the story here.

Source: PayMongo, "Errors", "Card errors", "Rate limiting": error bodies, a declined attach that answers 400 with a
reason, and 429 in plain text.
"""

from __future__ import annotations

from deskpay.domain.errors import (
    Declined,
    DeskPayError,
    HotelUnavailable,
    NotMews,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
)
from deskpay.gateways.http import NoAnswer, Sent
from deskpay.gateways.paymongo.wire.base import Problem, problems

_REFUSING = frozenset({400, 402, 403, 404, 409, 422})
"""Statuses that, with an error body, say that nothing was done."""


def act_error(operation: str, sent: Sent) -> DeskPayError | None:
    """Return what the answer to an act means, None when it says that the act was done."""
    if sent.status == 200 and sent.says_json:
        return None
    told = problems(sent.body) if sent.says_json else ()
    refusal = _refusal(operation, sent, told)
    return refusal or OutcomeUnknown(_detail(operation, sent), operation=operation)


def read_error(operation: str, sent: Sent) -> DeskPayError | None:
    """Return what the answer to a read means, None when it holds what was asked for."""
    if sent.status == 200 and sent.says_json:
        return None
    told = problems(sent.body) if sent.says_json else ()
    if sent.status >= 500:
        return HotelUnavailable(_detail(operation, sent), operation=operation)
    refusal = _refusal(operation, sent, told)
    return refusal or NotMews(_detail(operation, sent), operation=operation)


def _refusal(operation: str, sent: Sent, told: tuple[Problem, ...]) -> DeskPayError | None:
    detail = _detail(operation, sent)
    if sent.status == 429:
        return RateLimited(detail, retry_after_s=sent.retry_after_s, operation=operation)
    if not told:
        return None
    first = next((problem for problem in told if problem.reason), told[0])
    sentence = " ".join(problem.sentence for problem in told if problem.sentence) or None
    code = first.reason or first.code
    if sent.status == 401:
        return Unauthorized(detail, operation=operation, server_message=sentence, code=code)
    if sent.status not in _REFUSING:
        return None
    kind = Declined if first.reason else Rejected
    return kind(f"{detail} {code}", operation=operation, server_message=sentence, code=code)


def unanswered_act(operation: str, failure: NoAnswer) -> NotSent | OutcomeUnknown:
    """Return what it means that an act got no answer: the trace decides, not the exception's class."""
    kind = OutcomeUnknown if failure.started else NotSent
    return kind(f"{operation}: {failure.what}", operation=operation)


def unanswered_read(operation: str, failure: NoAnswer) -> HotelUnavailable:
    """Return what it means that a read got no answer."""
    return HotelUnavailable(f"{operation}: {failure.what}", operation=operation)


def unreadable_act(operation: str, what: str) -> OutcomeUnknown:
    """Return what it means that the answer to an act says yes but cannot be read."""
    return OutcomeUnknown(f"{operation} answered {what}", operation=operation)


def unreadable_read(operation: str, what: str) -> HotelUnavailable:
    """Return what it means that the answer to a read cannot be read."""
    return HotelUnavailable(f"{operation} answered {what}", operation=operation)


def _detail(operation: str, sent: Sent) -> str:
    return f"{operation} answered {sent.status}"
