"""The page of everything: what is to be seen, the table, and a drawer that tells one entry whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.services.activity import Wanted
from deskpay.ui.components.button import Button, ButtonKind
from deskpay.ui.components.environment_bar import NARROW_BELOW
from deskpay.ui.components.field import Choice
from deskpay.ui.components.filter_input import FilterInput
from deskpay.ui.components.message import Message
from deskpay.ui.components.segments import QuickChoice
from deskpay.ui.components.state_chip import StateChip, Tone
from deskpay.ui.components.state_panel import StatePanel
from deskpay.ui.components.text import Text
from deskpay.ui.components.timeline import Timeline
from deskpay.ui.journal.activity_rows import ActivityRow, Detail
from deskpay.ui.journal.activity_table import ActivityTable
from deskpay.ui.theme import tokens
from deskpay.ui.words.money import MoneyWords

_DRAWER = 340
SPANS = (1, 7, 31, 366)
"""Days that may be shown."""


class _Drawer(QFrame):
    """One entry, told whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_DRAWER)
        self._support = ""
        self._column = QVBoxLayout()
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(12)
        inner = QWidget()
        inner.setLayout(self._column)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inner)
        copy = Button(self.tr("Copy for support"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._support))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 12)
        outer.addWidget(area, 1)
        below = QHBoxLayout()
        below.setContentsMargins(16, 0, 16, 0)
        below.addWidget(copy)
        below.addStretch(1)
        outer.addLayout(below)
        self.hide()

    def show_detail(self, detail: Detail | None) -> None:
        """Tell an entry; None closes the drawer."""
        self.setVisible(detail is not None)
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        if detail is None:
            self._support = ""
            return
        self._support = detail.support
        self._column.addWidget(StateChip(detail.state), 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(Text(detail.title, "amount"))
        self._column.addWidget(Text(detail.subtitle, "body", "text.secondary", wrap=True))
        facts = QWidget()
        grid = QGridLayout(facts)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for at, (name, words) in enumerate(detail.facts):
            grid.addWidget(Text(name, "body", "text.tertiary"), at, 0, top)
            grid.addWidget(Text(words, "body", wrap=True), at, 1, top)
        self._column.addWidget(facts)
        if detail.steps:
            self._column.addWidget(Text(self.tr("What happened"), "strong"))
            steps = Timeline()
            steps.set_steps(detail.steps)
            self._column.addWidget(steps)
        self._column.addStretch(1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, 1, self.height(), tokens().color("border.default"))
        painter.end()


class ActivityView(QWidget):
    """The page.

    Args:
        money: how amounts are written.

    Signals:
        wanted_changed: something else is to be seen.
        entry_marked: the key of the entry that is marked, or an empty one.
        export_requested, check_requested: the journal is to be exported, or its chain checked.
        unresolved_requested: what is not known is to be shown instead.
    """

    wanted_changed = Signal()
    entry_marked = Signal(str)
    export_requested = Signal()
    check_requested = Signal()
    unresolved_requested = Signal()

    def __init__(self, money: MoneyWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = ActivityTable(money)
        self.table.marked.connect(self.entry_marked)
        self._drawer = _Drawer()
        self._message = Message(Tone.NEUTRAL)
        self._message.hide()
        self._count = Text("", "small", "text.secondary")
        self._empty = StatePanel(self.tr("Nothing here"), self.tr("Nothing that was done fits what is looked for."))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.table)
        left = QVBoxLayout()
        left.setContentsMargins(16, 16, 16, 12)
        left.setSpacing(12)
        left.addLayout(self._head())
        left.addLayout(self._filters())
        left.addWidget(self.text.refusal)
        left.addWidget(self._message)
        left.addWidget(self._pages, 1)
        left.addWidget(self._count)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self._drawer)

    def _head(self) -> QHBoxLayout:
        other = Button(self.tr("Not known yet"), ButtonKind.LINK, key=self.tr("Ctrl 3"))
        other.clicked.connect(self.unresolved_requested)
        self.check = Button(self.tr("Check the chain"), icon="shield-check")
        self.check.clicked.connect(self.check_requested)
        self.export = Button(self.tr("Export…"), icon="file-text")
        self.export.clicked.connect(self.export_requested)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Text(self.tr("Journal"), "title", weight=600))
        self._told = Text(self.tr("Everything DeskPay did. Entries are never changed."), "small", "text.secondary")
        head.addWidget(self._told)
        head.addStretch(1)
        for button in (other, self.check, self.export):
            head.addWidget(button)
        return head

    def _filters(self) -> QHBoxLayout:
        self.text = FilterInput(self.tr("Guest, reference, amount"))
        self.text.narrowed.connect(self.wanted_changed)
        self.span = Choice()
        self.span.setAccessibleName(self.tr("Since when"))
        for days, words in zip(
            SPANS, (self.tr("Today"), self.tr("7 days"), self.tr("31 days"), self.tr("A year")), strict=True
        ):
            self.span.addItem(words, days)
        self.who = Choice()
        self.who.setAccessibleName(self.tr("Who"))
        self.who.addItem(self.tr("Everybody"), "")
        for choice in (self.span, self.who):
            choice.activated.connect(lambda _row: self.wanted_changed.emit())
        self.money_only = QuickChoice(self.tr("Money only"))
        self.money_only.clicked.connect(self._on_money_only)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        for part in (self.span, self.who, self.money_only):
            row.addWidget(part)
        return row

    def _on_money_only(self) -> None:
        self._money = not self._money
        self.money_only.set_on(self._money)
        self.wanted_changed.emit()

    _money = False

    @property
    def days(self) -> int:
        """How many days are to be seen, today included."""
        return int(self.span.currentData())

    @property
    def wanted(self) -> Wanted:
        """What is to be seen of them."""
        return Wanted(self.text.words, str(self.who.currentData() or ""), self._money)

    def show_rows(self, rows: Sequence[ActivityRow], of: int) -> None:
        """Show `rows`, out of `of` entries."""
        self.table.show_rows(rows)
        self._pages.setCurrentWidget(self.table if rows else self._empty)
        self._count.setText(self.tr("{count} of {all} entries").format(count=len(rows), all=of))

    def show_people(self, names: Sequence[str]) -> None:
        """Offer the people that entries are of."""
        chosen = str(self.who.currentData() or "")
        self.who.clear()
        self.who.addItem(self.tr("Everybody"), "")
        for name in names:
            self.who.addItem(name, name)
        self.who.setCurrentIndex(max(0, self.who.findData(chosen)))

    def show_detail(self, detail: Detail | None) -> None:
        """Tell one entry in the drawer; None closes it."""
        self._drawer.show_detail(detail)

    def say(self, tone: Tone, lead: str, text: str = "") -> None:
        """Say above the table what came of a check or an export."""
        self._message.say(tone, lead, text)
        self._message.show()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._told.setVisible(self.width() >= NARROW_BELOW)
        super().resizeEvent(event)

    def take_focus(self) -> None:
        """Put the keyboard where the page is worked from."""
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
