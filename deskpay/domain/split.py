"""A sum that is taken in parts: how much each is, and what is left after one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deskpay.domain.money import Money

MOST_PARTS = 9


def shares(amount: Money, parts: int) -> tuple[Money, ...]:
    """Return `amount` in equal parts that add up to it exactly; the first ones carry the odd minor units.

    Raises:
        ValueError: fewer parts than one, or less than one minor unit for each.
    """
    if parts < 1 or amount.minor < parts:
        raise ValueError(f"{amount.minor} minor units do not make {parts} parts")
    share, odd = divmod(amount.minor, parts)
    return tuple(Money(share + (number < odd), amount.currency) for number in range(parts))


@dataclass(frozen=True, slots=True)
class Split:
    """Where the taking of a sum in parts stands.

    Args:
        left: what is still to be taken, this part included.
        parts: in how many parts altogether.
        number: which of them is next, from 1.
        taken: ids of the payments that earlier parts made.
    """

    left: Money
    parts: int
    number: int = 1
    taken: frozenset[str] = frozenset()

    @property
    def share(self) -> Money:
        """How much the next part is, unless the clerk takes another amount."""
        return shares(self.left, min(self.parts - self.number + 1, self.left.minor))[0]

    def after(self, amount: Money, payment_id: str) -> Split | None:
        """Return where it stands once a part of `amount` was taken, None when nothing is left to take."""
        left = self.left - amount
        if not left.positive or self.number >= self.parts:
            return None
        return replace(self, left=left, number=self.number + 1, taken=self.taken | {payment_id})
