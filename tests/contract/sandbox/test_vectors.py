"""The docs' own samples against the sandbox: each is answered in its shape, or refused for what it lacks."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskpay.sandbox.contract import contract
from deskpay.sandbox.operations import OPERATIONS
from tests.contract.sandbox.door import PAGE, TOKENS, Door, violations

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "mews"
SCHEMA = json.loads((VECTORS / "_schema.json").read_text(encoding="utf-8"))

Json = dict[str, Any]

LATER = "2099-01-01T00:00:00Z"

# A year is asked for where the table allows three months; no list of sample errors names it.
TOO_LONG = {"resources/getAll": "Invalid CreatedUtc: the interval must not be longer than 3 months."}


def sample(operation: str) -> Json:
    name = SCHEMA["operations"][operation]["vector"]
    request: Json = json.loads((VECTORS / name).read_text(encoding="utf-8"))["request"]
    return request | TOKENS


def lacks(operation: str) -> str | None:
    """The required request field that the docs' sample forgets."""
    for issue in SCHEMA["operations"][operation]["sampleIssues"]:
        missing = re.fullmatch(r"request\.(\S+): required but absent from the sample", issue)
        if missing:
            return missing[1]
    return None


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_sample_is_valid_or_refused_by_the_name_of_what_it_lacks(door: Door, operation: str) -> None:
    answer = door.call(operation, sample(operation))
    missing = lacks(operation)
    if missing:
        assert (answer.status, answer.message) == (400, f"Invalid {missing}")
    elif operation in TOO_LONG:
        assert (answer.status, answer.message) == (400, TOO_LONG[operation])
    else:
        unknown_ids = answer.status == 400 and answer.message in {
            "Invalid CreditCardId",
            "Invalid PaymentId",
            "Invalid AccountId",
            "Invalid PaymentRequestIds",
            "Invalid Limitation.Cursor",
        }
        assert answer.status == 200 or unknown_ids, answer.text


def repaired(operation: str, door: Door) -> Json:
    """The sample with the hotel's ids for those that must find something, and with what it forgot."""
    request = sample(operation)
    hotel = door.world.hotel
    ottoline = door.guest("Pepperwick")["Id"]
    visa = door.card("Pepperwick", "1111")["Id"]
    fixes: dict[str, Callable[[], Json]] = {
        "resources/getAll": lambda: {"CreatedUtc": None, "UpdatedUtc": None, "Names": None, "ResourceIds": None},
        "creditCards/charge": lambda: {"CreditCardId": visa, "Amount": request["Amount"] | {"TaxCodes": []}},
        "creditCards/disable": lambda: {"CreditCardId": visa},
        "creditCards/addTokenized": lambda: {
            "CustomerId": ottoline,
            "CreditCardData": {"StorageData": vault_id(door), "Expiration": "2028-10"},
        },
        "payments/addCreditCard": lambda: {
            "CustomerId": ottoline,
            "Amount": request["Amount"] | {"TaxCodes": []},
        },
        "payments/addExternal": lambda: {
            "AccountId": ottoline,
            "CustomerId": ottoline,
            "BillId": None,
            "Amount": request["Amount"] | {"TaxCodes": []},
        },
        "payments/refund": lambda: {
            "AccountId": ottoline,
            "PaymentId": door.payments("Pepperwick")[0]["Id"],
        },
        "paymentRequests/add": lambda: {
            "PaymentRequests": [
                asked | {"AccountId": ottoline, "ReservationId": None, "BillId": None, "ExpirationUtc": LATER}
                for asked in request["PaymentRequests"]
            ]
        },
        "paymentRequests/cancel": lambda: {"PaymentRequestIds": [a_request(door, ottoline)]},
        "bills/getAll": lambda: {"Limitation": {"Count": 100, "Cursor": next(iter(hotel.bills))["Id"]}},
    }
    request |= fixes.get(operation, dict)()
    if "Type" in request and operation == "payments/addExternal":
        request["Type"] = "Cash"
    for name in ("EnterpriseId", "AccountingCategoryId", "ReservationId"):
        if name in request:
            request[name] = None
    if "EnterpriseIds" in request:
        request["EnterpriseIds"] = [hotel.enterprise_id]
    return request


def a_request(door: Door, account_id: str) -> str:
    asked = sample("paymentRequests/add")["PaymentRequests"][0]
    asked |= {"AccountId": account_id, "ReservationId": None, "BillId": None, "ExpirationUtc": LATER}
    answer = door.ok("paymentRequests/add", PaymentRequests=[asked])
    return str(answer["PaymentRequests"][0]["Id"])


def vault_id(door: Door, number: str = "4242424242424242") -> str:
    form = door.world.vault.open_form("1100007006")
    entry = {"formId": form, "merchantId": "1100007006", "cardNumber": number, "cvv": "123"}
    return str(door.world.vault.tokenize(entry).body["transactionId"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_repaired_sample_is_answered_in_the_published_shape(door: Door, operation: str) -> None:
    answer = door.ok(operation, repaired(operation, door))
    assert violations(answer, contract().responses[operation]) == []


@pytest.mark.parametrize(
    ("operation", "key", "request_fields"),
    [
        ("services/getAll", "Services", {}),
        ("resources/getAll", "Resources", {"Extent": {"Resources": True}}),
        ("accountingCategories/getAll", "AccountingCategories", {}),
        ("reservations/getAll/2023-06-06", "Reservations", {}),
        ("customers/getAll", "Customers", {"Extent": {"Customers": True}, "CustomerIds": "customers"}),
        ("creditCards/getAll", "CreditCards", {"CustomerIds": "customers"}),
        ("bills/getAll", "Bills", {"CustomerIds": "customers"}),
        ("orderItems/getAll", "OrderItems", {"ServiceIds": "services"}),
        ("payments/getAll", "Payments", {"BillIds": "bills"}),
    ],
)
def test_every_row_of_the_hotel_has_the_published_shape(
    door: Door, operation: str, key: str, request_fields: Json
) -> None:
    tables = {"customers": door.world.hotel.customers, "services": door.world.hotel.services}
    tables["bills"] = door.world.hotel.bills
    fields = {
        name: [row["Id"] for row in tables[value]] if isinstance(value, str) else value
        for name, value in request_fields.items()
    }
    answer = door.ok(operation, fields, Limitation=PAGE)
    assert len(answer[key]) > 2
    assert violations(answer, contract().responses[operation]) == []


def test_everybody_found_by_search_has_the_published_shape(door: Door) -> None:
    answer = door.ok("customers/search", Extent={"Customers": True})
    assert len(answer["Customers"]) == 43  # the house and one paymaster
    assert violations(answer, contract().responses["customers/search"]) == []


def test_a_field_no_table_knows_would_be_noticed(door: Door) -> None:
    answer = door.ok("configuration/get")
    answer["Enterprise"]["Name"] = None
    answer["Enterprise"]["Secret"] = 1
    answer["Enterprise"]["Pricing"] = "Free"
    del answer["NowUtc"]
    assert sorted(text.split(":")[0] for text in violations(answer, contract().responses["configuration/get"])) == [
        "Enterprise.Name",
        "Enterprise.Pricing",
        "Enterprise.Secret",
        "NowUtc",
    ]
