"""Until when a link may work: a few moments that make sense at a desk, on the hotel's clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from deskpay.ui.payments.wording import GuestWords, said

_NOON = time(12)


def link_times(words: GuestWords) -> list[tuple[datetime, str]]:
    """Return moments with their words, the one to start with first: the guest's departure where it is still to come."""
    file, zone, now = words.file, words.file.hotel.zone, words.file.read_utc
    days = [1, 3, 7, 14]
    leaving = (file.reservation.ends_utc.astimezone(zone).date() - words.today).days if file.reservation else 0
    if leaving > 0:
        days = [leaving, *(day for day in days if day != leaving)]
    noons = [datetime.combine(words.today + timedelta(days=day), _NOON, zone) for day in days]
    soon = now + timedelta(hours=2)
    told = [(noon, _noon_words(words, noon)) for noon in noons]
    return [*told[:1], (soon, said("In 2 hours, {hour}").format(hour=words.dates.clock(soon))), *told[1:]]


def _noon_words(words: GuestWords, moment: datetime) -> str:
    return f"{words.dates.short_day(moment.date(), words.today)}, {words.dates.clock(moment)}"
