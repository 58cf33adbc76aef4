"""Rows by id, in the order they came."""

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]


class Table:
    """Wire-shaped rows with an ``Id``; remembers which came later, for rows of the same second."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._order: dict[str, int] = {}
        self._arrivals = 0

    def add(self, row: Row) -> Row:
        """Keep `row` and return it."""
        self._order[row["Id"]] = self._arrivals
        self._arrivals += 1
        self._rows[row["Id"]] = row
        return row

    def remove(self, row: Row) -> None:
        """Forget `row`, as if it had never come."""
        del self._rows[row["Id"]], self._order[row["Id"]]

    def get(self, row_id: str | None) -> Row | None:
        """The row with this id (upper-case spellings are the same id), or None."""
        return self._rows.get(row_id.lower()) if row_id else None

    def age(self, row: Row) -> tuple[str, int]:
        """Sorts older rows first: time of creation, then order of arrival."""
        return (row.get("CreatedUtc", ""), self._order[row["Id"]])

    def where(self, field: str, value: str) -> list[Row]:
        """The rows whose `field` is `value`, oldest arrival first."""
        return [row for row in self._rows.values() if row[field] == value]

    def __iter__(self) -> Iterator[Row]:
        """Rows, oldest arrival first."""
        return iter(self._rows.values())

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)
