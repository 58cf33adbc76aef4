"""Drawing a scenario from a seed: who clicks what and when, and what goes wrong.

A scenario is complete before it is played and nothing is drawn afterwards, so parts of it can be left out to find what
a failure needs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from typing_extensions import override

from deskpay.domain.intent import IntentKind
from deskpay.simulation.faults import FINE, MEETINGS, READ_FAULTS, SLOW_READ, WRITE_FAULTS, Meeting

T = TypeVar("T")

PAID_MINOR = 2_000
"""The payment that every guest has already made and that can be refunded."""


class Act(Enum):
    """What happens in a step."""

    CONFIRM = "confirm"
    CRASH = "crash"
    POWER_CUT = "power cut"
    QUIT = "quit"
    COLLEAGUE_TAKES = "colleague takes"
    COLLEAGUE_REFUNDS = "colleague refunds"
    ROBOT_REFUNDS = "robot refunds"
    CLOCK_JUMPS = "clock jumps"
    CHECK_NOW = "check now"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that people or the world do, and how long until the next.

    Args:
        act: what happens.
        desk: where, by number; readers take it modulo the number of desks.
        wait_s: seconds until the next step.
        turns: turns of the loop before it happens, so that it falls between any two awaits.
        guest: whose money, by number.
        kind: what is confirmed.
        amount_minor: how much.
        target: which of the guest's payments is refunded, by number, modulo how many there are.
        clicks: how often the confirmation is clicked at once.
        windows: each click has a form of its own, in turn at each desk.
        meant: a reason is given, so that a repeat passes.
        tries: how often the clerk tries anew when told that nothing was done.
        impatient: tries anew whatever was told.
        leaves: the window is closed while the decision is under way.
        jump_s: by how much the desk's clock jumps.
    """

    act: Act
    desk: int = 0
    wait_s: float = 0.0
    turns: int = 0
    guest: int = 0
    kind: IntentKind = IntentKind.CHARGE
    amount_minor: int = 700
    target: int = 0
    clicks: int = 1
    windows: bool = False
    meant: bool = False
    tries: int = 1
    impatient: bool = False
    leaves: bool = False
    jump_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """All that happens in one run.

    Args:
        seed: it was drawn from.
        desks: how many share the journal.
        steps: in order.
        meetings: how the property system meets the first acts; beyond them all goes well.
        reads: which readings fail, by their number from the start, and how.
        writes: which commits fail, likewise.
        read_s: how long a reading takes.
        write_s: how long a commit takes.
        skew_s: of each desk's clock.
    """

    seed: int
    desks: int
    steps: tuple[Step, ...]
    meetings: tuple[Meeting, ...]
    reads: tuple[tuple[int, str], ...] = ()
    writes: tuple[tuple[int, str], ...] = ()
    read_s: float = 0.0
    write_s: float = 0.0
    skew_s: tuple[float, ...] = (0.0,)

    @override
    def __str__(self) -> str:
        lines = [f"seed {self.seed}, {self.desks} desks, reads take {self.read_s} s, commits {self.write_s} s"]
        lines += [f"clock of desk {number} is {skew:+.0f} s off" for number, skew in enumerate(self.skew_s) if skew]
        lines += [f"act {number} is met: {meeting.fault or 'well'}" for number, meeting in enumerate(self.meetings, 1)]
        lines += [f"reading {number} fails: {name}" for number, name in self.reads]
        lines += [f"commit {number} fails: {name}" for number, name in self.writes]
        return "\n".join(lines)


DAY_S = 86_400.0
_READ_FAULTS = (*READ_FAULTS, *(SLOW_READ,) * 5)
_WRITE_FAULTS = tuple(WRITE_FAULTS)
_KINDS = (IntentKind.CHARGE,) * 4 + (IntentKind.REFUND,) * 3 + tuple(IntentKind)
_AMOUNTS = (700, 700, 900, PAID_MINOR)
_WAITS_S = (0.0, 0.0, 0.5, 3.0, 20.0, 70.0, 1_000.0)
_LATENCIES_S = (0.0, 0.0, 0.0, 0.3, 2.0)
_SKEWS_S = (0.0, 0.0, 0.0, 600.0, -3_600.0, 2 * DAY_S, -2 * DAY_S)
_OTHERS = (
    Act.CRASH,
    Act.CRASH,
    Act.POWER_CUT,
    Act.QUIT,
    Act.COLLEAGUE_TAKES,
    Act.COLLEAGUE_REFUNDS,
    Act.ROBOT_REFUNDS,
    Act.CLOCK_JUMPS,
    Act.CHECK_NOW,
    Act.OUTAGE,
)


