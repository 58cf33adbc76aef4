"""The hotel's state: tables of wire-shaped rows and what is still under way."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.hotel.tables import Table

Row = dict[str, Any]


@dataclass(slots=True)
class Hotel:
    """Everything the API reads and changes.

    Args:
        enterprise: The property, as configuration/get shows it.
        user_id: Who created and last changed the seeded rows.
        due: Payments whose state moves by itself: id to the moment and the state it then takes.
        refunds_of: Refund ids by the payment they give back; the API itself never tells.
        companions: Who shares a stay with its owner: customer ids by reservation.
        prints: When each bill was printed, by its id; what the quota counts.
        print_events: Bills that are being printed, by the event that fetches the file.
    """

    enterprise: Row
    user_id: str
    services: Table = field(default_factory=Table)
    rooms: Table = field(default_factory=Table)
    categories: Table = field(default_factory=Table)
    customers: Table = field(default_factory=Table)
    reservations: Table = field(default_factory=Table)
    bills: Table = field(default_factory=Table)
    order_items: Table = field(default_factory=Table)
    cards: Table = field(default_factory=Table)
    payments: Table = field(default_factory=Table)
    payment_requests: Table = field(default_factory=Table)
    companies: Table = field(default_factory=Table)
    cashiers: Table = field(default_factory=Table)
    counters: Table = field(default_factory=Table)
    billing_automations: Table = field(default_factory=Table)
    routing_rules: Table = field(default_factory=Table)
    preauthorizations: Table = field(default_factory=Table)
    method_requests: Table = field(default_factory=Table)
    due: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    refunds_of: dict[str, list[str]] = field(default_factory=dict)
    companions: dict[str, list[str]] = field(default_factory=dict)
    prints: dict[str, list[datetime]] = field(default_factory=dict)
    print_events: dict[str, str] = field(default_factory=dict)

    @property
    def enterprise_id(self) -> str:
        """Id of the property."""
        identity: str = self.enterprise["Id"]
        return identity

    @property
    def currency(self) -> str:
        """The currency it keeps its books in."""
        accepted: list[Row] = self.enterprise["Currencies"]
        return next(str(row["Currency"]) for row in accepted if row["IsDefault"])

    def account(self, account_id: str | None) -> tuple[str, Row] | None:
        """Whose bills these are: ``Customer`` or ``Company`` with the profile, or None."""
        for kind, table in (("Customer", self.customers), ("Company", self.companies)):
            profile = table.get(account_id)
            if profile is not None:
                return kind, profile
        return None

    def settle(self, now: datetime) -> None:
        """Move every payment whose moment has come; called before each read and money movement."""
        for payment_id, (moment, state) in list(self.due.items()):
            if now >= moment:
                del self.due[payment_id]
                self._reach(payment_id, state, moment)

    def _reach(self, payment_id: str, state: str, moment: datetime) -> None:
        payment = self.payments.get(payment_id)
        assert payment is not None  # noqa: S101 - only ids of this table become due
        charged = state == "Charged"
        payment["State"] = state
        payment["AccountingState"] = "Open" if charged else "Canceled"
        payment["ChargedUtc"] = payment["ConsumedUtc"] = utc_text(moment) if charged else None
        payment["UpdatedUtc"] = utc_text(moment)
