"""Is an amount so large that a decimal mark was probably lost?"""

from __future__ import annotations

from collections.abc import Iterable

from deskpay.domain.money import Money

FACTOR = 10
"""A mark lost or a nought too many multiplies by ten at least."""


def ten_times_normal(amount: Money, known: Iterable[Money]) -> Money | None:
    """Return what is normal where `amount` is ten times that or more, None where it is not or nothing is known.

    Args:
        amount: about to be taken.
        known: what the guest owes and what was taken from them before; other currencies do not count.
    """
    fitting = [money for money in known if money.currency == amount.currency and money.positive]
    normal = max(fitting, key=lambda money: money.minor, default=None)
    return normal if normal is not None and amount.minor >= FACTOR * normal.minor else None
