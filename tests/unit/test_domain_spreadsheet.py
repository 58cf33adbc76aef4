"""Tables as text: what a spreadsheet makes of them is what was meant."""

import csv
import io
from decimal import Decimal

import pytest

from deskpay.domain.money import Currency, Money
from deskpay.domain.spreadsheet import Cell, Separators, csv_text

GBP, JPY, BHD = Currency("GBP", 2), Currency("JPY", 0), Currency("BHD", 3)


def read(text: str, delimiter: str) -> list[list[str]]:
    assert text.encode("utf-8").startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize(
    ("separators", "amounts"),
    [
        (Separators.of("."), ["-214.00", "1204.50", "-500", "0.125"]),
        (Separators.of(","), ["-214,00", "1204,50", "-500", "0,125"]),
    ],
)
def test_amounts_are_numbers_of_the_region_with_their_own_decimals(separators: Separators, amounts: list[str]) -> None:
    cells: list[Cell] = [Money(-21_400, GBP), Money(120_450, GBP), Money(-500, JPY), Money(125, BHD)]
    _, row = read(csv_text(["a", "b", "c", "d"], [cells], separators), separators.cells)
    assert row == amounts
    assert all(Decimal(amount.replace(",", ".")).is_finite() for amount in row)


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-1", "@SUM(A1)", " =1", "\t=1", "\uff1d1"])
def test_a_text_that_would_be_run_is_shown_instead(text: str) -> None:
    assert read(csv_text(["x"], [[text]], Separators()), ",")[1] == [f"'{text}"]


def test_other_text_and_counts_stay_as_they_are() -> None:
    row: list[Cell] = ['Zoë "Z" Łukasz, 王', "O'Hara", "", 12, "two\nlines"]
    assert read(csv_text(["Guest; room"] * 5, [row], Separators.of(",")), ";")[1] == [*map(str, row)]
