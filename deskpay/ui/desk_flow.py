"""What the desk screen asks for, done; and what changed, shown.

Reads belong to the window's own scope: choosing another guest or typing on ends the reading before it, and whatever
comes too late is dropped, so that one guest's figures never stand under another's name.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from deskpay.domain.errors import DeskPayError
from deskpay.domain.intent import IntentState
from deskpay.services.find_customer import DayOfGuests, FindCustomer, Guest
from deskpay.services.front_desk import FrontDesk
from deskpay.services.intent_runner import IntentNews
from deskpay.services.read_guest import GuestFile, read_guest
from deskpay.services.scope import Owned, TaskScope
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.desk.rows import Connection, Reading, SearchRows
from deskpay.ui.guest_views import GuestViews, guest_key
from deskpay.ui.journal.rows import unresolved_rows
from deskpay.ui.money_flow import MoneyFlow
from deskpay.ui.payments.wishes import ChargeWish
from deskpay.ui.present_error import words_for
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords


def _said(words: str) -> str:
    return QCoreApplication.translate("DeskFlow", words)


class DeskFlow:
    """Joins one desk screen to one desk.

    Args:
        screen: what the clerk sees.
        front: what acts.
        environment: where a charge would go.
        money: asks for acts and follows them.
        scope: owns the reads.
    """

    def __init__(
        self, screen: DeskScreen, front: FrontDesk, environment: Environment, money: MoneyFlow, scope: TaskScope
    ) -> None:
        self._screen = screen
        self._front = front
        self._environment = environment
        self._money = money
        self._scope = scope
        self._find = FindCustomer(front.hotel, front.records)
        self._views = GuestViews(front.hotel, MoneyWords(), DateWords(front.hotel.zone))
        self._day: DayOfGuests | None = None
        self._known: dict[str, Guest] = {}
        self._guest: Guest | None = None
        self._file: GuestFile | None = None
        self._reading_day: Owned | None = None
        self._reading_guest: Owned | None = None
        self._searching: Owned | None = None
        self._states: dict[str, IntentState] = {}
        self._stop_listening: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Show the day's people, and answer what the screen asks from now on."""
        screen = self._screen
        screen.guest_chosen.connect(self._on_guest_chosen)
        screen.search_changed.connect(self._on_search_changed)
        screen.elsewhere_requested.connect(self._on_elsewhere_requested)
        screen.refresh_requested.connect(self._on_refresh_requested)
        screen.charge_requested.connect(self._on_charge_requested)
        screen.record_requested.connect(self._on_record_requested)
        screen.refund_requested.connect(self._on_refund_requested)
        screen.add_card_requested.connect(self._on_add_card_requested)
        screen.unresolved_requested.connect(self._on_unresolved_requested)
        screen.check_requested.connect(self._front.runner.check_now)
        screen.story_requested.connect(self._money.show_story)
        screen.decide_requested.connect(self._money.decide)
        screen.set_operator(self._front.desk.operator, self._front.desk.role)
        screen.set_money_words(self._views.money)
        self._show_environment(self._front.records.server_now())
        screen.show_no_guest()
        screen.show_guests_loading()
        self._stop_listening = self._front.runner.changed.listen(self._on_news)
        self._money.charge_wanted.listen(self._on_charge_wanted)
        self._money.start()
        self._show_unknown()
        self._show_unresolved()
        self._read_day()

    def stop(self) -> None:
        """Hear no more of acts; the scope's owner ends the reads."""
        self._stop_listening()
        self._money.stop()

    # The day

    def _read_day(self) -> None:
        if self._reading_day is not None:
            self._reading_day.cancel()
        self._reading_day = self._scope.start(self._show_day(), name="read the day")

    async def _show_day(self) -> None:
        try:
            day = await self._find.people_of_the_day()
        except DeskPayError as problem:
            if self._day is None:
                self._screen.show_guests_error(words_for(problem).sentence)
            self._show_lost(problem)
            return
        self._day = day
        self._known.update({guest_key(guest): guest for guest in (*day.in_house, *day.arriving)})
        self._show_lists()
        self._show_environment(day.read_utc)
        self._show_connected(day.read_utc)

    def _show_lists(self) -> None:
        if self._day is None:
            return
        waiting = [news.record.intent for news in self._front.runner.unfinished if _unknown(news)]
        self._screen.show_guests(self._views.lists(self._day, (intent.customer_id for intent in waiting)))

    # One guest

    def _on_guest_chosen(self, key: str) -> None:
        guest = self._known.get(key)
        if guest is None:
            return
        if self._guest is None or guest_key(self._guest) != key:
            self._file = None
            self._screen.show_guest_loading(guest.customer.full_name)
        self._guest = guest
        self._read_guest()

    def _read_guest(self) -> None:
        if self._reading_guest is not None:
            self._reading_guest.cancel()
        if self._guest is not None:
            self._reading_guest = self._scope.start(self._show_guest(self._guest), name="read a guest")

    async def _show_guest(self, guest: Guest) -> None:
        try:
            file = await read_guest(self._front, guest.customer, guest.reservation)
        except DeskPayError as problem:
            if self._guest is not guest:
                return
            words = words_for(problem)
            if self._file is None:
                self._screen.show_guest_error(f"{words.sentence} {words.remedy}".strip())
            self._show_lost(problem)
            return
        if self._guest is not guest:
            return  # chosen away meanwhile
        self._file = file
        self._screen.show_guest(self._views.page(guest, file))
        self._show_connected(file.read_utc)
        if self._day is not None:
            self._day = self._day.with_balance(guest.customer.id, file.balance)
            self._show_lists()

    # Search

    def _on_search_changed(self, typed: str) -> None:
        if self._searching is not None:
            self._searching.cancel()
        if self._day is None or not typed.strip():
            return
        found = self._day.search(typed)
        groups = self._views.found(self._day, found, ())
        self._screen.show_search(SearchRows(typed, groups))

    def _on_elsewhere_requested(self, typed: str) -> None:
        if self._searching is not None:
            self._searching.cancel()
        if self._day is not None and typed.strip():
            self._searching = self._scope.start(self._search_elsewhere(self._day, typed), name="ask the hotel's books")

    async def _search_elsewhere(self, day: DayOfGuests, typed: str) -> None:
        here = day.search(typed)
        groups = self._views.found(day, here, ())
        self._screen.show_search(SearchRows(typed, groups, Reading.UNDER_WAY))
        try:
            elsewhere = await self._find.elsewhere(typed)
        except DeskPayError as problem:
            self._screen.show_search(SearchRows(typed, groups, Reading.FAILED, words_for(problem).sentence))
            return
        self._known.update({guest_key(guest): guest for guest in elsewhere if guest_key(guest) not in self._known})
        groups = self._views.found(day, here, elsewhere)
        self._screen.show_search(SearchRows(typed, groups, searched=_said("Searched the guests of today and Mews.")))

    # Acts

    def _with_file(self, act: Callable[[GuestFile, str], Coroutine[Any, Any, None]], name: str) -> None:
        if self._file is not None and self._guest is not None and not self._money.busy:
            self._scope.start(act(self._file, self._guest.room), name=name)

    def _on_charge_requested(self) -> None:
        self._with_file(self._money.charge, "charge")

    def _on_charge_wanted(self, wish: ChargeWish) -> None:
        if self._guest is not None and self._guest.customer.id == wish.customer_id:
            self._with_file(lambda file, room: self._money.charge(file, room, wish.start), "charge")

    def _on_unresolved_requested(self) -> None:
        self._money.show_unresolved(self._guest.customer.id if self._guest is not None else None)

    def _on_record_requested(self) -> None:
        self._with_file(self._money.record, "record a payment")

    def _on_refund_requested(self, payment_id: str | None) -> None:
        self._with_file(lambda file, room: self._money.refund(file, room, payment_id), "refund")

    def _on_add_card_requested(self) -> None:
        self._with_file(self._money.add_card, "add a card")

    def _on_refresh_requested(self) -> None:
        for news in self._front.runner.unfinished:
            self._front.runner.check_now(news.record.intent.id)
        self._read_day()
        self._read_guest()

    def _on_news(self, news: IntentNews) -> None:
        record = news.record
        moved = self._states.get(record.intent.id) is not record.state
        self._states[record.intent.id] = record.state
        if news.trouble is not None:
            self._screen.set_money_enabled(False, words_for(news.trouble).sentence)
        self._show_unresolved()
        if not moved:
            return
        self._show_unknown()
        if self._guest is None or self._file is None or record.intent.customer_id != self._guest.customer.id:
            return
        # The story is known here already; the books are read again only when something in them has changed.
        self._file = self._file.with_intent(record)
        self._screen.show_guest(self._views.page(self._guest, self._file))
        if record.state.final or record.state is IntentState.ACCEPTED:
            self._read_guest()

    def _show_unresolved(self) -> None:
        runner, now_utc = self._front.runner, self._front.records.server_now()
        rows = unresolved_rows(
            runner.unfinished, runner.alarms, self._views.dates, now_utc, self._front.clock.monotonic_s()
        )
        self._screen.show_unresolved(rows)

    def _show_unknown(self) -> None:
        self._screen.set_unknown_count(sum(_unknown(news) for news in self._front.runner.unfinished))
        self._show_lists()

    # How the property system answers

    def _show_environment(self, now: datetime) -> None:
        dates, day = self._views.dates, self._front.hotel.today(now)
        self._screen.set_environment(
            self._environment,
            self._front.hotel.name,
            _said("Business day {day} · {hour}").format(day=dates.day(day), hour=dates.clock(now)),
            f"{dates.short_day(day, day)} · {dates.clock(now)}",
        )

    def _show_connected(self, read_utc: datetime) -> None:
        since = _said("Updated {hour}").format(hour=self._views.dates.clock(read_utc, seconds=True))
        practice = self._environment is Environment.TRAINING
        self._screen.set_status(Connection.PRACTICE if practice else Connection.GOOD, since=since)
        trouble = self._front.runner.stopped
        if trouble is None:
            self._screen.set_notice("")
            self._screen.set_money_enabled(True)
        else:
            words = words_for(trouble)
            self._screen.set_notice(words.sentence, words.remedy)
            self._screen.set_money_enabled(False, words.sentence)

    def _show_lost(self, problem: DeskPayError) -> None:
        words = words_for(problem)
        self._screen.set_status(Connection.LOST)
        self._screen.set_notice(words.sentence, words.remedy)
        self._screen.set_money_enabled(False, words.sentence)


def _unknown(news: IntentNews) -> bool:
    return news.record.state is IntentState.UNKNOWN
