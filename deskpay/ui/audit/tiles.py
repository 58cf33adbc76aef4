"""The strip of totals: one tile for each way money came, then what was given back, and what the day brought."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from deskpay.ui.components.painting import draw_box, draw_text
from deskpay.ui.theme import tokens

_HEIGHT = 62
_NARROW = 1000
_PAD = 14


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile.

    Args:
        head: what it sums.
        amount: the sum, as shown.
        count: of how many rows.
        spoken: the whole tile for a screen reader.
        result: True for the one that the others come to.
    """

    head: str
    amount: str
    count: str
    spoken: str
    result: bool = False


class Tiles(QWidget):
    """The strip; in a narrow window it takes two rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[Tile, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """What is shown."""
        return self._tiles

    def show_tiles(self, tiles: tuple[Tile, ...]) -> None:
        """Show `tiles`."""
        before, self._tiles = self._tiles, tiles
        self.setAccessibleName(". ".join(tile.spoken for tile in tiles))
        if len(tiles) != len(before):
            self.updateGeometry()
        self.update()

    def _rows(self, width: int) -> int:
        return 2 if width < _NARROW and len(self._tiles) > 4 else 1

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return _HEIGHT * self._rows(width)

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, self.heightForWidth(self.width()))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(self.width()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        draw_box(painter, box, theme.radius("card"), theme.color("bg.window"), theme.color("border.subtle"))
        rows = self._rows(self.width())
        across = -(-len(self._tiles) // rows)
        width = box.width() / max(across, 1)
        for number, tile in enumerate(self._tiles):
            line, place = divmod(number, across)
            self._paint_tile(
                painter, QRectF(box.left() + place * width, box.top() + line * _HEIGHT, width, _HEIGHT), tile
            )
        painter.end()

    def _paint_tile(self, painter: QPainter, box: QRectF, tile: Tile) -> None:
        theme = tokens()
        if tile.result:
            draw_box(painter, box.adjusted(1, 1, -1, -2), theme.radius("control"), theme.color("bg.selected"))
        else:
            painter.fillRect(QRectF(box.right() - 1, box.top(), 1, box.height() - 1), theme.color("border.subtle"))
        head = QRectF(box.left() + _PAD, box.top() + 9, box.width() - 2 * _PAD, 18)
        right = Qt.AlignmentFlag.AlignRight
        draw_text(painter, head, tile.count, "small", "text.tertiary", align=right)
        draw_text(painter, head.adjusted(0, 0, -28, 0), tile.head, "small", "text.secondary")
        draw_text(painter, head.translated(0, 21).adjusted(0, 0, 0, 6), tile.amount, "title", weight=600)
