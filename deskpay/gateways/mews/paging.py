"""All pages of a list, or a failure: a part of a list is never passed off as the whole."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
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
    return [row async for page in row_pages(operation, ask, MAX_PAGES) for row in page]


async def row_pages(
    operation: str, ask: Callable[[Fields], Awaitable[Page[Row]]], most_pages: int
) -> AsyncGenerator[list[Row]]:
    """Give the pages of a list one after the other, each row once; it ends normally only when all of it was told.

    Args:
        operation: for the error.
        ask: reads one page, given the `Limitation` field.
        most_pages: more are taken for a list without end.

    Raises:
        HotelUnavailable: as `all_rows`; what was given before is a part and no more.
    """
    known: set[str] = set()
    cursors: set[str] = set()
    limitation: dict[str, object] = {"Count": PAGE_ROWS}
    for _ in range(most_pages):
        page = await ask({"Limitation": limitation})
        if len(page.rows) > PAGE_ROWS:
            raise HotelUnavailable(f"{operation} answered more rows than asked for", operation=operation)
        fresh = {row.id: row for row in page.rows if row.id not in known}
        known |= fresh.keys()
        yield list(fresh.values())
        if page.cursor is None or len(page.rows) < PAGE_ROWS:
            return
        if page.cursor in cursors:
            raise HotelUnavailable(f"{operation} answered a cursor twice", operation=operation)
        cursors.add(page.cursor)
        limitation = {"Count": PAGE_ROWS, "Cursor": page.cursor}
    raise HotelUnavailable(f"{operation} has more than {most_pages} pages", operation=operation)


def portions(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    """Return `ids` without repeats, in as few portions of at most `size` as will do, as equal as they come.

    A portion as large as a page fills it, and a full page brings the question for another, empty one.
    """
    distinct = list(dict.fromkeys(ids))
    count = -(-len(distinct) // size)
    for nth in range(count):
        yield distinct[nth * len(distinct) // count : (nth + 1) * len(distinct) // count]
