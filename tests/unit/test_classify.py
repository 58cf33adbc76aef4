"""One table for acts, one for reads, and no status without a verdict."""

from collections.abc import Callable, Mapping

import pytest

from deskpay.domain.errors import (
    Declined,
    DeskPayError,
    HotelUnavailable,
    NotMews,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Rejected,
    Unauthorized,
)
from deskpay.gateways.http import NoAnswer, Sent
from deskpay.gateways.mews.classify import act_error, read_error, unanswered_act, unanswered_read

JSON = {"content-type": "application/json", "request-id": "R-1"}
HTML = {"content-type": "text/html", "request-id": "R-1"}
MESSAGE = b'{"Message": "No, sorry.", "RequestId": "body-1"}'

_ACTS: dict[int, type[DeskPayError]] = {
    400: Rejected,
    401: Unauthorized,
    403: Declined,
    404: Rejected,
    410: Rejected,
    413: Rejected,
    429: RateLimited,
}
_READS: dict[int, type[DeskPayError]] = {
    400: Rejected,
    401: Unauthorized,
    403: Rejected,
    410: Rejected,
    413: Rejected,
    429: RateLimited,
    408: HotelUnavailable,
    409: HotelUnavailable,
    425: HotelUnavailable,
}


Judge = Callable[[str, Sent], DeskPayError | None]


def _kind(error: DeskPayError | None) -> type[DeskPayError] | None:
    return None if error is None else type(error)


def _verdicts(judge: Judge, headers: dict[str, str], body: bytes) -> dict[int, type[DeskPayError] | None]:
    return {status: _kind(judge("x/y", Sent(status, headers, body))) for status in range(100, 600)}


def test_every_status_of_an_act_with_the_apis_error_body() -> None:
    expected: dict[int, type[DeskPayError] | None] = dict.fromkeys(range(100, 600), OutcomeUnknown)
    assert _verdicts(act_error, JSON, MESSAGE) == {**expected, **_ACTS, 200: None, 204: None}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (HTML, b"<html>No</html>"),
        (HTML, MESSAGE),
        ({}, b""),
        (JSON, b""),
        (JSON, b"{}"),
        (JSON, b"[]"),
        (JSON, b'{"Message": null}'),
        (JSON, b'{"Message": ""}'),
        (JSON, b'{"Message": 7}'),
        (JSON, b'{"Message": "cut of'),
    ],
)
def test_no_status_of_an_act_proves_anything_without_the_apis_error_body(headers: dict[str, str], body: bytes) -> None:
    verdicts = _verdicts(act_error, headers, body)
    assert {status for status, kind in verdicts.items() if kind is not OutcomeUnknown} <= {200, 204}


def test_a_web_page_that_says_200_leaves_an_act_in_doubt() -> None:
    assert _kind(act_error("creditCards/charge", Sent(200, HTML, b"<html>"))) is OutcomeUnknown


def _expected_of_reads(refusals: Mapping[int, type[DeskPayError]]) -> dict[int, type[DeskPayError] | None]:
    unavailable = dict.fromkeys([*range(100, 200), *range(500, 600)], HotelUnavailable)
    return {**dict.fromkeys(range(200, 500), NotMews), **unavailable, **refusals}


def test_every_status_of_a_read_with_the_apis_error_body() -> None:
    assert _verdicts(read_error, JSON, MESSAGE) == {**_expected_of_reads(_READS), 200: None, 204: None}


def test_every_status_of_a_read_with_a_web_page() -> None:
    passing = {status: kind for status, kind in _READS.items() if kind in {HotelUnavailable, RateLimited}}
    assert _verdicts(read_error, HTML, b"<html>") == {**_expected_of_reads(passing), 204: None}


def test_errors_say_what_support_needs() -> None:
    error = act_error("creditCards/charge", Sent(403, JSON, MESSAGE))
    assert isinstance(error, Declined)
    assert (error.operation, error.request_id, error.server_message) == ("creditCards/charge", "R-1", "No, sorry.")
    assert error.detail == "creditCards/charge answered 403"


def test_the_request_id_of_the_body_stands_in_for_the_header() -> None:
    error = read_error("x", Sent(401, {"content-type": "application/json"}, MESSAGE))
    assert error is not None
    assert error.request_id == "body-1"


def test_the_wait_after_a_429_is_told() -> None:
    error = act_error("x", Sent(429, {**JSON, "retry-after": "9"}, MESSAGE))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 9.0


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ('"<b>Declined</b>"', "<b>Declined</b>"),
        ('"two\\nlines\\u0000"', "two lines"),
        ('"half \\ud83d of a pair"', "half ? of a pair"),
        ('"' + "x" * 9000 + '"', "x" * 500),
    ],
)
def test_a_servers_sentence_is_kept_as_plain_storable_text(message: str, shown: str) -> None:
    error = act_error("x", Sent(403, JSON, f'{{"Message": {message}}}'.encode()))
    assert error is not None
    assert error.server_message == shown
    assert isinstance(error, Refused)


@pytest.mark.parametrize(("started", "kind"), [(False, NotSent), (True, OutcomeUnknown)])
def test_without_an_answer_the_trace_decides(started: bool, kind: type[DeskPayError]) -> None:
    error = unanswered_act("creditCards/charge", NoAnswer("ConnectError", started=started))
    assert type(error) is kind
    assert (error.operation, error.detail) == ("creditCards/charge", "creditCards/charge: ConnectError")
    assert type(unanswered_read("x", NoAnswer("ReadError", started=started))) is HotelUnavailable
