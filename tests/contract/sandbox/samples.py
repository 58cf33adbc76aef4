"""The docs' own samples of requests, as they are and repaired: with ids of this hotel, and with what they forgot."""

import json
from collections.abc import Callable
from typing import Any

from tests.contract.sandbox.door import PAGE, TOKENS, Door
from tests.contract.sandbox.schema import SCHEMA, VECTORS

Json = dict[str, Any]

LATER = "2099-01-01T00:00:00Z"

# Their samples name a cursor of another hotel, or forget the page.
CURSORS = ("enterprises/getAll", "reservationGroups/getAll", "billingAutomations/getAll")


def sample(operation: str) -> Json:
    name = SCHEMA["operations"][operation]["vector"]
    request: Json = json.loads((VECTORS / name).read_text(encoding="utf-8"))["request"]
    return request | TOKENS


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
        "commands/addPaymentTerminal": lambda: {
            "CustomerId": ottoline,
            "TerminalId": next(iter(hotel.devices))["Id"],
        },
        "commands/getAllByIds": lambda: {"CommandIds": [an_order(door)]},
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
            "PaymentId": door.charge(door.card("Pepperwick", "1111"), "400.00").body["PaymentId"],
        },
    }


def repairs_of_bills(door: Door, request: Json, ottoline: str) -> dict[str, Callable[[], Json]]:
    hotel = door.world.hotel
    bill, other, *_ = bills = [row["Id"] for row in hotel.bills.where("AccountId", ottoline)]
    item = hotel.order_items.where("BillId", bill)[0]["Id"]
    account = {"AccountId": {"Value": ottoline}}
    return {
        "bills/add": lambda: {"Bills": [request["Bills"][0] | {"AccountId": ottoline}]},
        "bills/update": lambda: {"BillsUpdates": [account | {"BillId": bill, "AssociatedAccountIds": {"Value": []}}]},
        "bills/delete": lambda: {"BillIds": bills[-1:]},
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


def an_order(door: Door) -> str:
    return str(door.ok("commands/addPaymentTerminal", repaired("commands/addPaymentTerminal", door))["CommandId"])


def vault_id(door: Door, number: str = "4242424242424242") -> str:
    form = door.world.vault.open_form("1100007006")
    entry = {"formId": form, "merchantId": "1100007006", "cardNumber": number, "cvv": "123"}
    return str(door.world.vault.tokenize(entry).body["transactionId"])
