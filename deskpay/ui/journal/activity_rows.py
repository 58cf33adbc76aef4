"""What the list of everything shows, as frozen rows, and what its drawer tells of one. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from deskpay.domain.intent import Evidence, IntentEvent, IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.security import SecurityEvent, SecurityKind
from deskpay.services.activity import Entry
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.components.timeline import Step, StepState
from deskpay.ui.journal.rows import ICONS, kind_words
from deskpay.ui.payments.acquirer_words import unrecorded_chip
from deskpay.ui.present_error import quoted
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords


def _said(words: str) -> str:
    return QCoreApplication.translate("Activity", words)


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One entry.

    Args:
        key: of the entry.
        time: when.
        icon: outline of its kind.
        what: its kind in words.
        about: whose money, or whom it concerns.
        who: who did it.
        state: how it stands.
        amount: how much; None where nothing moves.
    """

    key: str
    time: str
    icon: str
    what: str
    about: str
    who: str
    state: Chip
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """What the drawer tells.

    Args:
        title: amount, or what happened.
        subtitle: what it is.
        state: how it stands.
        facts: name and words of each.
        steps: what happened, oldest first.
        support: the whole of it as plain text, for whoever helps.
    """

    title: str
    subtitle: str
    state: Chip
    facts: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    support: str


def activity_row(entry: Entry, dates: DateWords, now_utc: datetime) -> ActivityRow:
    """Return the row of an entry."""
    time = dates.moment(entry.at_utc, now_utc)
    if entry.record is not None:
        intent = entry.record.intent
        amount = -intent.amount if intent.kind is IntentKind.REFUND and intent.amount is not None else intent.amount
        return ActivityRow(
            key=entry.key,
            time=time,
            icon=ICONS[intent.kind],
            what=kind_words(intent.kind),
            about=intent.customer_name,
            who=entry.who,
            state=record_chip(entry.record),
            amount=amount,
        )
    if entry.event is None:
        raise AssertionError("an entry is an act or an event")
    what, chip, icon = _event_words(entry.event)
    return ActivityRow(entry.key, time, icon, what, entry.event.subject, entry.who, chip)


def record_chip(record: IntentRecord) -> Chip:
    """Return how an act stands."""
    kind = record.intent.kind
    refund, recorded = kind is IntentKind.REFUND, kind in {IntentKind.RECORD_CARD, IntentKind.RECORD_EXTERNAL}
    match record.state:
        case IntentState.DRAFTED | IntentState.SENDING:
            return chip_for(ChipState.SENDING)
        case IntentState.UNKNOWN:
            return chip_for(ChipState.NOT_KNOWN)
        case IntentState.TAKEN | IntentState.RECORDING:
            return unrecorded_chip(record.intent)
        case IntentState.ACCEPTED if kind.asks_guest:
            return chip_for(ChipState.WAITING_FOR_GUEST)
        case IntentState.ACCEPTED:
            pending = Chip(_said("Pending"), Tone.WARNING, "hourglass")
            return chip_for(ChipState.REFUND_PENDING) if refund else pending
        case IntentState.CONFIRMED:
            good = ChipState.REFUNDED if refund else ChipState.RECORDED if recorded else ChipState.CHARGED
            return Chip(_said("Saved"), Tone.SUCCESS, "check") if kind is IntentKind.SAVE_CARD else chip_for(good)
        case IntentState.DECLINED | IntentState.REJECTED:
            return chip_for(ChipState.DECLINED)
        case IntentState.RESOLVED:
            return Chip(_said("Decided"), Tone.NEUTRAL, "user-check")
        case IntentState.NOT_SENT | IntentState.ABANDONED:
            return chip_for(ChipState.NOT_SENT)


