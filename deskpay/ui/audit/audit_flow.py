"""What the audit page asks for, done; and what was read, shown.

Reads belong to the window's own scope. Another day, another page or a refresh ends the reading before it, so that one
day's rows never stand under another's name. Totals are always those of the rows shown: while a day is still coming they
grow with it, and the page says that more is to come.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from deskpay.domain.business_day import Span, shifts_of_day
from deskpay.domain.day_sheet import Entry
from deskpay.domain.day_totals import EVERYTHING, DayTotals, Order, ordered, picked, together, totals_of
from deskpay.domain.errors import DeskPayError
from deskpay.domain.guest import Guest
from deskpay.domain.intent import IntentState
from deskpay.domain.money import Money
from deskpay.domain.operator import Operator
from deskpay.services.announcer import Announcer
from deskpay.services.close_day import close_day
from deskpay.services.intent_news import IntentNews
from deskpay.services.night_desk import NightDesk
from deskpay.services.open_matters import open_matters
from deskpay.services.read_guest import read_guest
from deskpay.services.reconcile import reconcile
from deskpay.services.scope import Owned, TaskScope
from deskpay.services.see_virtual_cards import see_virtual_cards
from deskpay.ui.audit.audit_view import DIFFERENCES, MATTERS, PAYMENTS, VIRTUAL, AuditView
from deskpay.ui.audit.columns import matter_rows
from deskpay.ui.audit.exports import ask_path, day_csv
from deskpay.ui.audit.queue_flow import QueueFlow
from deskpay.ui.audit.report import Heading, day_report, handover_note, print_report, write_pdf
from deskpay.ui.audit.summary import footer_words, tiles_of
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.money_flow import MoneyFlow
from deskpay.ui.present_error import words_for
from deskpay.ui.printing import ask_printer
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords

SHIFT_CHANGES = (time(7), time(15), time(23))
"""Hours at which shifts change in most houses."""

LARGE_MAJOR = 500
"""A payment from this on is large, in whole units of the hotel's currency."""

_SLICE = 25_000
"""Rows picked and added up before the loop turns: some milliseconds."""


def _said(words: str) -> str:
    return QCoreApplication.translate("AuditFlow", words)


