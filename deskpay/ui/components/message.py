"""A sentence that stays in place: what happened, whether money moved, what to do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.button import Button
from deskpay.ui.components.painting import Run, draw_box
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.theme import paint_icon, tokens

_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.ACCENT: "info",
    Tone.WARNING: "triangle-alert",
    Tone.DANGER: "circle-alert",
    Tone.UNKNOWN: "circle-question-mark",
    Tone.SUCCESS: "circle-check",
}


class _Mark(QWidget):
    """The icon before the sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(16, 18)
        self.icon = "info"
        self.tone = Tone.ACCENT

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = tokens().color("text.primary") if self.tone is Tone.NEUTRAL else self.tone.ink()
        paint_icon(painter, self.icon, QRectF(0, 1, 16, 16), ink)
        painter.end()


class Message(QFrame):
    """Icon, bold lead, text and actions on a tinted ground; dashed where the outcome is not known.

    Args:
        tone: what kind of news it is.
        lead: the first sentence, in bold.
        text: the rest.
        icon: an outline other than the tone's own.
        stacked: True puts the text on a line of its own below the lead.
        parent: the widget it lies in.
    """

    def __init__(
        self,
        tone: Tone,
        lead: str = "",
        text: str = "",
        *,
        icon: str = "",
        stacked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._stacked = stacked
        self._mark = _Mark(self)
        self._text = Text("", wrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(13, 11, 13, 11)
        self._row.setSpacing(10)
        self._row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._text, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.say(tone, lead, text, icon=icon)

    @property
    def text(self) -> str:
        """All it says."""
        return self._text.text()

    @property
    def tone(self) -> Tone:
        """What kind of news it is."""
        return self._tone

    def say(self, tone: Tone, lead: str, text: str = "", *, icon: str = "") -> None:
        """Change what it says."""
        self._tone = tone
        self._mark.tone = tone
        self._mark.icon = icon or _ICONS[tone]
        lead_color = None if tone in (Tone.NEUTRAL, Tone.ACCENT) else f"{tone.value}.text"
        between = "\u2028" if self._stacked else " "
        runs = [Run(lead, 600, lead_color)] if lead else []
        if text:
            runs.append(Run((between if lead else "") + text))
        self._text.set_runs(*runs)
        self.setAccessibleName(f"{lead} {text}".strip())
        self._mark.update()
        self.update()

    def say_runs(self, tone: Tone, *runs: Run) -> None:
        """Change what it says, with weights of your own."""
        self.say(tone, "")
        self._text.set_runs(*runs)
        self.setAccessibleName(self._text.text())

    def add_action(self, button: Button) -> Button:
        """Put `button` at its end and return it."""
        self._row.setContentsMargins(13, 9, 9, 9)
        self._row.setAlignment(self._mark, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(button)
        return button

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        neutral = self._tone is Tone.NEUTRAL
        ground = theme.color("bg.window") if neutral else self._tone.ground()
        unknown = self._tone is Tone.UNKNOWN
        draw_box(painter, QRectF(self.rect()), theme.radius("card"), ground, self._tone.border(), dashed=unknown)
        painter.end()
