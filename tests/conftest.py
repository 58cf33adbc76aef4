"""Fixtures every test can ask for, and the guards around all of them."""

import gc
import os

from hypothesis import settings

from tests.kit.guards import expect_log, loaded_code_set_aside, nothing_leaks
from tests.kit.hotel import sandbox, sandbox_process
from tests.kit.loops import run, run_plain, run_virtual
from tests.kit.postgres import postgres
from tests.kit.qt import qapp

__all__ = [
    "expect_log",
    "loaded_code_set_aside",
    "nothing_leaks",
    "postgres",
    "qapp",
    "run",
    "run_plain",
    "run_virtual",
    "sandbox",
    "sandbox_process",
]

# A screen is used only by who asks for it by name.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples on every machine, and no deadline on a busy one: a run is red because the code is wrong.
settings.register_profile("deskpay", derandomize=True, deadline=None)
settings.load_profile("deskpay")

# By itself the collector runs in whichever thread allocates, and a Qt object destroyed outside its own thread takes the
# process with it. The guards collect on this thread after each test, as the app does on its loop.
gc.disable()
