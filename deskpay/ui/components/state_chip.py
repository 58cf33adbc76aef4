"""Chips that say the state of a payment by icon, word and colour together."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import WORDS, draw_box, text_width
from deskpay.ui.theme import paint_icon, tokens

HEIGHT = 20
_ICON = 13
_GAP = 5


class Tone(enum.Enum):
    """The colour family of a chip, a message or a disc; the values are the tokens' first words."""

    ACCENT = "accent"
    NEUTRAL = "neutral"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
    UNKNOWN = "unknown"

    def ground(self) -> QColor:
        """Return the tinted ground."""
        return tokens().color("bg.selected" if self is Tone.ACCENT else f"{self.value}.bg")

    def ink(self) -> QColor:
        """Return the colour of words and icons on that ground."""
        return tokens().color(f"{self.value}.text")

    def border(self) -> QColor:
        """Return the border's colour; what is not known has the strong one, for its dashes."""
        return tokens().color("unknown.fill" if self is Tone.UNKNOWN else f"{self.value}.border")


class ChipState(enum.Enum):
    """Every state a payment, a refund or a pay link can be in."""

    SENDING = "sending"
    CHARGED = "charged"
    RECORDED = "recorded"
    DECLINED = "declined"
    NOT_SENT = "not sent"
    NOT_KNOWN = "not known"
    CHECKING = "checking"
    WAITING_FOR_GUEST = "waiting for guest"
    REFUND = "refund"
    REFUND_PENDING = "refund pending"
    REFUNDED = "refunded"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Chip:
    """What a chip shows: its words, colour family and icon (or none)."""

    words: str
    tone: Tone
    icon: str = ""


_LOOKS = {
    ChipState.SENDING: ("Sending", Tone.ACCENT, "hourglass"),
    ChipState.CHARGED: ("Charged", Tone.SUCCESS, "circle-check"),
    ChipState.RECORDED: ("Recorded", Tone.NEUTRAL, "check"),
    ChipState.DECLINED: ("Declined", Tone.DANGER, "circle-x"),
    ChipState.NOT_SENT: ("Not sent", Tone.NEUTRAL, "ban"),
    ChipState.NOT_KNOWN: ("Not known", Tone.UNKNOWN, "circle-question-mark"),
    ChipState.CHECKING: ("Checking", Tone.UNKNOWN, "circle-question-mark"),
    ChipState.WAITING_FOR_GUEST: ("Waiting for guest", Tone.ACCENT, "clock"),
    ChipState.REFUND: ("Refund", Tone.NEUTRAL, "undo-2"),
    ChipState.REFUND_PENDING: ("Refund pending", Tone.WARNING, "hourglass"),
    ChipState.REFUNDED: ("Refunded", Tone.NEUTRAL, "undo-2"),
    ChipState.EXPIRED: ("Expired", Tone.NEUTRAL, "clock"),
}


def chip_for(state: ChipState) -> Chip:
    """Return the look of `state`. Its words are translated in the context `StateChip`."""
    words, tone, icon = _LOOKS[state]
    return Chip(QCoreApplication.translate("StateChip", words), tone, icon)


def chip_width(chip: Chip) -> float:
    """Return how wide `chip` is, in pixels."""
    words = text_width(chip.words, "micro", 600) + 1
    return words + (5 + _ICON + _GAP + 7 if chip.icon else 14)


def paint_chip(painter: QPainter, box: QRectF, chip: Chip) -> None:
    """Paint `chip` in `box`, which is `HEIGHT` high and `chip_width` wide."""
    theme = tokens()
    unknown = chip.tone is Tone.UNKNOWN
    ink = chip.tone.ink()
    border = chip.tone.border() if unknown else None
    draw_box(painter, box, theme.radius("chip"), chip.tone.ground(), border, dashed=unknown)
    x = box.left() + 7
    if chip.icon:
        x = box.left() + 5
        paint_icon(painter, chip.icon, QRectF(x, box.center().y() - _ICON / 2, _ICON, _ICON), ink, 1.2)
        x += _ICON + _GAP
    WORDS.draw(painter, QRectF(x, box.top(), box.right() - x, box.height()), chip.words, "micro", ink, weight=600)


class StateChip(QWidget):
    """A chip standing by itself.

    Args:
        chip: what it shows; `chip_for` gives the chips of states.
        parent: the widget it lies in.
    """

    def __init__(self, chip: Chip, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_chip(chip)

    @property
    def chip(self) -> Chip:
        """What it shows."""
        return self._chip

    def set_chip(self, chip: Chip) -> None:
        """Show another chip."""
        self._chip = chip
        self.setAccessibleName(chip.words)
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(round(chip_width(self._chip) + 0.5), HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, QRectF(self.rect()), self._chip)
        painter.end()
