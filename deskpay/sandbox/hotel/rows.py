"""Builders of wire-shaped rows: every field of the answer tables, null where nothing is known."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from deskpay.sandbox.clock import utc_text, utc_time
from deskpay.sandbox.contract import contract
from deskpay.sandbox.hotel.people import Person
from deskpay.sandbox.money import amount

Row = dict[str, Any]

_FEE = Decimal("0.014")
_PAID_OUT_AFTER = timedelta(days=2)


def customer(row_id: str, chain_id: str, number: int, person: Person, *, by: str, created: str) -> Row:
    """A guest's profile."""
    return {
        **contract().blank("customers.md#customer"),
        "Id": row_id,
        "ChainId": chain_id,
        "Number": str(number),
        "Title": {"Male": "Mister", "Female": "Misses"}.get(person.sex or ""),
        "Sex": person.sex,
        "FirstName": person.first or None,
        "LastName": person.last,
        "SecondLastName": person.second,
        "NationalityCode": person.nationality,
        "PreferredLanguageCode": person.language,
        "LanguageCode": person.language,
        "Email": person.email,
        "HasOtaEmail": False,
        "CreatedUtc": created,
        "UpdatedUtc": created,
        "Classifications": [],
        "Options": ["None"],
        "IsActive": True,
        "PreferredSpaceFeatures": [],
        "CreatorProfileId": by,
        "UpdaterProfileId": by,
    }


def reservation(
    row_id: str,
    *,
    number: int,
    account_id: str,
    service_id: str,
    group_id: str,
    rate_id: str,
    category_id: str,
    by: str,
) -> Row:
    """A stay without its days, room and state."""
    return {
        **contract().blank("reservations.md#reservation-ver-2023-06-06"),
        "Id": row_id,
        "ServiceId": service_id,
        "AccountId": account_id,
        "AccountType": "Customer",
        "CreatorProfileId": by,
        "UpdaterProfileId": by,
        "BookerId": account_id,
        "Number": str(number),
        "Origin": "Commander",
        "CommanderOrigin": "Phone",
        "RateId": rate_id,
        "GroupId": group_id,
        "RequestedResourceCategoryId": category_id,
        "AssignedResourceLocked": False,
        "Purpose": "Leisure",
        "PersonCounts": [],
    }


def bill(
    row_id: str, enterprise_id: str, account_id: str, name: str, created: str, account_type: str = "Customer"
) -> Row:
    """An open bill."""
    return {
        **contract().blank("bills.md#bill"),
        "Id": row_id,
        "Name": name,
        "EnterpriseId": enterprise_id,
        "AccountId": account_id,
        "AccountType": account_type,
        "AssociatedAccountIds": [],
        "State": "Open",
        "Type": "Invoice",
        "CreatedUtc": created,
        "UpdatedUtc": created,
        "Options": dict.fromkeys(contract().objects["bills.md#bill-options"], False) | {"DisplayTaxation": True},
        "AssociatedAccountData": [],
        "CorrectionState": "Bill",
    }


def order_item(
    row_id: str,
    bill: Row,
    *,
    name: str,
    unit: Decimal,
    count: int,
    service_id: str,
    order_id: str,
    category_id: str,
    product_id: str | None,
    by: str,
) -> Row:
    """Something sold, on `bill`; a night when it has no product. Times are set by the caller."""
    return {
        **contract().blank("orderitems.md#order-item"),
        "Id": row_id,
        "EnterpriseId": bill["EnterpriseId"],
        "AccountId": bill["AccountId"],
        "AccountType": bill["AccountType"],
        "ServiceId": service_id,
        "ServiceOrderId": order_id,
        "BillId": bill["Id"],
        "AccountingCategoryId": category_id,
        "BillingName": name,
        "UnitCount": count,
        "UnitAmount": amount(unit, taxed=True),
        "Amount": amount(unit * count, taxed=True),
        "OriginalAmount": amount(unit * count, taxed=True),
        "RevenueType": "Product" if product_id else "Service",
        "CreatorProfileId": by,
        "UpdaterProfileId": by,
        "AccountingState": "Open",
        "Type": "ProductOrder" if product_id else "SpaceOrder",
        "Options": {"CanceledWithReservation": False},
        "Data": _product(product_id) if product_id else None,
    }


def _product(product_id: str) -> Row:
    return {
        **contract().blank("orderitems.md#order-item-data"),
        "Discriminator": "Product",
        "Product": {"ProductId": product_id, "AgeCategoryId": None, "ProductType": "Product"},
    }