def draw(seed: int, desks: int) -> Scenario:
    """Return the scenario of `seed`."""
    chance = random.Random(seed)  # noqa: S311 - a simulation must repeat itself
    steps: list[Step] = []
    for _ in range(chance.choice((1, 2, 2, 3, 3))):
        steps += _wanted(chance, desks)
        while chance.random() < 0.35:
            steps.append(_other(chance, desks))
    calm = chance.random()
    return Scenario(
        seed=seed,
        desks=desks,
        steps=tuple(steps),
        meetings=tuple(FINE if chance.random() < 0.4 else chance.choice(MEETINGS) for _ in range(len(steps) + 2)),
        reads=tuple(_numbered(chance, 0.25 if calm < 0.3 else 0.0, 16, _READ_FAULTS)),
        writes=tuple(_numbered(chance, 0.1 if calm > 0.8 else 0.0, 14, _WRITE_FAULTS)),
        read_s=chance.choice(_LATENCIES_S),
        write_s=chance.choice(_LATENCIES_S) / 10,
        skew_s=tuple(chance.choice(_SKEWS_S) for _ in range(desks)),
    )


def _wanted(chance: random.Random, desks: int) -> tuple[Step, ...]:
    """Draw what a clerk wants; what an acquirer took is often wanted back, which chance alone would hardly meet."""
    step = _confirm(chance, desks)
    if step.kind is not IntentKind.ACQUIRER_CHARGE or chance.random() < 0.3:
        return (step,)
    back = replace(
        _confirm(chance, desks), kind=IntentKind.REFUND, guest=step.guest, target=1, amount_minor=_AMOUNTS[0]
    )
    return replace(step, wait_s=max(step.wait_s, 20.0)), back


def _confirm(chance: random.Random, desks: int) -> Step:
    clicks = chance.choice((1, 1, 1, 1, 1, 2, 3))
    return Step(
        act=Act.CONFIRM,
        desk=chance.randrange(desks),
        wait_s=chance.choice(_WAITS_S),
        guest=chance.choice((0, 0, 0, 1)),
        kind=chance.choice(_KINDS),
        amount_minor=chance.choice(_AMOUNTS),
        target=chance.randrange(3),
        clicks=clicks,
        windows=clicks > 1 and chance.random() < 0.6,
        meant=chance.random() < 0.3,
        tries=chance.choice((1, 1, 2)),
        impatient=chance.random() < 0.3,
        leaves=chance.random() < 0.1,
    )


def _other(chance: random.Random, desks: int) -> Step:
    return Step(
        act=chance.choice(_OTHERS),
        desk=chance.randrange(desks),
        wait_s=chance.choice(_WAITS_S),
        turns=chance.randrange(40),
        guest=chance.choice((0, 0, 0, 1)),
        amount_minor=chance.choice(_AMOUNTS),
        jump_s=chance.choice(_SKEWS_S),
    )


def _numbered(chance: random.Random, share: float, among: int, names: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    if share:
        for number in range(1, among + 1):
            if chance.random() < share:
                yield number, chance.choice(names)


def simpler(scenario: Scenario) -> Iterator[Scenario]:
    """Give scenarios with one thing less, the largest first."""
    for number in range(len(scenario.steps)):
        yield replace(scenario, steps=_without(scenario.steps, number))
    for number, meeting in enumerate(scenario.meetings):
        if meeting is not FINE:
            yield replace(scenario, meetings=_with(scenario.meetings, number, FINE))
    if scenario.meetings and scenario.meetings[-1] is FINE:
        yield replace(scenario, meetings=scenario.meetings[:-1])
    for number in range(len(scenario.reads)):
        yield replace(scenario, reads=_without(scenario.reads, number))
    for number in range(len(scenario.writes)):
        yield replace(scenario, writes=_without(scenario.writes, number))
    if any(scenario.skew_s):
        yield replace(scenario, skew_s=(0.0,) * scenario.desks)
    for number, step in enumerate(scenario.steps):
        for less in _plainer(step):
            yield replace(scenario, steps=_with(scenario.steps, number, less))


def _plainer(step: Step) -> Iterator[Step]:
    plain = Step(act=step.act)
    for name in ("leaves", "impatient", "tries", "clicks", "turns", "wait_s"):
        if getattr(step, name) != getattr(plain, name):
            yield replace(step, **{name: getattr(plain, name)})


def _with(things: tuple[T, ...], number: int, thing: T) -> tuple[T, ...]:
    return (*things[:number], thing, *things[number + 1 :])


def _without(things: tuple[T, ...], number: int) -> tuple[T, ...]:
    return (*things[:number], *things[number + 1 :])
