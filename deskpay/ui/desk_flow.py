"""What the desk screen asks for, done; and what changed, shown.

Reads belong to the window's own scope: choosing another guest ends the reading before it, and whatever comes too late
is dropped, so that one guest's figures never stand under another's name. The pages of the last guests are kept, so that
going back to one shows at once what is then read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from deskpay.domain.errors import DeskPayError, HotelUnavailable
from deskpay.domain.guest import Guest
from deskpay.domain.intent import IntentState
from deskpay.domain.payment_request import PayReason
from deskpay.services.find_customer import FindElsewhere
from deskpay.services.front_desk import FrontDesk
from deskpay.services.intent_runner import IntentNews
from deskpay.services.keep_fresh import KeepFresh, PeopleNews
from deskpay.services.ports import GuestRecords
from deskpay.services.read_guest import GuestFile, read_guest
from deskpay.services.read_people import PeopleReader
from deskpay.services.scope import Owned, TaskScope
from deskpay.ui.bills_flow import BillsFlow
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.desk.rows import Connection, Reading
from deskpay.ui.guest_views import GuestViews
from deskpay.ui.journal.rows import unresolved_rows
from deskpay.ui.money_flow import MoneyFlow
from deskpay.ui.payments.ask_offers import AskStart
from deskpay.ui.payments.wishes import ChargeWish, PayLinkWish
from deskpay.ui.present_error import words_for
from deskpay.ui.search_flow import SearchFlow
from deskpay.ui.staff.words import role_words
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords

KEPT = 20
"""Pages that are kept of the guests seen last."""

SLOW_S = 5.0


def _said(words: str) -> str:
    return QCoreApplication.translate("DeskFlow", words)


class DeskFlow:
    """Joins one desk screen to one desk.

    Args:
        screen: what the clerk sees.
        front: what acts.
        guests: what finding guests asks.
        environment: where a charge would go.
        money: asks for acts and follows them.
        bills: asks about bills.
        scope: owns the reads.

    Attributes:
        money: as given.
    """

    def __init__(
        self,
        screen: DeskScreen,
        front: FrontDesk,
        guests: GuestRecords,
        environment: Environment,
        money: MoneyFlow,
        bills: BillsFlow,
        scope: TaskScope,
    ) -> None:
        self._screen = screen
        self._front = front
        self._environment = environment
        self.money = money
        self._bills = bills
        self._scope = scope
        self._views = GuestViews(front.hotel, MoneyWords(), DateWords(front.hotel.zone))
        self._reader = PeopleReader(front, guests)
        self._fresh = KeepFresh(self._reader, front.events, front.clock)
        elsewhere = FindElsewhere(front, guests)
        self._search = SearchFlow(screen, self._reader, elsewhere, self._views, front.clock, scope)
        self._guest: Guest | None = None
        self._file: GuestFile | None = None
        self._kept: dict[str, GuestFile] = {}
        self._reading_guest: Owned | None = None
        self._keeping_fresh: Owned | None = None
        self._lost_since: datetime | None = None
        self._states: dict[str, IntentState] = {}
        self._stop_listening: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Show the day's people, and answer what the screen asks from now on."""
        screen = self._screen
        screen.guest_chosen.connect(self._on_guest_chosen)
        screen.refresh_requested.connect(self._on_refresh_requested)
        screen.charge_requested.connect(self._on_charge_requested)
        screen.acquirer_requested.connect(lambda: self._with_file(self.money.charge_at_acquirer, "charge elsewhere"))
        screen.record_requested.connect(self._on_record_requested)
        screen.ask_requested.connect(self._on_ask_requested)
        screen.link_requested.connect(self._on_link_requested)
        screen.refund_requested.connect(self._on_refund_requested)
        screen.receipt_requested.connect(self._on_receipt_requested)
        screen.add_card_requested.connect(self._on_add_card_requested)
        screen.bills_requested.connect(lambda: self._with_file(self._bills.show, "show the bills"))
        self._bills.closed.listen(self._on_bill_closed)
        screen.unresolved_requested.connect(self._on_unresolved_requested)
        screen.check_requested.connect(self._front.runner.check_now)
        screen.story_requested.connect(self.money.show_story)
        screen.decide_requested.connect(self.money.decide)
        self._show_operator()
        screen.set_money_words(self._views.money)
        self._show_environment(self._front.records.server_now())
        screen.show_no_guest()
        screen.show_guests_loading()
        self._stop_listening = self._front.runner.changed.listen(self._on_news)
        self.money.charge_wanted.listen(self._on_charge_wanted)
        self.money.pay_link_wanted.listen(self._on_pay_link_wanted)
        self.money.start()
        self._search.start()
        self._show_unknown()
        self._show_unresolved()
        self._fresh.news.listen(self._on_people_news)
        self._keep_fresh()

    def stop(self) -> None:
        """Hear no more of acts and forget the guests; the scope's owner ends the reads."""
        self._stop_listening()
        self._reader.forget()
        self._kept.clear()
        self.money.stop()

    def empty(self) -> None:
        """Hold no guest in memory and show none, until `fill`."""
        if self._keeping_fresh is not None:
            self._keeping_fresh.cancel()
        if self._reading_guest is not None:
            self._reading_guest.cancel()
        self._guest, self._file = None, None
        self._kept.clear()
        self._reader.forget()
        self._search.forget()
        self._screen.forget()
        self.money.hold(True)

    def fill(self) -> None:
        """Read the day's people again for whoever is at the desk now."""
        self._show_operator()
        self._keep_fresh()
        self.money.hold(False)

    def _show_operator(self) -> None:
        operator = self._front.desk.seat.taken_by
        if operator is not None:
            self._screen.set_operator(operator.name, role_words(operator.role))

    def _keep_fresh(self) -> None:
        self._keeping_fresh = self._scope.start(self._fresh.run(), name="keep the people fresh")

    # The day

    def _on_people_news(self, news: PeopleNews) -> None:
        if news.problem is not None:
            if self._reader.read_utc is None:
                self._screen.show_guests_error(words_for(news.problem).sentence)
            self._show_lost(news.problem)
            return
        read_utc = self._reader.read_utc or self._front.records.server_now()
        was_lost = self._lost_since is not None
        self._show_lists()
        self._show_environment(read_utc)
        self._show_connected(read_utc, slow=news.took_s > SLOW_S)
        if self._guest is not None and (was_lost or self._guest.customer.id in news.accounts or self._file is None):
            self._read_guest()

    def _show_lists(self) -> None:
        if self._reader.read_utc is None:
            return
        waiting = [news.record.intent for news in self._front.runner.unfinished if _unknown(news)]
        self._screen.show_guests(self._views.lists(self._reader.people.day(), (i.customer_id for i in waiting)))

    # One guest

    def _on_guest_chosen(self, key: str) -> None:
        people = self._reader.people
        guest = people.get(key)
        if guest is None and (found := self._search.guest(key)) is not None:
            # Whoever was served is at hand from now on.
            guest = people.put(found.customer, found.reservation)
        if guest is None:
            return
        if self._guest is None or self._guest.key != key:
            self._file = None
            kept, beside = self._kept.get(key), people.beside(guest)
            if kept is None:
                self._screen.show_guest(self._views.head(guest, people.today, beside))
            else:
                self._screen.show_guest(self._views.page(guest, kept, beside, fresh=False))
        self._guest = guest
        self._read_guest()

    def open_guest(self, guest: Guest) -> None:
        """Show a guest of another page at the desk."""
        known = self._reader.people.put(guest.customer, guest.reservation)
        self._screen.show_desk()
        self._on_guest_chosen(known.key)

    def _read_guest(self) -> None:
        if self._reading_guest is not None:
            self._reading_guest.cancel()
        if self._guest is not None:
            self._reading_guest = self._scope.start(self._show_guest(self._guest), name="read a guest")

    async def _show_guest(self, guest: Guest) -> None:
        try:
            file = await read_guest(self._front, guest.customer, guest.reservation)
        except DeskPayError as problem:
            if self._is_shown(guest):
                self._show_unread(guest, problem)
            return
        if not self._is_shown(guest):
            return  # chosen away meanwhile
        self._file = file
        self._keep(guest.key, file)
        owes_otherwise = self._reader.people.owes({guest.customer.id: file.balance})
        self._show_page(guest, file)
        self._show_connected(file.read_utc)
        if owes_otherwise:
            self._show_lists()

    def _is_shown(self, guest: Guest) -> bool:
        return self._guest is not None and self._guest.key == guest.key

    def _show_page(self, guest: Guest, file: GuestFile) -> None:
        self._screen.show_guest(self._views.page(guest, file, self._reader.people.beside(guest)))

    def _show_unread(self, guest: Guest, problem: DeskPayError) -> None:
        """Leave what was read before; without it, show who it is and why the rest is missing."""
        if self._file is None and guest.key not in self._kept:
            words, people = words_for(problem), self._reader.people
            said = f"{words.sentence} {words.remedy}".strip()
            view = self._views.head(guest, people.today, people.beside(guest), Reading.FAILED, said)
            self._screen.show_guest(view)
        self._show_lost(problem)

    def _keep(self, key: str, file: GuestFile) -> None:
        self._kept.pop(key, None)
        self._kept[key] = file
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]

    # Acts

    def _with_file(self, act: Callable[[GuestFile, str], Coroutine[Any, Any, None]], name: str) -> None:
        if self._file is not None and self._guest is not None and not self.money.busy:
            self._scope.start(act(self._file, self._guest.room), name=name)

    def _on_charge_requested(self) -> None:
        self._with_file(self.money.charge, "charge")

    def _on_charge_wanted(self, wish: ChargeWish) -> None:
        if self._guest is not None and self._guest.customer.id == wish.customer_id:
            self._with_file(lambda file, room: self.money.charge(file, room, wish.start), "charge")

    def _on_unresolved_requested(self) -> None:
        self.money.show_unresolved(self._guest.customer.id if self._guest is not None else None)

    def _on_record_requested(self) -> None:
        self._with_file(self.money.record, "record a payment")

    def _on_ask_requested(self) -> None:
        self._with_file(self.money.ask, "ask the guest to pay")

    def _on_pay_link_wanted(self, wish: PayLinkWish) -> None:
        if self._guest is not None and self._guest.customer.id == wish.customer_id:
            start = AskStart(amount=wish.amount, reason=PayReason.CARD_DECLINED)
            self._with_file(lambda file, room: self.money.ask(file, room, start), "ask the guest to pay")

    def _on_link_requested(self, request_id: str) -> None:
        self._with_file(lambda file, room: self._show_link(file, room, request_id), "show a pay link")

    async def _show_link(self, file: GuestFile, room: str, request_id: str) -> None:
        await self.money.show_link(file, room, request_id)
        self._read_guest()

    def _on_refund_requested(self, payment_id: str | None) -> None:
        self._with_file(lambda file, room: self.money.refund(file, room, payment_id), "refund")

    def _on_receipt_requested(self, payment_id: str) -> None:
        self._with_file(lambda file, room: self.money.receipt(file, room, payment_id), "show a receipt")

    def _on_add_card_requested(self) -> None:
        self._with_file(self.money.add_card, "add a card")

    def _on_bill_closed(self, customer_id: str) -> None:
        if self._guest is not None and self._guest.customer.id == customer_id:
            self._read_guest()

    def _on_refresh_requested(self) -> None:
        for news in self._front.runner.unfinished:
            self._front.runner.check_now(news.record.intent.id)
        self._fresh.wake()
        self._read_guest()

    def _on_news(self, news: IntentNews) -> None:
        record = news.record
        moved = self._states.get(record.intent.id) is not record.state
        self._reader.people.has_reference(record.intent.customer_id, record.intent.reference)
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
        self._show_page(self._guest, self._file)
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
        dates, day = self._views.dates, self._front.hotel.business_day(now)
        self._screen.set_environment(
            self._environment,
            self._front.hotel.name,
            _said("Business day {day} · {hour}").format(day=dates.day(day), hour=dates.clock(now)),
            f"{dates.short_day(day, day)} · {dates.clock(now)}",
        )

    def _show_connected(self, read_utc: datetime, *, slow: bool = False) -> None:
        self._lost_since = None
        since = _said("Updated {hour}").format(hour=self._views.dates.clock(read_utc, seconds=True))
        practice = self._environment is Environment.TRAINING
        usual = Connection.PRACTICE if practice else Connection.GOOD
        self._screen.set_status(Connection.SLOW if slow else usual, since=since)
        trouble = self._front.runner.stopped
        if trouble is None:
            self._screen.set_notice("")
            self._screen.set_money_enabled(True)
        else:
            words = words_for(trouble)
            self._screen.set_notice(words.sentence, words.remedy)
            self._screen.set_money_enabled(False, words.sentence)

    def _show_lost(self, problem: DeskPayError) -> None:
        """Say why the hotel cannot be read and how old what is shown is; money waits. It all ends by itself."""
        words, clock = words_for(problem), self._views.dates.clock
        now_utc, read_utc = self._front.records.server_now(), self._reader.read_utc
        self._lost_since = self._lost_since or now_utc
        sentence, since = "", ""
        if isinstance(problem, HotelUnavailable):
            sentence = _said("No connection to Mews since {hour}").format(hour=clock(self._lost_since))
        if read_utc is not None:
            since = _said("Showing data from {hour}").format(hour=clock(read_utc, seconds=True))
            age = _said("You see guests as of {hour}. Payments are off and nothing is kept to send later.")
            self._screen.set_notice(words.sentence, age.format(hour=clock(read_utc)))
        else:
            self._screen.set_notice(words.sentence, words.remedy)
        self._screen.set_status(Connection.LOST, sentence or words.sentence, since)
        self._screen.set_money_enabled(False, words.sentence)


def _unknown(news: IntentNews) -> bool:
    return news.record.state is IntentState.UNKNOWN
