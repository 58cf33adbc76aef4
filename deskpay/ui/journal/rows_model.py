"""Rows of a journal's table as Qt asks for them: what every such table shares, whatever its columns are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from deskpay.ui.words.money import MoneyWords

Index = QModelIndex | QPersistentModelIndex


class Keyed(Protocol):
    """A row that is found again by its key."""

    @property
    def key(self) -> str:
        """What names the row for as long as it is shown."""
        ...


Row = TypeVar("Row", bound=Keyed)


class RowsModel(QAbstractTableModel, Generic[Row]):
    """The rows, in the order given.

    Args:
        money: Writes the amounts.
        columns: How many columns each row has.
        parent: The table's owner.
    """

    def __init__(self, money: MoneyWords, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.money = money
        self._columns = columns
        self._rows: tuple[Row, ...] = ()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show `rows`."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row(self, at: int) -> Row | None:
        """Return the row at `at`, or None outside."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def place_of(self, key: str) -> int:
        """Return where the row of `key` stands, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.key == key), -1)

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._columns
