"""The back office, read only: cash desks, numbering series, billing rules, groups, companies."""

from typing import Any

from deskpay.sandbox.clock import utc_time
from deskpay.sandbox.contract import contract
from deskpay.sandbox.errors import invalid
from deskpay.sandbox.hotel.ids import twin
from deskpay.sandbox.operations.listing import Filters, activity
from deskpay.sandbox.paging import page
from deskpay.sandbox.world import World

Row = dict[str, Any]

_OF_PROPERTY = {"EnterpriseIds": "EnterpriseId"}
_CHANGED = {"UpdatedUtc": "UpdatedUtc"}
_CASHIERS = Filters({**_OF_PROPERTY, "Ids": "Id"}, _CHANGED)
_COUNTERS = Filters({**_OF_PROPERTY, "CounterIds": "Id", "Type": "Type"}, _CHANGED)
_CASH = Filters(
    {**_OF_PROPERTY, "PaymentIds": "Id", "Types": "Type"},
    {"CreatedUtc": "CreatedUtc"},
    frozenset({"CashierTransactionIds", "CreatedUtc"}),
)
_AUTOMATIONS = Filters({**_OF_PROPERTY, "BillingAutomationIds": "Id"})
_RULES = Filters({**_OF_PROPERTY, "CompanyIds": "CompanyId", "RoutingRuleIds": "Id"}, _CHANGED)
_COMPANIES = Filters(
    {
        "ChainIds": "ChainId",
        "MotherCompanyIds": "MotherCompanyId",
        "Ids": "Id",
        "ExternalIdentifiers": "ExternalIdentifier",
        "Names": "Name",
    },
    {"CreatedUtc": "CreatedUtc", "UpdatedUtc": "UpdatedUtc"},
)
# Lists of one kind of counter each: deprecated, but still required by the table.
_COUNTERS_BY_KIND = (
    "BillCounter",
    "ProformaCounter",
    "BillPreviewCounter",
    "ServiceOrderCounter",
    "RegistrationCardCounter",
)


def get_cashiers(world: World, body: Row) -> Row:
    """cashiers/getAll."""
    table = world.hotel.cashiers
    wanted = activity(body)
    rows = [row for row in _CASHIERS.select(table, body) if row["IsActive"] in wanted]
    found, cursor = page(table, rows, body["Limitation"])
    return {"Cashiers": found, "Cursor": cursor}


def get_cashier_transactions(world: World, body: Row) -> Row:
    """cashierTransactions/getAll: every cash payment moved money in a drawer, and nothing else did."""
    hotel = world.hotel
    desks = {row["EnterpriseId"]: row["Id"] for row in hotel.cashiers if row["Name"] == "Front desk"}
    moves, limitation = body.get("CashierTransactionIds"), body["Limitation"]
    of_payments = {
        "Types": ["CashPayment"],
        "PaymentIds": None if moves is None else [twin(row_id, "cash") for row_id in moves],
    }
    if limitation.get("Cursor") is not None:
        limitation = limitation | {"Cursor": _payment_at(limitation["Cursor"])}
    found, cursor = page(hotel.payments, _CASH.select(hotel.payments, body | of_payments), limitation)
    moved = [_in_the_drawer(desks[row["EnterpriseId"]], row) for row in found]
    return {"CashierTransactions": moved, "Cursor": moved[-1]["Id"] if cursor else None}


def _in_the_drawer(cashier_id: str, payment: Row) -> Row:
    original = payment["OriginalAmount"]
    received = -original["GrossValue"]
    return {
        "Id": twin(payment["Id"], "cash"),
        "EnterpriseId": payment["EnterpriseId"],
        "CashierId": cashier_id,
        "PaymentId": payment["Id"],
        "CreatedUtc": payment["CreatedUtc"],
        "Number": _number(payment),
        "Notes": payment["Notes"],
        "Amount": {"Currency": original["Currency"], "Value": received},
        "Type": "CashIn" if received > 0 else "CashOut",
    }


def _payment_at(cursor: str) -> str:
    try:
        return twin(cursor, "cash")
    except ValueError:
        raise invalid("Limitation.Cursor") from None


def _number(payment: Row) -> str:
    """Grows with time, which a count of all that came before would do at the price of looking at them."""
    moment = utc_time(payment["CreatedUtc"])
    return f"{moment:%y%m%d%H%M%S}{int(payment['Id'][:4], 16):05}"


def get_counters(world: World, body: Row) -> Row:
    """counters/getAll."""
    table = world.hotel.counters
    found, cursor = page(table, _COUNTERS.select(table, body), body["Limitation"])
    by_kind = {f"{kind}s": [row for row in found if row["Type"] == kind] for kind in _COUNTERS_BY_KIND}
    return {"Counters": found, "Cursor": cursor, **by_kind}


def get_billing_automations(world: World, body: Row) -> Row:
    """billingAutomations/getAll."""
    table = world.hotel.billing_automations
    rows = _AUTOMATIONS.select(table, body)
    if body.get("CompanyIds") is not None:
        wanted = {company_id.lower() for company_id in body["CompanyIds"]}
        rows = [row for row in rows if wanted & {entry["CompanyId"] for entry in row["CompaniesWithRelations"]}]
    found, cursor = page(table, rows, body["Limitation"])
    return {"BillingAutomations": found, "Cursor": cursor}


def get_routing_rules(world: World, body: Row) -> Row:
    """routingRules/getAll."""
    table = world.hotel.routing_rules
    found, cursor = page(table, _RULES.select(table, body), body["Limitation"])
    return {"RoutingRules": found, "Cursor": cursor}


def get_companies(world: World, body: Row) -> Row:
    """companies/getAll."""
    table = world.hotel.companies
    wanted = activity(body)
    given = dict(body)
    if body.get("TimeFilter") is not None:  # deprecated spelling of a window
        if body.get("StartUtc") is None or body.get("EndUtc") is None:
            raise invalid("StartUtc" if body.get("StartUtc") is None else "EndUtc")
        given[f"{body['TimeFilter']}Utc"] = {"StartUtc": body["StartUtc"], "EndUtc": body["EndUtc"]}
    rows = [row for row in _COMPANIES.select(table, given) if row["IsActive"] in wanted]
    found, cursor = page(table, rows, body["Limitation"])
    return {"Companies": [contract().shown("companies.md#company", row) for row in found], "Cursor": cursor}
