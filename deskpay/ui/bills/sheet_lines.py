"""What stands on one bill: items, payments, and what is left open."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from deskpay.ui.components.text import Text
from deskpay.ui.desk.section import Rule


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line.

    Args:
        name: what was sold, or how it was paid.
        when: the day, or a state that keeps it from counting.
        amount: as shown.
        quiet: True for what does not count.
        strong: True for a sum.
    """

    name: str
    when: str
    amount: str
    quiet: bool = False
    strong: bool = False


class SheetLines(QWidget):
    """Lines one below the other, a rule before every sum."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)

    def show_lines(self, lines: tuple[SheetLine, ...]) -> None:
        """Show `lines` in place of what was shown."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        row = 0
        for line in lines:
            if line.strong:
                self._grid.addWidget(Rule(lying=True), row, 0, 1, 3)
                row += 1
            color = "text.tertiary" if line.quiet else "text.primary" if line.strong else "text.secondary"
            weight = 600 if line.strong else 400
            right = Qt.AlignmentFlag.AlignRight
            self._grid.addWidget(Text(line.name, "body", color, weight=weight), row, 0)
            self._grid.addWidget(Text(line.when, "small", "text.tertiary"), row, 1)
            self._grid.addWidget(Text(line.amount, "body", color, weight=weight, align=right), row, 2)
            row += 1
        self.setAccessibleName(". ".join(", ".join(part for part in (x.name, x.when, x.amount) if part) for x in lines))
