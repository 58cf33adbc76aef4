"""Where a picture is taken: a real window on a clock that stands still."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

from PySide6.QtCore import QSize, QVariantAnimation
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from deskpay.app.pictures import take_picture
from deskpay.services.ports import Clock
from deskpay.services.scope import TaskScope
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.desk.rows import Connection
from deskpay.ui.guest_views import GuestViews
from deskpay.ui.main_window import MainWindow
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from tests.shots.clipping import clipped
from tests.shots.house import CLERK, DAY, FILE, HOTEL, NOW, OTTOLINE, ROLE
from tests.shots.stories import UNKNOWN

_TURNS = 6
"""Loop turns that layouts, windows and focus need to settle."""
_ANGLE_MS = 120
_SAMPLE = QSize(128, 80)
LEAST_COLOURS = 16
"""A blank window has a handful; the plainest real one has hundreds, for letters are smoothed."""


class StillClock(Clock):
    """Time that moves only when it is told to."""

    def __init__(self) -> None:
        self.s = 1_000.0

    @override
    def now(self) -> datetime:
        return NOW

    @override
    def monotonic_s(self) -> float:
        return self.s

    @override
    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


class Stage:
    """One window for one picture.

    Attributes:
        window: the app's own window.
        clock: what its dialogs count by.
        scope: owns what they start.
        vault: address of a card vault, or of nothing.
    """

    def __init__(self, size: tuple[int, int], vault: str) -> None:
        self.size = size
        self.vault = vault
        self.clock = StillClock()
        self._failures: list[BaseException] = []
        self.scope = TaskScope(self._failures.append)
        self.window = MainWindow(size)
        self.views = GuestViews(HOTEL, MoneyWords(), DateWords(HOTEL.zone))
        self.environment = Environment.TRAINING

    @property
    def desk(self) -> DeskScreen:
        """The desk in the window."""
        return self.window.desk

    async def __aenter__(self) -> Self:
        self.window.show()
        self.window.activateWindow()
        await self.settle()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        for shown in over(self.window):
            shown.hide()
            shown.deleteLater()
        await self.scope.close()
        self.window.let_go()
        self.window.deleteLater()
        await self.settle()
        if self._failures:
            raise self._failures[0]

    def show_desk(self, *, guest: bool = True) -> None:
        """Show the desk with the day's people, and Ottoline's page."""
        desk, dates = self.desk, self.views.dates
        desk.set_operator(CLERK, ROLE)
        desk.set_environment(
            self.environment,
            HOTEL.name,
            f"Business day {dates.day(NOW.date())} · {dates.clock(NOW)}",
            f"{dates.short_day(NOW.date(), NOW.date())} · {dates.clock(NOW)}",
        )
        practice = self.environment is Environment.TRAINING
        since = f"Updated {dates.clock(NOW, seconds=True)}"
        desk.set_status(Connection.PRACTICE if practice else Connection.GOOD, since=since)
        desk.set_money_enabled(True)
        desk.show_guests(self.views.lists(DAY))
        if guest:
            desk.show_guest(self.views.page(OTTOLINE, FILE))
        else:
            desk.show_no_guest()
        self.window.show_desk()

    def show_unknown_guest(self) -> None:
        """Show Ottoline's page while a payment of hers is not known."""
        file = replace(FILE, intents=(UNKNOWN, *FILE.intents))
        self.show_desk()
        self.desk.show_guests(self.views.lists(DAY, (OTTOLINE.customer.id,)))
        self.desk.show_guest(self.views.page(OTTOLINE, file))
        self.desk.set_unknown_count(1)

    async def settle(self) -> None:
        """Turn the loop until everything has its place."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    def take(self, file: Path) -> list[str]:
        """Write the picture; return what is wrong with it."""
        for shown in (self.window, *over(self.window)):
            for turning in shown.findChildren(QVariantAnimation):
                turning.stop()
                turning.setCurrentTime(_ANGLE_MS)
        take_picture(self.window, file)
        complaints = [f"{file.stem}: {what}" for shown in self.seen() for what in clipped(shown)]
        picture = QImage(str(file))
        if (picture.width(), picture.height()) != self.size:
            complaints.append(f"{file.stem}: the picture is {picture.width()} by {picture.height()}")
        if colours(picture) < LEAST_COLOURS:
            complaints.append(f"{file.stem}: the picture is blank")
        return complaints

    def seen(self) -> list[QWidget]:
        """The window, and what lies over it."""
        return [self.window, *over(self.window)]


def colours(picture: QImage) -> int:
    """How many colours a picture has, among a few thousand of its pixels."""
    small = picture.scaled(_SAMPLE)
    return len({small.pixel(x, y) for y in range(small.height()) for x in range(small.width())})


def over(window: QWidget) -> list[QWidget]:
    """What lies over `window`, lowest first."""
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget is not window and widget.isVisible() and widget.isWindow()
    ]
