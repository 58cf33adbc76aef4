"""`python -m tests.bench`: measure, print, and leave `bench.json`."""

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.journal import commits
from tests.bench.window import first_window
from tests.kit.source import ROOT

COMMIT_RATIO = 1.5
WINDOW_RATIO = 2.5


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        name: What was measured.
        value: DeskPay's own.
        unit: Of `value` and `floor`.
        limit: The most that `ratio` may be.
        floor: What the machine takes without DeskPay.
        ratio: `value` by `floor`.
        ok: Whether the limit is kept.
    """

    name: str
    value: float
    unit: str
    limit: float
    floor: float
    ratio: float
    ok: bool


def figure(name: str, value_s: float, floor_s: float, limit: float) -> Figure:
    """Return the figure for `value_s` against `floor_s`, in milliseconds."""
    ratio = value_s / floor_s
    return Figure(name, round(value_s * 1e3, 3), "ms", limit, round(floor_s * 1e3, 3), round(ratio, 2), ratio <= limit)


def main() -> int:
    """Measure what the command line asks for; return 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT, help="on the disk where journals lie")
    parser.add_argument("--out", type=Path, default=ROOT / "bench.json")
    chosen = parser.parse_args()
    ours, bare = commits(chosen.folder)
    shown, empty = first_window()
    figures = [
        figure("journal commit against bare SQLite", ours, bare, COMMIT_RATIO),
        figure("first window against an empty one", shown, empty, WINDOW_RATIO),
    ]
    for each in figures:
        mark = "ok  " if each.ok else "SLOW"
        sys.stdout.write(
            f"{mark}  {each.name:<40}{each.value:>9.2f} {each.unit}  floor {each.floor:>8.2f} {each.unit}"
            f"  ratio {each.ratio:.2f} of {each.limit}\n"
        )
    chosen.out.write_text(json.dumps([asdict(each) for each in figures], indent=1) + "\n", encoding="utf-8")
    return 0 if all(each.ok for each in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
