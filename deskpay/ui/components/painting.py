"""What several components paint alike: rounded boxes, focus rings, input frames and laid-out text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from deskpay.ui.theme import tokens

ELLIPSIS = "…"
_UNBOUNDED = 100_000.0
_WORD_HYPHEN = re.compile(r"(?<!\d)-|-(?!\d)")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of plain text in one look.

    Args:
        text: shown as it is; nothing in it is ever read as markup.
        weight: 400, 500 or 600 where it differs from the surrounding text.
        color: token of its colour where it differs.
        ground: token of the colour behind it, for marked matches.
        mono: True for references.
    """

    text: str
    weight: int | None = None
    color: str | None = None
    ground: str | None = None
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """Text laid out for painting: its layout, width and height in pixels, and whether it lost its end."""

    layout: QTextLayout
    width: float
    height: float
    elided: bool


def _format(run: Run, font: QFont) -> QTextCharFormat:
    form = QTextCharFormat()
    face = tokens().font("mono") if run.mono else QFont(font)
    if run.mono:
        face.setPixelSize(min(face.pixelSize(), font.pixelSize()))
    if run.weight is not None:
        face.setWeight(QFont.Weight(run.weight))
    form.setFont(face)
    if run.color is not None:
        form.setForeground(tokens().color(run.color))
    if run.ground is not None:
        form.setBackground(tokens().color(run.ground))
    return form


def _range(start: int, length: int, form: QTextCharFormat) -> QTextLayout.FormatRange:
    stretch = QTextLayout.FormatRange()
    stretch.start = start
    stretch.length = length
    stretch.format = form
    return stretch


def _hyphens(text: str, start: int, length: int, form: QTextCharFormat) -> list[QTextLayout.FormatRange]:
    """Return ranges that keep the hyphens of words narrow: among tabular figures Inter widens them."""
    found = list(_WORD_HYPHEN.finditer(text, start, start + length))
    if not found:
        return []
    narrow = QTextCharFormat(form)
    face = form.font()
    face.unsetFeature(QFont.Tag("tnum"))
    narrow.setFont(face)
    return [_range(match.start(), 1, narrow) for match in found]


def _place(text: str, runs: Sequence[Run], font: QFont, width: float, line: int, option: QTextOption) -> Laid:
    layout = QTextLayout(text, font)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    ranges = []
    start = 0
    if len(runs) == 1 and runs[0] == Run(runs[0].text) and "-" not in text:
        runs = ()  # the font alone says how it looks, as it does of most lines of a list
    for run in runs:
        length = min(len(run.text), max(0, len(text) - start))
        if start + length >= len(text) - len(ELLIPSIS) and text.endswith(ELLIPSIS):
            length = max(0, len(text) - start)
        form = _format(run, font)
        ranges.append(_range(start, length, form))
        if not run.mono:
            ranges += _hyphens(text, start, length, form)
        start += length
    layout.setFormats(ranges)
    layout.beginLayout()
    y = 0.0
    widest = 0.0
    while True:
        row = layout.createLine()
        if not row.isValid():
            break
        row.setLineWidth(width)
        row.setPosition(QPointF(0, y + max(0.0, (line - row.height()) / 2)))
        widest = max(widest, row.naturalTextWidth())
        y += max(float(line), row.height())
    layout.endLayout()
    return Laid(layout, widest, y, elided=False)


