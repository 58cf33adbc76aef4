"""Why money acts stand still, what is kept meanwhile, and how the absence of a shared journal ends."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

from deskpay.domain.errors import JournalAway, JournalError
from deskpay.domain.intent import Evidence, IntentEvent, IntentRecord, IntentState
from deskpay.services.ports import Clock
from deskpay.services.scope import TaskScope

RETURN_S = 5
"""How long to wait before a journal that was away is tried again."""


class Standstill:
    """The journal's trouble. It lasts until the next start; only that of a journal that is away may end before.

    Args:
        scope: the application's scope.
        clock: time.
        take_up: takes up what was left; what it raises says that the journal is not back.
        trouble: what there is from the start on.
    """

    def __init__(
        self, scope: TaskScope, clock: Clock, take_up: Callable[[], Awaitable[None]], trouble: JournalError | None
    ) -> None:
        self._scope = scope
        self._clock = clock
        self._take_up = take_up
        self._kept: dict[str, IntentEvent] = {}
        self._waiting = False
        self.trouble = trouble

    def begin(self, trouble: JournalError) -> None:
        """Let no act begin, until an absent journal is back and everything was taken up again."""
        self.trouble = trouble
        if isinstance(trouble, JournalAway) and not self._waiting:
            with contextlib.suppress(RuntimeError):  # DeskPay is closing, and the next start takes it up
                self._scope.start(self._await_journal(), name="await the journal")
                self._waiting = True

    def keep(self, record: IntentRecord, event: IntentEvent) -> None:
        """Keep what the journal could not, as long as this run lasts: no look proves that a request never left."""
        if record.state is IntentState.SENDING:
            self._kept[record.intent.id] = event
        elif event.state is IntentState.SENDING:  # whose record was not seen, so nothing was sent
            self._kept[record.intent.id] = replace(event, state=IntentState.NOT_SENT, evidence=Evidence.NOTHING_LEFT)

    def take(self, record: IntentRecord) -> IntentEvent | None:
        """Return what was kept and follows `record`, None where nothing was; it is not kept any longer."""
        kept = self._kept.pop(record.intent.id, None)
        return kept if record.state is IntentState.SENDING else None

    async def _await_journal(self) -> None:
        while isinstance(self.trouble, JournalAway):
            awaited = self.trouble
            await self._clock.sleep(RETURN_S)
            try:
                await self._take_up()
            except JournalError as trouble:
                self.trouble = trouble
            else:
                if self.trouble is awaited:
                    self.trouble = None
        self._waiting = False
