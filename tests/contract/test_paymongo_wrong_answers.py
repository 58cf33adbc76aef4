"""Whatever PayMongo answers is read as the contract says or refused whole, and no card is ever sent twice over it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from deskpay.domain.errors import DeskPayError, OutcomeUnknown
from deskpay.gateways.mews.wire.base import WireError
from deskpay.gateways.paymongo.wire import charges, customers, refunds
from tests.kit.paymongo import RETURN, Canned, canned_paymongo, sample

SAMPLES: list[tuple[str, Callable[[bytes], object]]] = [
    ("payment_intents.attach.succeeded", charges.decode_charge),
    ("payment_intents.attach.next_action", charges.decode_charge),
    ("payment_intents.retrieve.after_failed_3ds", charges.decode_charge),
    ("payments.list", charges.decode_payments),
    ("payment_methods.retrieve", customers.decode_card),
    ("customers.search", customers.decode_customers),
    ("customer_payment_methods.list.v1", customers.decode_saved),
    ("customer_payment_methods.list.v2", customers.decode_saved_v2),
    ("refunds.list", refunds.decode_refunds),
    ("refunds.create", refunds.decode_refund),
]

WRONG: tuple[Any, ...] = (None, True, 0, -1, 1.5, 10**30, "", "x", "\ud800", "9" * 5_000, [], [[]], {}, {"id": 1})
"""What stands where something else is due; the last but one text is no text at all."""


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from _places(part, (*path, key))


def _planted(value: Any, path: tuple[Any, ...], wrong: Any) -> Any:
    if not path:
        return wrong
    copy = value.copy()
    copy[path[0]] = _planted(value[path[0]], path[1:], wrong)
    return copy


@pytest.mark.parametrize(("name", "decode"), SAMPLES, ids=[name for name, _ in SAMPLES])
def test_an_answer_with_one_wrong_value_anywhere_is_read_or_refused_as_a_whole(
    name: str, decode: Callable[[bytes], object]
) -> None:
    answer = sample(name)["response"]["body"]
    refused = 0
    for place in _places(answer):
        for wrong in WRONG:
            try:
                decode(json.dumps(_planted(answer, place, wrong)).encode())
            except WireError:
                refused += 1
    assert refused > len(WRONG), "what is needed is missed"


async def _attached(answer: httpx2.Response) -> tuple[object, int]:
    canned = Canned(answer)
    async with canned_paymongo(canned) as account:
        try:
            outcome: object = await account.attach("pi_1", "pm_1", RETURN)
        except DeskPayError as error:
            outcome = error
    return outcome, len(canned.asked)


@pytest.mark.parametrize("status", [200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 500, 503])
@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'{"errors": []}', b'{"errors": "no"}', b'{"data": {}}', b"<html>", b"\xff\xfe{"]
)
def test_garbage_after_a_card_was_sent_is_a_doubt_and_no_second_card(status: int, body: bytes) -> None:
    answer = httpx2.Response(status, content=body, headers={"Content-Type": "application/json"})
    outcome, sent = asyncio.run(_attached(answer))
    assert (type(outcome), sent) == (OutcomeUnknown, 1)
