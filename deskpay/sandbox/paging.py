"""Pages, newest first (API guidelines, "Pagination")."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from deskpay.sandbox.errors import invalid
from deskpay.sandbox.hotel.tables import Selection, Table

Row = dict[str, Any]


def page(table: Table, rows: Iterable[Row], limitation: Mapping[str, Any]) -> tuple[list[Row], str | None]:
    """The page of `rows` that `limitation` asks for, and the cursor of the next older one.

    The cursor is the id of the oldest row returned; it is null as soon as fewer rows than asked for came. A page that
    happens to be exactly full therefore costs one more call, as it does at Mews.

    Raises:
        Rejected: 400 when the cursor is no row of this table.
    """
    cursor, last_seen = limitation.get("Cursor"), None
    if cursor is not None:
        # The row itself may no longer pass the filter; its age still says where the next page starts.
        last_seen = table.get(cursor)
        if last_seen is None:
            raise invalid("Limitation.Cursor")
    if isinstance(rows, Selection):
        newest_first: Iterable[Row] = rows.newest_first(last_seen)
    else:
        newest_first = sorted(rows, key=table.age, reverse=True)
        if last_seen is not None:
            newest_first = [row for row in newest_first if table.age(row) < table.age(last_seen)]
    count = limitation["Count"]
    rows_returned = list(islice(newest_first, count))
    return rows_returned, rows_returned[-1]["Id"] if len(rows_returned) == count else None


def listed(rows: Iterable[Row], limitation: Mapping[str, Any]) -> tuple[list[Row], str | None]:
    """As `page`, of rows that are in no table: `rows` are newest first already, and the cursor is one of them.

    Raises:
        Rejected: 400 when the cursor is none of `rows`.
    """
    known, first, cursor = list(rows), 0, limitation.get("Cursor")
    if cursor is not None:
        ids = [row["Id"] for row in known]
        if cursor.lower() not in ids:
            raise invalid("Limitation.Cursor")
        first = ids.index(cursor.lower()) + 1
    count = limitation["Count"]
    rows_returned = known[first : first + count]
    return rows_returned, rows_returned[-1]["Id"] if len(rows_returned) == count else None
