"""Tables as text that every spreadsheet opens with the right figures and without running anything."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deskpay.domain.money import Money

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Stands first in a UTF-8 file; without it Excel takes the file for something else."""

_FORMULA = "=+-@"

Cell = str | int | Money
"""What stands in a table: a text, a count, or an amount whose currency has a column of its own."""


@dataclass(frozen=True, slots=True)
class Separators:
    """How a region writes tables.

    Args:
        decimal: mark before the decimals.
        cells: mark between cells; a semicolon where the decimal mark is a comma.
    """

    decimal: str = "."
    cells: str = ","

    @classmethod
    def of(cls, decimal: str) -> Separators:
        """Return the marks of a region that writes `decimal` before its decimals."""
        return cls(decimal, ";" if decimal == "," else ",")


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula: an apostrophe goes before it.

    Source: OWASP, "CSV Injection". It is for texts only. A negative amount is a number and stays one.
    """
    # Full-width signs count too: some spreadsheets read them like the plain ones.
    start = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return f"'{text}" if (start and start in _FORMULA) or text[:1] in {"\t", "\r", "\n"} else text


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Cell]], separators: Separators) -> str:
    """Return a table for a UTF-8 file, its byte-order mark included (RFC 4180).

    Args:
        head: the names of the columns.
        rows: the cells of each row.
        separators: how the region writes tables.
    """
    stream = io.StringIO()
    stream.write(BYTE_ORDER_MARK)
    table = csv.writer(stream, delimiter=separators.cells, lineterminator="\r\n")
    table.writerow([harmless(name) for name in head])
    table.writerows([_written(cell, separators) for cell in row] for row in rows)
    return stream.getvalue()


def _written(cell: Cell, separators: Separators) -> str:
    if isinstance(cell, Money):
        return str(cell.to_decimal()).replace(".", separators.decimal)
    return harmless(cell) if isinstance(cell, str) else str(cell)
