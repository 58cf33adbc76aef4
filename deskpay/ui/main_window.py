"""The one window: the environment always in sight, and below it either the way in or the desk."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.components.environment_bar import Environment, EnvironmentBar, WindowEdge
from deskpay.ui.components.state_panel import StatePanel
from deskpay.ui.connect_page import ConnectPage
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.theme import app_icon

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
        self.bar = EnvironmentBar()
        self.connect_page = ConnectPage()
        self.desk = DeskScreen()
        self._waiting = StatePanel(self.tr("Opening the desk"))
        self._pages = QStackedWidget()
        for page in (self._waiting, self.connect_page, self.desk):
            self._pages.addWidget(page)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._pages, 1)
        self.setCentralWidget(content)
        self._edge = WindowEdge(self.bar, self)
        self.setWindowIcon(app_icon())
        self.setMinimumSize(*MINIMUM)
        self.resize(*size)

    def show_waiting(self, sentence: str) -> None:
        """Show that something is under way."""
        self._waiting.say(sentence)
        self._pages.setCurrentWidget(self._waiting)

    def show_connect(self) -> None:
        """Show the way in."""
        self.set_environment(Environment.NOT_CONNECTED, "")
        self._pages.setCurrentWidget(self.connect_page)

    def show_desk(self) -> None:
        """Show the desk."""
        self._pages.setCurrentWidget(self.desk)

    def set_environment(self, environment: Environment, hotel: str) -> None:
        """Say where a charge would go, in the bar, the window's edge and its title."""
        self.bar.set_environment(environment)
        self.bar.set_hotel(hotel)
        self._edge.update()
        title = " · ".join(part for part in (hotel, self.bar.word()) if part)
        self.setWindowTitle(title)

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
