"""Pages, newest first (API guidelines, "Pagination")."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deskpay.sandbox.errors import invalid
from deskpay.sandbox.hotel.tables import Table

Row = dict[str, Any]


def page(table: Table, rows: Iterable[Row], limitation: Mapping[str, Any]) -> tuple[list[Row], str | None]:
    """The page of `rows` that `limitation` asks for, and the cursor of the next older one.

    The cursor is the id of the oldest row returned; it is null as soon as fewer rows than asked for came. A page that
    happens to be exactly full therefore costs one more call, as it does at Mews.

    Raises:
        Rejected: 400 when the cursor is no row of this table.
    """
    newest_first = sorted(rows, key=table.age, reverse=True)
    cursor = limitation.get("Cursor")
    if cursor is not None:
        last_seen = table.get(cursor)
        if last_seen is None:
            raise invalid("Limitation.Cursor")
        # The row itself may no longer pass the filter; its age still says where the next page starts.
        newest_first = [row for row in newest_first if table.age(row) < table.age(last_seen)]
    count = limitation["Count"]
    rows_returned = newest_first[:count]
    return rows_returned, rows_returned[-1]["Id"] if len(rows_returned) == count else None


def listed(rows: Sequence[Row], limitation: Mapping[str, Any]) -> tuple[list[Row], str | None]:
    """As `page`, of rows that are in no table: `rows` are newest first already, and the cursor is one of them.

    Raises:
        Rejected: 400 when the cursor is none of `rows`.
    """
    first, cursor = 0, limitation.get("Cursor")
    if cursor is not None:
        ids = [row["Id"] for row in rows]
        if cursor.lower() not in ids:
            raise invalid("Limitation.Cursor")
        first = ids.index(cursor.lower()) + 1
    count = limitation["Count"]
    rows_returned = list(rows[first : first + count])
    return rows_returned, rows_returned[-1]["Id"] if len(rows_returned) == count else None
