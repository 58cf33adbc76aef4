"""A bill's life: opened, handed to another account, closed for good, or deleted while it is empty."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.contract import contract
from deskpay.sandbox.errors import invalid, refused
from deskpay.sandbox.hotel import rows
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.money import converted
from deskpay.sandbox.payments import record
from deskpay.sandbox.world import World

Row = dict[str, Any]

# An invoice without a date of its own is due after this.
_DUE_AFTER = timedelta(days=14)
_UNFINISHED = frozenset({"Pending", "Verifying"})


def add_bills(world: World, body: Row) -> Row:
    """bills/add: empty bills, all of them or none."""
    hotel, now = world.hotel, utc_text(world.clock.now())
    made = []
    for given in body["Bills"]:
        kind, account = _account(hotel, given["AccountId"], "AccountId")
        row = rows.bill(
            str(uuid4()), hotel.enterprise_id, account["Id"], given.get("Name") or "Bill", now, account_type=kind
        )
        if given.get("AssociatedAccountId") is not None:
            row["AssociatedAccountIds"] = [
                _account(hotel, given["AssociatedAccountId"], "AssociatedAccountId")[1]["Id"]
            ]
        made.append(row)
    return {"Bills": [hotel.bills.add(row) for row in made]}


def update_bills(world: World, body: Row) -> Row:
    """bills/update: hand open bills to other accounts, with everything on them; all or none."""
    hotel, now = world.hotel, utc_text(world.clock.now())
    planned = [(_open_bill(hotel, given["BillId"], "BillId"), _planned(hotel, given)) for given in body["BillsUpdates"]]
    for bill, changes in planned:
        bill.update(changes, UpdatedUtc=now)
        for row in _on(hotel, bill):
            row.update(AccountId=bill["AccountId"], AccountType=bill["AccountType"], UpdatedUtc=now)
    return {"Bills": [bill for bill, _ in planned]}


def delete_bills(world: World, body: Row) -> Row:
    """bills/delete: only open ones with nothing on them, all or none."""
    hotel = world.hotel
    bills = {bill["Id"]: bill for bill in (_open_bill(hotel, bill_id, "BillIds") for bill_id in body["BillIds"])}
    if any(_on(hotel, bill) for bill in bills.values()):
        raise refused("Only empty bills can be deleted.")
    for bill in bills.values():
        hotel.bills.remove(bill)
    return {}


def close_bill(world: World, body: Row) -> Row:
    """bills/close: a receipt where nothing is open, else an invoice, which moves what is owed to the city ledger."""
    hotel, now = world.hotel, world.clock.now()
    hotel.settle(now)
    bill = _open_bill(hotel, body["BillId"], "BillId")
    dates = _dates(body)
    counter = _counter(hotel, body)
    if body.get("FiscalMachineId") is not None:  # no property here has one
        raise invalid("FiscalMachineId")
    associated = [_associated(hotel, given) for given in body.get("AssociatedAccountData") or ()]
    if any(row.get("State") in _UNFINISHED for row in _on(hotel, bill)):
        raise refused("The bill cannot be closed while a payment on it is not finished.")
    owed = balance(hotel, bill)
    if body["Type"] == "Receipt" and owed != 0:
        raise refused("Only a bill with a zero balance can be closed as a receipt.")
    if owed:
        _receivable(hotel, bill, owed, now)
    _close(hotel, bill, body, counter, now)
    bill |= dates | {"AssociatedAccountData": associated}
    if body["Type"] == "Invoice":
        bill["DueUtc"] = bill["DueUtc"] or utc_text(now + _DUE_AFTER)
    if not owed:
        bill["PaidUtc"] = bill["IssuedUtc"]
    return {"Bills": [bill]}


def balance(hotel: Hotel, bill: Row) -> Decimal:
    """What is owed on `bill`: its items and the payments that count, in the property's currency."""
    counted = [
        row["Amount"]
        for row in _on(hotel, bill)
        if row["AccountingState"] in {"Open", "Closed"} and row.get("State", "Charged") == "Charged"
    ]
    return sum((converted(amount, hotel.currency)["GrossValue"] for amount in counted), Decimal(0))


def _on(hotel: Hotel, bill: Row) -> list[Row]:
    return [row for table in (hotel.order_items, hotel.payments) for row in table.where("BillId", bill["Id"])]


def _account(hotel: Hotel, account_id: str | None, name: str) -> tuple[str, Row]:
    found = hotel.account(account_id)
    if found is None:
        raise invalid(name)
    return found


def _open_bill(hotel: Hotel, bill_id: str, name: str) -> Row:
    bill = hotel.bills.get(bill_id)
    if bill is None or bill["State"] != "Open":
        raise invalid(name)
    return bill


def _planned(hotel: Hotel, given: Row) -> Row:
    changes: Row = {}
    if given.get("AccountId") is not None:
        kind, account = _account(hotel, given["AccountId"].get("Value"), "AccountId")
        changes |= {"AccountId": account["Id"], "AccountType": kind}
    if given.get("AssociatedAccountIds") is not None:
        ids = given["AssociatedAccountIds"].get("Value") or []
        changes["AssociatedAccountIds"] = [_account(hotel, one, "AssociatedAccountIds")[1]["Id"] for one in ids]
    return changes


