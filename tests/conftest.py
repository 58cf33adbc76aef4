"""Fixtures every test can ask for, and the guards around all of them."""

import os

# Before anything imports Qt. A screen is used only by who asks for it by name.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.kit.guards import expect_log, nothing_leaks
from tests.kit.hotel import sandbox, sandbox_process
from tests.kit.loops import run, run_plain, run_virtual
from tests.kit.qt import qapp_args

__all__ = [
    "expect_log",
    "nothing_leaks",
    "qapp_args",
    "run",
    "run_plain",
    "run_virtual",
    "sandbox",
    "sandbox_process",
]
