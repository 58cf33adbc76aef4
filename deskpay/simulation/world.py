"""Playing a scenario: the world, in which one thing happens after the other until everything has come to rest."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

from deskpay.domain.errors import JournalAway
from deskpay.domain.intent import IntentKind
from deskpay.simulation.acquirer import SimulatedAcquirer
from deskpay.simulation.desk import DeskRun, Outside
from deskpay.simulation.disk import Disk, MemoryShelf, Shelf
from deskpay.simulation.hotel import COLLEAGUE, GUESTS, ROBOT, SimulatedHotel
from deskpay.simulation.loop import SimulatedLoop, new_loop, turns
from deskpay.simulation.plan import Act, Scenario, Step
from deskpay.simulation.watch import LOST, Goal, Watch

_ENDS = frozenset({Act.CRASH, Act.POWER_CUT, Act.QUIT})
_OUTAGE_S = 40.0
_TRIED_AGAIN_S = 10.0
"""How long until somebody opens a desk anew that could not be opened."""

_BACK_S = 20.0
"""Long enough for a desk to notice that its journal is back."""

_NIGHT_S = (700.0, 500.0)
"""Long enough for every late effect to come, which takes 400 s, and for the look after it, which is due at 900 s."""

_LONG_NIGHT_S = (1_500.0, 3_000.0, 6_000.0)
"""For an entry that was lost or refused several times to be made anew, each of which takes a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scenario.

    Args:
        violations: kind and sentence of each.
        outcomes: how many intents ended in which state.
        faults: how often each fault was met.
        mistaken: how many refunds took another program's for theirs, which nothing tells apart.
        trace: what happened, empty where it was not kept.
    """

    violations: tuple[tuple[str, str], ...]
    outcomes: Counter[str]
    faults: Counter[str]
    mistaken: int
    trace: tuple[str, ...]


def play(scenario: Scenario, *, traced: bool = False, shelf: Shelf | None = None) -> Played:
    """Play `scenario` and return what came of it.

    Args:
        scenario: what happens.
        traced: keep what happened, line by line.
        shelf: where the journal stands; in memory where none is given.
    """
    loop = new_loop()
    world = World(scenario, loop, shelf or MemoryShelf(), traced=traced)
    loop.play(world.run())
    watch = world.watch
    for failure in loop.failures:
        watch.violated(LOST, f"a failure was lost: {failure.get('message')}: {failure.get('exception')!r}")
    return Played(
        tuple(watch.violations),
        Counter(record.state.value for record in watch.records.values()),
        world.hotel.faults,
        len(watch.mistaken),
        tuple(watch.trace or ()),
    )


class World:
    """Everything in one run.

    Args:
        scenario: what happens.
        loop: its time.
        shelf: where the journal stands.
        traced: keep what happened.
    """

    def __init__(self, scenario: Scenario, loop: SimulatedLoop, shelf: Shelf, *, traced: bool) -> None:
        self._scenario = scenario
        self._loop = loop
        self.watch = Watch(traced=traced)
        self.hotel = SimulatedHotel(scenario, loop, self.watch)
        self.acquirer = SimulatedAcquirer(self.hotel, self.watch)
        self.watch.hotel, self.watch.acquirer = self.hotel, self.acquirer
        self._disk = Disk(shelf, dict(scenario.writes), scenario.write_s, self.watch, self._met)
        self._desks: list[DeskRun] = []
        self._skew_s = list(scenario.skew_s)
        self._goals: list[Goal] = []
        self._pursued: list[tuple[DeskRun, Goal, Step]] = []
        self._references = 0

    def _met(self, fault: str) -> None:
        self.hotel.faults[fault] += 1

    def _new_reference(self) -> str:
        self._references += 1
        return f"DP-S1MX-{self._references:04d}"

    async def run(self) -> None:
        """Play from the first start to the morning after."""
        for number in range(self._scenario.desks):
            self._desks.append(await self._opened(number))
        for step in self._scenario.steps:
            await turns(step.turns)
            await self._take(step)
            if step.wait_s:
                await asyncio.sleep(step.wait_s)
        await self._night()
        followed = frozenset(news.record.intent.id for desk in self._desks for news in desk.runner.unfinished)
        self.watch.at_the_end(followed, self._goals)
        for desk in self._desks:
            await desk.end()

    async def _opened(self, number: int) -> DeskRun:
        outside = Outside(self.hotel, self.acquirer)
        while True:
            desk = DeskRun(number, self._loop, outside, self._disk, self.watch, self._skew_s[number])
            try:
                await desk.start()
            except JournalAway:
                await desk.end()
                await asyncio.sleep(_TRIED_AGAIN_S)
            else:
                return desk

    async def _night(self) -> None:
        """Heal everything, open every desk anew that has stopped, and wait until all has come to rest."""
        await asyncio.sleep(_OUTAGE_S)
        self.watch.note("night falls, all is well again")
        self._disk.heal()
        self.hotel.read_faults = {}
        await asyncio.sleep(_BACK_S)
        for number, desk in enumerate(self._desks):
            if isinstance(desk.runner.stopped, JournalAway):
                self.watch.violated(LOST, f"{desk.desk.id} still waits for a journal that is back")
            if desk.runner.stopped is not None or not desk.opened:
                await self._again(number)
        for span_s in _NIGHT_S:
            await asyncio.sleep(span_s)
            if all(record.state.final for record in self.watch.records.values()):
                return
        for span_s in _LONG_NIGHT_S:
            if not any(record.state.took_unrecorded for record in self.watch.records.values()):
                return
            await asyncio.sleep(span_s)

    async def _take(self, step: Step) -> None:
        if step.act is Act.CONFIRM:
            self._confirm(step)
            return
        number = step.desk % len(self._desks)
        self._met(step.act.value)
        self.watch.note(f"{step.act.value} at desk {number}")
        if step.act in _ENDS:
            await self._end(step.act, number)
        else:
            self._happen(step, self._desks[number])

    async def _end(self, act: Act, number: int) -> None:
        """End the life of a desk, or of all, and begin the next."""
        if act is Act.QUIT:
            await self._desks[number].quit()
        ending = range(len(self._desks)) if act is Act.POWER_CUT else (number,)
        for each in ending:
            self._desks[each].process.alive = False
        for each in ending:
            await self._again(each)

    def _happen(self, step: Step, desk: DeskRun) -> None:
        match step.act:
            case Act.COLLEAGUE_TAKES:
                self.hotel.colleague_takes(step.guest, step.amount_minor)
            case Act.COLLEAGUE_REFUNDS:
                self.hotel.refunded_elsewhere(step.guest, step.amount_minor, COLLEAGUE)
            case Act.ROBOT_REFUNDS:
                self.hotel.refunded_elsewhere(step.guest, step.amount_minor, ROBOT)
            case Act.CLOCK_JUMPS:
                self._skew_s[desk.number] = step.jump_s
                desk.process.jump(step.jump_s)
            case Act.CHECK_NOW:
                for news in desk.runner.unfinished:
                    desk.runner.check_now(news.record.intent.id)
            case Act.OUTAGE:
                self.hotel.open_at_s = self._loop.time() + _OUTAGE_S
            case _:
                raise AssertionError(step.act)

    async def _again(self, number: int) -> None:
        """Open the desk anew; who wanted something and does not know what became of it tries again."""
        before = self._desks[number]
        await before.end()
        self._desks[number] = desk = await self._opened(number)
        pursued, self._pursued = self._pursued, []
        for at, goal, step in pursued:
            if at is before and step.tries > 1:
                self._open_form(desk, goal, step, self._new_reference())
            elif at is not before:
                self._pursued.append((at, goal, step))

    def _confirm(self, step: Step) -> None:
        goal = Goal(step.kind, step.meant)
        self._goals.append(goal)
        reference = self._new_reference()
        if step.clicks > 1:
            self._met("two windows" if step.windows else "double click")
        for click in range(step.clicks):
            if step.windows and click:
                reference = self._new_reference()
            desk = self._desks[(step.desk + (click if step.windows else 0)) % len(self._desks)]
            self._open_form(desk, goal, step, reference)

    def _open_form(self, desk: DeskRun, goal: Goal, step: Step, reference: str) -> None:
        if reference not in goal.references:
            goal.references.append(reference)
        self._pursued.append((desk, goal, step))
        if self.watch.trace is not None:
            self.watch.note(f"{desk.desk.id}: {step.kind.value} {step.amount_minor} confirmed as {reference}")
        targets = [f"paid-{GUESTS[step.guest].id}"]
        if step.kind is IntentKind.REFUND:
            targets += [row for row in self.hotel.made_by if self._refundable(row, step.guest)]
        clerk = desk.clerks.start(
            desk.pursue(goal, step, reference, self._new_reference, targets), name=f"pursue {reference}"
        )
        if step.leaves:
            self._met("window closed")
            self._loop.call_later(self._scenario.read_s, clerk.cancel)

    def _refundable(self, row_id: str, guest: int) -> bool:
        row = self.hotel.rows.get(row_id)
        return row is not None and row.customer_id == GUESTS[guest].id and row.amount.positive
