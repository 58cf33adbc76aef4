"""All pages of a list, or a failure: a part of a list is never passed off as the whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from deskpay.domain.errors import HotelUnavailable
from deskpay.gateways.mews.wire.base import Fields, Page

PAGE_ROWS = 1000
"""The most that `Limitation.Count` takes."""

MAX_PAGES = 50


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=_Identified)


async def all_rows(operation: str, ask: Callable[[Fields], Awaitable[Page[Row]]]) -> list[Row]:
    """Return every row, each once, in the order told.

    Source: Mews Connector API guidelines, "Pagination": go on with the answer's cursor until it is null or fewer rows
    came than asked for.

    Args:
        operation: for the error.
        ask: reads one page, given the `Limitation` field.

    Raises:
        HotelUnavailable: a page failed, a cursor came twice, a page was too full, or there are too many.
    """
    rows: dict[str, Row] = {}
    seen: set[str] = set()
    limitation: dict[str, object] = {"Count": PAGE_ROWS}
    for _ in range(MAX_PAGES):
        page = await ask({"Limitation": limitation})
        if len(page.rows) > PAGE_ROWS:
            raise HotelUnavailable(f"{operation} answered more rows than asked for", operation=operation)
        rows.update((row.id, row) for row in page.rows if row.id not in rows)
        if page.cursor is None or len(page.rows) < PAGE_ROWS:
            return list(rows.values())
        if page.cursor in seen:
            raise HotelUnavailable(f"{operation} answered a cursor twice", operation=operation)
        seen.add(page.cursor)
        limitation = {"Count": PAGE_ROWS, "Cursor": page.cursor}
    raise HotelUnavailable(f"{operation} has more than {MAX_PAGES} pages", operation=operation)


def portions(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    """Return `ids` without repeats, in portions of at most `size`."""
    distinct = list(dict.fromkeys(ids))
    for first in range(0, len(distinct), size):
        yield distinct[first : first + size]
