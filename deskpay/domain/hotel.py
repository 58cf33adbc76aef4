"""The hotel behind a connection: its currencies, its day and what its property system allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskpay.domain.money import Currency


@dataclass(frozen=True, slots=True)
class Hotel:
    """One property, as its configuration tells.

    Args:
        id: enterprise id.
        name: name shown to staff.
        zone: IANA time zone; every "today" is of this zone.
        currencies: accepted currencies, the accounting currency first.
        gross_pricing: True where prices include tax; decides which amount field a payment call takes.
        tenders: codes of the external payment types that the hotel enabled.
        card_storage_key: public key for the hosted card fields, None where cards cannot be stored.
        is_portfolio: True for a token over several hotels, which cannot charge.
    """

    id: str
    name: str
    zone: ZoneInfo
    currencies: tuple[Currency, ...]
    gross_pricing: bool
    tenders: tuple[str, ...]
    card_storage_key: str | None
    is_portfolio: bool

    @property
    def currency(self) -> Currency:
        """The accounting currency."""
        return self.currencies[0]

    def accepts(self, currency: Currency) -> bool:
        """Tell whether the hotel takes money in `currency`."""
        return currency in self.currencies

    def today(self, now_utc: datetime) -> date:
        """Return the hotel's calendar day at `now_utc`."""
        return now_utc.astimezone(self.zone).date()

    def day_utc(self, day: date) -> tuple[datetime, datetime]:
        """Return the half-open span of `day`, local midnight to local midnight, in the hotel's own zone."""
        start = datetime.combine(day, time.min, self.zone)
        end = datetime.combine(day + timedelta(days=1), time.min, self.zone)
        return start, end


@dataclass(frozen=True, slots=True)
class AccountingCategory:
    """A category that a payment may be booked under."""

    id: str
    name: str