def _event_words(event: SecurityEvent) -> tuple[str, Chip, str]:
    done = Chip(_said("Done"), Tone.NEUTRAL, "check")
    refused = Chip(_said("Refused"), Tone.DANGER, "circle-x")
    missed = Chip(_said("Missed"), Tone.WARNING, "triangle-alert")
    locked = Chip(_said("Locked"), Tone.DANGER, "lock")
    return {
        SecurityKind.SIGNED_IN: (_said("Signed in"), done, "door-open"),
        SecurityKind.LEFT: (_said("Left the desk"), done, "lock"),
        SecurityKind.LOCKED_IDLE: (_said("Locked, nobody there"), done, "lock"),
        SecurityKind.REFUSED: (_said("Wrong PIN"), refused, "key-round"),
        SecurityKind.LOCKED_OUT: (_said("Account locked"), locked, "key-round"),
        SecurityKind.APPROVED: (_said("Approved"), Chip(_said("Approved"), Tone.NEUTRAL, "check"), "user-check"),
        SecurityKind.WITNESSED: (_said("Decided together"), done, "user-check"),
        SecurityKind.STAFF_CHANGED: (_said("People changed"), done, "users"),
        SecurityKind.SECRET_SET: (_said("New PIN"), done, "key-round"),
        SecurityKind.EXPORTED: (_said("Journal exported"), done, "file-text"),
        SecurityKind.POLICY: (_said("Policy changed"), done, "shield-check"),
        SecurityKind.INSPECTED: (_said("Connection inspected"), done, "eye-off"),
        SecurityKind.HEAD_KEPT: (_said("Head kept elsewhere"), done, "shield-check"),
        SecurityKind.HEAD_MISSED: (_said("Head not kept"), missed, "triangle-alert"),
        SecurityKind.SETTING_CHANGED: (_said("Setting changed"), done, "monitor"),
        SecurityKind.LIMIT_SET: (_said("Limit set"), done, "shield-check"),
    }[event.kind]


def detail_of(entry: Entry, dates: DateWords, money: MoneyWords, now_utc: datetime) -> Detail:
    """Return what the drawer tells of an entry."""
    row = activity_row(entry, dates, now_utc)
    if entry.record is None:
        told = entry.event.detail if entry.event is not None else ""
        about = (
            (_said("When"), dates.moment(entry.at_utc, now_utc)),
            (_said("Who"), entry.who),
            (_said("About"), row.about),
            (_said("Told"), told),
        )
        kept = tuple((name, words) for name, words in about if words)
        return Detail(row.what, "", row.state, kept, (), _support(row.what, kept, ()))
    record, intent = entry.record, entry.record.intent
    people = next((event.people for event in record.events if event.people), ())
    lines = (
        (_said("Guest"), intent.customer_name),
        (_said("Who"), _said("{name}, {desk}").format(name=intent.operator, desk=intent.desk_id)),
        (_said("Together with"), ", ".join(name for name in people if name != intent.operator)),
        (_said("Reference"), intent.reference),
        (_said("Mews ID"), record.outcome_id or ""),
        (_said("Request-Id"), record.request_id or ""),
        (_said("Why"), intent.reason),
        (_said("Note"), intent.note),
    )
    facts = tuple((name, words) for name, words in lines if words)
    steps = tuple(
        Step(_step_words(event), _step_state(event), dates.clock(event.at_utc, seconds=True)) for event in record.events
    )
    title = money.show(row.amount) if row.amount is not None else row.what
    what = f"{row.what} · {intent.subject}" if intent.subject else row.what
    return Detail(title, what, row.state, facts, steps, _support(f"{row.what} {title}", facts, steps))


def _support(what: str, facts: tuple[tuple[str, str], ...], steps: tuple[Step, ...]) -> str:
    lines = [what, *(f"{name}: {words}" for name, words in facts)]
    return "\n".join([*lines, *(f"{step.time} {step.words}" for step in steps)])


def _step_words(event: IntentEvent) -> str:
    words = {
        Evidence.DECIDED: _said("Prepared, nothing sent"),
        Evidence.ABOUT_TO_SEND: _said("Sent to Mews, once"),
        Evidence.NOTHING_LEFT: _said("It never left this computer"),
        Evidence.ANSWERED: _said("Mews has taken it over"),
        Evidence.REFUSED: _said("Mews said no"),
        Evidence.NO_ANSWER: _said("No answer, so it is not known"),
        Evidence.RESTARTED: _said("DeskPay was started again"),
        Evidence.FOUND: _said("Found in Mews"),
        Evidence.NOT_FOUND: _said("Looked in Mews: nothing that fits"),
        Evidence.SEVERAL_FOUND: _said("Looked in Mews: several that could be it"),
        Evidence.COULD_NOT_LOOK: _said("Mews could not be read"),
        Evidence.READ_BACK: _said("Read back from Mews"),
        Evidence.PERSON: _said("Decided by people"),
    }[event.evidence]
    if event.people:
        words = _said("{words} · {people}").format(words=words, people=", ".join(event.people))
    return f"{words} {quoted(event.message)}" if event.message else words


def _step_state(event: IntentEvent) -> StepState:
    if event.state in {IntentState.DECLINED, IntentState.REJECTED, IntentState.NOT_SENT}:
        return StepState.FAILED
    return StepState.CHECKED if event.state is IntentState.UNKNOWN else StepState.DONE
