"""A list to choose one thing from: a card to charge, a payment to refund."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.ui.components.brand_badge import WIDE, paint_badge
from deskpay.ui.components.painting import draw_box, draw_text, text_width
from deskpay.ui.theme import tokens

_ONE_LINE = 41
_TWO_LINES = 55
_GAP = 12
_RADIO = 16


@dataclass(frozen=True, slots=True)
class RadioCard:
    """One thing to choose.

    Args:
        key: what `chosen` reports.
        badge: letters of a brand, or `icon:` and the name of an outline.
        title: its name.
        subtitle: what else is known of it.
        right: the word or amount at its end.
        reason: why it cannot be chosen, shown at its end; empty when it can.
        warning: True shows the subtitle as a warning.
        right_strong: True shows `right` as an amount.
        spoken: what a screen reader says, where it differs from the words shown.
    """

    key: str
    badge: str
    title: str
    subtitle: str = ""
    right: str = ""
    reason: str = ""
    warning: bool = False
    right_strong: bool = False
    spoken: str = ""


class _Card(QAbstractButton):
    """One row."""

    moved = Signal(int)

    def __init__(self, card: RadioCard, *, two_lines: bool, first: bool, last: bool) -> None:
        super().__init__()
        self.card = card
        self._two_lines = two_lines
        self._first = first
        self._last = last
        self.setCheckable(True)
        self.setEnabled(not card.reason)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = card.spoken or ", ".join(part for part in (card.title, card.subtitle, card.right) if part)
        self.setAccessibleName(words)
        self.setAccessibleDescription(card.reason)
        self.setToolTip("")

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, _TWO_LINES if self._two_lines else _ONE_LINE)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        inner = box.adjusted(1, 1 if self._first else 0, -1, -1 if self._last else 0)
        if self.isChecked() or (self.underMouse() and self.isEnabled()):
            painter.save()
            painter.setClipPath(self._outline(box, theme.radius("card") - 1))
            chosen = "bg.selected" if self.isEnabled() else "bg.sunken"
            painter.fillRect(inner, theme.color(chosen if self.isChecked() else "bg.hover"))
            painter.restore()
        if not self._last:
            painter.fillRect(QRectF(1, box.height() - 1, box.width() - 2, 1), theme.color("border.subtle"))
        self._paint_radio(painter, QRectF(13, (box.height() - _RADIO) / 2, _RADIO, _RADIO))
        x = 13 + _RADIO + _GAP
        badge = QRectF(x, (box.height() - WIDE.height()) / 2, WIDE.width(), WIDE.height())
        paint_badge(painter, badge, self.card.badge, enabled=self.isEnabled())
        self._paint_words(painter, badge.right() + _GAP, box)
        if self.hasFocus():
            ring = inner.adjusted(1, 1, -1, -1)
            draw_box(painter, ring, theme.radius("control"), None, theme.color("focus.ring"), width=2)
        painter.end()

    def _outline(self, box: QRectF, radius: float) -> QPainterPath:
        path = QPainterPath()
        top = box.top() + 1 if self._first else box.top() - 20
        bottom = box.bottom() - 1 if self._last else box.bottom() + 20
        path.addRoundedRect(QRectF(1, top, box.width() - 2, bottom - top), radius, radius)
        return path

    def _paint_radio(self, painter: QPainter, box: QRectF) -> None:
        theme = tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.setPen(QPen(theme.color("accent.fill" if self.isEnabled() else "border.control"), 5))
            painter.setBrush(theme.color("accent.on"))
            painter.drawEllipse(box.adjusted(2.5, 2.5, -2.5, -2.5))
            return
        enabled = self.isEnabled()
        dark = theme.scheme.value == "dark"
        ground = ("bg.window" if dark else "bg.surface") if enabled else "bg.sunken"
        painter.setPen(QPen(theme.color("border.control" if enabled else "border.default"), 1.5))
        painter.setBrush(theme.color(ground))
        painter.drawEllipse(box.adjusted(0.75, 0.75, -0.75, -0.75))

    def _paint_words(self, painter: QPainter, left: float, box: QRectF) -> None:
        card = self.card
        enabled, checked = self.isEnabled(), self.isChecked()
        end = card.right if self._two_lines or not card.reason else card.reason
        strong = card.right_strong and end == card.right
        style, weight = ("body", (600 if checked else 500) if enabled else 400) if strong else ("small", 400)
        ink = "text.primary" if strong and enabled else "text.secondary" if enabled else "text.tertiary"
        end_width = text_width(end, style, weight) + 1 if end else 0.0
        right = box.width() - 13
        right_align = Qt.AlignmentFlag.AlignRight
        place = QRectF(right - end_width, 0, end_width, box.height())
        draw_text(painter, place, end, style, ink, weight=weight, align=right_align)
        room = right - end_width - (_GAP if end else 0) - left
        title_ink = "text.primary" if enabled else "text.tertiary"
        title_weight = 600 if checked else 500
        quiet = "text.secondary" if checked else "text.tertiary"
        sub_ink = "warning.text" if card.warning and enabled else quiet if enabled else "text.tertiary"
        below = card.reason if self._two_lines and card.reason else card.subtitle
        if self._two_lines:
            top = (box.height() - 34) / 2
            draw_text(painter, QRectF(left, top, room, 18), card.title, "body", title_ink, weight=title_weight)
            draw_text(painter, QRectF(left, top + 18, room, 16), below, "small", sub_ink)
            return
        used = draw_text(painter, QRectF(left, 0, room, box.height()), card.title, weight=title_weight, color=title_ink)
        rest = QRectF(left + used + 10, 0, room - used - 10, box.height())
        if card.subtitle and rest.width() > 0:
            draw_text(
                painter, rest, card.subtitle, "small", sub_ink if card.warning or not enabled else "text.secondary"
            )


class RadioCards(QFrame):
    """The list. Arrow keys move among what can be chosen; it emits `chosen` with the key.

    Args:
        cards: what to choose from.
        two_lines: True puts subtitle (or reason) below the title, False beside it.
        name: what is chosen, for a screen reader.
        parent: the widget it lies in.
    """

    chosen = Signal(str)

    def __init__(
        self,
        cards: Sequence[RadioCard] = (),
        *,
        two_lines: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._two_lines = two_lines
        self._rows: list[_Card] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.set_cards(cards)

    def set_cards(self, cards: Sequence[RadioCard]) -> None:
        """Replace what to choose from. The choice stays while its key is there and can be chosen."""
        before = self.current()
        gone, self._rows = self._rows, []
        for row in gone:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for at, card in enumerate(cards):
            row = _Card(card, two_lines=self._two_lines, first=at == 0, last=at == len(cards) - 1)
            row.clicked.connect(lambda _checked=False, key=card.key: self._choose(key))
            row.moved.connect(self._move)
            self._column.addWidget(row)
            # What is made later stands last in the window's order; these take the place of those before.
            if after := (self._rows or gone)[-1:]:
                QWidget.setTabOrder(after[0], row)
            self._rows.append(row)
        possible = [row.card.key for row in self._rows if row.isEnabled()]
        self.set_current(before if before in possible else (possible[0] if possible else ""))

    def current(self) -> str:
        """Return the key of what is chosen, or an empty string."""
        return next((row.card.key for row in self._rows if row.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose `key` without a signal; an empty string chooses nothing."""
        chosen = any(row.card.key == key for row in self._rows)
        for at, row in enumerate(self._rows):
            on = row.card.key == key and row.isEnabled()
            row.setChecked(on)
            # Tab reaches the list once, at the choice; arrows move inside it.
            reach = on or (not chosen and at == 0)
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if reach else Qt.FocusPolicy.ClickFocus)
            if on:
                self.setFocusProxy(row)
            row.update()

    def _choose(self, key: str) -> None:
        self.set_current(key)
        self.chosen.emit(key)

    def step(self, step: int) -> RadioCard | None:
        """Choose the card so many places on among those that can be chosen, and return it; the keyboard stays."""
        enabled = [row for row in self._rows if row.isEnabled()]
        if not enabled:
            return None
        now = next((at for at, row in enumerate(enabled) if row.isChecked()), -1 if step > 0 else 0)
        target = enabled[(now + step) % len(enabled)].card
        self._choose(target.key)
        return target

    def _move(self, step: int) -> None:
        self.step(step)
        for row in self._rows:
            if row.isChecked():
                row.setFocus(Qt.FocusReason.TabFocusReason)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        draw_box(painter, QRectF(self.rect()), theme.radius("card"), None, theme.color("border.default"))
        painter.end()
