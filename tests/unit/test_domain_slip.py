"""Slips of outside terminals: until when they are taken as such, and what stands for them then."""

from datetime import date

import pytest

from deskpay.domain.slip import slip_tender, takes_slips


def test_slips_are_taken_until_the_day_on_which_mews_ends_them() -> None:
    assert takes_slips(date(2028, 1, 9))
    assert not takes_slips(date(2028, 1, 10))


@pytest.mark.parametrize(
    ("brand", "tenders", "code"),
    [
        ("Visa", ("Cash", "CreditCard", "Visa"), "Visa"),
        ("Mastercard", ("MasterCard",), "MasterCard"),
        ("JCB", ("Jcb",), "Jcb"),
        ("Maestro", ("Visa", "CreditCard"), "CreditCard"),
        ("Visa", ("MasterCard",), ""),
        ("Visa", ("Cash",), ""),
    ],
)
def test_a_card_has_its_own_type_or_that_of_any_card(brand: str, tenders: tuple[str, ...], code: str) -> None:
    assert slip_tender(brand, tenders) == code