def lay_out(
    runs: Sequence[Run],
    font: QFont,
    line: int,
    *,
    width: float | None = None,
    wrap: bool = False,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> Laid:
    """Return `runs` laid out on lines of `line` pixels.

    Args:
        runs: the text.
        font: the font of runs that do not say otherwise.
        line: pixels from one line to the next.
        width: room in pixels, or None for as much as it takes.
        wrap: True breaks between words; False keeps one line and gives up its end with an ellipsis.
        align: left, right or centred within `width`.
    """
    text = "".join(run.text for run in runs)
    option = QTextOption(align if width is not None else Qt.AlignmentFlag.AlignLeft)
    mode = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if wrap else QTextOption.WrapMode.NoWrap
    option.setWrapMode(mode)
    room = _UNBOUNDED if width is None else max(1.0, width)
    if wrap or width is None:
        return _place(text, runs, font, room, line, option)
    text = " ".join(text.splitlines()) if "\n" in text else text
    laid = _place(text, runs, font, room, line, option)
    if laid.width <= room + 0.5:
        return laid
    # The line itself tells how many letters fit before the ellipsis; in another shape, a letter less may be needed.
    left = Qt.AlignmentFlag.AlignLeft
    free = laid if align is left else _place(text, runs, font, _UNBOUNDED, line, QTextOption(left))
    position = free.layout.lineAt(0).xToCursor(max(0.0, room - QFontMetricsF(font).horizontalAdvance(ELLIPSIS)))
    while True:
        short = _place(text[:position].rstrip() + ELLIPSIS, runs, font, room, line, option)
        if short.width <= room or position <= 0:
            return Laid(short.layout, short.width, short.height, elided=True)
        position -= 1


def draw_text(
    painter: QPainter,
    box: QRectF,
    text: str | Sequence[Run],
    style: str = "body",
    color: str | QColor = "text.primary",
    *,
    weight: int | None = None,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """Draw one line of text, centred upright in `box`, and return the width it took in pixels."""
    theme = tokens()
    runs = (Run(text),) if isinstance(text, str) else tuple(text)
    laid = lay_out(runs, theme.font(style, weight), theme.line(style), width=box.width(), align=align)
    _draw_laid(painter, laid, box, color)
    return laid.width


def _draw_laid(painter: QPainter, laid: Laid, box: QRectF, color: str | QColor) -> None:
    painter.setPen(color if isinstance(color, QColor) else tokens().color(color))
    laid.layout.draw(painter, QPointF(box.left(), box.top() + (box.height() - laid.height) / 2))


class TextStock:
    """Lines of text that were drawn before, for lists that draw the same words row after row and letter after letter.

    It belongs to one painter of rows, and is laid anew in another scheme.
    """

    MOST = 2000

    def __init__(self) -> None:
        self._laid: dict[tuple[object, ...], Laid] = {}

    def clear(self) -> None:
        """Hold no text."""
        self._laid.clear()

    def draw(
        self,
        painter: QPainter,
        box: QRectF,
        text: str | Sequence[Run],
        style: str = "body",
        color: str | QColor = "text.primary",
        *,
        weight: int | None = None,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Draw one line of text as `draw_text` does."""
        theme = tokens()
        runs = (Run(text),) if isinstance(text, str) else tuple(text)
        key = (runs, style, weight, align, box.width(), theme.scheme)
        laid = self._laid.get(key)
        if laid is None:
            if len(self._laid) >= self.MOST:
                del self._laid[next(iter(self._laid))]  # one at a time: a thousand take as long as a frame
            laid = lay_out(runs, theme.font(style, weight), theme.line(style), width=box.width(), align=align)
            self._laid[key] = laid
        _draw_laid(painter, laid, box, color)


WORDS = TextStock()
"""Words of DeskPay's own, such as those of chips and heads, which stand in many rows and tell nothing of a guest."""


def text_width(text: str, style: str = "body", weight: int | None = None) -> float:
    """Return how wide one line of `text` is, in pixels."""
    return QFontMetricsF(tokens().font(style, weight)).horizontalAdvance(text)


def draw_box(
    painter: QPainter,
    box: QRectF,
    radius: float,
    fill: QColor | None = None,
    border: QColor | None = None,
    *,
    width: float = 1.0,
    dashed: bool = False,
) -> None:
    """Draw a rounded box with its border just inside `box`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QBrush(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, radius, radius)
        return
    pen = QPen(border, width)
    if dashed:
        pen.setDashPattern([3.0, 2.0])
    painter.setPen(pen)
    inset = width / 2
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)


def draw_input_frame(painter: QPainter, box: QRectF, *, focus: bool, error: bool, enabled: bool, fixed: bool) -> None:
    """Draw the frame of something to type in or choose from.

    Args:
        painter: an active painter.
        box: the whole control.
        focus: it has the keyboard: a ring 2 px wide, kept inside so that nothing clips it.
        error: what it holds cannot be sent.
        enabled: False greys it.
        fixed: True when it is read only.
    """
    theme = tokens()
    radius = theme.radius("control")
    dark = theme.scheme.value == "dark"
    ground, border, width = "bg.window" if dark else "bg.surface", "border.control", 1.0
    if not enabled:
        ground, border = "bg.sunken", "border.default"
    elif fixed:
        ground, border = "bg.window", "border.subtle"
    if error:
        border, width = "danger.fill", 2.0
    if focus:
        border, width = ("danger.fill" if error else "focus.ring"), 2.0
    draw_box(painter, box, radius, theme.color(ground), theme.color(border), width=width)


def draw_caret(painter: QPainter, center: QPointF, color: QColor) -> None:
    """Draw the small downward triangle of a choice."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    x, y = center.x(), center.y()
    painter.drawPolygon([QPointF(x - 4, y - 2.5), QPointF(x + 4, y - 2.5), QPointF(x, y + 2.5)])
