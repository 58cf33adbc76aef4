"""The docs' own samples against the sandbox: each is answered in its shape, or refused for what it lacks."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from deskpay.sandbox.operations import OPERATIONS
from tests.contract.sandbox.door import PAGE, TOKENS, Door
from tests.contract.sandbox.schema import SCHEMA, VECTORS, disagreements

Json = dict[str, Any]

IDS = (
    "CreditCardId",
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
LATER = "2099-01-01T00:00:00Z"

# Their samples name a cursor of another hotel, or forget the page.
CURSORS = ("enterprises/getAll", "reservationGroups/getAll", "billingAutomations/getAll")

# A year is asked for where the table allows three months; no list of sample errors names it.
TOO_LONG = {"resources/getAll": "Invalid CreatedUtc: the interval must not be longer than 3 months."}


def sample(operation: str) -> Json:
    name = SCHEMA["operations"][operation]["vector"]
    request: Json = json.loads((VECTORS / name).read_text(encoding="utf-8"))["request"]
    return request | TOKENS


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


def repaired(operation: str, door: Door) -> Json:
    """The sample with the hotel's ids for those that must find something, and with what it forgot."""
    request = sample(operation)
    hotel = door.world.hotel
    ottoline = door.guest("Pepperwick")["Id"]
    visa = door.card("Pepperwick", "1111")["Id"]
    company = next(iter(hotel.companies))["Id"]
    fixes: dict[str, Callable[[], Json]] = {
        "resources/getAll": lambda: {"CreatedUtc": None, "UpdatedUtc": None, "Names": None, "ResourceIds": None},
        "creditCards/charge": lambda: {"CreditCardId": visa, "Amount": request["Amount"] | {"TaxCodes": []}},
        "creditCards/disable": lambda: {"CreditCardId": visa},
        "creditCards/addTokenized": lambda: {
            "CustomerId": ottoline,
            "CreditCardData": {"StorageData": vault_id(door), "Expiration": "2028-10"},
        },
        **repairs_of_payments(door, request, ottoline),
        "paymentRequests/add": lambda: {
            "PaymentRequests": [
                asked | {"AccountId": ottoline, "ReservationId": None, "BillId": None, "ExpirationUtc": LATER}
                for asked in request["PaymentRequests"]
            ]
        },
        "paymentRequests/cancel": lambda: {"PaymentRequestIds": [a_request(door, ottoline)]},
        "bills/getAll": lambda: {"Limitation": {"Count": 100, "Cursor": next(iter(hotel.bills))["Id"]}},
        **repairs_of_bills(door, request, ottoline),
        **dict.fromkeys(CURSORS, lambda: {"Limitation": PAGE}),
        "companionships/getAll": lambda: {
            "Extent": dict.fromkeys(("Reservations", "ReservationGroups", "Customers"), True),
            **{name: None for name in request if name.endswith("Ids") or name == "UpdatedUtc"},
            "CustomerIds": [ottoline],
        },
        "customers/update": lambda: {"CustomerId": ottoline, "CompanyId": company},
        "customers/getOpenItems": lambda: {"CustomerIds": [ottoline]},
        "accounts/update": lambda: {
            "AccountUpdates": [repaired_company(request, company), repaired_customer(request, ottoline)]
        },
        "paymentMethodRequests/add": lambda: {"AccountId": ottoline, "ExpirationUtc": LATER},
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


def repairs_of_payments(door: Door, request: Json, ottoline: str) -> dict[str, Callable[[], Json]]:
    return {
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
        "payments/addAlternative": lambda: {
            "CustomerId": ottoline,
            "Amount": request["Amount"] | {"TaxCodes": []},
            "Data": {"Discriminator": "Ideal", "Ideal": {"RedirectUrl": request["RedirectUrl"]}},
        },
        "payments/refund": lambda: {
            "AccountId": ottoline,
            "PaymentId": door.payments("Pepperwick")[0]["Id"],
        },
    }


def repairs_of_bills(door: Door, request: Json, ottoline: str) -> dict[str, Callable[[], Json]]:
    hotel = door.world.hotel
    bill, other = [row["Id"] for row in hotel.bills if row["AccountId"] == ottoline]
    item = next(row["Id"] for row in hotel.order_items if row["BillId"] == bill)
    account = {"AccountId": {"Value": ottoline}}
    return {
        "bills/add": lambda: {"Bills": [request["Bills"][0] | {"AccountId": ottoline}]},
        "bills/update": lambda: {"BillsUpdates": [account | {"BillId": bill, "AssociatedAccountIds": {"Value": []}}]},
        "bills/delete": lambda: {"BillIds": [other]},
        "bills/getPdf": lambda: {"BillId": bill},
        "bills/close": lambda: {
            "BillId": bill,
            "Type": "Invoice",
            "BillCounterId": next(row["Id"] for row in hotel.counters if row["Name"] == "Invoices"),
            "Options": {name: {"Value": True} for name in request["Options"]},
            "AssociatedAccountData": [request["AssociatedAccountData"][0] | {"Id": next(iter(hotel.companies))["Id"]}],
        },
        "accountingItems/update": lambda: {
            "AccountingItemUpdates": [account | {"AccountingItemId": item, "BillId": {"Value": other}}]
        },
    }


def repaired_company(request: Json, company_id: str) -> Json:
    given: Json = request["AccountUpdates"][0] | {"Id": company_id}
    options = {name: {"Value": True} for name in given["Company"]["Options"]}
    given["Company"] |= {"MotherCompanyId": None, "CreditRatingBasic": "CreditOk", "Options": options}
    return given


def repaired_customer(request: Json, customer_id: str) -> Json:
    given: Json = request["AccountUpdates"][1] | {"Id": customer_id}
    given["Customer"] |= {"CompanyId": None}
    return given


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
