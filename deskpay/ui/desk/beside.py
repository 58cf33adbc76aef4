"""Who belongs to the guest shown: companions, other stays, the group, and who may pay. Each is one key away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box, draw_text
from deskpay.ui.desk.rows import BesideRow
from deskpay.ui.desk.section import Section, clear
from deskpay.ui.theme import paint_icon, tokens

_HEIGHT = 44
_MOST = 8
"""A coach party would push the note off the page; the search finds the others."""


class _BesideLine(QAbstractButton):
    """One of them: name over why."""

    def __init__(self, row: BesideRow) -> None:
        super().__init__()
        self._row = row
        self.setAccessibleName(f"{row.name}, {row.how}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        if self.underMouse():
            draw_box(painter, box, theme.radius("control"), theme.color("bg.hover"))
        paint_icon(
            painter,
            "chevron-right",
            QRectF(box.right() - 18, box.center().y() - 7, 14, 14),
            theme.color("text.tertiary"),
        )
        words = QRectF(4, 4, box.width() - 28, 18)
        draw_text(painter, words, self._row.name, weight=500)
        draw_text(painter, words.translated(0, 18), self._row.how, "small", "text.tertiary")
        if self.hasFocus():
            draw_box(
                painter, box.adjusted(1, 1, -1, -1), theme.radius("control"), None, theme.color("focus.ring"), width=2
            )
        painter.end()


class Beside(Section):
    """The section; hidden while there is nobody."""

    guest_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._title.setText(self.tr("Belongs to this guest"))
        self.setAccessibleName(self.tr("Belongs to this guest"))
        self.column.setSpacing(0)
        self._rows: Sequence[BesideRow] = ()
        self.hide()

    def show_guests(self, rows: Sequence[BesideRow]) -> None:
        """Show `rows`, at most eight; the count tells of the others."""
        if rows != self._rows:
            self._rows = rows
            clear(self.column)
            for row in rows[:_MOST]:
                line = _BesideLine(row)
                line.clicked.connect(lambda _checked=False, key=row.key: self.guest_chosen.emit(key))
                self.column.addWidget(line)
        self.show_rows(len(rows), "")
        self.setVisible(bool(rows))
