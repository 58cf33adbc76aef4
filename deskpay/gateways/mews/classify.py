"""What an answer, or the lack of one, proves. One table for acts and one for reads.

An act is judged by proof, not by hope: only an answer in the API's own words says that nothing was done, and only the
trace of the connection says that nothing left. Everything else is OutcomeUnknown, a status without the API's error
body included: a proxy's or a portal's page tells nothing about what the hotel did. Reads risk nothing, so they ask
only whether it is worth trying again.

Sources: Mews Connector API guidelines, "Errors"; that refused statuses mean "not executed" is our inference from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

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
from deskpay.gateways.mews.wire.base import error_message


class Judgment(Enum):
    """What a piece of evidence comes to."""

    FINE = "fine"
    DECLINED = "declined"
    REJECTED = "rejected"
    UNAUTHORIZED = "unauthorized"
    RATE_LIMITED = "rate_limited"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"
    NOT_MEWS = "not_mews"


_ACT_REFUSALS: Mapping[int, Judgment] = MappingProxyType(
    {
        400: Judgment.REJECTED,
        401: Judgment.UNAUTHORIZED,
        403: Judgment.DECLINED,
        404: Judgment.REJECTED,
        410: Judgment.REJECTED,
        413: Judgment.REJECTED,
        429: Judgment.RATE_LIMITED,
    }
)
"""Statuses that, with the API's error body, say that an act was not done."""

_READ_REFUSALS: Mapping[int, Judgment] = MappingProxyType(
    {
        400: Judgment.REJECTED,
        401: Judgment.UNAUTHORIZED,
        403: Judgment.REJECTED,
        410: Judgment.REJECTED,
        413: Judgment.REJECTED,
    }
)
"""Statuses that, with the API's error body, say what is wrong with a read."""

_PASSING = frozenset({408, 409, 425})
"""Statuses below 500 that another try may mend."""


def judge_act(status: int, *, says_json: bool, has_message: bool) -> Judgment:
    """Judge the answer to an act by its status.

    Args:
        status: HTTP status.
        says_json: the body is declared as JSON.
        has_message: the body is the API's error body with a sentence in it.
    """
    if (status == 200 and says_json) or status == 204:
        return Judgment.FINE
    return _ACT_REFUSALS.get(status, Judgment.UNKNOWN) if has_message else Judgment.UNKNOWN


def judge_read(status: int, *, says_json: bool, has_message: bool) -> Judgment:
    """Judge the answer to a read by its status; arguments as for `judge_act`."""
    if (status == 200 and says_json) or status == 204:
        return Judgment.FINE
    if status == 429:
        return Judgment.RATE_LIMITED
    if status >= 500 or status < 200 or status in _PASSING:
        return Judgment.UNAVAILABLE
    return _READ_REFUSALS.get(status, Judgment.NOT_MEWS) if has_message else Judgment.NOT_MEWS


_ERRORS: Mapping[Judgment, type[DeskPayError]] = MappingProxyType(
    {
        Judgment.DECLINED: Declined,
        Judgment.REJECTED: Rejected,
        Judgment.UNAUTHORIZED: Unauthorized,
        Judgment.NOT_SENT: NotSent,
        Judgment.UNKNOWN: OutcomeUnknown,
        Judgment.UNAVAILABLE: HotelUnavailable,
        Judgment.NOT_MEWS: NotMews,
    }
)


def act_error(operation: str, sent: Sent) -> DeskPayError | None:
    """Return what the answer to an act means, None when it says that the act was done."""
    message, request_id = _told(sent)
    judgment = judge_act(sent.status, says_json=sent.says_json, has_message=bool(message))
    return _error(judgment, operation, sent, message, request_id)


def read_error(operation: str, sent: Sent) -> DeskPayError | None:
    """Return what the answer to a read means, None when it holds what was asked for."""
    message, request_id = _told(sent)
    judgment = judge_read(sent.status, says_json=sent.says_json, has_message=bool(message))
    return _error(judgment, operation, sent, message, request_id)


def unanswered_act(operation: str, failure: NoAnswer) -> NotSent | OutcomeUnknown:
    """Return what it means that an act got no answer: the trace decides, not the exception's class."""
    kind = OutcomeUnknown if failure.started else NotSent
    return kind(f"{operation}: {failure.what}", operation=operation)


def unanswered_read(operation: str, failure: NoAnswer) -> HotelUnavailable:
    """Return what it means that a read got no answer."""
    return HotelUnavailable(f"{operation}: {failure.what}", operation=operation)


def unreadable_act(operation: str, sent: Sent, what: str) -> OutcomeUnknown:
    """Return what it means that the answer to an act says yes but cannot be read."""
    return OutcomeUnknown(f"{operation} answered {what}", operation=operation, request_id=sent.request_id)


def unreadable_read(operation: str, sent: Sent, what: str, kind: type[HotelUnavailable]) -> HotelUnavailable:
    """Return what it means that the answer to a read cannot be read, as an error of `kind`."""
    return kind(f"{operation} answered {what}", operation=operation, request_id=sent.request_id)


def _told(sent: Sent) -> tuple[str, str | None]:
    message, request_id = error_message(sent.body) if sent.says_json and sent.status >= 400 else ("", None)
    return message, sent.request_id or request_id


def _error(judgment: Judgment, operation: str, sent: Sent, message: str, request_id: str | None) -> DeskPayError | None:
    detail = f"{operation} answered {sent.status}"
    if judgment is Judgment.FINE:
        return None
    if judgment is Judgment.RATE_LIMITED:
        return RateLimited(
            detail,
            retry_after_s=sent.retry_after_s,
            operation=operation,
            request_id=request_id,
            server_message=message or None,
        )
    return _ERRORS[judgment](detail, operation=operation, request_id=request_id, server_message=message or None)
