"""The one window: the environment always in sight, and below it either the way in or the desk."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.components.environment_bar import Environment, EnvironmentBar
from deskpay.ui.components.state_panel import StatePanel
from deskpay.ui.connect_page import ConnectPage

if TYPE_CHECKING:
    from deskpay.ui.connection_test_page import ConnectionTestPage
    from deskpay.ui.desk.desk_screen import DeskScreen
    from deskpay.ui.staff.first_page import FirstPage
    from deskpay.ui.staff.sign_in_page import SignInPage

MINIMUM = (1024, 700)


class MainWindow(QMainWindow):
    """Holds the pages. Closing is asked for, not done: `close_requested` is emitted until `let_go` was called.

    Args:
        size: width and height in pixels.
    """

    close_requested = Signal()

    def __init__(self, size: tuple[int, int] = (1280, 800)) -> None:
        super().__init__()
        self._may_close = False
        self.connect_page = ConnectPage()
        self._waiting = StatePanel(self.tr("Opening the desk"))
        self._way_in = QStackedWidget()
        self._way_in.addWidget(self._waiting)
        self._way_in.addWidget(self.connect_page)
        before = QWidget()
        column = QVBoxLayout(before)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(EnvironmentBar(Environment.NOT_CONNECTED))
        column.addWidget(self._way_in, 1)
        self._before = before
        self._pages = QStackedWidget()
        self._pages.addWidget(before)
        self.setCentralWidget(self._pages)
        self.setMinimumSize(*MINIMUM)
        self.resize(*size)

    @cached_property
    def desk(self) -> DeskScreen:
        """The desk, built when it is first asked for: the window is up before it."""
        from deskpay.ui.desk.desk_screen import DeskScreen

        desk = DeskScreen()
        self._pages.addWidget(desk)
        return desk

    @cached_property
    def sign_in(self) -> SignInPage:
        """The page of a free seat, built when it is first asked for."""
        from deskpay.ui.staff.sign_in_page import SignInPage

        page = SignInPage()
        self._pages.addWidget(page)
        return page

    @cached_property
    def connection_test(self) -> ConnectionTestPage:
        """What a test of a connection found, built when it is first asked for."""
        from deskpay.ui.connection_test_page import ConnectionTestPage

        page = ConnectionTestPage()
        self._pages.addWidget(page)
        return page

    @cached_property
    def first(self) -> FirstPage:
        """The page of a hotel without people, built when it is first asked for."""
        from deskpay.ui.staff.first_page import FirstPage

        page = FirstPage()
        self._pages.addWidget(page)
        return page

    def show_waiting(self, sentence: str) -> None:
        """Show that something is under way."""
        self._waiting.say(sentence)
        self._way_in.setCurrentWidget(self._waiting)
        self._pages.setCurrentWidget(self._before)

    def show_connect(self) -> None:
        """Show the way in."""
        self._way_in.setCurrentWidget(self.connect_page)
        self._pages.setCurrentWidget(self._before)

    def show_desk(self) -> None:
        """Show the desk."""
        self._pages.setCurrentWidget(self.desk)

    def show_connection_test(self) -> None:
        """Show what a test found."""
        self._pages.setCurrentWidget(self.connection_test)

    def show_first(self) -> None:
        """Ask for the first person of a hotel."""
        self._pages.setCurrentWidget(self.first)

    def show_sign_in(self) -> None:
        """Ask who is at the desk."""
        self._pages.setCurrentWidget(self.sign_in)

    def let_go(self) -> None:
        """Allow the window to close, once everything behind it has ended."""
        self._may_close = True
        self.close()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()
