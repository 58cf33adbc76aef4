"""Qt's loop and asyncio's as one. Nothing else of DeskPay knows how that is done."""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, nullcontext
from types import TracebackType
from typing import Any

import qasync
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from deskpay.services.scope import TaskScope

_COLLECT_EVERY_S = 1.0
_OLD_EVERY = 60

_END_SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
"""By name, for no system has all four."""

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


def run(
    application: QApplication, work: Callable[[], Coroutine[Any, Any, int]], stop: Callable[[], None] | None = None
) -> int:
    """Run `work` on the one loop until it returns an exit code; tasks left behind are cancelled and awaited.

    Args:
        application: whose loop it is.
        work: made and awaited once.
        stop: asks `work` to end in its order, when the system wants this process to end; without it, Ctrl+C cancels.
    """
    sys.excepthook = _report
    with asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner:
        runner.get_loop().set_exception_handler(_report_context)
        return runner.run(_with_housekeeping(application, work, stop))


@contextmanager
def _ending_on_request(application: QApplication, stop: Callable[[], None]) -> Generator[None]:
    """Call `stop` whenever the system asks this process to end: Ctrl+C, a kill, a closed terminal, a logoff.

    It only asks. What was sent is still waited for, within its bound, however often the system asks; should the system
    lose its patience first, the journal holds the truth, for every step was on the disk before it was taken.

    Python hears of a signal when it next runs, while Qt waits: at the latest for the collector's turn, within a second.

    Args:
        application: through which a session tells its end.
        stop: called on the running loop.
    """
    loop = asyncio.get_running_loop()
    signals = [getattr(signal, name) for name in _END_SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in signals}

    def asked(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(stop)

    for number in signals:
        signal.signal(number, asked)
    application.commitDataRequest.connect(stop)
    try:
        yield
    finally:
        application.commitDataRequest.disconnect(stop)
        for number, handler in before.items():
            signal.signal(number, handler)


async def _with_housekeeping(
    application: QApplication, work: Callable[[], Coroutine[Any, Any, int]], stop: Callable[[], None] | None
) -> int:
    scope = TaskScope(report_failure)
    scope.start(_collect_garbage(), name="collect garbage")
    try:
        with nullcontext() if stop is None else _ending_on_request(application, stop):
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
