"""The hotel behind a connection: its currencies, its day and what its property system allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskpay.domain.business_day import Span, business_day_at, span_of_day
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
        closing_offset: how long after midnight the hotel's business day ends, on the wall clock.
    """

    id: str
    name: str
    zone: ZoneInfo
    currencies: tuple[Currency, ...]
    gross_pricing: bool
    tenders: tuple[str, ...]
    card_storage_key: str | None
    is_portfolio: bool
    closing_offset: timedelta = timedelta()

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

    def business_day(self, now_utc: datetime) -> date:
        """Return the hotel's business day at `now_utc`, which goes on after midnight until the hotel closes it."""
        return business_day_at(now_utc, self.zone, self.closing_offset)

    def span_of(self, day: date) -> Span:
        """Return the span of the business day `day`."""
        return span_of_day(day, self.zone, self.closing_offset)

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
