"""How much each role does alone at one hotel: as DeskPay ships it, below what a manager sets, below what is fixed.

Nobody sets the limits of their own role, so no manager grants themselves what takes a second person. Where a hotel
limits its managers too, the policy of its computers says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from deskpay.domain.entry import MAX_MINOR
from deskpay.domain.errors import Field, FixedByPolicy, InputProblem, InputRefused, JournalCorrupt
from deskpay.domain.money import Currency, Money
from deskpay.domain.operator import ANY, TOGETHER, Allowance, Limits, Right, Role, Rules
from deskpay.domain.security import SecurityKind
from deskpay.services.seat import Seat
from deskpay.services.staff import Staff


class LimitStore(Protocol):
    """What the managers of a hotel have set; it outlives the program."""

    async def all(self) -> Limits:
        """Return all of it.

        Raises:
            JournalError: it cannot be believed or read.
        """
        ...

    async def keep(self, role: Role, right: Right, allowance: Allowance) -> None:
        """Keep how far a right goes for a role, in place of what was kept before; return once it is durable.

        Raises:
            JournalError: it cannot be written.
        """
        ...


class HouseLimits:
    """The limits of one hotel, which the seat goes by.

    Args:
        seat: who is at the desk; its rules are those that DeskPay ships with those that are fixed above them.
        staff: keeps every change on record.
        store: where they are kept.
        currencies: that the hotel takes.
        fixed: what the policy of this computer says, which nobody at the desk changes.
    """

    def __init__(
        self,
        seat: Seat,
        staff: Staff,
        store: LimitStore,
        currencies: Sequence[Currency],
        fixed: Collection[tuple[Role, Right]] = (),
    ) -> None:
        self._seat = seat
        self._staff = staff
        self._store = store
        self._fixed = frozenset(fixed)
        self.currencies = tuple(currencies)

    @property
    def rules(self) -> Rules:
        """What holds now."""
        return self._seat.rules

    async def begin(self) -> None:
        """Let hold what was set before.

        Raises:
            JournalCorrupt: limits were set by the record, and none are there any more.
            JournalError: they cannot be believed or read.
        """
        kept = await self._store.all()
        if not kept and any(event.kind is SecurityKind.LIMIT_SET for event in await self._staff.events()):
            raise JournalCorrupt("the limits of this hotel are gone")
        rules = self._seat.rules
        for (role, right), allowance in kept.items():
            if (role, right) not in self._fixed and rules.allowance(role, right) is not None:
                rules = rules.with_limits(role, right, allowance.limits)
        self._seat.go_by(rules)

    def fixed(self, role: Role, right: Right) -> bool:
        """Tell whether the policy of this computer says how far `right` goes for `role`."""
        return (role, right) in self._fixed

    def may_set(self, role: Role, right: Right) -> bool:
        """Tell whether whoever is at the desk may say how far `right` goes for `role`."""
        operator = self._seat.taken_by
        if operator is None or operator.role is role or not self._seat.may(Right.STAFF):
            return False
        return not self.fixed(role, right) and self._seat.rules.allowance(role, right) is not None

    async def set_limit(self, role: Role, right: Right, most: Sequence[Money] | None) -> None:
        """Let a right go so far for a role from now on, here and after every start; it goes on record with before.

        Args:
            role: whose.
            right: to do what.
            most: what needs no second person, an amount a currency, and no amount of a currency that is not there;
                nothing at all always needs one, and None never does.

        Raises:
            NotSignedIn: nobody is at the desk.
            NotYourRight: it takes a manager.
            FixedByPolicy: the policy of this computer says it.
            InputRefused: it is their own role, the role does not have that right, or an amount cannot be a limit.
            JournalError: it cannot be kept; or it cannot be put on record, and holds all the same.
        """
        operator = self._seat.operator
        self._seat.check(Right.STAFF)
        if self.fixed(role, right):
            raise FixedByPolicy(f"{role.value} {right.value}")
        before = self._seat.rules.allowance(role, right)
        if operator.role is role or before is None:
            raise InputRefused(Field.LIMIT, InputProblem.NOT_ALLOWED)
        after = self._allowance(right, most)
        if after == before:
            return
        await self._store.keep(role, right, after)
        self._seat.go_by(self._seat.rules.with_limits(role, right, after.limits))
        told = f"{self._told(before)} → {self._told(after)}"
        await self._staff.note(SecurityKind.LIMIT_SET, operator.name, f"{role.value} {right.value}", told)

    def _allowance(self, right: Right, most: Sequence[Money] | None) -> Allowance:
        if most is None:
            return ANY
        limits: dict[str, int] = {}
        for amount in most:
            code = amount.currency.code
            if right is Right.RESOLVE or amount.currency not in self.currencies or code in limits:
                raise InputRefused(Field.CURRENCY, InputProblem.NOT_ALLOWED)
            if not 0 < amount.minor <= MAX_MINOR:
                raise InputRefused(Field.AMOUNT, InputProblem.TOO_LARGE if amount.positive else InputProblem.ZERO)
            limits[code] = amount.minor
        return Allowance(MappingProxyType(limits)) if limits else TOGETHER

    def _told(self, allowance: Allowance) -> str:
        """Return an allowance as it goes on record."""
        if allowance.limits is None:
            return "no limit"
        known: Mapping[str, Currency] = {currency.code: currency for currency in self.currencies}
        amounts = [
            f"{code} {Money(minor, known[code]).to_decimal()}"
            for code, minor in sorted(allowance.limits.items())
            if code in known
        ]
        return ", ".join(amounts) or "with a second person"
