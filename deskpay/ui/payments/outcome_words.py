"""What the outcome dialog says at each point of an intent's story. Pure: the dialog only renders it.

What is not known is told as such. It never looks like success or failure, and nothing here offers to send again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deskpay.domain.decline import cause_of
from deskpay.domain.errors import JournalError
from deskpay.domain.intent import Evidence, IntentEvent, IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.policy import may_close, no_trace
from deskpay.services.intent_runner import IntentNews
from deskpay.ui.components.painting import Run
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.components.timeline import Step, StepState
from deskpay.ui.payments.acquirer_words import bank_moves, named, unrecorded_chip, unrecorded_text, why_declined
from deskpay.ui.payments.act_sentences import ActWords
from deskpay.ui.payments.act_words import act_words
from deskpay.ui.payments.decline_words import MoveWords, meaning, tried, ways_on
from deskpay.ui.payments.refund_words import open_again
from deskpay.ui.payments.wording import said
from deskpay.ui.present_error import quoted, words_for
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords

_LAST_LOOKS = 3
_LOOKS = frozenset({Evidence.NOT_FOUND, Evidence.SEVERAL_FOUND, Evidence.COULD_NOT_LOOK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """All that the dialog shows of one moment.

    Args:
        title: what happened.
        subtitle: whom it is about, or what follows.
        tone: of the disc before the title; None for a spinner.
        icon: on the disc.
        box: title, quiet line and chip of the payment; None for no box.
        badge: in the box.
        message: tone, lead, text and icon of what must be read; None for none.
        text: a paragraph.
        steps: the story so far.
        to_guest: what to tell the guest.
        hint: small words below.
        note: small words in the footer.
        leave: label of the button that Esc presses.
        leave_first: True where that is the main button.
        again: label of the button that starts anew; empty for none.
        moves: ways on, each with a key of its own.
        decide: label of the button by which people decide; empty where they may not yet.
        can_check: True where looking now makes sense.
        width: of the dialog, in pixels.
    """

    title: str
    subtitle: str
    tone: Tone | None = None
    icon: str = ""
    box: tuple[str, tuple[Run, ...], Chip] | None = None
    badge: str = ""
    message: tuple[Tone, str, str, str] | None = None
    text: str = ""
    steps: tuple[Step, ...] = ()
    to_guest: str = ""
    hint: str = ""
    note: str = ""
    leave: str
    leave_first: bool = True
    again: str = ""
    moves: tuple[MoveWords, ...] = ()
    decide: str = ""
    can_check: bool = False
    width: int = 600

    @property
    def spoken(self) -> str:
        """What a screen reader announces when the dialog comes to this."""
        lead = f"{self.message[1]}. " if self.message else ""
        return f"{self.title}. {self.subtitle}. {lead}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When the telling is told.

    Args:
        now_utc: by the property system's clock.
        now_s: on the desk's monotonic scale.
        state_since_s: since when the dialog knows the present state, on the same scale.
    """

    now_utc: datetime
    now_s: float
    state_since_s: float


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """Tells outcomes.

    Args:
        about: name, room and number of the guest.
        money: how amounts are written.
        dates: how hours are written.
        declined_before: how often the card was declined earlier today.
        can_link: True where a pay link can be sent instead.
        next_part: label of the button for the next part of a sum; empty for none.
        owed: what the guest owes after money went back; None where that was not read.
    """

    about: str
    money: MoneyWords
    dates: DateWords
    declined_before: int = 0
    owed: Money | None = None
    can_link: bool = False
    next_part: str = ""

    def tell(self, news: IntentNews, moment: Moment) -> Telling:
        """Return what to show of `news` at `moment`."""
        record = news.record
        act = act_words(record.intent, self.money)
        if news.trouble is not None:
            return self._trouble(record, act, news.trouble)
        if news.late_id is not None:
            return self._late(record, act, news.late_id)
        if record.state in (IntentState.DRAFTED, IntentState.SENDING):
            return self._sending(record, act, moment)
        if record.state is IntentState.ACCEPTED:
            return self._accepted(record, act, moment)
        if record.state is IntentState.UNKNOWN:
            return self._unknown(news, act, moment)
        if record.state.took_unrecorded:
            return self._unrecorded(record, act, moment)
        ends = {
            IntentState.CONFIRMED: self._confirmed,
            IntentState.DECLINED: self._declined,
            IntentState.NOT_SENT: self._not_sent,
            IntentState.REJECTED: self._rejected,
            IntentState.RESOLVED: self._resolved,
            IntentState.ABANDONED: self._abandoned,
        }
        return ends[record.state](record, act)

    # Under way

    def _sending(self, record: IntentRecord, act: ActWords, moment: Moment) -> Telling:
        sent = record.sent_utc
        waited = self._seconds(moment)
        written = Step(said("Written to the journal on this computer"), StepState.DONE, self._hour(record.events[0]))
        if sent is None:
            steps = [written, Step(named(record, said("Sending to {system}")), StepState.NOW, waited)]
        else:
            steps = [
                written,
                Step(named(record, said("Sent to {system}")), StepState.DONE, self.dates.clock(sent, seconds=True)),
                Step(said("Waiting for the answer"), StepState.NOW, waited),
            ]
        steps.append(Step(said("Done, refused, or still not known after 30 s"), StepState.LATER))
        return Telling(
            title=act.working,
            subtitle=self.about,
            steps=tuple(steps),
            hint=act.hint,
            note=said("Hiding does not stop what was sent"),
            leave=said("Hide"),
            leave_first=False,
            width=520,
        )

    def _accepted(self, record: IntentRecord, act: ActWords, moment: Moment) -> Telling:
        refund, asks = record.intent.kind is IntentKind.REFUND, record.intent.kind.asks_guest
        steps = [
            Step(said("Written to the journal on this computer"), StepState.DONE, self._hour(record.events[0])),
            Step(named(record, said("{system} has it")), StepState.DONE, self._hour(record.events[-1])),
            Step(
                said("Waiting for the guest") if asks else said("Waiting for the final word"),
                StepState.NOW,
                self._seconds(moment),
            ),
        ]
        chip = chip_for(ChipState.REFUND_PENDING) if refund else Chip(said("Pending"), Tone.WARNING, "hourglass")
        if asks:
            chip = chip_for(ChipState.WAITING_FOR_GUEST)
        return Telling(
            title=act.accepted if refund or asks else act.working,
            subtitle=self.about if refund or asks else act.accepted,
            box=(act.what, self._line(record), chip),
            badge=act.badge,
            steps=tuple(steps),
            moves=bank_moves() if record.intent.kind is IntentKind.ACQUIRER_CHARGE else (),
            hint=act.accepted_hint,
            note=said("DeskPay goes on reading"),
            leave=said("Serve the next guest"),
            can_check=True,
        )

    def _unrecorded(self, record: IntentRecord, act: ActWords, moment: Moment) -> Telling:
        taken = next(event for event in record.events if event.state is IntentState.TAKEN)
        back = record.intent.kind is IntentKind.REFUND
        by_hand = said("Waiting for a person to write it into Mews")
        steps = (
            Step(said("Written to the journal on this computer"), StepState.DONE, self._hour(record.events[0])),
            Step(
                said("Given back by PayMongo") if back else said("Taken by PayMongo"),
                StepState.DONE,
                self._hour(taken),
            ),
            Step(by_hand if back else said("Writing it down in Mews"), StepState.NOW),
        )
        return Telling(
            title=said("The money was given back once") if back else said("The card was charged once"),
            subtitle=said("It does not stand in Mews yet"),
            tone=Tone.WARNING,
            icon="triangle-alert",
            box=(act.what, self._quote(record, said("Mews says: {quote}")), unrecorded_chip(record.intent)),
            badge=act.badge,
            text=unrecorded_text(record),
            steps=steps,
            hint=act.not_again
            if back
            else said("Don't take this money again, and don't write it down by hand while DeskPay does."),
            note=said("It stays on the list until then")
            if back
            else said("DeskPay goes on by itself, also after a restart"),
            decide=said("It is in Mews by hand…") if may_close(record, moment.now_utc) else "",
            leave=said("Serve the next guest"),
            can_check=True,
        )

    # The end

    def _confirmed(self, record: IntentRecord, act: ActWords) -> Telling:
        found = any(event.evidence is Evidence.FOUND for event in record.events)
        return Telling(
            title=act.confirmed,
            subtitle=said("Found in Mews after {time}").format(time=self._length(record)) if found else self.about,
            tone=act.tone,
            icon=act.icon,
            box=(act.what, self._line(record), act.good),
            badge=act.badge,
            message=open_again(record, self.owed, self.money),
            text=act.confirmed_text,
            leave=said("Done"),
            leave_first=not self.next_part,
            again=self.next_part,
        )

    def _declined(self, record: IntentRecord, act: ActWords) -> Telling:
        chip = chip_for(ChipState.DECLINED)
        if record.intent.kind is IntentKind.ACQUIRER_CHARGE:
            title, nothing, why = why_declined(record.message)
            return Telling(
                title=title,
                subtitle=nothing,
                tone=Tone.DANGER,
                icon=chip.icon,
                box=(act.what, self._line(record), chip),
                badge=act.badge,
                text=f"{why} {act.advice}",
                leave=said("Close"),
            )
        charge = record.intent.kind is IntentKind.CHARGE
        advice = (meaning(cause_of(record.message)), tried(self.declined_before + 1)) if charge else (act.advice,)
        return Telling(
            title=act.declined,
            subtitle=act.nothing,
            tone=Tone.DANGER,
            icon=chip.icon,
            box=(act.what, self._quote(record), chip),
            badge=act.badge,
            text=" ".join(sentence for sentence in advice if sentence),
            moves=ways_on(can_link=self.can_link) if charge else (),
            hint=self._support(record),
            leave=said("Close"),
        )

    def _not_sent(self, record: IntentRecord, act: ActWords) -> Telling:
        chip = chip_for(ChipState.NOT_SENT)
        charge = record.intent.kind is IntentKind.CHARGE
        return Telling(
            title=said("Nothing was sent"),
            subtitle=act.nothing,
            tone=Tone.NEUTRAL,
            icon=chip.icon,
            box=(act.what, (Run(said("The request never left this computer")),), chip),
            badge=act.badge,
            text=named(
                record,
                said(
                    "This is certain: no connection to {system} was opened. When {system} is there again, start anew."
                ),
            ),
            leave=said("Close"),
            leave_first=not charge,
            again=said("Charge anew…") if charge else "",
        )

    def _rejected(self, record: IntentRecord, act: ActWords) -> Telling:
        return Telling(
            title=named(record, said("{system} could not accept this")),
            subtitle=act.nothing,
            tone=Tone.DANGER,
            icon="circle-x",
            box=(act.what, self._quote(record), Chip(said("Refused"), Tone.DANGER, "circle-x")),
            badge=act.badge,
            text=named(
                record,
                said("{system} refused the request before doing anything. Read the guest again, then start anew."),
            ),
            hint=self._support(record),
            leave=said("Close"),
        )

    def _abandoned(self, record: IntentRecord, act: ActWords) -> Telling:
        chip = chip_for(ChipState.NOT_SENT)
        return Telling(
            title=said("Nothing was sent"),
            subtitle=act.nothing,
            tone=Tone.NEUTRAL,
            icon=chip.icon,
            box=(act.what, self._line(record), chip),
            badge=act.badge,
            text=said("DeskPay was closed before it sent this. Start anew if it is still wanted."),
            leave=said("Close"),
        )

    def _resolved(self, record: IntentRecord, act: ActWords) -> Telling:
        return Telling(
            title=said("A person wrote it into Mews") if record.taken_id else said("A person decided"),
            subtitle=self.about,
            tone=Tone.NEUTRAL,
            icon="user-check",
            box=(act.what, self._quote(record, said("Reason: {quote}")), Chip(said("Decided"), Tone.NEUTRAL, "check")),
            badge=act.badge,
            text=said("The money moved at PayMongo. What was said about Mews is kept in the journal.")
            if record.taken_id
            else said("DeskPay could not prove what became of this. The reason is kept in the journal."),
            leave=said("Close"),
        )

    def _late(self, record: IntentRecord, act: ActWords, late_id: str) -> Telling:
        lead = said("Two people said that nothing was done. Now it is in Mews.")
        text = said("If the money was taken again meanwhile, give one of the two back. Entry in Mews: {id}")
        return Telling(
            title=said("It turned up after all"),
            subtitle=self.about,
            tone=Tone.DANGER,
            icon="triangle-alert",
            box=(act.what, self._line(record), Chip(said("Decided"), Tone.NEUTRAL, "user-check")),
            badge=act.badge,
            message=(Tone.DANGER, lead, text.format(id=late_id), ""),
            leave=said("Close"),
        )

    # Not known

    def _unknown(self, news: IntentNews, act: ActWords, moment: Moment) -> Telling:
        record = news.record
        several = record.events[-1].evidence is Evidence.SEVERAL_FOUND
        sent = record.sent_utc or record.intent.drafted_utc
        minutes = int((moment.now_utc - sent).total_seconds()) // 60
        traceless = no_trace(record)
        person = several or traceless
        title, subtitle = named(record, said("No answer from {system}")), act.question
        if several:
            title, subtitle = said("More than one entry in Mews could be it"), said("A person has to look in Mews")
        elif traceless:
            title = said("Still not in Mews after {count} minutes").format(count=minutes)
            subtitle = said("A supervisor decides, DeskPay cannot prove it")
        look = said(
            "Look at the guest's account in Mews and at the payment gateway. Then two people say what happened, with a "
            "reason. Until then DeskPay goes on checking."
        )
        return Telling(
            title=title,
            subtitle=subtitle,
            tone=Tone.UNKNOWN,
            icon="circle-question-mark",
            box=(act.what, self._line(record), chip_for(ChipState.NOT_KNOWN)),
            badge=act.badge,
            message=(Tone.UNKNOWN, act.not_again, act.not_again_text, "hand-coins"),
            text=look if person else "",
            steps=self._story(news, moment),
            to_guest=act.to_guest,
            hint=self._support(record) if person else "",
            note="" if person else said("DeskPay goes on checking"),
            leave=said("Keep checking") if person else said("Serve the next guest"),
            leave_first=not person,
            decide=said("Supervisor decides…") if person else "",
            can_check=True,
        )

    def _story(self, news: IntentNews, moment: Moment) -> tuple[Step, ...]:
        record = news.record
        steps: list[Step] = []
        looks: list[Step] = []
        for before, event in zip(record.events, record.events[1:], strict=False):
            hour = self._hour(event)
            if event.evidence in _LOOKS and before.state is IntentState.UNKNOWN:
                looks.append(Step(self._look(record, event, len(looks) + 1), StepState.CHECKED, hour))
            elif event.state is IntentState.SENDING:
                steps.append(Step(named(record, said("Sent to {system}")), StepState.DONE, hour))
            else:
                steps.append(Step(self._doubt(before, event), StepState.FAILED, hour))
        number = len(looks) + 1
        if news.next_look_at_s is None:
            looking = named(record, said("Check {number}: looking in {system}"), number=str(number))
            now = Step(looking, StepState.CHECKING)
        else:
            wait_s = max(0, round(news.next_look_at_s - moment.now_s))
            now = Step(said("Check {number}").format(number=number), StepState.CHECKING, self._wait(wait_s))
        return (*steps, *looks[-_LAST_LOOKS:], now)

    def _look(self, record: IntentRecord, event: IntentEvent, number: int) -> str:
        if event.evidence is Evidence.SEVERAL_FOUND:
            return said("Check {number}: more than one could be it").format(number=number)
        if event.evidence is Evidence.COULD_NOT_LOOK:
            return named(record, said("Check {number}: {system} could not be read"), number=str(number))
        return named(record, said("Check {number}: not in {system} yet"), number=str(number))

    def _doubt(self, before: IntentEvent, event: IntentEvent) -> str:
        if event.evidence is Evidence.RESTARTED:
            return said("DeskPay was closed before the answer came")
        if event.evidence is Evidence.REFUSED:
            return said("Mews refused, but could not be read to make sure")
        if event.evidence is Evidence.SEVERAL_FOUND:
            return said("Mews refused, but its books leave a doubt")
        waited_s = max(1, round((event.at_utc - before.at_utc).total_seconds()))
        return said("No answer within {seconds} s").format(seconds=waited_s)

    def _trouble(self, record: IntentRecord, act: ActWords, trouble: JournalError) -> Telling:
        sent = record.sent_utc is not None
        known = {
            IntentState.CONFIRMED: act.confirmed,
            IntentState.ACCEPTED: act.accepted,
            IntentState.TAKEN: said("The card was charged once"),
            IntentState.RECORDING: said("The card was charged once"),
            IntentState.DECLINED: f"{act.declined}. {act.nothing}.",
            IntentState.NOT_SENT: act.nothing,
            IntentState.REJECTED: act.nothing,
        }
        last = known.get(record.state, said("It may have been done.") if sent else act.nothing)
        return Telling(
            title=said("DeskPay's own record failed"),
            subtitle=said("Payments have stopped on this computer"),
            tone=Tone.DANGER,
            icon="triangle-alert",
            box=(act.what, self._line(record), chip_for(ChipState.NOT_KNOWN if sent else ChipState.NOT_SENT)),
            badge=act.badge,
            message=(Tone.DANGER, said("What is known: {news}").format(news=last), self._careful(act, sent=sent), ""),
            text=said(
                "{remedy} Write the reference down. DeskPay looks for the payment in Mews when it is started again."
            ).format(remedy=words_for(trouble).remedy),
            hint=self._support(record),
            leave=said("Close"),
            leave_first=False,
        )

    def _careful(self, act: ActWords, *, sent: bool) -> str:
        return said("{not_again}, until a person has looked in Mews.").format(not_again=act.not_again) if sent else ""

    # Pieces

    def _line(self, record: IntentRecord) -> tuple[Run, ...]:
        return (Run(f"{self.about} · "), Run(record.intent.reference, mono=True))

    def _quote(self, record: IntentRecord, frame: str = "") -> tuple[Run, ...]:
        if not record.message:
            return self._line(record)
        words = named(record, frame or said("{system} says: {quote}"), quote=quoted(record.message))
        return (Run(words),)

    def _support(self, record: IntentRecord) -> str:
        return said("For support: Request-Id {id}").format(id=record.request_id) if record.request_id else ""

    def _hour(self, event: IntentEvent) -> str:
        return self.dates.clock(event.at_utc, seconds=True)

    def _seconds(self, moment: Moment) -> str:
        return said("{seconds} s").format(seconds=max(0, int(moment.now_s - moment.state_since_s)))

    def _wait(self, seconds: int) -> str:
        if seconds < 120:
            return said("in {seconds} s").format(seconds=seconds)
        return said("in {minutes} min").format(minutes=round(seconds / 60))

    def _length(self, record: IntentRecord) -> str:
        started = record.sent_utc or record.intent.drafted_utc
        found = next(event.at_utc for event in record.events if event.evidence is Evidence.FOUND)
        minutes, seconds = divmod(max(0, round((found - started).total_seconds())), 60)
        if not minutes:
            return said("{seconds} s").format(seconds=seconds)
        return said("{minutes} min {seconds} s").format(minutes=minutes, seconds=seconds)
