"""Addresses, tokens, JSON, tables and limits: what is refused, with which status and which words."""

from decimal import Decimal
from typing import Any

import pytest

from deskpay.sandbox.body import MAX_BODY_BYTES
from deskpay.sandbox.jsontext import render
from deskpay.sandbox.world import World
from tests.contract.sandbox.door import NOON, PAGE, TOKENS, Door, new_world, pounds

SOME_ID = "866d3f51-5b8b-4e8f-a3af-5b84768c522d"
WEEK = {"StartUtc": "2026-11-01T00:00:00Z", "EndUtc": "2026-11-08T00:00:00Z"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", None),
        ("PUT", None),
        ("POST", "/api/connector/v1/configuration/Get"),
        ("POST", "/api/connector/v1/configuration/get/"),
        ("POST", "/api/connector/v1/reservations/getAll"),
        ("POST", "/api/connector/v2/configuration/get"),
        ("POST", "configuration/get"),
        ("POST", "/paymongo/v1/payments"),
        ("GET", "/ws/connector"),
        ("GET", "/"),
    ],
)
def test_any_other_address_or_method_is_not_found(door: Door, method: str, path: str | None) -> None:
    answer = door.send("configuration/get", b"{}", method=method, path=path)
    assert answer.status == 404
    assert answer.message == "Not found"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"a": 1,}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"{/* */}",
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"a": 1e99999999999999999999}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_only_strict_json_is_read(door: Door, payload: bytes) -> None:
    answer = door.send("configuration/get", payload)
    assert (answer.status, answer.message) == (400, "Invalid JSON")


def test_another_content_type_is_refused(door: Door) -> None:
    answer = door.send("configuration/get", b"{}", content_type=b"text/plain")
    assert (answer.status, answer.message) == (400, "Invalid Content-Type")


def test_a_charset_beside_the_content_type_is_fine(door: Door) -> None:
    answer = door.send("configuration/get", b"{}", content_type=b"Application/JSON; charset=utf-8")
    assert answer.status == 401


def test_a_body_beyond_the_cap_is_refused(door: Door) -> None:
    assert door.send("configuration/get", b" " * MAX_BODY_BYTES).status == 400
    answer = door.send("configuration/get", b" " * (MAX_BODY_BYTES + 1))
    assert (answer.status, answer.message) == (413, "The request is too large.")


@pytest.mark.parametrize("token", ["ClientToken", "AccessToken"])
@pytest.mark.parametrize("value", ["", "wrong", None, 7])
def test_a_wrong_token_is_unauthorized_before_anything_is_checked(door: Door, token: str, value: Any) -> None:
    answer = door.call("creditCards/charge", {token: value})
    assert (answer.status, answer.message) == (401, f"Invalid {token}")


def test_a_missing_token_is_unauthorized(door: Door) -> None:
    assert door.send("configuration/get", b"{}").status == 401


def test_every_answer_carries_a_request_id_of_its_own_and_the_hotels_date(door: Door) -> None:
    good, bad = door.call("configuration/get"), door.call("configuration/get", Nonsense=1)
    assert good.headers["request-id"] != bad.headers["request-id"]
    assert bad.body == {"Message": "Invalid Nonsense", "RequestId": bad.headers["request-id"], "Details": None}
    assert good.headers["date"] == "Thu, 12 Nov 2026 14:32:05 GMT"
    assert good.body["NowUtc"] == "2026-11-12T14:32:05Z"
    door.world.clock.advance(86_400 * 30)
    assert door.call("configuration/get").headers["date"] == "Sat, 12 Dec 2026 14:32:05 GMT"


def test_amounts_are_written_without_artefacts(door: Door) -> None:
    text = door.call("payments/getAll", AccountIds=[door.guest("Pepperwick")["Id"]], Limitation=PAGE).text
    assert b'"GrossValue": -450,' in text
    items = door.call("orderItems/getAll", AccountIds=[door.guest("Pepperwick")["Id"]], Limitation=PAGE).text
    assert b'"NetValue": 19.5,' in items
    assert b'"GrossValue": 23.4,' in items