class AuditFlow:
    """Joins one audit page to one desk at night.

    Args:
        view: what the auditor sees.
        night: what reads and acts.
        environment: where charges go.
        money: asks for refunds and shows acts.
        scope: owns the reads and the queue.

    `guest_wanted` announces a guest who is to be shown at the desk.
    """

    def __init__(
        self, view: AuditView, night: NightDesk, environment: Environment, money: MoneyFlow, scope: TaskScope
    ) -> None:
        self._view, self._night, self._environment = view, night, environment
        self._money, self._scope = money, scope
        self._front = night.front
        self._hotel = night.front.hotel
        self._day = self._hotel.business_day(self._front.records.server_now())
        self._shift = 0
        self._entries: list[Entry] = []
        self._totals: tuple[DayTotals, ...] = ()
        self._whole: tuple[DayTotals, ...] = ()
        self._complete = False
        self._order, self._descending = Order.TIME, True
        self._reading: Owned | None = None
        self._picking: Owned | None = None
        self._page = PAYMENTS
        self._stop_listening: Callable[[], None] = lambda: None
        self._stop_seat: Callable[[], None] = lambda: None
        self.guest_wanted: Announcer[Guest] = Announcer(scope.report)
        view.house.money = MoneyWords()
        view.house.dates = DateWords(self._hotel.zone)
        self.queue = QueueFlow(view, night, environment, scope, lambda: self._span_of_day)

    def start(self) -> None:
        """Answer what the page asks from now on; the day is read when the page first comes into view."""
        view = self._view
        view.first_shown.connect(self._on_first_shown)
        view.day_stepped.connect(self._on_day_stepped)
        view.day_chosen.connect(self._on_day_chosen)
        view.shift_chosen.connect(self._on_shift_chosen)
        view.filter_changed.connect(self._pick_again)
        view.sort_requested.connect(self._on_sort_requested)
        view.refresh_requested.connect(self.read)
        view.page_chosen.connect(self._on_page_chosen)
        view.export_requested.connect(self._on_export_requested)
        view.print_requested.connect(lambda: self._scope.start(self._print(), name="print"))
        view.guest_requested.connect(self._on_guest_requested)
        view.refund_requested.connect(self._on_refund_requested)
        view.queue_requested.connect(self.queue.open)
        view.unknown_requested.connect(self._money.show_unresolved)
        self._stop_listening = self._front.runner.changed.listen(self._on_news)
        self._stop_seat = self._front.desk.seat.changed.listen(self._on_seat)

    def stop(self) -> None:
        """Hear no more of acts; the scope's owner ends the reads and the queue."""
        self._stop_listening()
        self._stop_seat()
        self.queue.stop()

    # Which day

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All rows of the day, as far as they have come."""
        return tuple(self._entries)

    @property
    def totals(self) -> tuple[DayTotals, ...]:
        """The totals of the rows shown."""
        return self._totals

    @property
    def complete(self) -> bool:
        """True once the whole day has come."""
        return self._complete

    @property
    def _span_of_day(self) -> tuple[date, Span]:
        return self._day, self._hotel.span_of(self._day)

    @property
    def _spans(self) -> tuple[Span, ...]:
        whole = self._hotel.span_of(self._day)
        return (whole, *shifts_of_day(self._day, self._hotel.zone, self._hotel.closing_offset, SHIFT_CHANGES))

    def _show_day_words(self) -> None:
        dates, spans = self._dates, self._spans
        today = self._hotel.business_day(self._front.records.server_now())
        closes = dates.clock(spans[0].end_utc)
        closing = _said("Open until {hour}") if self._day >= today else _said("Closed at {hour}")
        shifts = [
            _said("{start} to {end}").format(start=dates.clock(s.start_utc), end=dates.clock(s.end_utc)) for s in spans
        ]
        shifts[0] = _said("Whole day")
        self._view.days.show_day(self._day, today)
        self._view.show_day(
            dates.day(self._day), closing.format(hour=closes), shifts, self._shift, has_next=self._day < today
        )

    @property
    def _dates(self) -> DateWords:
        return self._view.house.dates or DateWords(self._hotel.zone)

    def _on_first_shown(self) -> None:
        self.read()
        self._scope.start(self.queue.look(), name="look for a queue that is not over")

    def _on_day_stepped(self, step: int) -> None:
        self._on_day_chosen(self._day + timedelta(days=step))

    def _on_day_chosen(self, day: date) -> None:
        self._day, self._shift = day, 0
        self.read()

    def _on_shift_chosen(self, at: int) -> None:
        self._shift = at
        self.read()

    def _on_page_chosen(self, key: str) -> None:
        self._page = key
        self.read()

    def read(self) -> None:
        """Read the page in view anew."""
        for task in (self._reading, self._picking):
            if task is not None:
                task.cancel()
        self._show_day_words()
        self._show_unknown()
        readers: dict[str, Callable[[Span], Coroutine[Any, Any, None]]] = {
            PAYMENTS: self._read_payments,
            MATTERS: self._read_matters,
            VIRTUAL: self._read_virtual,
            DIFFERENCES: self._read_differences,
        }
        self._reading = self._scope.start(readers[self._page](self._spans[self._shift]), name="read the audit")

    @asynccontextmanager
    async def _telling_problems(self) -> AsyncIterator[None]:
        try:
            yield
        except DeskPayError as problem:
            words = words_for(problem)
            self._view.progress.setText(_said("Not all of it could be read. F5 reads again."))
            if not self._view.day_sheet.rows.rowCount() or self._page != PAYMENTS:
                self._view.show_state(words.sentence, words.remedy)

    async def _read_payments(self, span: Span) -> None:
        view = self._view
        self._forget_payments()
        view.show_page(PAYMENTS)
        self._show_totals()
        async with self._telling_problems():
            async for part in close_day(self._night, span):
                self._take(part.entries)
                self._complete = part.complete
                self._show_totals()
        if self._complete:
            self._offer_filters()
            await self._sort()
            await self._pick()
            if not self._entries:
                view.show_state(_said("No payments yet"), _said("What is taken on this day is listed here."))

    def _forget_payments(self) -> None:
        self._entries, self._complete = [], False
        self._totals = self._whole = totals_of((), self._hotel.currency)
        self._view.day_sheet.show_rows(())

    def _take(self, entries: tuple[Entry, ...]) -> None:
        wanted = self._view.filters.wanted()
        shown = picked(entries, wanted)
        self._entries += entries
        self._view.day_sheet.rows.append(ordered(shown, self._order, descending=self._descending))
        more = totals_of(entries, self._hotel.currency)
        self._whole = together(self._whole, more)
        self._totals = together(self._totals, more if wanted == EVERYTHING else totals_of(shown, self._hotel.currency))

    def _offer_filters(self) -> None:
        currencies = sorted({entry.amount.currency.code for entry in self._entries})
        operators = sorted({entry.operator for entry in self._entries if entry.operator})
        large = Money(LARGE_MAJOR * 10**self._hotel.currency.precision, self._hotel.currency)
        self._view.filters.offer(currencies, operators, large, self._view.house.money)

    # What is picked

    def _pick_again(self) -> None:
        self._show_again(self._pick)

    def _show_again(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._picking is not None:
            self._picking.cancel()
        if self._complete:
            self._picking = self._scope.start(work(), name="pick payments")

    async def _sort(self) -> None:
        """Bring the rows of the day in order, so that what is picked of them is in order."""
        order, descending = self._order, self._descending
        self._entries = await asyncio.to_thread(ordered, self._entries, order, descending=descending)

    async def _sort_and_pick(self) -> None:
        await self._sort()
        await self._pick()

    async def _pick(self) -> None:
        """Pick and add up in slices, so that a hundred thousand rows never hold the loop, then show both at once."""
        wanted, shown, totals = self._view.filters.wanted(), self._entries, self._whole
        if wanted != EVERYTHING:
            shown, totals = [], totals_of((), self._hotel.currency)
            for start in range(0, len(self._entries), _SLICE):
                found = picked(self._entries[start : start + _SLICE], wanted)
                shown += found
                totals = together(totals, totals_of(found, self._hotel.currency))
                await asyncio.sleep(0)
        self._totals = totals
        self._view.day_sheet.show_rows(shown, lambda one, other: one.id == other.id)
        self._view.day_sheet.show_order(self._order.value, descending=self._descending)
        self._show_totals()

    def _on_sort_requested(self, key: str) -> None:
        order = Order(key)
        self._descending = not self._descending if order is self._order else order in {Order.TIME, Order.AMOUNT}
        self._order = order
        self._show_again(self._sort_and_pick)

    def _show_totals(self) -> None:
        view, house = self._view, self._view.house
        view.tiles.show_tiles(tiles_of(self._totals[0], house.money))
        left, net = footer_words(self._totals, house.money)
        view.footer.setText(left)
        view.net.setText(net)
        view.filters.count(len(self._entries))
        reading = _said("Reading from Mews, {count} payments").format(count=len(self._entries))
        view.progress.setText("" if self._complete else reading)

    # Open matters, and the journal beside the books

    async def _read_matters(self, span: Span) -> None:
        view = self._view
        view.show_state(_said("Reading what is open"))
        async with self._telling_problems():
            rows = matter_rows(await open_matters(self._night, span))
            view.matter_sheet.show_rows(rows, lambda one, other: one.matter.id == other.matter.id)
            view.progress.setText(_said("{count} open").format(count=len(rows)))
            if rows:
                view.show_page(MATTERS)
            else:
                view.show_state(_said("Nothing is open"), _said("The morning finds a clean sheet."))

    async def _read_virtual(self, _span: Span) -> None:
        view = self._view
        view.show_state(_said("Reading virtual cards"))
        async with self._telling_problems():
            rows = await see_virtual_cards(self._night, self._spans[0])
            view.virtual_sheet.show_rows(rows, lambda one, other: one.id == other.id)
            view.progress.setText(_said("{count} cards around this day").format(count=len(rows)))
            if rows:
                view.show_page(VIRTUAL)
            else:
                view.show_state(
                    _said("No virtual cards"), _said("No stay around this day has a card of a booking site.")
                )

    async def _read_differences(self, span: Span) -> None:
        view = self._view
        view.show_state(_said("Comparing the journal with Mews"))
        async with self._telling_problems():
            found = await reconcile(self._night, span)
            view.show_differences(found.disagreements)
            told = _said("{agreed} agree, {elsewhere} made elsewhere, {differ} differ")
            view.progress.setText(
                told.format(agreed=found.agreed, elsewhere=found.elsewhere, differ=len(found.disagreements))
            )
            if found.disagreements:
                view.show_page(DIFFERENCES)
            else:
                view.show_state(
                    _said("Journal and Mews agree"), _said("Every payment of this desk is in Mews as written.")
                )

    def _show_unknown(self) -> None:
        waiting = [n.record for n in self._front.runner.unfinished if n.record.state is IntentState.UNKNOWN]
        self._view.notice.setVisible(bool(waiting))
        if waiting:
            first = waiting[0].intent
            amount = self._view.house.money.show(first.amount) if first.amount is not None else ""
            lead = _said("{count} not known yet and not in these totals:").format(count=len(waiting))
            told = _said("{amount} to {subject}, {guest}").format(
                amount=amount, subject=first.subject, guest=first.customer_name
            )
            self._view.notice.say(Tone.UNKNOWN, lead, told)

    def _on_seat(self, operator: Operator | None) -> None:
        """Hold no guest in memory while nobody is at the desk."""
        if operator is not None:
            if self._view.isVisible():
                self.read()
            return
        for task in (self._reading, self._picking):
            if task is not None:
                task.cancel()
        self._forget_payments()
        self._view.matter_sheet.show_rows(())
        self._view.virtual_sheet.show_rows(())
        self._view.show_differences(())
        self._show_totals()

    def _on_news(self, _news: IntentNews) -> None:
        self._show_unknown()

    # Into the guest, and giving back

    def _on_guest_requested(self, customer_id: str) -> None:
        self._scope.start(self._show_guest(customer_id), name="show a guest")

    async def _show_guest(self, customer_id: str) -> None:
        async with self._telling_problems():
            guest = await self._guest(customer_id)
            if guest is not None:
                self.guest_wanted.announce(guest)

    async def _guest(self, customer_id: str) -> Guest | None:
        customers = await self._front.records.customers([customer_id])
        if not customers:
            self._view.progress.setText(_said("This account is no guest's."))
            return None
        stays = await self._front.records.stays_of(customer_id)
        return Guest(customers[0], stays[0] if stays else None, "", None)

    def _on_refund_requested(self) -> None:
        entry = self._view.entry()
        if entry is not None and not self._money.busy:
            self._scope.start(self._refund(entry), name="refund")

    async def _refund(self, entry: Entry) -> None:
        async with self._telling_problems():
            guest = await self._guest(entry.customer_id)
            if guest is not None:
                file = await read_guest(self._front, guest.customer, guest.reservation)
                await self._money.refund(file, entry.room, entry.id)
                self.read()

    # Files

    def _on_export_requested(self, what: str) -> None:
        name = f"{what}-{self._day.isoformat()}"
        kind = "csv" if what == "csv" else "pdf"
        ask_path(_window_of(self._view), _said("Save"), f"{name}.{kind}", kind, lambda path: self.export(what, path))

    def export(self, what: str, path: Path) -> None:
        """Write the rows shown, the day report or the handover note to a file.

        Args:
            what: ``csv``, ``report`` or ``handover``.
            path: of the file.
        """
        self._scope.start(self._export(what, path), name="export")

    async def _export(self, what: str, path: Path) -> None:
        view, house = self._view, self._view.house
        if what != "handover" and not self._complete:
            view.progress.setText(_said("Nothing was saved: the day is not read whole. F5 reads again."))
            return
        shown = list(view.day_sheet.rows.rows)
        async with self._telling_problems():
            try:
                if what == "csv":
                    await asyncio.to_thread(path.write_text, day_csv(shown, house), "utf-8", newline="")
                    written = True
                else:
                    title = _said("Day report") if what == "report" else _said("Handover note")
                    written = write_pdf(await self._document(what), path, title)
            except OSError:
                written = False
            told = _said("Saved {name}") if written else _said("{name} could not be written. Choose another place.")
            view.progress.setText(told.format(name=path.name))

    async def _document(self, what: str) -> str:
        """Return the day report of the rows shown, or the handover note read afresh."""
        view, house = self._view, self._view.house
        if what == "report":
            return day_report(self._heading, self._totals, list(view.day_sheet.rows.rows), view.filters.told(), house)
        rows = matter_rows(await open_matters(self._night, self._spans[self._shift]))
        return handover_note(self._heading, rows, house)

    async def _print(self) -> None:
        what = "handover" if self._page == MATTERS else "report"
        if what == "report" and not self._complete:
            self._view.progress.setText(_said("Nothing was printed: the day is not read whole. F5 reads again."))
            return
        async with self._telling_problems():
            html = await self._document(what)
            if not ask_printer(_window_of(self._view), lambda printer: print_report(html, printer)):
                self._view.progress.setText(_said("This computer has no printer. Export it as PDF."))

    @property
    def _heading(self) -> Heading:
        dates, now_utc = self._dates, self._front.records.server_now()
        shift = "" if not self._shift else f", {self._view.shift.currentText()}"
        made = _said("Made {moment} by {operator}").format(
            moment=f"{dates.day(dates.local(now_utc).date())}, {dates.clock(now_utc)}",
            operator=self._front.desk.seat.operator.name,
        )
        practice = self._environment is not Environment.LIVE
        return Heading(self._hotel.name, f"{dates.day(self._day)}{shift}", made, practice)


def _window_of(view: AuditView) -> QWidget:
    return view.window()
