"""Whatever is sent, the sandbox answers with a sentence: it never breaks, and never moves money by mistake."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskpay.sandbox.contract import Field, Table, contract
from deskpay.sandbox.operations import OPERATIONS
from tests.contract.sandbox.door import TOKENS, Door, new_world

DOOR = Door(new_world())
IDS = [row["Id"] for row in (*DOOR.world.hotel.cards, *DOOR.world.hotel.customers, *DOOR.world.hotel.payments)]
PAYS = {"creditCards/charge", "payments/addCreditCard", "payments/addExternal", "payments/refund"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def plausible(field: Field) -> st.SearchStrategy[Any]:
    """Values that pass the table, and the strangest of those that a check may forget."""
    kind, _, ref = field.kind.partition(":")
    one: st.SearchStrategy[Any]
    if kind == "enum":
        one = st.sampled_from(sorted(contract().enums[ref]))
    elif kind == "object":
        one = request(contract().objects[ref])
    elif kind == "boolean":
        one = st.booleans()
    elif kind == "string":
        moments = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-12T00:00:00Z", "2026-11-30T00:00:00.5Z"]
        one = {
            "uuid": st.sampled_from(IDS),
            "date-time": st.sampled_from(moments),
            "currency": st.sampled_from(["GBP", "EUR", "JPY", "XXX"]),
        }.get(field.format or "", st.text() | st.sampled_from(["2028-10", "1111", "Visa", "Cash", "Pepperwick"]))
    else:
        one = st.integers() | st.decimals(allow_nan=False, allow_infinity=False).map(float) | st.just(1e-300)
    return st.lists(one, min_size=1, max_size=3) if field.list else one


def request(table: Table) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: field for name, field in table.items() if name not in TOKENS}
    required = {name: plausible(field) for name, field in fields.items() if field.required}
    optional = {name: plausible(field) for name, field in fields.items() if not field.required}
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    operation = draw(st.sampled_from(sorted(OPERATIONS)))
    body = draw(request(contract().requests[operation]))
    spoiled: bool = draw(st.booleans())
    if body and spoiled:
        body[draw(st.sampled_from(sorted(body)))] = draw(json_values)
    return operation, body


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls())
def test_any_request_is_answered_or_refused_in_words(call: tuple[str, dict[str, Any]]) -> None:
    operation, body = call
    before = len(DOOR.world.hotel.payments)
    answer = DOOR.send(operation, json.dumps(TOKENS | body).encode())
    assert answer.status in {200, 400, 403}
    if answer.status != 200:
        assert answer.message
    declined = answer.status == 403 and answer.message.startswith("Transaction was declined")
    expected = 1 if operation in PAYS and (answer.status == 200 or declined) else 0
    assert len(DOOR.world.hotel.payments) - before == expected


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_answered_or_refused_in_words(payload: bytes) -> None:
    answer = DOOR.send("creditCards/charge", payload)
    assert answer.status in {400, 401}
    assert answer.message
