"""What a clerk may type: amounts, notes, expiries. Bad input is refused with its reason, and nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from deskpay.domain.card import Expiry
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.money import Currency, InexactAmountError, Money

MAX_MINOR = 10**11
"""No single payment at a desk is larger; a slip of the keyboard may be."""

MAX_NOTE = 500
"""Characters of a note or reason."""

_GROUPING = str.maketrans("", "", " \t\u00a0\u2009\u202f'\u2019")
"""Spaces and marks that only group digits: blank, no-break, thin and narrow spaces, apostrophes."""

_MINUS = "-\u2212"
"""The keyboard's hyphen and the minus sign as DeskPay prints it."""

_RUN = re.compile(r"\d(?:[\s\-./·_\u00ad\u2010-\u2015\u2212\u200b-\u200d\u2060]*\d)*")
"""Digits with what people, keyboards and word processors put between them: dashes of every length, unseen joiners."""


def parse_amount(text: str, currency: Currency, *, decimal_mark: str = ".", group_mark: str = ",") -> Money:
    """Return the amount that `text` means.

    The locale's decimal mark always means decimals. Its group mark means groups where three digits follow each, and
    decimals where it stands once with fewer digits behind it, as typed on a keypad ("312,4"), or with nothing before
    it ("0,500").

    Args:
        text: as typed, with or without the currency's groups.
        currency: of the amount.
        decimal_mark: of the hotel's locale.
        group_mark: of the hotel's locale.

    Raises:
        InputRefused: the field is the amount; empty, not a number, zero, negative, too many decimals, too large.
    """
    cleaned = text.strip().translate(_GROUPING)
    if not cleaned:
        raise InputRefused(Field.AMOUNT, InputProblem.EMPTY)
    negative = cleaned[0] in _MINUS
    cleaned = cleaned.lstrip(_MINUS)
    number = _ungrouped(cleaned, decimal_mark, group_mark)
    if number is None:
        raise InputRefused(Field.AMOUNT, InputProblem.NOT_A_NUMBER)
    if negative:
        raise InputRefused(Field.AMOUNT, InputProblem.NEGATIVE)
    try:
        amount = Money.from_decimal(Decimal(number), currency)
    except InexactAmountError as problem:
        raise InputRefused(Field.AMOUNT, InputProblem.TOO_MANY_DECIMALS) from problem
    if not amount.positive:
        raise InputRefused(Field.AMOUNT, InputProblem.ZERO)
    if amount.minor > MAX_MINOR:
        raise InputRefused(Field.AMOUNT, InputProblem.TOO_LARGE)
    return amount


def _ungrouped(text: str, decimal_mark: str, group_mark: str) -> str | None:
    whole, mark, decimals = text.partition(decimal_mark)
    if group_mark in whole and not re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{re.escape(group_mark)}[0-9]{{3}})+", whole):
        if mark or whole.count(group_mark) > 1:
            return None
        whole, _, decimals = whole.partition(group_mark)
    whole = whole.replace(group_mark, "")
    number = f"{whole or '0'}.{decimals or '0'}"
    usable = (whole or decimals) and re.fullmatch(r"[0-9]+\.[0-9]+", number)
    return number if usable else None


def parse_expiry(text: str, today: date) -> Expiry:
    """Return the expiry that `text` means: ``04/28``, ``0428``, ``4/2028``.

    Raises:
        InputRefused: the field is the expiry; empty, not a month and a year, or past.
    """
    cleaned = text.strip()
    if not cleaned:
        raise InputRefused(Field.EXPIRY, InputProblem.EMPTY)
    match = re.fullmatch(r"([0-9]{1,2})\s*[/\-. ]\s*([0-9]{2}|20[0-9]{2})|([0-9]{2})([0-9]{2}|20[0-9]{2})", cleaned)
    if match is None:
        raise InputRefused(Field.EXPIRY, InputProblem.BAD_FORM)
    month, year = int(match[1] or match[3]), int(match[2] or match[4])
    if not 1 <= month <= 12:
        raise InputRefused(Field.EXPIRY, InputProblem.BAD_FORM)
    expiry = Expiry(year if year >= 2000 else 2000 + year, month)
    if expiry.past(today):
        raise InputRefused(Field.EXPIRY, InputProblem.PAST)
    return expiry


def check_text(text: str, field: Field, *, required: bool = False) -> str:
    """Return `text` without outer spaces, if it may be sent and stored.

    Raises:
        InputRefused: empty though required, too long, or it holds a card number.
    """
    cleaned = text.strip()
    if required and not cleaned:
        raise InputRefused(field, InputProblem.EMPTY)
    if len(cleaned) > MAX_NOTE:
        raise InputRefused(field, InputProblem.TOO_LONG)
    if holds_card_number(cleaned):
        raise InputRefused(field, InputProblem.CARD_NUMBER)
    return cleaned


def check_last_four(text: str, *, required: bool = True) -> str:
    """Return the last four digits of a card as typed from a slip.

    Raises:
        InputRefused: empty though required, or not four digits; a longer number may be a card's and is refused.
    """
    cleaned = text.strip()
    if not cleaned and not required:
        return ""
    if not cleaned:
        raise InputRefused(Field.LAST_FOUR, InputProblem.EMPTY)
    if holds_card_number(cleaned):
        raise InputRefused(Field.LAST_FOUR, InputProblem.CARD_NUMBER)
    if not re.fullmatch(r"[0-9]{4}", cleaned):
        raise InputRefused(Field.LAST_FOUR, InputProblem.BAD_FORM)
    return cleaned


def holds_card_number(text: str) -> bool:
    """Tell whether a card number may stand in `text`: 12 to 19 digits that pass Luhn, however they are spaced.

    Digits are grouped as typed: any group, or neighbouring groups together, may be the number, so that an expiry or a
    code behind it does not hide it. Source: ISO/IEC 7812-1, annex B (Luhn).
    """
    for run in _RUN.findall(unicodedata.normalize("NFKC", text)):
        groups = [group for group in re.split(r"\D+", run) if group]
        if any(_number_within(group) for group in groups):
            return True
        for first in range(len(groups)):
            joined = ""
            for group in groups[first:]:
                joined += group
                if 12 <= len(joined) <= 19 and _luhn(joined):
                    return True
    return False


def without_long_numbers(text: str) -> str:
    """Return `text` with every number of 12 digits and more taken out, however it is spaced.

    For sentences from outside that are kept: a server may quote the card number or the capture reference it was sent.
    """
    return _RUN.sub(lambda run: "…" if sum(letter.isdigit() for letter in run[0]) >= 12 else run[0], text)


def _number_within(group: str) -> bool:
    """Tell whether a longer unbroken run hides a number, such as one with its security code typed behind it."""
    if len(group) <= 16:
        return False
    return any(_luhn(group[start : start + n]) for n in (15, 16) for start in range(len(group) - n + 1))


def _luhn(digits: str) -> bool:
    checksum = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit)
        if position % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        checksum += value
    return checksum % 10 == 0
