"""`deskpay simulate`: the money core under every fault at once, from one seed."""

from __future__ import annotations

import argparse
import json
import sys
import time


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's words."""
    words = commands.add_parser("simulate", help="the money core under simulated faults; exit 1 on any violation")
    words.add_argument("--seed", type=int, required=True, help="decides everything; a violation names its own")
    words.add_argument("--runs", type=_count, required=True, help="how many scenarios to play")
    words.add_argument("--desks", type=_count, default=2, help="how many share the journal")


def run(chosen: argparse.Namespace) -> int:
    """Play, print the summary as JSON on standard output and the speed beside it, and return the exit code."""
    from deskpay.simulation.campaign import simulate

    began_s = time.process_time()
    findings = simulate(chosen.seed, chosen.runs, chosen.desks)
    took_s = time.process_time() - began_s
    sys.stdout.write(json.dumps(findings.as_json(), indent=2) + "\n")
    # The speed differs from machine to machine, so it is no part of the summary.
    intents = findings.outcomes.total()
    sys.stderr.write(f"{intents} intents in {took_s:.1f} s of one core: {intents / took_s:.0f} a second\n")
    return 0 if findings.ok else 1


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number
