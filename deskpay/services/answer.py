"""Work that answers its caller midway and goes on without it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from deskpay.domain.errors import NotAllowed
from deskpay.domain.intent import IntentRecord
from deskpay.services.scope import TaskScope

Answer = asyncio.Future[IntentRecord]


def started(scope: TaskScope, work: Callable[[Answer], Coroutine[Any, Any, None]], *, name: str) -> Answer:
    """Start `work` in `scope` and return what it answers; whoever waits for that may leave.

    Args:
        scope: owns the work.
        work: sets the answer's result or its exception.
        name: what it does, for diagnostics.

    Raises:
        NotAllowed: DeskPay is closing.
    """
    answer: Answer = asyncio.get_running_loop().create_future()
    answer.add_done_callback(_retrieve)
    try:
        task = scope.start(work(answer), name=name)
    except RuntimeError as closed:
        raise NotAllowed("DeskPay is closing") from closed
    task.add_done_callback(lambda _task: _let_go(answer))
    return answer


def _let_go(answer: Answer) -> None:
    """Free whoever waits for an answer whose task ended without a word: it was cancelled, even before its first step.

    Nothing was sent or decided, for that comes after the word.
    """
    if not answer.done():
        answer.set_exception(NotAllowed("DeskPay is closing"))


def _retrieve(answer: Answer) -> None:
    """Take note of a failure whose caller is gone, so that nothing is reported as lost; nobody cancels it."""
    answer.exception()
