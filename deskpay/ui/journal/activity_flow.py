"""Reading everything for the page, telling one entry, checking the chain, exporting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from PySide6.QtCore import QCoreApplication

from deskpay.domain.errors import DeskPayError
from deskpay.domain.security import SecurityKind
from deskpay.services.activity import Entry, read_activity
from deskpay.services.front_desk import FrontDesk
from deskpay.services.scope import Owned, TaskScope
from deskpay.services.staff import Staff
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.journal.activity_rows import activity_row, detail_of
from deskpay.ui.journal.activity_view import ActivityView
from deskpay.ui.present_error import words_for
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords


def _said(words: str) -> str:
    return QCoreApplication.translate("ActivityFlow", words)


class ActivityFlow:
    """Joins the page to the records.

    Args:
        view: the page.
        front: the desk.
        staff: the people, and what is on record of them.
        scope: owns the readings.
        check: proves the chain, and returns its head.
        export: writes the journal out, and returns where to.
    """

    def __init__(
        self,
        view: ActivityView,
        front: FrontDesk,
        staff: Staff,
        scope: TaskScope,
        check: Callable[[], Awaitable[str]],
        export: Callable[[], Awaitable[str]],
    ) -> None:
        self._view = view
        self._front = front
        self._staff = staff
        self._scope = scope
        self._check = check
        self._export = export
        self._dates = DateWords(front.hotel.zone)
        self._entries: dict[str, Entry] = {}
        self._reading: Owned | None = None
        view.wanted_changed.connect(self.read)
        view.entry_marked.connect(self._on_marked)
        view.check_requested.connect(lambda: scope.start(self._check_chain(), name="check the chain"))
        view.export_requested.connect(lambda: scope.start(self._export_all(), name="export the journal"))
        front.runner.changed.listen(lambda _news: self._on_news())

    def read(self) -> None:
        """Read everything anew and show what is wanted of it."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._scope.start(self._read(), name="read everything")

    def forget(self) -> None:
        """Hold nothing: nobody is at the desk."""
        if self._reading is not None:
            self._reading.cancel()
        self._entries = {}
        self._view.show_rows((), 0)
        self._view.show_detail(None)

    def _on_news(self) -> None:
        if self._view.isVisible():
            self.read()

    async def _read(self) -> None:
        last = self._front.clock.now().date()
        # The property system's day and this computer's may differ by one.
        first, last = last - timedelta(days=self._view.days - 1), last + timedelta(days=1)
        try:
            entries = await read_activity(self._front, self._staff, first, last)
        except DeskPayError as problem:
            words = words_for(problem)
            self._view.say(Tone.DANGER, words.sentence, words.text)
            return
        wanted, now_utc = self._view.wanted, self._front.records.server_now()
        shown = [entry for entry in entries if wanted.fits(entry)]
        self._entries = {entry.key: entry for entry in shown}
        self._view.show_people(sorted({entry.who for entry in entries if entry.who}))
        self._view.show_rows([activity_row(entry, self._dates, now_utc) for entry in shown], len(entries))

    def _on_marked(self, key: str) -> None:
        entry = self._entries.get(key)
        now_utc = self._front.records.server_now()
        detail = None if entry is None else detail_of(entry, self._dates, MoneyWords(), now_utc)
        self._view.show_detail(detail)

    async def _check_chain(self) -> None:
        try:
            head = await self._check()
            await self._staff.events()
        except DeskPayError as problem:
            words = words_for(problem)
            self._view.say(Tone.DANGER, words.sentence, words.text)
        else:
            self._view.say(Tone.SUCCESS, _said("The chain is whole."), _said("Its head: {head}").format(head=head))

    async def _export_all(self) -> None:
        try:
            name = await self._export()
            await self._staff.note(SecurityKind.EXPORTED, self._front.desk.seat.operator.name, name)
        except DeskPayError as problem:
            words = words_for(problem)
            self._view.say(Tone.DANGER, words.sentence, words.text)
        else:
            self._view.say(Tone.SUCCESS, _said("Exported."), _said("Among the downloads: {name}").format(name=name))
            self.read()
