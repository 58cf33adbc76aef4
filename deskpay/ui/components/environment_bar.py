"""The bar that always says whose money this is, on top of the window and of every dialog."""

from __future__ import annotations

import enum

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box, draw_text, text_width
from deskpay.ui.theme import tokens

NARROW_BELOW = 1100
EDGE_WIDTH = 3
_STRIP_HEIGHT = 24


class Environment(enum.Enum):
    """Where a charge would go. Each has a word, a colour and a pattern."""

    TRAINING = "training"
    DEMO = "demo"
    LIVE = "live"
    NOT_CONNECTED = "setup"

    @property
    def edged(self) -> bool:
        """True where the whole window is edged in the bar's colour."""
        return self in (Environment.TRAINING, Environment.DEMO)

    def ground(self) -> QColor:
        """Return the colour behind the words."""
        return tokens().color("bg.pressed" if self is Environment.NOT_CONNECTED else f"env.{self.value}.bg")

    def ink(self) -> QColor:
        """Return the colour of the words."""
        return tokens().color("text.primary" if self is Environment.NOT_CONNECTED else f"env.{self.value}.text")

    def pill(self) -> tuple[QColor, QColor]:
        """Return ground and ink of the pill that holds the word."""
        match self:
            case Environment.TRAINING:
                return QColor("#251500"), QColor("#FFC45C")
            case Environment.DEMO:
                return QColor("#FFFFFF"), QColor("#07505D")
            case Environment.LIVE:
                return QColor("#FFFFFF"), QColor("#14284F")
            case Environment.NOT_CONNECTED:
                return tokens().color("text.secondary"), tokens().color("bg.surface")


def _paint_pattern(painter: QPainter, environment: Environment, box: QRectF) -> None:
    """Paint the hatch of training or the lines of the demo; the others are plain."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if environment is Environment.TRAINING:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens().color("env.training.stripe"))
        # Stripes of 12 px at 45 degrees: 17 px measured along the bar.
        step, height = 34.0, box.height()
        x = box.left() - height
        while x < box.right() + height:
            stripe = [
                QPointF(x + height, box.top()),
                QPointF(x + height + step / 2, box.top()),
                QPointF(x + step / 2, box.bottom()),
                QPointF(x, box.bottom()),
            ]
            painter.drawPolygon(stripe)
            x += step
    elif environment is Environment.DEMO:
        painter.setPen(QPen(tokens().color("env.demo.stripe"), 2))
        for x in range(int(box.left()) + 11, int(box.right()), 12):
            painter.drawLine(x, int(box.top()), x, int(box.bottom()))


class EnvironmentBar(QWidget):
    """The bar: pill, sentence, hotel and business day.

    Args:
        environment: where a charge would go.
        strip: True for the lower strip on top of a dialog, which ends in what the dialog is for.
        top_radius: rounding of its upper corners, in pixels.
        parent: the widget it lies in.
    """

    def __init__(
        self,
        environment: Environment = Environment.NOT_CONNECTED,
        *,
        strip: bool = False,
        top_radius: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._environment = environment
        self._strip = strip
        self._top_radius = top_radius
        self._hotel = ""
        self._right = ""
        self._right_narrow = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._name()

    @property
    def environment(self) -> Environment:
        """Where a charge would go."""
        return self._environment

    def set_environment(self, environment: Environment) -> None:
        """Change the environment."""
        self._environment = environment
        self._name()
        self.update()

    def set_hotel(self, name: str) -> None:
        """Show the hotel's name in the middle."""
        self._hotel = name
        self._name()
        self.update()

    def set_right(self, text: str, narrow: str = "") -> None:
        """Show `text` at the end, or `narrow` where the window is narrow."""
        self._right = text
        self._right_narrow = narrow or text
        self._name()
        self.update()

    def word(self) -> str:
        """Return the one word of the environment."""
        match self._environment:
            case Environment.TRAINING:
                return self.tr("TRAINING")
            case Environment.DEMO:
                return self.tr("MEWS DEMO")
            case Environment.LIVE:
                return self.tr("LIVE")
            case Environment.NOT_CONNECTED:
                return self.tr("NOT CONNECTED")

    def sentence(self) -> str:
        """Return what the environment means, in one sentence."""
        match self._environment:
            case Environment.TRAINING:
                return self.tr("Practice data on this computer. No card is charged")
            case Environment.DEMO:
                return self.tr("Public Mews test hotel. Test cards only")
            case Environment.LIVE:
                return self.tr("Real cards, real money")
            case Environment.NOT_CONNECTED:
                return self.tr("Setting up DeskPay")

    def _name(self) -> None:
        said = (self.word(), self.sentence(), self._hotel, self._right)
        self.setAccessibleName(". ".join(part for part in said if part))

    @override
    def sizeHint(self) -> QSize:
        return QSize(0, _STRIP_HEIGHT if self._strip else tokens().size("band"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self._top_radius:
            path = QPainterPath()
            path.addRoundedRect(box.adjusted(0, 0, 0, self._top_radius), self._top_radius, self._top_radius)
            painter.setClipPath(path)
        painter.fillRect(box, self._environment.ground())
        _paint_pattern(painter, self._environment, box)
        self._paint_words(painter, box)
        painter.end()

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        style, margin = ("micro", 20.0) if self._strip else ("small", 14.0)
        pill_height, pill_padding = (16.0, 6.0) if self._strip else (18.0, 8.0)
        ink = self._environment.ink()
        ground, pill_ink = self._environment.pill()
        width = text_width(self.word(), style, 600) + 2 * pill_padding + 1
        pill = QRectF(margin, (box.height() - pill_height) / 2, width, pill_height)
        draw_box(painter, pill, tokens().radius("chip"), ground)
        draw_text(painter, pill, self.word(), style, pill_ink, weight=600, align=Qt.AlignmentFlag.AlignHCenter)
        right = self._right if self.window().width() >= NARROW_BELOW else self._right_narrow
        right_width = text_width(right, style, 500) + 1
        right_box = QRectF(box.width() - margin - right_width, 0, right_width, box.height())
        draw_text(painter, right_box, right, style, ink, weight=500)
        room = QRectF(pill.right() + 10, 0, right_box.left() - pill.right() - 26, box.height())
        hotel_width = text_width(self._hotel, style, 600) + 1
        hotel = QRectF((box.width() - hotel_width) / 2, 0, hotel_width, box.height())
        if self._hotel:
            room.setRight(min(room.right(), hotel.left() - 16))
            draw_text(painter, hotel, self._hotel, style, ink, weight=600)
        draw_text(painter, room, self.sentence(), style, ink, weight=500)


class WindowEdge(QWidget):
    """The 3 px edge that marks the window outside live. It lies over everything below the bar and takes no clicks.

    Args:
        bar: the window's bar; the edge takes its environment and keeps below it.
        window: the widget to edge.
    """

    def __init__(self, bar: EnvironmentBar, window: QWidget) -> None:
        super().__init__(window)
        self._bar = bar
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        window.installEventFilter(self)
        self._follow()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._follow()
        return False

    def _follow(self) -> None:
        self.setGeometry(self._window.rect().adjusted(0, self._bar.sizeHint().height(), 0, 0))
        self.raise_()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bar.environment.edged:
            return
        painter = QPainter(self)
        color = self._bar.environment.ground()
        width, height = self.width(), self.height()
        painter.fillRect(0, 0, EDGE_WIDTH, height, color)
        painter.fillRect(width - EDGE_WIDTH, 0, EDGE_WIDTH, height, color)
        painter.fillRect(0, height - EDGE_WIDTH, width, EDGE_WIDTH, color)
        painter.end()
