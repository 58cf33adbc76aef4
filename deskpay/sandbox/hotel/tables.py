"""Rows by id, in the order they came: those in use, and an archive of which a row is built only when looked at."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Protocol, Self
from weakref import WeakValueDictionary

from typing_extensions import override

from deskpay.sandbox.clock import utc_time

Row = dict[str, Any]
Wanted = Mapping[str, frozenset[Any]]
"""Row field to the values it may have."""
Windows = Mapping[str, tuple[datetime, datetime]]
"""Row field to the first and the last moment it may hold."""
Passes = Callable[[Row], bool]


class Archive(Protocol):
    """Rows of long ago, by number. All of them were created before any row came by itself."""

    size: int

    def row(self, number: int) -> Row:
        """Build the row, the same every time."""
        ...

    def number(self, row_id: str) -> int | None:
        """Which row has this id."""
        ...

    def where(self, field: str, values: frozenset[Any]) -> Iterable[int] | None:
        """The numbers of the rows whose `field` is among `values`; None where only building them would tell."""
        ...

    def moments(self, field: str) -> Sequence[int] | None:
        """The `field` of every row in seconds since 1970, or None; ``CreatedUtc`` is always there."""
        ...


class Table:
    """Wire-shaped rows with an ``Id``; remembers which came later, for rows of the same second.

    Args:
        archive: Rows of long ago, or None. One of them that is changed moves to the rows in use.
    """

    def __init__(self, archive: Archive | None = None) -> None:
        self._rows: dict[str, Row] = {}
        self._order: dict[str, int] = {}
        self._arrivals = 0
        self._archive: Archive = archive or _Nothing()
        self._changed: set[int] = set()
        self._lent: WeakValueDictionary[int, _Archived] = WeakValueDictionary()

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
        if not row_id:
            return None
        row = self._rows.get(row_id.lower())
        if row is not None:
            return row
        number = self._archive.number(row_id.lower())
        return None if number is None or number in self._changed else self._lend(number)

    def age(self, row: Row) -> tuple[str, int]:
        """Sorts older rows first: time of creation, then order of arrival."""
        return (row.get("CreatedUtc", ""), self._place(row))

    def where(self, field: str, value: Any) -> list[Row]:
        """The rows whose `field` is `value`, oldest arrival first."""
        return list(self.select({field: frozenset({value})}, {}, lambda row: row[field] == value))

    def select(self, wanted: Wanted, windows: Windows, passes: Passes) -> "Selection":
        """Some rows; of many the newest can be read without building all.

        Args:
            wanted: Values that fields of these rows must have.
            windows: Between which moments, both included, fields of these rows must lie.
            passes: Whether a row is one of them; `wanted` and `windows` only say where to look.
        """
        numbers: Iterable[int] = range(self._archive.size)
        for field, values in wanted.items():
            found = self._archive.where(field, values)
            if found is not None:
                numbers = found if isinstance(numbers, range) else set(numbers).intersection(found)
        for field, (start, end) in windows.items():
            moments = self._archive.moments(field)
            if moments is not None:
                first, last = start.timestamp(), end.timestamp()
                numbers = [number for number in numbers if first <= moments[number] <= last]
        return Selection(self, sorted(set(numbers) - self._changed), passes)

    def matching(self, numbers: Iterable[int], passes: Passes) -> Iterator[Row]:
        """The archived rows with these numbers and the rows in use, as far as they pass; oldest arrival first."""
        yield from (row for row in map(self._lend, numbers) if passes(row))
        yield from (row for row in list(self._rows.values()) if passes(row))

    def newest_first(self, numbers: Iterable[int], passes: Passes, older_than: Row | None) -> Iterator[Row]:
        """As `matching`, but from the newest on, or from the newest that is older than a given row."""
        created = self._archive.moments("CreatedUtc") or ()
        limit = None if older_than is None else self._moment(older_than)
        used = [(self._moment(row), row) for row in self._rows.values() if passes(row)]
        past = [((created[number], number - self._archive.size), None) for number in numbers]
        for age, row in sorted([*used, *past], key=itemgetter(0), reverse=True):
            if limit is None or age < limit:
                built = self._lend(age[1] + self._archive.size) if row is None else row
                if row is not None or passes(built):
                    yield built

    def in_use(self) -> Iterator[Row]:
        """The rows that are not of long ago, or were changed since."""
        return iter(self._rows.values())

    def __iter__(self) -> Iterator[Row]:
        """Rows, oldest arrival first."""
        for number in range(self._archive.size):
            if number not in self._changed:
                yield self._lend(number)
        yield from self._rows.values()

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows) + self._archive.size - len(self._changed)

    def _lend(self, number: int) -> Row:
        row = self._lent.get(number)
        if row is None:
            row = self._lent[number] = _Archived(self._archive.row(number), lambda row: self._keep(number, row))
        return row

    def _keep(self, number: int, row: Row) -> None:
        if number not in self._changed:
            self._changed.add(number)
            self._order[row["Id"]] = number - self._archive.size
            self._rows[row["Id"]] = row

    def _moment(self, row: Row) -> tuple[int, int]:
        created = row.get("CreatedUtc")
        return (int(utc_time(created).timestamp()) if created else 0, self._place(row))

    def _place(self, row: Row) -> int:
        place = self._order.get(row["Id"])
        if place is not None:
            return place
        number = self._archive.number(row["Id"])
        assert number is not None  # noqa: S101 - only rows of this table are asked about
        return number - self._archive.size


class Selection:
    """Some rows of a table, built one by one as they are read.

    Args:
        table: Whose.
        numbers: The archived ones that may belong to them.
        passes: Whether a row belongs to them.
    """

    def __init__(self, table: Table, numbers: Sequence[int], passes: Passes) -> None:
        self._table = table
        self._numbers = numbers
        self._passes = passes

    def __iter__(self) -> Iterator[Row]:
        """Rows, oldest arrival first."""
        return self._table.matching(self._numbers, self._passes)

    def newest_first(self, older_than: Row | None = None) -> Iterator[Row]:
        """Rows from the newest on, or from the newest that is older than a given row of the table."""
        return self._table.newest_first(self._numbers, self._passes, older_than)


class _Archived(dict[str, Any]):
    """A row of the archive, which tells when it is changed."""

    __slots__ = ("__weakref__", "_keep")

    def __init__(self, row: Row, keep: Callable[[Row], None]) -> None:
        super().__init__(row)
        self._keep = keep

    @override
    def __setitem__(self, name: str, value: Any) -> None:
        self._keep(self)
        super().__setitem__(name, value)

    @override
    def update(self, *changes: Any, **fields: Any) -> None:
        self._keep(self)
        super().update(*changes, **fields)

    @override
    def __ior__(self, changes: Any) -> Self:  # type: ignore[override]  # dict's own is two signatures for one thing
        self._keep(self)
        super().update(changes)
        return self


class _Nothing:
    """The archive of a table that has none."""

    size = 0

    def row(self, number: int) -> Row:
        raise IndexError(number)

    def number(self, row_id: str) -> int | None:  # noqa: ARG002 - no id is known
        return None

    def where(self, field: str, values: frozenset[Any]) -> Iterable[int] | None:  # noqa: ARG002 - nothing is there
        return ()

    def moments(self, field: str) -> Sequence[int] | None:  # noqa: ARG002 - nothing is there
        return ()
