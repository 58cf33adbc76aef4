"""The header: mark and tabs, the search box, what is not known, and who works here."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.environment_bar import NARROW_BELOW
from deskpay.ui.components.painting import draw_box, draw_text, text_width
from deskpay.ui.desk.search import SearchBox
from deskpay.ui.theme import paint_icon, paint_logo, tokens

_AVATAR = 26
_LOGO = 26
_SEARCH_WIDTH = 400
_SEARCH_LEAST, _SEARCH_MOST = 200, 520
_BADGE = 18
_TEN = 10
_SIDES = 580
"""Room at both sides of the search box in a narrow window, in pixels: mark, tabs, pill and operator."""


class Tab(QAbstractButton):
    """The tab of a screen: icon, word, how many wait there, and a bar below the one in view.

    Args:
        words: its name.
        icon: its outline.
        key: what brings it into view.
    """

    def __init__(self, words: str, icon: str, key: str) -> None:
        super().__init__()
        self._words = words
        self._icon = icon
        self._count = 0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(words)
        self.setToolTip(f"{words} ({key})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_count(self, count: int) -> None:
        """Show that `count` wait there."""
        self._count = count
        self.setAccessibleDescription(self.tr("{count} not known").format(count=count) if count else "")
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        badge = _BADGE + 8 if self._count else 0
        return QSize(round(text_width(self._words, weight=600)) + 47 + badge, tokens().size("header"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        ink = theme.color("text.primary" if self.isChecked() else "text.secondary")
        paint_icon(painter, self._icon, QRectF(11, box.center().y() - 8, 16, 16), ink)
        draw_text(painter, box.adjusted(34, 0, 0, 0), self._words, color=ink, weight=600 if self.isChecked() else 500)
        if self._count:
            round_box = QRectF(box.right() - 13 - _BADGE, box.center().y() - _BADGE / 2, _BADGE, _BADGE)
            draw_box(painter, round_box, _BADGE / 2, theme.color("unknown.fill"))
            center = Qt.AlignmentFlag.AlignHCenter
            shown = str(self._count) if self._count < _TEN else "9+"
            draw_text(painter, round_box, shown, "micro", "bg.surface", weight=600, align=center)
        if self.isChecked():
            bar = QRectF(8, box.bottom() - 3, box.width() - 16, 4)
            draw_box(painter, bar, 2, theme.color("accent.fill"))
        if self.hasFocus():
            ring = box.adjusted(2, 8, -2, -8)
            draw_box(painter, ring, theme.radius("control"), None, theme.color("focus.ring"), width=2)
        painter.end()


class _Logo(QWidget):
    """The program's mark."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_LOGO, _LOGO)
        self.setAccessibleName("DeskPay")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_logo(painter, QRectF(self.rect()))
        painter.end()


class UnknownPill(QAbstractButton):
    """How many payments are not known, dashed and violet; it is hidden while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def set_count(self, count: int) -> None:
        """Show that `count` payments are being checked."""
        self._words = self.tr("{count} being checked").format(count=count)
        self.setAccessibleName(self.tr("{count} payments are not known yet").format(count=count))
        self.setToolTip(self.tr("Show the payment that is not known (Alt U)"))
        self.setVisible(count > 0)
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self._words, "small", 600)) + 41, 28)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        radius = theme.radius("control")
        draw_box(painter, box, radius, theme.color("unknown.bg"), theme.color("unknown.fill"), dashed=True)
        ink = theme.color("unknown.text")
        paint_icon(painter, "circle-question-mark", QRectF(9, 7, 14, 14), ink)
        draw_text(painter, box.adjusted(29, 0, 0, 0), self._words, "small", ink, weight=600)
        if self.hasFocus():
            draw_box(painter, box, radius, None, theme.color("focus.ring"), width=2)
        painter.end()


class _Operator(QWidget):
    """Who works at this desk: initials, and where there is room the name over the role."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._role = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_operator(self, name: str, role: str) -> None:
        """Show `name` and `role`; an empty name shows nobody."""
        self._name = name
        self._role = role
        self.setVisible(bool(name))
        self.setAccessibleName(f"{name}, {role}")
        self.setToolTip("")
        self.updateGeometry()
        self.update()

    def _wide(self) -> bool:
        return self.window().width() >= NARROW_BELOW

    @override
    def sizeHint(self) -> QSize:
        if not self._wide():
            return QSize(_AVATAR + 12, 32)
        words = max(text_width(self._name, weight=500), text_width(self._role, "micro", 400))
        return QSize(_AVATAR + 20 + round(words), 32)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        face = QRectF(4, 3, _AVATAR, _AVATAR)
        draw_box(painter, face, _AVATAR / 2, theme.color("bg.selected"))
        initials = "".join(part[0] for part in self._name.split()[:2]).upper()
        center = Qt.AlignmentFlag.AlignHCenter
        draw_text(painter, face, initials, "micro", "accent.text", weight=600, align=center)
        if self._wide():
            room = QRectF(_AVATAR + 12, 0, self.width() - _AVATAR - 12, 17)
            draw_text(painter, room, self._name, weight=500)
            draw_text(painter, room.adjusted(0, 16, 0, 14), self._role, "micro", "text.tertiary", weight=400)
        painter.end()


class Header(QWidget):
    """The header of the window. Screens that do not exist have no tab."""

    unknown_requested = Signal()
    desk_requested = Signal()
    audit_requested = Signal()
    journal_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search_box = SearchBox()
        self.pill = UnknownPill()
        self.pill.clicked.connect(self.unknown_requested)
        self._operator = _Operator()
        self._operator.hide()
        left = QHBoxLayout()
        left.setSpacing(10)
        left.addWidget(_Logo())
        self.desk_tab = Tab(self.tr("Desk"), "concierge-bell", "Ctrl+1")
        self.audit_tab = Tab(self.tr("Night audit"), "moon", "Ctrl+2")
        self.journal_tab = Tab(self.tr("Journal"), "notebook-text", "Ctrl+3")
        self.desk_tab.setChecked(True)
        self.desk_tab.clicked.connect(self.desk_requested)
        self.audit_tab.clicked.connect(self.audit_requested)
        self.journal_tab.clicked.connect(self.journal_requested)
        left.addWidget(self.desk_tab)
        left.addWidget(self.audit_tab)
        left.addWidget(self.journal_tab)
        left.addStretch()
        right = QHBoxLayout()
        right.setSpacing(8)
        right.addStretch()
        right.addWidget(self.pill)
        right.addWidget(self._operator)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 0, 14, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.addLayout(left, 0, 0)
        self._grid.addWidget(self.search_box, 0, 1)
        self._grid.addLayout(right, 0, 2)
        for column in (0, 2):
            self._grid.setColumnStretch(column, 1)
        self.setFixedHeight(tokens().size("header"))

    def mark_no_tab(self) -> None:
        """Show that what is in view is of no tab."""
        for tab in (self.desk_tab, self.audit_tab, self.journal_tab):
            tab.setAutoExclusive(False)
            tab.setChecked(False)
            tab.setAutoExclusive(True)

    def set_operator(self, name: str, role: str) -> None:
        """Show who works at this desk; an empty name shows nobody."""
        self._operator.show_operator(name, role)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= NARROW_BELOW
        room = self.width() - _SIDES
        self.search_box.setFixedWidth(_SEARCH_WIDTH if wide else max(_SEARCH_LEAST, min(_SEARCH_MOST, room)))
        self._operator.updateGeometry()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        painter.fillRect(self.rect(), theme.color("bg.surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("border.default"))
        painter.end()
