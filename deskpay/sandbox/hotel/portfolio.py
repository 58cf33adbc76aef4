"""Several properties seen as one, as a portfolio token sees them: the same rows, under a property that is none."""

from collections import ChainMap
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from heapq import merge
from itertools import chain, dropwhile
from typing import Any

from typing_extensions import override

from deskpay.sandbox.hotel.ids import derived
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.hotel.tables import Passes, Selection, Table, Wanted, Windows

Row = dict[str, Any]


class Joined(Table):
    """The rows of several tables, always as they are now. Nothing is added here: writes name one property."""

    def __init__(self, tables: Sequence[Table]) -> None:
        super().__init__()
        self._tables = tables

    @override
    def get(self, row_id: str | None) -> Row | None:
        """The row with this id, in whichever table it is."""
        return next((row for table in self._tables if (row := table.get(row_id)) is not None), None)

    @override
    def age(self, row: Row) -> tuple[str, int]:
        """As in its own table; rows of the same second and place are told apart by the table."""
        number, table = next((n, table) for n, table in enumerate(self._tables) if table.get(row["Id"]) is row)
        created, order = table.age(row)
        return created, order * len(self._tables) + number

    @override
    def select(self, wanted: Wanted, windows: Windows, passes: Passes) -> Selection:
        """Some rows of all tables."""
        return _Together(self, [table.select(wanted, windows, passes) for table in self._tables], passes)

    @override
    def in_use(self) -> Iterator[Row]:
        """The rows in use of all tables."""
        return chain.from_iterable(table.in_use() for table in self._tables)

    @override
    def __iter__(self) -> Iterator[Row]:
        for table in self._tables:
            yield from table

    @override
    def __len__(self) -> int:
        return sum(map(len, self._tables))


class _Together(Selection):
    """What was selected in several tables."""

    def __init__(self, table: Joined, selections: Sequence[Selection], passes: Passes) -> None:
        super().__init__(table, (), passes)
        self._of_all = table
        self._selections = selections

    @override
    def __iter__(self) -> Iterator[Row]:
        return chain.from_iterable(self._selections)

    @override
    def newest_first(self, older_than: Row | None = None) -> Iterator[Row]:
        """Rows of all tables, merged by age: a row of one cannot tell another where to begin."""
        age = self._of_all.age
        together = merge(*(each.newest_first() for each in self._selections), key=age, reverse=True)
        if older_than is None:
            return together
        limit = age(older_than)
        return dropwhile(lambda row: age(row) >= limit, together)


class Portfolio(Hotel):
    """What a portfolio token sees.

    Args:
        members: The properties.
    """

    def __init__(self, *members: Hotel) -> None:
        first = members[0].enterprise
        dummy = {"Id": derived(first["Id"], "portfolio"), "Name": "Teapots & Kettles", "ShortName": "Portfolio"}
        super().__init__(enterprise=first | dummy | {"IsPortfolio": True}, user_id=members[0].user_id)
        self._members = members
        for entry in fields(Hotel):
            own = getattr(self, entry.name)
            if isinstance(own, Table):
                setattr(self, entry.name, Joined([getattr(hotel, entry.name) for hotel in members]))
        self.companions = ChainMap(*(hotel.companions for hotel in members))

    @property
    @override
    def members(self) -> tuple[Hotel, ...]:
        """The properties."""
        return self._members

    @override
    def settle(self, now: datetime) -> None:
        """Move what is due in each."""
        for hotel in self._members:
            hotel.settle(now)
