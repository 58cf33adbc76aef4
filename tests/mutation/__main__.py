"""`python -m tests.mutation`: put small wrongs into the money core, one at a time; count those that no test notices."""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import CodeType

from tests.kit.source import ROOT
from tests.mutation.child import notices
from tests.mutation.mapping import Mapping, measure
from tests.mutation.mutants import Mutant, mutants, mutated

CORE = (
    *(f"deskpay/domain/{name}.py" for name in ("intent", "adoption", "payment", "repeat", "money", "entry", "policy")),
    "deskpay/domain/own_refund.py",
    *(f"deskpay/services/{name}.py" for name in ("intent_runner", "look_up", "checks", "take_payment")),
    *(f"deskpay/services/{name}.py" for name in ("refund_payment", "record_payment", "save_card", "ask_guest")),
    *(f"deskpay/services/{name}.py" for name in ("close_bill", "resolve", "stories", "standstill", "write_down")),
    *(f"deskpay/services/{name}.py" for name in ("acquirer_look", "charge_acquirer", "run_night_queue", "seat")),
    *(f"deskpay/journal/{name}.py" for name in ("store", "coding", "chain")),
)
"""The modules that decide about money."""

TESTS = ("domain", "services", "journal", "staff", "house_limits", "sign_in")
"""Beginnings of the names of the unit tests that are run."""

CONTROLS = ("deskpay/domain/money.py", "deskpay/services/take_payment.py")
"""Modules whose tests must be green in a forked process while nothing is wrong, or every count would mean nothing."""

FLOOR = 90
"""Per cent that must be noticed."""

LOADED = (
    "hypothesis",
    "sqlalchemy",
    "PySide6.QtWidgets",
    "pytestqt.plugin",
    "qasync",
    "babel",
    "sqlite3",
)
"""Libraries that every process would load anyway."""


def main() -> int:
    """Run what the command line asks for; return 1 when too many wrongs go unnoticed."""
    parser = argparse.ArgumentParser(prog="dev.py mutate", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[""], metavar="TEXT", help="modules whose path holds one TEXT")
    parser.add_argument("--sample", type=int, metavar="N", help="N wrongs drawn at random instead of all")
    parser.add_argument("--seed", type=int, default=1, help="of the drawing")
    chosen = parser.parse_args()
    wanted = [path for path in CORE if any(text in path for text in chosen.only)]
    every = [mutant for path in wanted for mutant in mutants(path, (ROOT / path).read_text("utf-8"))]
    drawn = every
    if chosen.sample is not None and chosen.sample < len(every):
        drawn = sorted(random.Random(chosen.seed).sample(every, chosen.sample), key=lambda m: (m.path, m.index))  # noqa: S311 - a drawing, no secret
    tests = sorted(
        path.relative_to(ROOT).as_posix() for part in TESTS for path in ROOT.glob(f"tests/unit/test_{part}*.py")
    )
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        mapping = measure(tests, Path(folder))
    for library in LOADED:
        __import__(library)
    for path in sorted(CONTROLS):
        code = compile((ROOT / path).read_text(encoding="utf-8"), str(ROOT / path), "exec")
        if _end(path, code, mapping.tests_of(path, 0), mapping) != "survived":
            raise RuntimeError(f"the tests of {path} are red in a forked process though nothing is wrong")
    ends = Counter[tuple[str, bool]]()
    began = time.monotonic()
    for mutant in drawn:
        end = _end_of(mutant, mapping)
        ends[mutant.path, end != "survived"] += 1
        if end == "survived":
            _say(f"survived  {mutant.path}:{mutant.line}: {mutant.what} [{mutant.index}]")
    return _report(ends, len(every), time.monotonic() - began)


def _end_of(mutant: Mutant, mapping: Mapping) -> str:
    tests = mapping.tests_of(mutant.path, mutant.line)
    if not tests:
        return "survived"
    text = (ROOT / mutant.path).read_text(encoding="utf-8")
    try:
        code = compile(mutated(text, mutant.index), str(ROOT / mutant.path), "exec")
    except SyntaxError:
        return "killed"
    return _end(mutant.path, code, tests, mapping)


def _end(path: str, code: CodeType, tests: list[str], mapping: Mapping) -> str:
    name = path.removesuffix(".py").replace("/", ".")
    limit_s = 20 + 3 * sum(mapping.duration_s.get(test, 0) for test in tests)
    return notices(name, str(ROOT / path), code, tests, limit_s)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _report(ends: Counter[tuple[str, bool]], every: int, took_s: float) -> int:
    _say(f"\n{'wrongs noticed':<40}{'of':>6}{'per cent':>10}")
    for path in sorted({path for path, _ in ends}):
        noticed, missed = ends[path, True], ends[path, False]
        _say(f"{path:<34}{noticed:>6}{noticed + missed:>6}{100 * noticed / (noticed + missed):>10.1f}")
    noticed = sum(count for (_, seen), count in ends.items() if seen)
    total = sum(ends.values())
    score = 100 * noticed / total
    _say(f"{'all':<34}{noticed:>6}{total:>6}{score:>10.1f}")
    _say(f"{total} of {every} wrongs tried in {took_s:.0f} s; the floor is {FLOOR} per cent")
    return 0 if score >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
