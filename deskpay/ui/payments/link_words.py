"""How far a request to pay has come, in words and as a chip."""

from __future__ import annotations

from datetime import datetime

from deskpay.domain.payment_request import PaymentRequest, PaymentRequestState
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.payments.wording import said
from deskpay.ui.words.dates import DateWords


def link_chip(request: PaymentRequest) -> Chip:
    """Return the chip of its state; a word not known yet is not taken for an end."""
    match request.state:
        case PaymentRequestState.PENDING:
            return chip_for(ChipState.WAITING_FOR_GUEST)
        case PaymentRequestState.COMPLETED:
            return Chip(said("Paid"), Tone.SUCCESS, "circle-check")
        case PaymentRequestState.EXPIRED:
            return chip_for(ChipState.EXPIRED)
        case PaymentRequestState.CANCELED:
            return Chip(said("Cancelled"), Tone.NEUTRAL, "ban")
        case PaymentRequestState.UNKNOWN:
            return chip_for(ChipState.NOT_KNOWN)


def link_line(request: PaymentRequest, dates: DateWords, now_utc: datetime) -> str:
    """Return when it was asked, and until when it works while it is open."""
    asked = said("Asked {moment}").format(moment=dates.moment(request.created_utc, now_utc))
    if not request.state.open:
        return asked
    local = dates.local(request.expires_utc)
    day = dates.short_day(local.date(), dates.local(now_utc).date())
    until = said("works until {day}, {hour}").format(day=day, hour=dates.clock(request.expires_utc))
    return f"{asked}, {until}"
