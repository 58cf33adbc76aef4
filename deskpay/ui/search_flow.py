"""Answering what is typed into the search box: from the people at hand at once, from the hotel's books a moment later.

The next letter ends the search before it. What the books bring is added below what already stands there, so that the
list does not move under the hand.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from deskpay.domain.errors import DeskPayError
from deskpay.domain.guest import Guest
from deskpay.domain.guest_index import MOST_FOUND
from deskpay.services.find_customer import FindElsewhere
from deskpay.services.ports import Clock
from deskpay.services.read_people import PeopleReader
from deskpay.services.scope import Owned, TaskScope
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.desk.rows import Reading, SearchRows
from deskpay.ui.guest_views import GuestViews
from deskpay.ui.present_error import words_for

PAUSE_S = 0.5
"""Without a letter before the books are asked: no question for a half-typed name."""


def _said(words: str) -> str:
    return QCoreApplication.translate("SearchFlow", words)


class SearchFlow:
    """Joins the search box to the people at hand and to the books.

    Args:
        screen: where it is typed and shown.
        reader: who is at hand.
        elsewhere: asks the books.
        views: turns guests into rows.
        clock: time.
        scope: owns the questions.
    """

    def __init__(
        self,
        screen: DeskScreen,
        reader: PeopleReader,
        elsewhere: FindElsewhere,
        views: GuestViews,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        self._screen = screen
        self._reader = reader
        self._elsewhere = elsewhere
        self._views = views
        self._clock = clock
        self._scope = scope
        self._asking: Owned | None = None
        self._found: dict[str, Guest] = {}

    def start(self) -> None:
        """Answer from now on."""
        self._screen.search_changed.connect(self._on_changed)
        self._screen.elsewhere_requested.connect(self._on_elsewhere_requested)

    def forget(self) -> None:
        """Drop what the last questions found."""
        self._end()
        self._found = {}
        self._elsewhere.forget()

    def guest(self, key: str) -> Guest | None:
        """Return the guest of `key` whom the last questions to the books found."""
        return self._found.get(key)

    def _on_changed(self, typed: str) -> None:
        self._end()
        if typed.strip():
            self._show(typed, Reading.DONE)
            self._asking = self._scope.start(self._ask(typed, PAUSE_S), name="ask the hotel's books")

    def _on_elsewhere_requested(self, typed: str) -> None:
        self._end()
        if typed.strip():
            self._asking = self._scope.start(self._ask(typed, 0), name="ask the hotel's books")

    def _end(self) -> None:
        if self._asking is not None:
            self._asking.cancel()

    async def _ask(self, typed: str, pause_s: float) -> None:
        await self._clock.sleep(pause_s)
        self._show(typed, Reading.UNDER_WAY)
        try:
            elsewhere = await self._elsewhere.find(typed, self._reader.people)
        except DeskPayError as problem:
            self._show(typed, Reading.FAILED, problem=words_for(problem).sentence)
            return
        self._found = {guest.key: guest for guest in elsewhere}
        self._show(typed, Reading.DONE, elsewhere, searched=_said("Searched the guests of these days and Mews."))

    def _show(
        self,
        typed: str,
        reading: Reading,
        elsewhere: list[Guest] | None = None,
        *,
        problem: str = "",
        searched: str = "",
    ) -> None:
        people = self._reader.people
        found, far = people.search(typed), elsewhere or []
        if len(found) == MOST_FOUND:
            # Of so many, those at hand who are left out here are not elsewhere.
            far = [guest for guest in far if people.get(guest.key) is None]
        groups = self._views.found(typed, found, far, people.today)
        self._screen.show_search(SearchRows(typed, groups, reading, problem, searched))
