"""The ways on from an outcome, one below the other: what each does, when it helps, and its key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from deskpay.ui.components.button import Button, ButtonSize
from deskpay.ui.components.text import Text
from deskpay.ui.payments.decline_words import MoveWords


class NextMoves(QWidget):
    """Buttons with a sentence each.

    Args:
        moves: to offer, the likeliest first.

    `chosen` announces the move that was pressed.
    """

    chosen = Signal(object)

    def __init__(self, moves: Sequence[MoveWords]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, words in enumerate(moves):
            button = Button(words.label, size=ButtonSize.ACTION, key=words.move.value)
            button.clicked.connect(lambda _checked=False, move=words.move: self.chosen.emit(move))
            grid.addWidget(button, row, 0)
            grid.addWidget(Text(words.why, "body", "text.secondary", wrap=True), row, 1, Qt.AlignmentFlag.AlignVCenter)
