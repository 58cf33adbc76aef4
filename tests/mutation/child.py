"""One mutant in a process of its own: the wrong module is imported instead of the right one, then tests are run.

The processes are forked from one that has the libraries loaded already, but nothing of DeskPay.
"""

import importlib.machinery
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import CodeType, ModuleType

import pytest
from typing_extensions import override

DURATIONS = "DESKPAY_TEST_DURATIONS"
"""Variable that names the file for durations, where they are wanted."""

MEMORY_BYTES = 6 << 30
"""What a mutant may use up before it counts as noticed."""

_durations: dict[str, float] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Sum up set-up, call and tear-down of each test."""
    _durations[report.nodeid] = _durations.get(report.nodeid, 0) + report.duration


def pytest_sessionfinish() -> None:
    """Write the durations where they are wanted."""
    if DURATIONS in os.environ:
        Path(os.environ[DURATIONS]).write_text(json.dumps(_durations), encoding="utf-8")


class Chosen:
    """Leaves only the chosen tests, in the order chosen.

    Attributes:
        tests: Their ids.
    """

    def __init__(self, tests: list[str]) -> None:
        self.tests = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Drop and sort."""
        items[:] = sorted((i for i in items if i.nodeid in self.tests), key=lambda i: self.tests[i.nodeid])


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    @override
    def get_code(self, fullname: str) -> CodeType:
        return self._code


class _Finder(MetaPathFinder):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        self._name = name
        self._loader = _Loader(name, path, code)

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.machinery.ModuleSpec(fullname, self._loader, origin=self._loader.path)


def notices(name: str, path: str, code: CodeType, tests: list[str], limit_s: float) -> str:
    """Run `tests` with `code` in place of the module `name`.

    Args:
        name: of the module.
        path: of its file.
        code: the wrong one.
        tests: ids, in the order to run them.
        limit_s: after which the wrong counts as noticed, for it made the tests hang.

    Returns:
        "killed", "hung" or "survived".
    """
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        _run(name, path, code, tests)
    ended = os.pidfd_open(child)
    try:
        readable, _, _ = select.select([ended], [], [], limit_s)
    finally:
        os.close(ended)
    if not readable:
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not readable:
        return "hung"
    return "survived" if status == 0 else "killed"


def _run(name: str, path: str, code: CodeType, tests: list[str]) -> None:
    """Run the tests in this forked process, and end it."""
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
        sys.meta_path.insert(0, _Finder(name, path, code))
        files = sorted({test.partition("::")[0] for test in tests})
        # Plain asserts: nobody reads what a test says, and rewriting takes longer than the tests.
        options = ["-q", "-x", "--assert=plain", "--no-cov", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
        status = int(pytest.main([*options, *files], plugins=[Chosen(tests)]))
    finally:
        os._exit(status)
