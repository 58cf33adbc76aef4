"""A button that names its key, shows where the keyboard is, and counts the seconds while it works."""

from __future__ import annotations

import enum

from PySide6.QtCore import QElapsedTimer, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.focus_ring import FocusRing
from deskpay.ui.components.key_cap import HEIGHT, key_cap_width, paint_key_cap
from deskpay.ui.components.painting import draw_box, draw_text, text_width
from deskpay.ui.components.spinner import make_turn, paint_spinner
from deskpay.ui.theme import paint_icon, reduced_motion, tokens

_GAP = 8
_SMALL_GAP = 6
_SPINNER = 16


class ButtonKind(enum.Enum):
    """What a button is for. One primary per window."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    GHOST = "ghost"
    DANGER = "danger"
    DANGER_OUTLINE = "danger outline"
    LINK = "link"


class ButtonSize(enum.Enum):
    """Heights by their token: dense 28, control 32, action 36 px (every action that moves money)."""

    DENSE = "control.dense"
    CONTROL = "control"
    ACTION = "control.primary"


_FILLED = (ButtonKind.PRIMARY, ButtonKind.DANGER)


class Button(QPushButton):
    """A button. Space presses it; plain Enter never does, for Enter never pays.

    Args:
        label: the verb and what it acts on.
        kind: its weight in the window.
        size: its height.
        key: the key that does the same, painted as a cap; the shortcut itself is the caller's.
        icon: name of an outline before the label.
        spoken: what a screen reader says where the label is too short or holds figures.
        parent: the widget it lies in.
    """

    def __init__(
        self,
        label: str = "",
        kind: ButtonKind = ButtonKind.SECONDARY,
        *,
        size: ButtonSize = ButtonSize.CONTROL,
        key: str = "",
        icon: str = "",
        spoken: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self._size = size
        self._key = key
        self._icon = icon
        self._label = ""
        self._busy = ""
        self._spoken = spoken
        self._elapsed = QElapsedTimer()
        self._turn = make_turn(self, self._on_turned)
        self._shown_s = -1
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.set_label(label, spoken)
        self._ring = FocusRing(self)

    @property
    def label(self) -> str:
        """The words on it, apart from its key."""
        return self._label

    @property
    def busy(self) -> bool:
        """True between `set_busy` and `set_ready`."""
        return bool(self._busy)

    def set_label(self, label: str, spoken: str = "") -> None:
        """Change the words, and what a screen reader says instead of them."""
        self._label = label
        self._spoken = spoken
        # An ampersand would become a mnemonic, and letters alone are no shortcuts here.
        self.setText(label.replace("&", "&&"))
        self.setAccessibleName(spoken or label)
        self.updateGeometry()
        self.update()

    def set_kind(self, kind: ButtonKind) -> None:
        """Change its weight."""
        self._kind = kind
        self.update()

    def set_busy(self, verb: str) -> None:
        """Disable it and show `verb` with the seconds since now, for example "Charging, 4 s"."""
        self._busy = verb
        self._shown_s = -1
        self._elapsed.start()
        self.setEnabled(False)
        self.setAccessibleName(verb)
        self._turn.start()
        self.updateGeometry()

    def set_ready(self) -> None:
        """End `set_busy` and enable it."""
        self._busy = ""
        self._turn.stop()
        self.setAccessibleName(self._spoken or self._label)
        self.setEnabled(True)
        self.updateGeometry()
        self.update()

    def _on_turned(self) -> None:
        seconds = self._elapsed.elapsed() // 1000
        if seconds != self._shown_s:
            self._shown_s = seconds
            self.updateGeometry()
        elif reduced_motion():
            return
        self.update()

    def _words(self) -> str:
        if not self._busy:
            return self._label
        seconds = self._elapsed.elapsed() // 1000
        return self.tr("{verb}, {seconds} s").format(verb=self._busy, seconds=seconds) if seconds else self._busy

    def _style(self) -> tuple[str, int, int, int]:
        """Return type style, weight, gap and padding."""
        weight = 600 if self._kind in _FILLED else 500
        if self._size is ButtonSize.DENSE:
            return "small", weight, _SMALL_GAP, 10
        return "body", weight, _GAP, 4 if self._kind is ButtonKind.LINK else 12

    def _parts(self) -> tuple[float, float, float]:
        """Return the widths of icon, words and key cap, each 0 where absent."""
        style, weight, _, _ = self._style()
        lead = _SPINNER if self._busy else (14 if self._size is ButtonSize.DENSE else 16) if self._icon else 0
        words = self._words()
        cap = "" if self._busy else self._key
        return float(lead), text_width(words, style, weight) + 1 if words else 0.0, key_cap_width(cap)

    @override
    def sizeHint(self) -> QSize:
        _, _, gap, padding = self._style()
        parts = [part for part in self._parts() if part]
        height = tokens().size(self._size.value)
        width = sum(parts) + gap * (len(parts) - 1) + 2 * padding + 2
        icon_only = bool(self._icon) and not self._label and not self._key
        return QSize(height if icon_only else round(width + 0.5), height)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QEnterEvent) or event.type() == QEvent.Type.Leave:
            self.update()
        return super().event(event)

    def _colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        """Return ground, border and ink for the present state."""
        theme = tokens()
        kind = self._kind
        bare = kind in (ButtonKind.GHOST, ButtonKind.LINK)
        pressed, hover = self.isDown(), self.underMouse()
        if not self.isEnabled():
            if bare:
                return None, None, theme.color("text.disabled")
            return theme.color("bg.sunken"), theme.color("border.subtle"), theme.color("text.disabled")
        if kind in _FILLED:
            name = "accent" if kind is ButtonKind.PRIMARY else "danger"
            step = "hover" if hover or pressed else "fill"
            if pressed and kind is ButtonKind.PRIMARY:
                step = "pressed"
            fill = theme.color(f"{name}.{step}")
            return fill, fill, theme.color(f"{name}.on")
        rest = "bg.raised" if theme.scheme.value == "dark" else "bg.surface"
        ground = theme.color("bg.pressed" if pressed else "bg.hover" if hover else rest)
        if bare:
            ink = theme.color("accent.text" if kind is ButtonKind.LINK else "text.secondary")
            return (ground if pressed or hover else None), None, ink
        if kind is ButtonKind.DANGER_OUTLINE:
            return ground, theme.color("danger.border"), theme.color("danger.text")
        return ground, theme.color("border.default"), theme.color("text.primary")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        ground, border, ink = self._colors()
        box = QRectF(self.rect())
        if ground is not None or border is not None:
            draw_box(painter, box, theme.radius("control"), ground, border)
        style, weight, gap, padding = self._style()
        lead, words, cap = self._parts()
        parts = [part for part in (lead, words, cap) if part]
        x = max(float(padding if self._label else 0), (box.width() - sum(parts) - gap * (len(parts) - 1)) / 2)
        middle = box.height() / 2
        filled = self._kind in _FILLED
        if lead:
            place = QRectF(x, middle - lead / 2, lead, lead)
            if self._busy:
                paint_spinner(painter, place, float(self._turn.currentValue() or 0.0))
            else:
                muted = theme.color("text.secondary")
                plain = self.isEnabled() and self._kind is ButtonKind.SECONDARY
                paint_icon(painter, self._icon, place, muted if plain else ink)
            x += lead + gap
        if words:
            draw_text(painter, QRectF(x, 0, words + 1, box.height()), self._words(), style, ink, weight=weight)
            x += words + gap
        if cap:
            place = QRectF(x, middle - HEIGHT / 2, cap, HEIGHT)
            paint_key_cap(painter, place, self._key, on_fill=filled, enabled=self.isEnabled())
        painter.end()
