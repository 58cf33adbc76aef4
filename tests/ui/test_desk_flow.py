"""The desk over a hotel in memory that is slow, fails and changes: on the screen stands what is that one guest's."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from deskpay.app.desk_memory import FileMemory
from deskpay.domain.customer import Customer
from deskpay.domain.errors import DeskPayError, HotelUnavailable, RateLimited
from deskpay.services.scope import TaskScope
from deskpay.services.staff import Staff
from deskpay.ui.bills_flow import BillsFlow
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.desk_flow import KEPT, DeskFlow
from deskpay.ui.main_window import MainWindow
from deskpay.ui.money_flow import MoneyFlow
from deskpay.ui.theme import Scheme, apply_theme
from tests.kit.fake_desk import FakeDesk, Shift, new_shift
from tests.kit.fake_hotel import pounds
from tests.kit.fake_office import FakeOffice
from tests.kit.guest_books import GuestBooks
from tests.kit.loops import VirtualRunner
from tests.kit.seats import MemoryLog, MemoryRoster, QuickHasher
from tests.kit.stays import item, stay

GUESTS = 30


@pytest.fixture
def shift(run_virtual: VirtualRunner, qapp: QApplication) -> Iterator[Shift]:
    apply_theme(qapp, Scheme.LIGHT)
    for shift in new_shift(run_virtual):
        hotel = shift.hotel
        hotel.guests = [Customer(f"g{n}", "Guest", f"Number{n}", "", "", "", frozenset()) for n in range(GUESTS)]
        hotel.stays = [stay(f"stay-{n}", f"g{n}") for n in range(GUESTS)]
        hotel.items = [item(f"item-{n}", pounds(1000 + n), f"g{n}") for n in range(GUESTS)]
        hotel.cards = []
        yield shift


class Open:
    """A desk with its screen."""

    def __init__(self, desk: FakeDesk, shift: Shift, memory: Path) -> None:
        self.window = MainWindow()
        self.screen: DeskScreen = self.window.desk
        self.books = GuestBooks(shift.hotel)
        self.scope = TaskScope(desk.faults.append)
        staff = Staff(MemoryRoster(), QuickHasher(), MemoryLog(), desk.front.clock)
        money = MoneyFlow(self.window, desk.front, Environment.TRAINING, None, self.scope, FileMemory(memory), staff)
        bills = BillsFlow(
            self.window,
            desk.front,
            self.books,
            FakeOffice(shift.hotel),
            Environment.TRAINING,
            money,
            self.scope,
            lambda _pdf, name: memory.with_name(name),
            lambda _file: None,
        )
        self.flow = DeskFlow(self.screen, desk.front, self.books, Environment.TRAINING, money, bills, self.scope)

    def choose(self, number: int) -> None:
        self.screen.guest_chosen.emit(f"stay-{number}")

    @property
    def shown(self) -> tuple[str, str]:
        """Name and balance as they stand on the page."""
        panel = self.screen.panel
        return panel.head._name.text(), panel.strip._balance.text()

    def found(self, typed: str) -> list[str]:
        """Type, and read who was found."""
        self.screen.header.search_box.setText(typed)
        self.screen.search_changed.emit(typed)
        model = self.screen.search.popup.model
        return [row.name for at in range(model.rowCount()) if (row := model.guest(at))]


def at_desk(shift: Shift, story: Callable[[Open], Awaitable[None]]) -> None:
    async def play(desk: FakeDesk) -> None:
        opened = Open(desk, shift, Path("nowhere") / "desk.json")
        opened.flow.start()
        await asyncio.sleep(1)
        try:
            await story(opened)
        finally:
            opened.flow.stop()
            await opened.scope.close()
            opened.window.deleteLater()

    shift(play)


def name_and_balance(number: int) -> tuple[str, str]:
    return f"Guest Number{number}", f"£{(1000 + number) / 100:.2f}"


def test_a_thousand_switches_never_show_one_guests_money_under_anothers_name(shift: Shift) -> None:
    dice = random.Random(6)  # noqa: S311 - the same race every time
    parts = ("cards", "bills", "items", "payments", "payment requests", "stays")

    async def story(desk: Open) -> None:
        wrong: list[tuple[str, str]] = []
        right = {name_and_balance(number) for number in range(GUESTS)}
        for _ in range(1000):
            for part in parts:
                shift.hotel.slow_s[part] = dice.choice((0, 0.01, 0.1, 0.3))
            if dice.random() < 0.1:
                shift.hotel.failing.append(HotelUnavailable("now and then"))
            number = dice.randrange(GUESTS)
            desk.choose(number)
            assert desk.shown[0] == f"Guest Number{number}"
            for _ in range(dice.randrange(4)):
                await asyncio.sleep(dice.choice((0, 0.005, 0.05, 0.2)))
                if desk.shown not in right:
                    wrong.append(desk.shown)
        assert wrong == []
        shift.hotel.failing.clear()
        desk.choose(7)
        await asyncio.sleep(5)
        assert desk.shown == name_and_balance(7)

    at_desk(shift, story)


def test_what_is_known_shows_at_once_and_the_last_guests_come_back_at_once(shift: Shift) -> None:
    async def story(desk: Open) -> None:
        panel = desk.screen.panel
        shift.hotel.slow_s["bills"] = 2
        desk.choose(1)
        assert (desk.shown, panel.state) == (name_and_balance(1), "loading")
        await asyncio.sleep(3)
        assert (panel.state, panel.can_move_money) == ("guest", True)
        for number in range(2, 2 + KEPT):
            desk.choose(number)
            await asyncio.sleep(1)
        desk.choose(5)
        assert not panel.bills.waiting, "the page as it was read before"
        assert not panel.can_move_money, "until it is read again"
        await asyncio.sleep(1)
        assert panel.can_move_money
        desk.choose(1)
        assert panel.bills.waiting, "only the last guests are kept"
        await asyncio.sleep(1)

    at_desk(shift, story)


def test_a_payment_that_lands_elsewhere_refreshes_the_page_by_itself(shift: Shift) -> None:
    async def story(desk: Open) -> None:
        desk.choose(3)
        await asyncio.sleep(1)
        shift.hotel.items = [item("more", pounds(9900), "g3"), *shift.hotel.items[:3], *shift.hotel.items[4:]]
        desk.books.changed = {"g3"}
        await asyncio.sleep(100)
        assert desk.shown == ("Guest Number3", "£99.00")
        row = next(row for at in range(desk.screen.guests.model.rowCount())
                   if getattr(row := desk.screen.guests.model.line(at), "key", "") == "stay-3")  # fmt: skip
        assert row.balance == pounds(9900)  # type: ignore[union-attr]  # a guest's row has a key

    at_desk(shift, story)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (HotelUnavailable("408"), "No connection to Mews since 09:"),
        (RateLimited("429", retry_after_s=None), "Mews is too busy to answer"),
        (RateLimited("429", retry_after_s=40.0), "Mews is too busy to answer"),
    ],
    ids=["away", "429", "429 with Retry-After"],
)
def test_in_an_outage_the_people_stay_with_their_age_and_all_comes_back(
    shift: Shift, problem: DeskPayError, said: str
) -> None:
    async def story(desk: Open) -> None:
        desk.choose(2)
        await asyncio.sleep(1)
        before = desk.screen.guests.model.rowCount()
        shift.hotel.closed = problem
        desk.screen.refresh_requested.emit()
        await asyncio.sleep(10)
        assert desk.screen.guests.model.rowCount() == before
        assert desk.screen.status.text.startswith(said)
        assert "Showing data from 09:14" in desk.screen.status.text
        assert "You see guests as of 09:14" in desk.screen.panel.notice.text
        assert not desk.screen.panel.can_move_money
        assert desk.screen.panel.strip.charge.toolTip()
        assert desk.found("number4")[:1] == ["Guest Number4"]
        desk.choose(4)
        await asyncio.sleep(2)
        assert (desk.screen.panel.state, desk.shown) == ("error", name_and_balance(4))
        shift.hotel.closed = None
        await asyncio.sleep(70)
        assert (desk.screen.panel.state, desk.screen.panel.can_move_money) == ("guest", True)
        assert "09:1" in desk.screen.status.text
        assert not desk.screen.panel.notice.isVisibleTo(desk.screen.panel)

    at_desk(shift, story)


def test_slow_answers_are_told(shift: Shift) -> None:
    async def story(desk: Open) -> None:
        shift.hotel.slow_s["changed stays"] = 8
        desk.screen.refresh_requested.emit()
        await asyncio.sleep(10)
        assert desk.screen.status.text.startswith("Mews is slow to answer")
        assert desk.found("number4")[:1] == ["Guest Number4"]

    at_desk(shift, story)


def test_the_books_answer_below_what_stands_there_and_whoever_was_served_is_at_hand(shift: Shift) -> None:
    far = replace(shift.hotel.guests[0], id="far", last_name="Number", first_name="Agatha")
    shift.hotel.guests.append(far)
    shift.hotel.stays.append(stay("old", "far", starts_utc=datetime(2026, 1, 1, tzinfo=UTC),
                                  ends_utc=datetime(2026, 1, 3, tzinfo=UTC)))  # fmt: skip

    async def story(desk: Open) -> None:
        here = desk.found("Number")
        assert "Agatha Number" not in here
        await asyncio.sleep(2)
        model = desk.screen.search.popup.model
        names = [row.name for at in range(model.rowCount()) if (row := model.guest(at))]
        assert names == [*here, "Agatha Number"]
        desk.screen.guest_chosen.emit("old")
        await asyncio.sleep(1)
        assert desk.shown[0] == "Agatha Number"
        asked = shift.hotel.asked["first names"]
        assert desk.found("agatha") == ["Agatha Number"]
        shift.hotel.unread["first names"] = RateLimited("429", retry_after_s=5.0)
        desk.found("agath")
        desk.found("quimby")
        await asyncio.sleep(0.2)
        assert shift.hotel.asked["first names"] == asked, "no question for every letter"
        await asyncio.sleep(2)
        assert "Mews is too busy to answer" in desk.screen.search.popup.words

    at_desk(shift, story)