LISTING: dict[str, Any] = {"PaymentIds": [SOME_ID], "Limitation": PAGE}
CHARGE: dict[str, Any] = {"CreditCardId": SOME_ID, "Amount": pounds("1")}


@pytest.mark.parametrize(
    ("operation", "body", "field"),
    [
        ("configuration/get", {"EnterpriseId": "x"}, "EnterpriseId"),
        ("configuration/get", {"Client": None}, "Client"),
        ("configuration/get", {"Client": 1}, "Client"),
        ("configuration/get", {"LanguageCode": "en-GB"}, "CultureCode"),
        ("configuration/get", {"CultureCode": "en-GB"}, "LanguageCode"),
        ("configuration/get", {"LanguageCode": "english", "CultureCode": 5}, "LanguageCode"),
        ("configuration/get", {"LanguageCode": "en-GB", "CultureCode": "?"}, "CultureCode"),
        ("payments/getAll", {"PaymentIds": [SOME_ID]}, "Limitation"),
        ("payments/getAll", LISTING | {"Limitation": []}, "Limitation"),
        ("payments/getAll", LISTING | {"Limitation": {}}, "Limitation.Count"),
        ("payments/getAll", LISTING | {"Limitation": {"Count": 0}}, "Limitation.Count"),
        ("payments/getAll", LISTING | {"Limitation": {"Count": 1001}}, "Limitation.Count"),
        ("payments/getAll", LISTING | {"Limitation": {"Count": 1.5}}, "Limitation.Count"),
        ("payments/getAll", LISTING | {"Limitation": {"Count": True}}, "Limitation.Count"),
        ("payments/getAll", LISTING | {"Limitation": {"Count": 1, "Page": 2}}, "Limitation.Page"),
        ("payments/getAll", LISTING | {"Limitation": {"Count": 1, "Cursor": SOME_ID}}, "Limitation.Cursor"),
        ("payments/getAll", LISTING | {"PaymentIds": []}, "PaymentIds"),
        ("payments/getAll", LISTING | {"PaymentIds": SOME_ID}, "PaymentIds"),
        ("payments/getAll", LISTING | {"PaymentIds": [SOME_ID, "x"]}, "PaymentIds[1]"),
        ("payments/getAll", LISTING | {"AccountIds": [SOME_ID] * 101}, "AccountIds"),
        ("payments/getAll", LISTING | {"States": ["Paid"]}, "States[0]"),
        ("payments/getAll", LISTING | {"States": "Charged"}, "States"),
        ("payments/getAll", LISTING | {"Type": 4}, "Type"),
        ("payments/getAll", LISTING | {"Currency": "pounds"}, "Currency"),
        ("payments/getAll", LISTING | {"Currency": "JPY"}, "Currency"),
        ("payments/getAll", LISTING | {"CreatedUtc": WEEK | {"EndUtc": "2026-10-01T00:00:00Z"}}, "CreatedUtc"),
        ("payments/getAll", LISTING | {"CreatedUtc": WEEK | {"EndUtc": None}}, "CreatedUtc"),
        ("payments/getAll", LISTING | {"CreatedUtc": WEEK | {"EndUtc": "2026-11-08"}}, "CreatedUtc.EndUtc"),
        ("payments/getAll", LISTING | {"CreatedUtc": WEEK | {"EndUtc": "2026-11-31T00:00:00Z"}}, "CreatedUtc.EndUtc"),
        (
            "payments/getAll",
            LISTING | {"CreatedUtc": WEEK | {"EndUtc": "2026-11-08T00:00:00+01:00"}},
            "CreatedUtc.EndUtc",
        ),
        ("customers/getAll", {"CustomerIds": [SOME_ID], "Limitation": PAGE}, "Extent"),
        (
            "customers/getAll",
            {"CustomerIds": [SOME_ID], "Limitation": PAGE, "Extent": {"Customers": 1}},
            "Extent.Customers",
        ),
        ("creditCards/charge", CHARGE | {"Amount": {"Currency": "GBP", "GrossValue": 1}}, "Amount.TaxCodes"),
        ("creditCards/charge", CHARGE | {"Amount": pounds("1") | {"GrossValue": "1"}}, "Amount.GrossValue"),
        ("creditCards/charge", CHARGE | {"BillId": SOME_ID}, "BillId"),
        ("payments/refund", {"PaymentId": SOME_ID, "AccountId": SOME_ID}, "Reason"),
    ],
)
def test_a_request_that_breaks_its_table_is_refused_by_name(
    door: Door, operation: str, body: dict[str, Any], field: str
) -> None:
    answer = door.call(operation, body)
    assert (answer.status, answer.message) == (400, f"Invalid {field}")


