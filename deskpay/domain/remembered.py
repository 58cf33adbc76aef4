"""What a desk remembers from one form to the next: never anything about a guest."""

from __future__ import annotations

import re
from dataclasses import dataclass

from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, InputRefused

MAX_RECEIPT = 40
"""Characters of a receipt number that are kept; a longer one is no number of a block."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the last form held that the next one starts with.

    Args:
        accounting_category_id: category booked under; empty for the hotel's default.
        receipt_number: of the desk's own receipt block; empty where none is used.
    """

    accounting_category_id: str = ""
    receipt_number: str = ""

    @classmethod
    def of(cls, accounting_category_id: str, receipt_number: str) -> Remembered:
        """Return what may be kept of a form: a receipt number without words, for words may name a guest."""
        number = receipt_number.strip()
        try:
            kept = bool(_NUMBER.fullmatch(check_text(number, Field.RECEIPT)))
        except InputRefused:
            kept = False
        return cls(accounting_category_id, number if kept else "")

    @property
    def next_receipt(self) -> str:
        """The number behind the last one: "R-0099" leads to "R-0100"; empty where there was none."""
        found = re.fullmatch(r"(.*?)([0-9]+)", self.receipt_number)
        if found is None:
            return ""
        return f"{found[1]}{int(found[2]) + 1:0{len(found[2])}d}"


_NUMBER = re.compile(rf"(?=.{{1,{MAX_RECEIPT}}}$)[A-Za-z]{{0,3}}[0-9./-]*[0-9]")
"""A short prefix of a block and figures."""
