"""The property and what hardly changes: configuration, services, rooms, accounting categories."""

from typing import Any

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.contract import contract
from deskpay.sandbox.hotel.house import PUBLIC_KEY
from deskpay.sandbox.operations.listing import Filters, activity
from deskpay.sandbox.paging import listed, page
from deskpay.sandbox.world import World

Row = dict[str, Any]

_ENTERPRISES = Filters(
    {"EnterpriseIds": "Id", "ExternalIdentifiers": "ExternalIdentifier"},
    {"LinkedUtc": "LinkedUtc", "UpdatedUtc": "UpdatedUtc"},
)
_SERVICES = Filters({"EnterpriseIds": "EnterpriseId", "ServiceIds": "Id"}, {"UpdatedUtc": "UpdatedUtc"})
_RESOURCES = Filters(
    {"EnterpriseIds": "EnterpriseId", "ResourceIds": "Id", "Names": "Name"},
    {"CreatedUtc": "CreatedUtc", "UpdatedUtc": "UpdatedUtc"},
)
_CATEGORIES = Filters({"EnterpriseIds": "EnterpriseId", "AccountingCategoryIds": "Id"}, {"UpdatedUtc": "UpdatedUtc"})


def get_configuration(world: World, _body: Row) -> Row:
    """configuration/get."""
    return {
        "NowUtc": utc_text(world.clock.now()),
        "Enterprise": world.hotel.enterprise,
        "Service": None,  # only for integrations bound to one service
        "PaymentCardStorage": {"PublicKey": PUBLIC_KEY},
        "IsIdentityDocumentNumberRequired": False,
    }


def get_enterprises(world: World, body: Row) -> Row:
    """enterprises/getAll: the properties this token sees."""
    properties = [
        contract().shown("enterprises.md#enterprise", row) | {"LinkedUtc": row["CreatedUtc"]}
        for row in (hotel.enterprise for hotel in world.hotel.members)
    ]
    found, cursor = listed(_ENTERPRISES.select(properties, body), body["Limitation"])
    return {"Enterprises": found, "Cursor": cursor}


def get_services(world: World, body: Row) -> Row:
    """services/getAll."""
    table = world.hotel.services
    rows = _SERVICES.select(table, body)
    if body.get("ServiceType") is not None:
        rows = [row for row in rows if row["Data"]["Discriminator"] == body["ServiceType"]]
    found, cursor = page(table, rows, body["Limitation"])
    return {"Services": found, "Cursor": cursor}


def get_resources(world: World, body: Row) -> Row:
    """resources/getAll; an extent that is not asked for stays empty."""
    table = world.hotel.rooms
    rows = _RESOURCES.select(table, body) if body["Extent"].get("Resources") else []
    found, cursor = page(table, rows, body["Limitation"])
    return {"Resources": found, "Cursor": cursor}


def get_accounting_categories(world: World, body: Row) -> Row:
    """accountingCategories/getAll."""
    table = world.hotel.categories
    wanted = activity(body)
    rows = [row for row in _CATEGORIES.select(table, body) if row["IsActive"] in wanted]
    found, cursor = page(table, rows, body["Limitation"])
    return {"AccountingCategories": found, "Cursor": cursor}
