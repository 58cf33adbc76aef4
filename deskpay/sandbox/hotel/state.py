"""The hotel's state: tables of wire-shaped rows and what is still under way."""

from collections import deque
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.hotel.agenda import Agenda
from deskpay.sandbox.hotel.tables import Table

Row = dict[str, Any]

_MAILS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with a link, as the guest gets it.

    Args:
        to: The guest's address.
        subject: Its subject.
        path: The page its link leads to.
        sent: When, as UTC text.
    """

    to: str
    subject: str
    path: str
    sent: str


@dataclass(slots=True)
class Hotel:
    """Everything the API reads and changes.

    Args:
        enterprise: The property, as configuration/get shows it.
        user_id: Who created and last changed the seeded rows.
        agenda: What moves by itself when its moment comes.
        refunds_of: Refund ids by the payment they give back; the API itself never tells.
        asked_bills: Bill ids by the payment request that named them; no answer echoes them.
        returns: Where the bank sends a guest afterwards, by alternative payment.
        mails: What was mailed to guests, newest last.
        companions: Who shares a stay with its owner: customer ids by reservation.
        prints: When each bill was printed, by its id; what the quota counts.
        tell: Where an event for whoever listens goes.
        earlier: What rows of long ago add to a ledger at a moment, in UTC text, without being built.
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
    devices: Table = field(default_factory=Table)
    commands: Table = field(default_factory=Table)
    agenda: Agenda = field(default_factory=Agenda)
    refunds_of: dict[str, list[str]] = field(default_factory=dict)
    asked_bills: dict[str, str] = field(default_factory=dict)
    returns: dict[str, str] = field(default_factory=dict)
    mails: deque[Mail] = field(default_factory=lambda: deque(maxlen=_MAILS_KEPT))
    companions: MutableMapping[str, list[str]] = field(default_factory=dict)
    prints: dict[str, list[datetime]] = field(default_factory=dict)
    print_events: dict[str, str] = field(default_factory=dict)
    tell: Callable[[Row], None] = lambda _event: None
    earlier: Callable[[str, str], Decimal] = lambda _ledger, _moment: Decimal(0)

    @property
    def enterprise_id(self) -> str:
        """Id of the property."""
        identity: str = self.enterprise["Id"]
        return identity

    @property
    def members(self) -> tuple["Hotel", ...]:
        """The properties behind it: itself, unless it is several seen as one."""
        return (self,)

    def enterprise_of(self, reservation: Row) -> str:
        """Id of the property a stay belongs to; the row itself names only the service."""
        service = self.services.get(reservation["ServiceId"])
        return str(service["EnterpriseId"]) if service else self.enterprise_id

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
        """Move everything whose moment has come; called before each read and money movement."""
        self.agenda.run(now)

    def later(self, payment_id: str, moment: datetime, state: str) -> None:
        """Let a payment reach `state` by itself at `moment`."""
        self.agenda.put(payment_id, moment, lambda then: self.reach(payment_id, state, then))

    def reach(self, payment_id: str, state: str, moment: datetime) -> None:
        """Bring a payment to `state`; what it was to become by itself is forgotten."""
        payment = self.payments.get(payment_id)
        assert payment is not None  # noqa: S101 - only ids of this table are brought anywhere
        self.agenda.forget(payment_id)
        charged = state == "Charged"
        payment["State"] = state
        payment["AccountingState"] = {"Charged": "Open", "Canceled": "Canceled"}.get(state, "Inactive")
        payment["ChargedUtc"] = payment["ConsumedUtc"] = utc_text(moment) if charged else None
        payment["UpdatedUtc"] = utc_text(moment)
        request = self.payment_requests.get(payment["PaymentRequestId"])
        if charged and request is not None and request["State"] == "Pending":
            self.answer(request, "Completed", moment)

    def answer(self, request: Row, state: str, moment: datetime) -> None:
        """Bring a payment request to its last state."""
        self.agenda.forget(request["Id"])
        request |= {"State": state, "UpdatedUtc": utc_text(moment)}

    def mail(self, customer: Row, subject: str, path: str, moment: datetime) -> None:
        """Mail a link to a guest; one without an address gets nothing.

        Args:
            customer: The guest.
            subject: What the mail is about.
            path: The page it leads to, below the sandbox's own address.
            moment: When.
        """
        if customer["Email"]:
            self.mails.append(Mail(customer["Email"], subject, path, utc_text(moment)))
