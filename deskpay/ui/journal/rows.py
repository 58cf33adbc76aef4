"""What the list of unresolved acts shows, as frozen rows; and how they come from the news. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from deskpay.domain.intent import Evidence, IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.policy import may_close, no_trace
from deskpay.services.intent_runner import IntentNews
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.payments.acquirer_words import unrecorded_chip
from deskpay.ui.words.dates import DateWords

ICONS = {
    IntentKind.CHARGE: "credit-card",
    IntentKind.REFUND: "undo-2",
    IntentKind.RECORD_CARD: "nfc",
    IntentKind.RECORD_EXTERNAL: "banknote",
    IntentKind.SAVE_CARD: "plus",
    IntentKind.PAY_LINK: "link",
    IntentKind.ALTERNATIVE: "qr-code",
    IntentKind.TERMINAL: "nfc",
    IntentKind.ACQUIRER_CHARGE: "credit-card",
}
"""Outlines by kind of act."""


def _said(words: str) -> str:
    return QCoreApplication.translate("Unresolved", words)


@dataclass(frozen=True, slots=True)
class UnresolvedRow:
    """One act without a known end.

    Args:
        key: the intent's id.
        icon: outline of its kind.
        what: its kind in words.
        guest: whose.
        reference: ours.
        state: its chip.
        since: when it was sent, and how long ago.
        last_look: when the books were last looked at, or that they were not yet.
        next_look: when they are looked at again.
        amount: how much; None for a card.
        may_decide: True once people may say what happened.
    """

    key: str
    icon: str
    what: str
    guest: str
    reference: str
    state: Chip
    since: str
    last_look: str
    next_look: str
    amount: Money | None
    may_decide: bool = False


def may_decide(record: IntentRecord, now_utc: datetime) -> bool:
    """Tell whether people may say what happened.

    No proof came for long enough, several entries could be it, or what was taken does not come into Mews by itself.
    """
    several = record.state is IntentState.UNKNOWN and record.events[-1].evidence is Evidence.SEVERAL_FOUND
    return several or no_trace(record) or may_close(record, now_utc)


def unresolved_rows(
    under_way: Iterable[IntentNews], alarms: Iterable[IntentNews], dates: DateWords, now_utc: datetime, now_s: float
) -> tuple[UnresolvedRow, ...]:
    """Return the rows: what turned up after a decision first, then what is not known or not final, oldest first.

    Args:
        under_way: the latest of every act that has not ended.
        alarms: the latest of every act that turned up after people decided.
        dates: how hours are written.
        now_utc: by the property system's clock.
        now_s: on the desk's monotonic scale.
    """
    open_ones = [news for news in under_way if not news.record.awaits_answer]
    in_order = sorted(open_ones, key=lambda news: news.record.intent.drafted_utc)
    return tuple(_row(news, dates, now_utc, now_s) for news in (*alarms, *in_order))


def _row(news: IntentNews, dates: DateWords, now_utc: datetime, now_s: float) -> UnresolvedRow:
    record = news.record
    intent = record.intent
    sent = record.sent_utc or intent.drafted_utc
    looks = [event.at_utc for event in record.events[3:] if event.state is IntentState.UNKNOWN]
    next_look = ""
    if news.next_look_at_s is not None:
        next_look = dates.clock(now_utc + timedelta(seconds=news.next_look_at_s - now_s), seconds=True)
    return UnresolvedRow(
        key=intent.id,
        icon=ICONS[intent.kind],
        what=kind_words(intent.kind),
        guest=intent.customer_name,
        reference=intent.reference,
        state=_chip(news, now_utc),
        since=f"{dates.clock(sent)} · {_age(now_utc - sent)}",
        last_look=dates.clock(looks[-1], seconds=True) if looks else _said("not yet"),
        next_look=next_look or (_said("now") if not record.state.final else ""),
        amount=intent.amount,
        may_decide=may_decide(record, now_utc),
    )


def kind_words(kind: IntentKind) -> str:
    """Return what an act is called in lists."""
    return {
        IntentKind.CHARGE: _said("Charge"),
        IntentKind.REFUND: _said("Refund"),
        IntentKind.RECORD_CARD: _said("Record terminal"),
        IntentKind.RECORD_EXTERNAL: _said("Record"),
        IntentKind.SAVE_CARD: _said("Save card"),
        IntentKind.PAY_LINK: _said("Pay link"),
        IntentKind.ALTERNATIVE: _said("Guest pays"),
        IntentKind.TERMINAL: _said("Mews terminal"),
        IntentKind.ACQUIRER_CHARGE: _said("Charge at PayMongo"),
    }[kind]


def _chip(news: IntentNews, now_utc: datetime) -> Chip:
    record = news.record
    if news.late_id is not None:
        return Chip(_said("Turned up"), Tone.DANGER, "triangle-alert")
    if record.state is IntentState.ACCEPTED:
        if record.intent.kind.asks_guest:
            return chip_for(ChipState.WAITING_FOR_GUEST)
        refund = record.intent.kind is IntentKind.REFUND
        return chip_for(ChipState.REFUND_PENDING) if refund else Chip(_said("Pending"), Tone.WARNING, "hourglass")
    if record.state.took_unrecorded:
        return unrecorded_chip(record.intent)
    if may_decide(record, now_utc):
        return Chip(_said("Decide"), Tone.UNKNOWN, "user-check")
    return chip_for(ChipState.NOT_KNOWN)


def _age(passed: timedelta) -> str:
    minutes = max(0, int(passed.total_seconds() // 60))
    if minutes < 120:
        return _said("{count} min").format(count=minutes)
    return _said("{count} h").format(count=minutes // 60)