def _dates(body: Row) -> Row:
    """The fields of an invoice that a request sets, and what both kinds of bill may carry."""
    fields: Row = {}
    for name, own in (("TaxedDate", "TaxedUtc"), ("DueDate", "DueUtc"), ("VariableSymbol", "VariableSymbol")):
        value = (body.get(name) or {}).get("Value")
        if value is None:
            continue
        if body["Type"] != "Invoice":
            raise invalid(name)
        fields[own] = _moment(value, name) if name != "VariableSymbol" else value
    for name in ("PurchaseOrderNumber", "Notes"):
        if body.get(name) is not None:
            fields[name] = body[name].get("Value")
    return fields


def _moment(text: str, name: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid(name) from error
    return utc_text(moment) if moment.tzinfo else f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def _counter(hotel: Hotel, body: Row) -> Row:
    counters = [row for row in hotel.counters if row["Type"] == "BillCounter"]
    wanted = body.get("BillCounterId")
    for row in counters:
        if row["Id"] == wanted.lower() if wanted is not None else row["IsDefault"]:
            return row
    raise invalid("BillCounterId")


def _receivable(hotel: Hotel, bill: Row, owed: Decimal, now: datetime) -> None:
    """Balance an invoice: the guest's account is settled, and the invoice is what remains to be paid."""
    data = contract().blank("payments.md#payment-data")
    data |= {"Discriminator": "Invoice", "Invoice": {"InvoiceId": bill["Id"], "Type": "Receivable"}}
    record(hotel, bill, owed, hotel.currency, now, {"Type": "InvoicePayment", "Data": data, "PaymentOrigin": "System"})


def _close(hotel: Hotel, bill: Row, body: Row, counter: Row, now: datetime) -> None:
    issued = utc_text(now)
    counter |= {"Value": counter["Value"] + 1, "UpdatedUtc": issued}
    shown = body.get("Options") or {}
    options = {
        name: (shown.get(name) or {}).get("Value") is not False for name in ("DisplayCustomer", "DisplayTaxation")
    }
    bill |= {
        "State": "Closed",
        "Type": body["Type"],
        "CounterId": counter["Id"],
        "Number": _number(counter),
        "IssuedUtc": issued,
        "TaxedUtc": issued,
        "UpdatedUtc": issued,
        "Options": bill["Options"] | options | {"TrackReceivable": body["Type"] == "Invoice"},
        "OwnerData": _owner(hotel, bill, body),
        "EnterpriseData": _issuer(hotel),
    }
    for row in _on(hotel, bill):
        if row["AccountingState"] == "Open":
            row |= {"AccountingState": "Closed", "ClosedUtc": issued, "UpdatedUtc": issued}


def _number(counter: Row) -> str:
    """The counter's value in its format, such as ``INV{0:00000}``."""
    before, separator, rest = counter["Format"].partition("{0:")
    if not separator:
        return f"{counter['Format']}{counter['Value']}"
    zeros, _, after = rest.partition("}")
    return f"{before}{counter['Value']:0{len(zeros)}}{after}"


def _owner(hotel: Hotel, bill: Row, body: Row) -> Row:
    """The account as it is printed, frozen at closing."""
    kind, account = _account(hotel, bill["AccountId"], "BillId")
    tax = (body.get("AccountTaxIdentifier") or {}).get("Value")
    return _printed(hotel, kind, account, tax, body.get("AccountAddress"))


def _associated(hotel: Hotel, given: Row) -> Row:
    kind, account = _account(hotel, given["Id"], "AssociatedAccountData")
    printed = _printed(hotel, kind, account, (given.get("TaxIdentifier") or {}).get("Value"), given.get("Address"))
    cases = dict.fromkeys(("BillCustomerData", "BillCompanyData"))
    return {"Discriminator": printed["Discriminator"], **cases, printed["Discriminator"]: printed["Value"]}


def _printed(hotel: Hotel, kind: str, account: Row, tax: str | None, address: Row | None) -> Row:
    discriminator = f"Bill{kind}Data"
    ref = f"bills.md#bill-{kind.lower()}-data"
    own_tax = account.get("TaxIdentificationNumber", account.get("TaxIdentifier"))
    value = contract().shown(ref, account)
    value |= {"Id": account["Id"], "TaxIdentifier": tax or own_tax, "LegalIdentifiers": None}
    value["Address"] = _address(hotel, kind, account, address) if address is not None else None
    if kind == "Customer":
        value["TitlePrefix"] = account["Title"]
    return {"Discriminator": discriminator, "Value": value}


def _address(hotel: Hotel, kind: str, account: Row, given: Row) -> Row:
    known = {name: value for name, value in given.items() if value is not None}
    optional = ("Line1", "Line2", "City", "PostalCode", "CountryCode")
    return {
        "Id": account["AddressId"] or str(uuid4()),
        "AccountId": account["Id"],
        "ChainId": hotel.enterprise["ChainId"],
        "AccountType": kind,
        **dict.fromkeys(optional),
        **known,
        "IsActive": True,
    }


def _issuer(hotel: Hotel) -> Row:
    configured = hotel.enterprise["AccountingConfiguration"]
    printed = contract().shown("bills.md#bill-enterprise-data", configured)
    return printed | {"BankAccount": configured["BankAccountNumber"]}