def test_deprecated_request_fields_are_still_accepted(door: Door) -> None:
    door.ok("customers/search", Name="Pepperwick", Extent={"Customers": True, "Documents": False})


def test_both_localization_codes_are_accepted(door: Door) -> None:
    door.ok("configuration/get", LanguageCode="en-GB", CultureCode="en-GB")


def test_a_window_may_be_three_calendar_months_and_no_longer(door: Door) -> None:
    exact = {"StartUtc": "2026-11-30T00:00:00Z", "EndUtc": "2027-02-28T00:00:00Z"}
    longer = exact | {"EndUtc": "2027-02-28T00:00:01Z"}
    door.ok("payments/getAll", CreatedUtc=exact, Limitation=PAGE)
    answer = door.call("payments/getAll", CreatedUtc=longer, Limitation=PAGE)
    assert answer.status == 400
    assert answer.message.startswith("Invalid CreatedUtc:")


def limited(rate: int) -> tuple[Door, list[float]]:
    seconds = [100.0]
    return Door(World(rate=rate, monotonic=lambda: seconds[0])), seconds


def test_the_limit_counts_in_a_sliding_window_and_says_when_to_return() -> None:
    door, seconds = limited(3)
    door.ok("configuration/get")
    seconds[0] += 10
    door.ok("configuration/get")
    door.ok("configuration/get")
    refused = door.call("configuration/get")
    assert (refused.status, refused.headers["retry-after"]) == (429, "20")
    seconds[0] += 19.5
    assert door.call("configuration/get").headers["retry-after"] == "1"
    seconds[0] += 0.5
    door.ok("configuration/get")
    assert door.call("configuration/get").status == 429
    door.world.reset()
    door.ok("configuration/get")


def test_requests_with_wrong_tokens_do_not_count_against_the_right_one() -> None:
    door, _ = limited(1)
    assert door.call("configuration/get", {"AccessToken": "x"}).status == 401
    door.ok("configuration/get")


def test_the_limit_is_that_of_the_api_unless_told_otherwise() -> None:
    door = Door(World())
    assert [door.call("currencies/getAll").status for _ in range(201)] == [200] * 200 + [429]


def test_requests_are_counted_whatever_becomes_of_them(door: Door) -> None:
    door.ok("configuration/get")
    door.call("configuration/get", {"ClientToken": "x"})
    door.send("creditCards/charge", b"{")
    door.send("nothing/here", b"{}")
    assert door.world.ledger_json()["requests"] == {"configuration/get": 2, "creditCards/charge": 1}
    assert door.world.ledger_json()["attempts"] == {}


def test_the_clock_of_a_test_world_stands_still() -> None:
    assert new_world().clock.now() == NOON
    assert TOKENS["Client"]


def test_an_answer_that_json_cannot_carry_exactly_is_never_written() -> None:
    assert render({"a": Decimal("1200.00"), "b": Decimal("0.10"), "c": Decimal("1E+2")}) == (
        b'{"a": 1200, "b": 0.1, "c": 100}'
    )
    with pytest.raises(ValueError, match="a double cannot carry"):
        render(Decimal("1234567890123.456"))
    with pytest.raises(TypeError):
        render({"when": NOON})
