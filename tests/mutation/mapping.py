"""Which test runs which line, and how long it takes: measured in one run of the unit tests."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

from tests.kit.source import ROOT
from tests.mutation.child import DURATIONS

FAST_S = 2.0
"""Tests that take longer are left out: a mutant waits for all of those that run its line."""


@dataclass(frozen=True)
class Mapping:
    """What was measured.

    Attributes:
        by_line: Test ids by file and line; lines that run at import have none of their own.
        by_file: Test ids by file.
        duration_s: By test id.
    """

    by_line: dict[str, dict[int, set[str]]]
    by_file: dict[str, set[str]]
    duration_s: dict[str, float]

    def tests_of(self, path: str, line: int) -> list[str]:
        """The fast tests that can notice a wrong on this line, quickest first."""
        found = self.by_line.get(path, {}).get(line) or self.by_file.get(path, set())
        fast = [test for test in found if self.duration_s.get(test, 0) <= FAST_S]
        return sorted(fast, key=lambda test: (self.duration_s.get(test, 0), test))


def measure(tests: list[str], folder: Path) -> Mapping:
    """Run `tests` once.

    Args:
        tests: paths for pytest.
        folder: for what the run leaves.

    Raises:
        RuntimeError: they are not green to begin with.
    """
    coverage, durations = folder / "coverage", folder / "durations.json"
    config = folder / "coveragerc"
    config.write_text("[run]\nbranch = false\nsource = deskpay\n", encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", "-p", "tests.mutation.child"]
    measuring = ["--cov", f"--cov-config={config}", "--cov-context=test", "--cov-report="]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *measuring, *tests],
        cwd=ROOT,
        env=_environment(coverage, durations),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the tests are red to begin with:\n{done.stdout.decode(errors='replace')[-2_000:]}")
    read = CoverageData(str(coverage))
    read.read()
    by_line: dict[str, dict[int, set[str]]] = {}
    for measured in read.measured_files():
        path = Path(measured).relative_to(ROOT).as_posix()
        contexts = read.contexts_by_lineno(measured)
        by_line[path] = {line: _tests(names) for line, names in contexts.items() if _tests(names)}
    by_file = {path: set().union(*lines.values()) for path, lines in by_line.items()}
    return Mapping(by_line, by_file, json.loads(durations.read_text(encoding="utf-8")))


def _tests(contexts: list[str]) -> set[str]:
    """The ids; pytest-cov adds the phase behind a bar."""
    return {context.rpartition("|")[0] for context in contexts if context}


def _environment(coverage: Path, durations: Path) -> dict[str, str]:
    import os

    return {**os.environ, "COVERAGE_FILE": str(coverage), DURATIONS: str(durations)}
