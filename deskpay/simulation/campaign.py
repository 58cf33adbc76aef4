"""Many runs from one seed: what went wrong, what came of it, and the shortest way to any violation."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deskpay.simulation.plan import Scenario, draw, simpler
from deskpay.simulation.watch import DOUBLE, LOST, WRONG
from deskpay.simulation.world import Played, play

ON_DISK_EVERY = 1_000
"""One run in so many keeps its journal in a real SQLite file."""

MOST_TOLD = 10
"""Violating runs that are made simpler and told in full; the others are counted."""

_MOST_TRIES = 400

Player = Callable[[Scenario], Played]


@dataclass(eq=False)
class Findings:
    """What a campaign found.

    Attributes:
        seed: of the campaign.
        runs: how many were played.
        faults: how often each was met.
        outcomes: how many intents ended in which state.
        broken: violating runs by kind of violation.
        violations: seed and trace of the first of them, made simpler.
        mistaken: refunds that took another program's for theirs, which nothing tells apart.
    """

    seed: int
    runs: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    violations: list[dict[str, object]] = field(default_factory=list)
    mistaken: int = 0

    @property
    def ok(self) -> bool:
        """True when no promise was broken."""
        return not self.broken

    def as_json(self) -> dict[str, object]:
        """Return the summary for scripts; its keys are a contract, more may be added."""
        return {
            "seed": self.seed,
            "runs": self.runs,
            "intents": self.outcomes.total(),
            "faults": dict(sorted(self.faults.items())),
            "outcomes": dict(sorted(self.outcomes.items())),
            DOUBLE: self.broken[DOUBLE],
            LOST: self.broken[LOST],
            WRONG: self.broken[WRONG],
            "indistinguishable_refunds": self.mistaken,
            "violations": self.violations,
        }


def run_seed(seed: int, number: int) -> int:
    """Return the seed of one run; the first run's is the campaign's own, so that any run can be played alone."""
    if number == 0:
        return seed
    return int.from_bytes(hashlib.sha256(f"{seed}/{number}".encode()).digest()[:6])


def simulate(seed: int, runs: int, desks: int, *, until_broken: bool = False) -> Findings:
    """Play `runs` scenarios.

    Args:
        seed: decides everything.
        runs: how many.
        desks: how many share the journal.
        until_broken: stop at the first violation.
    """
    findings = Findings(seed)
    for number in range(runs):
        _play_one(findings, run_seed(seed, number), desks)
        if until_broken and not findings.ok:
            break
    return findings


def _play_one(findings: Findings, of_run: int, desks: int) -> None:
    scenario = draw(of_run, desks)
    played = _play_on_disk(scenario) if of_run % ON_DISK_EVERY == ON_DISK_EVERY // 2 else play(scenario)
    findings.runs += 1
    findings.faults.update(played.faults)
    findings.outcomes.update(played.outcomes)
    findings.mistaken += played.mistaken
    if played.violations:
        findings.broken.update({kind for kind, _ in played.violations})
        if len(findings.violations) < MOST_TOLD:
            findings.violations.append({"seed": of_run, "trace": told(shrunk(scenario))})


def shrunk(scenario: Scenario) -> Scenario:
    """Return the simplest scenario that can be reached from a violating one by leaving out one thing at a time."""
    tries = 0
    going_on = True
    while going_on:
        going_on = False
        for candidate in simpler(scenario):
            tries += 1
            if tries > _MOST_TRIES:
                return scenario
            if play(candidate).violations:
                scenario, going_on = candidate, True
                break
    return scenario


def told(scenario: Scenario) -> list[str]:
    """Return what `scenario` is and what happens in it, line by line."""
    return [*str(scenario).splitlines(), *play(scenario, traced=True).trace]


def _play_on_disk(scenario: Scenario) -> Played:
    """Play on the real store, in a file."""
    from deskpay.journal.store import open_store

    with tempfile.TemporaryDirectory(prefix="deskpay-simulate-") as folder:
        store = open_store(Path(folder) / "journal.sqlite")
        try:
            played = play(scenario, shelf=store)
            store.check()
        finally:
            store.close()
    return played