def card(
    row_id: str,
    enterprise_id: str,
    customer_id: str,
    *,
    brand: str | None,
    number: str,
    expiration: str | None,
    created: str,
    kind: str = "Gateway",
) -> Row:
    """A card that can be charged, or one of a foreign terminal that is only on record.

    Args:
        row_id: Its id.
        enterprise_id: The property it belongs to.
        customer_id: Its owner.
        brand: One of the API's card types, or None.
        number: At most the first six and the last four digits, the rest ``*``.
        expiration: ``MM/YYYY`` or None.
        created: When it was added, as UTC text.
        kind: ``Gateway`` or ``Terminal``; terminal cards are never active.
    """
    return {
        "Id": row_id,
        "EnterpriseId": enterprise_id,
        "CustomerId": customer_id,
        "IsActive": kind == "Gateway",
        "State": "Enabled",
        "Kind": kind,
        "Format": "Physical",
        "Type": brand,
        "ObfuscatedNumber": number,
        "Expiration": expiration,
        "CreatedUtc": created,
        "UpdatedUtc": created,
    }


def payment(row_id: str, bill: Row, *, wire_value: Decimal, currency: str, state: str, created: str) -> Row:
    """A payment on `bill`; `wire_value` is negative for money received, positive for money given back."""
    charged = state == "Charged"
    return {
        **contract().blank("payments.md#payment"),
        "Id": row_id,
        "EnterpriseId": bill["EnterpriseId"],
        "AccountId": bill["AccountId"],
        "AccountType": bill["AccountType"],
        "BillId": bill["Id"],
        "Amount": amount(wire_value, currency),
        "OriginalAmount": amount(wire_value, currency),
        "ConsumedUtc": created if charged else None,
        "ChargedUtc": created if charged else None,
        "CreatedUtc": created,
        "UpdatedUtc": created,
        # Required and never null, says the table: until it has happened, which `SettlementId` tells, it is expected.
        "SettlementUtc": payout_due(created),
        # Docs: a payment that is not charged is Inactive in the books.
        "AccountingState": "Open" if charged else "Inactive",
        "State": state,
        "Type": "CreditCardPayment",
        "PaymentOrigin": "Api",
    }


def payment_request(
    row_id: str, enterprise_id: str, account_id: str, stay: Row | None, asked: Row, *, created: str
) -> Row:
    """A request to pay that waits for the guest; `asked` holds what the request itself said."""
    return {
        **contract().blank("paymentrequests.md#payment-request"),
        "Id": row_id,
        "EnterpriseId": enterprise_id,
        "AccountId": account_id,
        "ReservationGroupId": stay["GroupId"] if stay else None,
        "ReservationId": stay["Id"] if stay else None,
        "State": "Pending",
        "CreatedUtc": created,
        "UpdatedUtc": created,
        **asked,
    }


def card_paid(card_id: str) -> Row:
    """``Data`` of a payment by card."""
    return {
        **contract().blank("payments.md#payment-data"),
        "Discriminator": "CreditCard",
        "CreditCard": {"CreditCardId": card_id, "Transaction": None},
    }


def externally_paid(kind: str, identifier: str | None) -> Row:
    """``Data`` of a payment taken outside Mews."""
    return {
        **contract().blank("payments.md#payment-data"),
        "Discriminator": "External",
        "External": {"Type": kind, "ExternalIdentifier": identifier},
    }


def alternatively_paid(method: str) -> Row:
    """``Data`` of a payment by another method than a card."""
    return {
        **contract().blank("payments.md#payment-data"),
        "Discriminator": "Alternative",
        "Alternative": {"Type": method},
    }


def payout_due(charged: str) -> str:
    """When the gateway pays out what was charged then: in the morning, two days later. Both are UTC text."""
    morning = utc_time(charged).replace(hour=6, minute=0, second=0, microsecond=0)
    return utc_text(morning + _PAID_OUT_AFTER)


def settled(payment: Row, settlement_id: str, moment: str) -> Row:
    """The fields of a card payment that the gateway has paid out, less its fee, at `moment`, as UTC text."""
    charged = payment["OriginalAmount"]
    value, currency = charged["GrossValue"], charged["Currency"]
    fee = abs(value * _FEE).quantize(value)
    return {
        "SettlementId": settlement_id,
        "SettlementUtc": moment,
        "UpdatedUtc": max(payment["UpdatedUtc"], moment),
        "Data": payment["Data"]
        | {
            "CreditCard": payment["Data"]["CreditCard"]
            | {
                "Transaction": {
                    "PaymentId": payment["Id"],
                    "SettlementId": settlement_id,
                    "SettledUtc": moment,
                    "Fee": amount(fee, currency),
                    "AdjustedFee": amount(fee, currency),
                    "ChargedAmount": amount(value, currency),
                    "SettledAmount": amount(value + fee, currency),
                }
            }
        },
    }
