"""Carrying out intents: written first, sent once, looked up afterwards, never sent again.

The order is the promise. A durable draft; a durable SENDING; one request; a durable outcome; then reading until the
outcome is final. Whatever leaves a doubt becomes UNKNOWN, and from there only reading goes on. Every intent runs in the
application's scope: windows may close, the money is followed all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from deskpay.domain.adoption import Finding, Sight, Verdict
from deskpay.domain.errors import (
    Declined,
    DeskPayError,
    JournalError,
    NotAllowed,
    NotSent,
    OutcomeUnknown,
    Refused,
    ReleaseProblem,
    ReleaseRefused,
)
from deskpay.domain.hotel_event import CommandChanged, HotelEvent
from deskpay.domain.intent import Evidence, Intent, IntentEvent, IntentRecord, IntentState
from deskpay.services.announcer import Announcer
from deskpay.services.answer import started
from deskpay.services.checks import check_not_overtaken
from deskpay.services.intent_news import IntentNews, Timings
from deskpay.services.look_up import LookUp
from deskpay.services.ports import Clock, IntentJournal
from deskpay.services.scope import TaskScope, being_cancelled
from deskpay.services.standstill import Standstill
from deskpay.services.stories import Stories
from deskpay.services.write_down import WriteDown

__all__ = ["IntentNews", "IntentRunner", "Timings"]

Send = Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class _Act:
    send: Send
    prepare: Send | None


Choose = Callable[[IntentRecord, Sight], IntentEvent]

WATCH_S = 24 * 3600
"""How long looking goes on after people decided that nothing was done, as long as an effect may follow its sending."""


class IntentRunner:
    """Runs every intent of this desk.

    Args:
        journal: the durable record.
        look_up: reading of the hotel's books.
        clock: time.
        server_now: the property system's UTC time, for events.
        scope: the application's scope; it owns the money.
        timings: when to look.
        trouble: why no act may begin from the start on; None where the journal can be written.
        write_down: the second step of what an acquirer takes; None where the connection has no acquirer.
    """

    def __init__(
        self,
        journal: IntentJournal,
        look_up: LookUp,
        clock: Clock,
        server_now: Callable[[], datetime],
        scope: TaskScope,
        timings: Timings | None = None,
        trouble: JournalError | None = None,
        write_down: WriteDown | None = None,
    ) -> None:
        self._write_down = write_down
        self._journal = journal
        self._look_up = look_up
        self._clock = clock
        self._scope = scope
        self._timings = timings or Timings()
        self._desk_id: str | None = None
        self._standstill = Standstill(scope, clock, self._resume, trouble)
        self._stories = Stories(journal, clock, server_now, scope, self._standstill)
        self._looking: dict[str, asyncio.Lock] = {}
        self._references: set[str] = set()

    @property
    def changed(self) -> Announcer[IntentNews]:
        """Tells the news of every intent."""
        return self._stories.changed

    @property
    def unfinished(self) -> tuple[IntentNews, ...]:
        """The intents under way on this desk, oldest first."""
        return tuple(news for news in self._stories.told if not news.record.state.final)

    @property
    def alarms(self) -> tuple[IntentNews, ...]:
        """The intents of which an entry turned up after people had decided that there was none."""
        return tuple(news for news in self._stories.told if news.late_id is not None)

    @property
    def stopped(self) -> JournalError | None:
        """What stopped money acts, None while they go on: until the next start, or until an absent journal is back."""
        return self._standstill.trouble

    def latest(self, intent_id: str) -> IntentNews | None:
        """Return the latest news of an intent that ran since the start, None otherwise."""
        return self._stories.latest(intent_id)

    async def begin(
        self,
        intent: Intent,
        send: Send,
        known: Sequence[IntentRecord],
        people: tuple[str, ...] = (),
        prepare: Send | None = None,
    ) -> IntentRecord:
        """Make `intent` durable and carry it out in the background; return once it is durable.

        Cancelling the caller does not stop an intent that has begun.

        Args:
            intent: the decision.
            send: sends exactly one request and returns the outcome's id; called at most once.
            known: the guest's intents, read before anything that the decision was checked against. An act that began
                later may have ended since and made those checks stale, so it stops this one.
            people: who decided it together, where one may not alone.
            prepare: makes what takes nothing yet, and returns its id, which is on record before `send` is called; what
                it raises ends the intent with nothing taken.

        Raises:
            DeskPayError: what `prepare` raised; nothing was taken.
            GuestBeingChecked: an earlier act for this guest is not resolved, or another one came first.
            NotAllowed: the form with this reference was used already, or DeskPay is closing.
            JournalError: the intent could not be written, and nothing will be sent.
        """
        if self.stopped is not None:
            raise type(self.stopped)("money acts stop until restart") from self.stopped
        if intent.reference in self._references:
            raise NotAllowed(f"{intent.reference} was used already")
        record = IntentRecord.begun(intent, self._stories.server_now(), people)
        work = partial(self._carry_out, record, _Act(send, prepare), known)
        drafted = started(self._scope, work, name=f"carry out {intent.reference}")
        self._references.add(intent.reference)
        return await asyncio.shield(drafted)

    async def resume(self, desk_id: str | None = None) -> None:
        """Take up what an earlier run left: drafts are abandoned, whatever may have been sent is looked for.

        What this run is carrying out is left alone, so that this may be called again after it failed.

        Args:
            desk_id: where desks share the journal, take up only what this desk left: another desk's act may be under
                way there. None takes up everything, whatever desk it was begun at.

        Raises:
            JournalError: not everything could be taken up.
        """
        self._desk_id = desk_id
        await self._resume()

    async def _resume(self) -> None:
        left = await self._journal.unfinished()
        for record in left:
            elsewhere = self._desk_id is not None and record.intent.desk_id != self._desk_id
            if not elsewhere and not self._goes_on(record.intent):
                await self._take_up(record)
        open_ids = {record.intent.id for record in left}
        for news in self._stories.told:
            # What the journal said to have failed may have ended all the same.
            intent_id = news.record.intent.id
            ended = await self._journal.find(intent_id) if news.trouble and intent_id not in open_ids else None
            if ended is not None:
                self._stories.tell(ended)

    async def _take_up(self, record: IntentRecord) -> None:
        self._references.add(record.intent.reference)
        kept = self._standstill.take(record)
        if record.state is IntentState.DRAFTED:
            await self._stories.move(record, IntentState.ABANDONED, Evidence.RESTARTED)
            return
        current = record
        if kept is not None:
            current = await self._stories.put(record, kept)
        elif record.state is IntentState.SENDING:
            current = await self._stories.move(record, IntentState.UNKNOWN, Evidence.RESTARTED)
        else:
            self._stories.tell(record)
        self._scope.start(self._follow(current), name=f"follow {record.intent.reference}")

    def _goes_on(self, intent: Intent) -> bool:
        news = self._stories.latest(intent.id)
        followed = self._stories.follows(intent.id)  # by itself, even where a decision of people was not written
        return followed or (intent.reference in self._references and (news is None or news.trouble is None))

    async def all_answered(self) -> None:
        """Wait until every act that was sent has its answer, or its loss, on record."""
        while any(news.record.awaits_answer and news.trouble is None for news in self._stories.told):
            await self._stories.next_change()

    def check_now(self, intent_id: str) -> None:
        """Look again at once; nothing is sent."""
        self._stories.check_now(intent_id)

    def hear(self, event: HotelEvent) -> None:
        """Look again at once at an order to a terminal that has moved on; nothing else that is told is of an intent."""
        if isinstance(event, CommandChanged):
            for news in self.unfinished:
                if news.record.outcome_id == event.command_id:
                    self.check_now(news.record.intent.id)

    async def decide(self, intent_id: str, choose: Choose) -> IntentRecord:
        """Look once more and end an intent without a known outcome as people chose, unless that look proves one.

        Args:
            intent_id: of an intent that is followed here.
            choose: returns the event that ends it, given its story and what the look shows.

        Raises:
            ReleaseRefused: it is not open any more, or `choose` refuses.
            HotelUnavailable: the look brought no answer.
            Refused: the books may not be read.
            JournalError: the decision could not be written; it is none then.
        """
        # In the scope: whoever asks may leave, and what is being written must be told all the same.
        decided = started(
            self._scope, partial(self._told_to, lambda: self._decided(intent_id, choose)), name=f"decide {intent_id}"
        )
        return await asyncio.shield(decided)

    async def close(self, intent_id: str, end: Callable[[IntentRecord], IntentEvent]) -> IntentRecord:
        """End the writing down of what was taken as a person said; nothing is being written meanwhile.

        Args:
            intent_id: of an intent that is followed here.
            end: returns the event that ends it, given its story.

        Raises:
            ReleaseRefused: it is not open any more, or `end` refuses.
            JournalError: the end could not be written; it is none then.
        """
        closed = started(
            self._scope, partial(self._told_to, lambda: self._closed(intent_id, end)), name=f"close {intent_id}"
        )
        return await asyncio.shield(closed)

    async def _told_to(
        self, work: Callable[[], Awaitable[IntentRecord]], decided: asyncio.Future[IntentRecord]
    ) -> None:
        try:
            decided.set_result(await work())
        except DeskPayError as problem:
            decided.set_exception(problem)

    async def _closed(self, intent_id: str, end: Callable[[IntentRecord], IntentEvent]) -> IntentRecord:
        async with self._open_to_people(intent_id):
            record = self._stories.record(intent_id)
            if not record.state.took_unrecorded:
                raise ReleaseRefused(ReleaseProblem.NOT_OPEN)
            moved = await self._stories.put(record, end(record))
        self.check_now(intent_id)
        return moved

    def _open_to_people(self, intent_id: str) -> asyncio.Lock:
        """Return what keeps looks away from an intent while people end it.

        Raises:
            ReleaseRefused: it is not followed any more, or nothing can be written.
        """
        lock = self._looking.get(intent_id)
        if lock is None or self.stopped is not None:
            raise ReleaseRefused(ReleaseProblem.NOT_OPEN)
        return lock

    async def _decided(self, intent_id: str, choose: Choose) -> IntentRecord:
        async with self._open_to_people(intent_id):
            record = self._stories.record(intent_id)
            if record.state is not IntentState.UNKNOWN:
                raise ReleaseRefused(ReleaseProblem.NOT_OPEN)
            sight = await self._stories.read(self._look_up.sight(record))
            if sight.verdict.finding is Finding.ONE:
                moved = await self._judge(record, sight.verdict)
            else:
                moved = await self._stories.put(record, choose(record, sight))
        self.check_now(intent_id)
        return moved

    def watch(self, record: IntentRecord, seen: frozenset[str]) -> None:
        """Look on for a day for what people decided not to be there; what turns up besides `seen` raises an alarm."""
        self._scope.start(self._watch(record, seen), name=f"watch {record.intent.reference}")

    async def _watch(self, record: IntentRecord, seen: frozenset[str]) -> None:
        until_s = self._clock.monotonic_s() + WATCH_S
        while self._clock.monotonic_s() < until_s:
            await self._clock.sleep(self._timings.later_looks_s)
            with contextlib.suppress(DeskPayError):  # a look that fails proves nothing; the next one follows
                sight = await self._stories.read(self._look_up.sight(record))
                late = [candidate.id for candidate in sight.candidates if candidate.id not in seen]
                if late:
                    self._stories.tell(record, late_id=late[0])
                    return

    async def _carry_out(
        self, record: IntentRecord, act: _Act, known: Sequence[IntentRecord], drafted: asyncio.Future[IntentRecord]
    ) -> None:
        try:
            prepared = await self._drafted(record, act, known, drafted)
            if prepared is None:
                return
            self._stories.tell(record)
            record = await self._stories.move(
                record, IntentState.SENDING, Evidence.ABOUT_TO_SEND, outcome_id=prepared or None
            )
            record = await self._send_once(record, act.send)
        except JournalError:
            return  # told to every listener by the stories, which also stops further acts
        del act  # it may hold a capture reference, and following may take days
        await self._follow(record)

    async def _drafted(
        self, record: IntentRecord, act: _Act, known: Sequence[IntentRecord], drafted: asyncio.Future[IntentRecord]
    ) -> str | None:
        """Write the draft and return the id of what was prepared for it, empty where nothing was to be.

        Returns None where it may not be sent; whoever waits for `drafted` hears why not.
        """
        try:
            await self._journal.draft(record)
        except Exception as problem:
            self._references.discard(record.intent.reference)
            try:
                if isinstance(problem, JournalError):
                    await self._abandon_what_stands(record)
            finally:
                drafted.set_exception(problem)
            if isinstance(problem, DeskPayError):
                return None
            raise
        try:
            await check_not_overtaken(self._journal, record.intent, known)
            prepared = await act.prepare() if act.prepare is not None else ""
        except Exception as problem:
            try:
                await self._stories.move(record, IntentState.ABANDONED, Evidence.NOTHING_LEFT)
            finally:
                drafted.set_exception(problem)
            if isinstance(problem, DeskPayError):
                return None
            raise
        drafted.set_result(record)
        return prepared

    async def _abandon_what_stands(self, record: IntentRecord) -> None:
        """End a draft that the journal reported as failed and wrote all the same; it would keep its guest waiting.

        Where that cannot be told either, money acts stop until the next start, which takes it up.

        Raises:
            JournalError: it cannot be told.
        """
        try:
            found = await self._journal.find(record.intent.id)
        except JournalError as trouble:
            self._standstill.begin(trouble)
            raise
        if found is not None:
            await self._stories.move(found, IntentState.ABANDONED, Evidence.NOTHING_LEFT)

    async def _send_once(self, record: IntentRecord, send: Send) -> IntentRecord:
        try:
            outcome_id = await send()
        except NotSent as problem:
            return await self._stories.move(record, IntentState.NOT_SENT, Evidence.NOTHING_LEFT, problem=problem)
        except Declined as problem:
            return await self._after_refusal(record, problem)
        except Refused as problem:
            return await self._stories.move(record, IntentState.REJECTED, Evidence.REFUSED, problem=problem)
        except OutcomeUnknown as problem:
            return await self._stories.move(record, IntentState.UNKNOWN, Evidence.NO_ANSWER, problem=problem)
        except asyncio.CancelledError:
            if being_cancelled():
                raise
            return await self._stories.move(record, IntentState.UNKNOWN, Evidence.NO_ANSWER)
        except Exception as bug:  # noqa: BLE001 - a fault of our own after SENDING is a doubt like any other
            self._scope.report(bug)
            return await self._stories.move(record, IntentState.UNKNOWN, Evidence.NO_ANSWER)
        return await self._stories.move(record, IntentState.ACCEPTED, Evidence.ANSWERED, outcome_id=outcome_id)

    async def _after_refusal(self, record: IntentRecord, refusal: Declined) -> IntentRecord:
        """A refusal counts only once a look finds no living payment (reliability rules, classification by proof)."""
        try:
            verdict = await self._stories.read(self._look_up.verdict(record))
        except DeskPayError:
            return await self._stories.move(record, IntentState.UNKNOWN, Evidence.REFUSED, problem=refusal)
        if verdict.finding is Finding.UNCLEAR:
            return await self._stories.move(record, IntentState.UNKNOWN, Evidence.SEVERAL_FOUND, problem=refusal)
        if verdict.finding is Finding.ONE and verdict.lives:
            return await self._stories.move(record, IntentState.ACCEPTED, Evidence.FOUND, outcome_id=verdict.outcome_id)
        return await self._stories.move(
            record, IntentState.DECLINED, Evidence.REFUSED, problem=refusal, outcome_id=verdict.outcome_id
        )

    async def _follow(self, record: IntentRecord) -> None:
        intent_id = record.intent.id
        self._looking[intent_id] = asyncio.Lock()
        try:
            with self._stories.followed(intent_id):
                if record.state is IntentState.UNKNOWN:
                    record = await self._look_until_known(record)
                if record.state is IntentState.ACCEPTED:
                    record = await self._read_until_settled(record)
                if record.state.took_unrecorded and self._write_down is not None:
                    await self._write_down.follow(record, self._stories, self._looking[intent_id])
        except JournalError:
            return  # as above
        finally:
            del self._looking[intent_id]

    async def _look_until_known(self, record: IntentRecord) -> IntentRecord:
        waits = self._timings.looks_s
        looks = 0
        while record.state is IntentState.UNKNOWN:
            if await self._stories.wait(record, waits[looks] if looks < len(waits) else self._timings.later_looks_s):
                looks += 1
            async with self._looking[record.intent.id]:
                record = await self._look(self._stories.record(record.intent.id))
        return record

    async def _look(self, record: IntentRecord) -> IntentRecord:
        if record.state is not IntentState.UNKNOWN:
            return record  # people decided while this waited
        try:
            verdict = await self._stories.read(self._look_up.verdict(record))
        except DeskPayError as problem:
            return await self._stories.move(record, IntentState.UNKNOWN, Evidence.COULD_NOT_LOOK, problem=problem)
        return await self._judge(record, verdict)

    async def _judge(self, record: IntentRecord, verdict: Verdict) -> IntentRecord:
        if verdict.finding is Finding.ONE:
            return await self._stories.move(record, IntentState.ACCEPTED, Evidence.FOUND, outcome_id=verdict.outcome_id)
        if verdict.finding is Finding.NOTHING and any(event.evidence is Evidence.REFUSED for event in record.events):
            return await self._stories.move(record, IntentState.DECLINED, Evidence.NOT_FOUND)
        evidence = Evidence.NOT_FOUND if verdict.finding is Finding.NOTHING else Evidence.SEVERAL_FOUND
        return await self._stories.move(record, IntentState.UNKNOWN, evidence)

    async def _read_until_settled(self, record: IntentRecord) -> IntentRecord:
        waits = self._timings.readings(record.intent.kind)
        while True:
            await self._stories.wait(record, next(waits))
            try:
                end = await self._stories.read(self._look_up.settled(record))
            except DeskPayError:
                continue  # a reading that fails proves nothing; the next one follows
            if end is not None:
                return await self._stories.move(
                    record, end.state, Evidence.READ_BACK, outcome_id=end.outcome_id, told=end.told
                )
