"""The page of what is not known yet: the table, and what may be done about the act that is marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.state_panel import StatePanel
from deskpay.ui.components.text import Text
from deskpay.ui.journal.rows import UnresolvedRow
from deskpay.ui.journal.unresolved_table import UnresolvedTable
from deskpay.ui.words.money import MoneyWords


class UnresolvedView(QWidget):
    """The page.

    Args:
        money: how amounts are written.
        parent: the widget it lies in.

    Signals carry the intent's id: `check_requested`: look in Mews at once. `story_requested`: show what happened so
    far. `decide_requested`: people want to say what happened. `activity_requested`: everything is to be shown instead.
    """

    check_requested = Signal(str)
    story_requested = Signal(str)
    decide_requested = Signal(str)
    activity_requested = Signal()

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = UnresolvedTable(money)
        self._count = Text("", "small", "text.secondary")
        self.empty = StatePanel(
            self.tr("Everything is known"),
            self.tr("Every payment of this desk has its end. What has none yet is listed here."),
            icon="circle-check",
            tone=Tone.SUCCESS,
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(self._pages, 1)
        column.addLayout(self._actions())
        self.table.opened.connect(self.story_requested)
        self.table.marked.connect(self._on_marked)
        self.show_rows(())

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(10)
        head.addWidget(Text(self.tr("Journal"), "title", weight=600), 0, Qt.AlignmentFlag.AlignBaseline)
        told = Text(self.tr("What DeskPay does not know yet. It goes on checking and never sends again."), "small")
        head.addWidget(told, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addStretch()
        head.addWidget(self._count, 0, Qt.AlignmentFlag.AlignBaseline)
        everything = Button(self.tr("Everything"), ButtonKind.LINK, key=self.tr("Ctrl 4"))
        everything.clicked.connect(self.activity_requested)
        head.addWidget(everything, 0, Qt.AlignmentFlag.AlignBaseline)
        return head

    def _actions(self) -> QHBoxLayout:
        self.check_button = Button(self.tr("Check now"), size=ButtonSize.ACTION, key="F5")
        self.story_button = Button(self.tr("What happened…"), size=ButtonSize.ACTION, key="↵")
        self.decide_button = Button(
            self.tr("Supervisor decides…"), ButtonKind.PRIMARY, size=ButtonSize.ACTION, key="F8"
        )
        self.check_button.clicked.connect(self.check_marked)
        self.story_button.clicked.connect(self.table.open_marked)
        self.decide_button.clicked.connect(self.decide_marked)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.check_button)
        row.addWidget(self.story_button)
        row.addStretch()
        row.addWidget(self.decide_button)
        return row

    def show_rows(self, rows: Sequence[UnresolvedRow]) -> None:
        """Show `rows`, or that there are none."""
        self.table.show_rows(rows)
        self._pages.setCurrentWidget(self.table if rows else self.empty)
        self._count.setText(self.tr("{count} without an end").format(count=len(rows)) if rows else "")

    def check_marked(self) -> None:
        """Ask for a look at the act that is marked."""
        row = self.table.current()
        if row is not None:
            self.check_requested.emit(row.key)

    def decide_marked(self) -> None:
        """Ask for a decision about the act that is marked, where people may decide."""
        row = self.table.current()
        if row is not None and row.may_decide:
            self.decide_requested.emit(row.key)

    def take_focus(self) -> None:
        """Put the keyboard where the page is worked from."""
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_marked(self) -> None:
        row = self.table.current()
        for button in (self.check_button, self.story_button):
            button.setEnabled(row is not None)
        self.decide_button.setEnabled(row is not None and row.may_decide)
