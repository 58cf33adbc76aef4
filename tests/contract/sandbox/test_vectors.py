"""The docs' own samples against the sandbox: each is answered in its shape, or refused for what it lacks."""

import re
from typing import Any

import pytest

from deskpay.sandbox.operations import OPERATIONS
from tests.contract.sandbox.door import PAGE, Door
from tests.contract.sandbox.samples import repaired, sample
from tests.contract.sandbox.schema import SCHEMA, disagreements

Json = dict[str, Any]

IDS = (
    "CreditCardId",
    "TerminalId",
    "PaymentId",
    "AccountId",
    "CustomerId",
    "CustomerIds",
    "BillId",
    "BillIds",
    "AccountingItemId",
    "PaymentRequestIds",
    "Limitation.Cursor",
)
# A year is asked for where the table allows three months; no list of sample errors names it.
TOO_LONG = {"resources/getAll": "Invalid CreatedUtc: the interval must not be longer than 3 months."}


def breaks(operation: str) -> str | None:
    """The request field in which the docs' sample breaks the docs' table."""
    for issue in SCHEMA["operations"][operation]["sampleIssues"]:
        broken = re.fullmatch(r"request\.(\S+): (required but (absent from|null in) the sample|table says .*)", issue)
        if broken:
            return broken[1]
    return None


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_sample_is_valid_or_refused_by_the_name_of_what_it_breaks(door: Door, operation: str) -> None:
    answer = door.call(operation, sample(operation))
    broken = breaks(operation)
    if broken:
        assert (answer.status, answer.message) == (400, f"Invalid {broken}")
    elif operation in TOO_LONG:
        assert (answer.status, answer.message) == (400, TOO_LONG[operation])
    else:
        unknown_id = answer.status == 400 and answer.message in {f"Invalid {name}" for name in IDS}
        assert answer.status == 200 or unknown_id, answer.text


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_repaired_sample_is_answered_in_the_published_shape(door: Door, operation: str) -> None:
    answer = door.ok(operation, repaired(operation, door))
    assert disagreements(operation, answer) == []


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
    assert disagreements(operation, answer) == []


def test_everybody_found_by_search_has_the_published_shape(door: Door) -> None:
    answer = door.ok("customers/search", Extent={"Customers": True})
    assert len(answer["Customers"]) == 43  # the house and one paymaster
    assert disagreements("customers/search", answer) == []


def test_a_field_no_table_knows_would_be_noticed(door: Door) -> None:
    answer = door.ok("configuration/get")
    answer["Enterprise"]["Name"] = None
    answer["Enterprise"]["Secret"] = 1
    answer["Enterprise"]["Pricing"] = "Free"
    del answer["NowUtc"]
    assert sorted(text.split(":")[0] for text in disagreements("configuration/get", answer)) == [
        "Enterprise.Name",
        "Enterprise.Pricing",
        "Enterprise.Secret",
        "NowUtc",
    ]


def test_every_operation_of_the_schema_is_served() -> None:
    assert set(OPERATIONS) == set(SCHEMA["operations"])
