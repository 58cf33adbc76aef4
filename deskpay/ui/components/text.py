"""A label that shows plain text on the type scale's own lines, in runs of weight and colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import Laid, Run, lay_out
from deskpay.ui.theme import tokens


class Text(QLabel):
    """Plain text in one style of the type scale. Markup in it is shown as typed.

    Args:
        text: what it says.
        style: a step of the type scale.
        color: token of its colour.
        weight: 400, 500 or 600 where it differs from the style's own.
        wrap: True breaks between words; False elides at the end and offers the whole as a tool tip.
        align: left, right or centred.
    """

    def __init__(
        self,
        text: str = "",
        style: str = "body",
        color: str = "text.primary",
        *,
        weight: int | None = None,
        wrap: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._style = style
        self._color = color
        self._weight = weight
        self._wrap = wrap
        self._align = align
        self._runs: tuple[Run, ...] = ()
        self._own_tip = False
        self._heights: dict[int, int] = {}
        self.setFont(tokens().font(style, weight))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.set_runs(Run(text))

    @override
    def setText(self, text: str) -> None:
        self.set_runs(Run(text))

    def set_runs(self, *runs: Run) -> None:
        """Show `runs` one after another."""
        if runs == self._runs:
            return
        self._runs = runs
        self._heights.clear()
        super().setText("".join(run.text for run in runs))
        self.updateGeometry()
        self.update()

    def set_color(self, color: str) -> None:
        """Change the colour, by its token."""
        if color != self._color:
            self._color = color
            self.update()

    def set_align(self, align: Qt.AlignmentFlag) -> None:
        """Change where lines stand: left, right or centred."""
        self._align = align
        self.update()

    @property
    def runs(self) -> Sequence[Run]:
        """What it shows, run by run."""
        return self._runs

    def _lay(self, width: float | None) -> Laid:
        theme = tokens()
        font = theme.font(self._style, self._weight)
        return lay_out(self._runs, font, theme.line(self._style), width=width, wrap=self._wrap, align=self._align)

    @override
    def sizeHint(self) -> QSize:
        laid = self._lay(None)
        return QSize(int(laid.width) + 1, max(int(laid.height), tokens().line(self._style)))

    @override
    def minimumSizeHint(self) -> QSize:
        line = tokens().line(self._style)
        shortest = QFontMetricsF(self.font()).averageCharWidth() * 4
        return QSize(min(int(shortest), self.sizeHint().width()), line)

    @override
    def hasHeightForWidth(self) -> bool:
        return self._wrap

    @override
    def heightForWidth(self, width: int) -> int:
        # Every change in a page's layout asks each text again, several times over.
        if self._wrap and width not in self._heights:
            self._heights[width] = int(self._lay(width).height)
        return self._heights[width] if self._wrap else -1

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        laid = self._lay(self.width())
        painter.setPen(tokens().color(self._color if self.isEnabled() else "text.disabled"))
        laid.layout.draw(painter, QPointF(0, max(0.0, (self.height() - laid.height) / 2)))
        painter.end()
        if laid.elided != self._own_tip:
            self._own_tip = laid.elided
            self.setToolTip(_as_tip(self.text()) if laid.elided else "")


def _as_tip(text: str) -> str:
    """Return `text` so that a tool tip, which guesses at markup, shows it as typed."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<span>{escaped}</span>"
