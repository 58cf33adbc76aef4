"""Qt's loop and asyncio's as one. Nothing else of DeskPay knows how that is done."""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
import sys
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any

import qasync
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from deskpay.services.scope import TaskScope

_COLLECT_EVERY_S = 1.0
_OLD_EVERY = 60

_log = logging.getLogger(__name__)


def make_application() -> QApplication:
    """Make the application object; the command line of this process is kept from Qt.

    Sharing OpenGL contexts must be asked for before the object exists, for the web engine that may be loaded later.
    """
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication(["deskpay"])
    application.setApplicationName("DeskPay")
    application.setApplicationDisplayName("DeskPay")
    application.setDesktopFileName("deskpay")
    # Closing the last window must not stop the loop under the coroutine that still has to end in order.
    application.setQuitOnLastWindowClosed(False)
    return application


def run(application: QApplication, work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run `work` on the one loop until it returns an exit code; tasks left behind are cancelled and awaited."""
    sys.excepthook = _report
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.get_loop().set_exception_handler(_report_context)
        return runner.run(_with_housekeeping(work))


async def _with_housekeeping(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    scope = TaskScope(report_failure)
    scope.start(_collect_garbage(), name="collect garbage")
    try:
        return await work()
    finally:
        await scope.close()


async def _collect_garbage() -> None:
    """Collect on this thread only.

    By itself the collector runs in whichever thread allocates, the journal's for one, and there it would destroy Qt
    objects that belong to this one. What was loaded before is set aside and young objects are looked at more often than
    old ones, which keeps the loop free.
    """
    by_itself = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        for turn in itertools.count(1):
            await asyncio.sleep(_COLLECT_EVERY_S)
            gc.collect(2 if turn % _OLD_EVERY == 0 else 1)
    finally:
        gc.unfreeze()
        if by_itself:
            gc.enable()


def report_failure(problem: BaseException) -> None:
    """Put a fault of our own on record. Only its place is logged: values in a traceback may be a guest's."""
    places = []
    trace = problem.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}")
        trace = trace.tb_next
    _log.error("%s at %s", type(problem).__qualname__, " > ".join(places))


def _report(_kind: type[BaseException], problem: BaseException, _trace: TracebackType | None) -> None:
    report_failure(problem)


def _report_context(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    problem = context.get("exception")
    if isinstance(problem, BaseException):
        report_failure(problem)
    else:
        _log.error("%s", context.get("message"))
