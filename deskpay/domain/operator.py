"""The people of the desk: who they are, what their role may do, and how much of it.

The property system knows one access token; DeskPay must know the person. A role has an allowance for every right. What
goes beyond it is not refused but needs a second person, whose own allowance covers it; a right that the role does not
have at all is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType

from deskpay.domain.intent import Intent, IntentKind
from deskpay.domain.money import Currency, Money

MOST_TRIES = 5
"""Wrong secrets in a row before an account is locked (PCI DSS 8.3.4 allows ten)."""

LOCKED_FOR = timedelta(minutes=30)
"""How long it stays locked (PCI DSS 8.3.4)."""


class Role(Enum):
    """What a person is at this hotel."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    MANAGER = "manager"


class Right(Enum):
    """What a person may do."""

    CHARGE = "charge"
    RECORD = "record"
    REFUND = "refund"
    OVERRIDE = "override"
    RESOLVE = "resolve"
    BATCH = "batch"
    STAFF = "staff"


_RIGHT_FOR: Mapping[IntentKind, Right] = MappingProxyType(
    {
        IntentKind.CHARGE: Right.CHARGE,
        IntentKind.SAVE_CARD: Right.CHARGE,
        IntentKind.PAY_LINK: Right.CHARGE,
        IntentKind.ALTERNATIVE: Right.CHARGE,
        IntentKind.TERMINAL: Right.CHARGE,
        IntentKind.ACQUIRER_CHARGE: Right.CHARGE,
        IntentKind.RECORD_CARD: Right.RECORD,
        IntentKind.RECORD_EXTERNAL: Right.RECORD,
        IntentKind.REFUND: Right.REFUND,
    }
)


def rights_for(intent: Intent) -> frozenset[Right]:
    """Return what an act takes: the right to its kind, and to override where it goes on in spite of a likely repeat."""
    right = _RIGHT_FOR[intent.kind]
    return frozenset({right, Right.OVERRIDE}) if intent.repeat_of else frozenset({right})


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far a right goes without a second person.

    Args:
        limits: most of it at once, in minor units by currency code; None goes any distance. A currency that is not
            named has no amount that could be compared, so all of it needs a second person.
    """

    limits: Mapping[str, int] | None = None

    def covers(self, amount: Money | None) -> bool:
        """Tell whether `amount` needs no second person; None is an act without an amount, such as saving a card."""
        if self.limits is None:
            return True
        if amount is None:
            return bool(self.limits)
        return amount.minor <= self.limits.get(amount.currency.code, 0)

    def most(self, currency: Currency) -> Money | None:
        """Return the most that needs no second person, None where there is no end."""
        return None if self.limits is None else Money(self.limits.get(currency.code, 0), currency)


ANY = Allowance()
"""Without an end."""

TOGETHER = Allowance(MappingProxyType({}))
"""Never alone."""

_Table = Mapping[Role, Mapping[Right, Allowance]]

Limits = Mapping[tuple[Role, Right], Allowance]
"""How far single rights go for single roles, where something else holds than was shipped."""

_DEFAULT: _Table = MappingProxyType(
    {
        Role.CLERK: {
            Right.CHARGE: ANY,
            Right.RECORD: ANY,
            Right.REFUND: TOGETHER,
            Right.OVERRIDE: TOGETHER,
            Right.RESOLVE: TOGETHER,
        },
        Role.SUPERVISOR: {
            Right.CHARGE: ANY,
            Right.RECORD: ANY,
            Right.REFUND: ANY,
            Right.OVERRIDE: ANY,
            Right.RESOLVE: ANY,
            Right.BATCH: TOGETHER,
        },
        Role.AUDITOR: {
            Right.CHARGE: ANY,
            Right.RECORD: ANY,
            Right.REFUND: ANY,
            Right.OVERRIDE: ANY,
            Right.RESOLVE: ANY,
            Right.BATCH: ANY,
        },
        Role.MANAGER: dict.fromkeys(Right, ANY),
    }
)


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may do what, and how much.

    Args:
        table: allowances by role and right; what is not there is not allowed.
    """

    table: _Table = field(default_factory=lambda: _DEFAULT)

    def allowance(self, role: Role, right: Right) -> Allowance | None:
        """Return how far `right` goes for `role`, None where it does not have it."""
        return self.table.get(role, {}).get(right)

    def covers(self, role: Role, rights: frozenset[Right], amount: Money | None) -> bool:
        """Tell whether a person of `role` may do all of it alone."""
        allowances = [self.allowance(role, right) for right in rights]
        return all(allowance is not None and allowance.covers(amount) for allowance in allowances)

    def with_limits(self, role: Role, right: Right, limits: Mapping[str, int] | None) -> Rules:
        """Return the rules with other limits for a right that the role has; None takes them away.

        Raises:
            ValueError: the role does not have that right.
        """
        if self.allowance(role, right) is None:
            raise ValueError(f"a {role.value} has no right to {right.value}")
        allowance = ANY if limits is None else Allowance(MappingProxyType(dict(limits)))
        rights = {**self.table[role], right: allowance}
        return Rules(MappingProxyType({**self.table, role: rights}))


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who works here.

    Args:
        id: made here, kept for ever.
        name: as kept with every intent; no two operators share one.
        role: what they may do follows from it.
        by_password: True signs in by password, False by PIN.
        active: False for somebody who left; their name stays taken.
        account: of the operating system, by which they are known without a PIN where that is switched on; mostly empty.
    """

    id: str
    name: str
    role: Role
    by_password: bool = False
    active: bool = True
    account: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An operator with what proves who they are.

    Args:
        operator: whose.
        secret_hash: argon2id, of the PIN or password.
        failures: wrong secrets in a row.
        locked_until_utc: when the account opens again, None while it is open.
    """

    operator: Operator
    secret_hash: str = field(repr=False)
    failures: int = 0
    locked_until_utc: datetime | None = None

    def locked(self, now_utc: datetime) -> bool:
        """Tell whether no secret is accepted now, right or wrong."""
        return self.locked_until_utc is not None and now_utc < self.locked_until_utc

    @property
    def tries_left(self) -> int:
        """How many wrong secrets more lock it."""
        return MOST_TRIES - self.failures

    def failed(self, now_utc: datetime) -> Account:
        """Return the account after a wrong secret."""
        failures = self.failures + 1
        if failures < MOST_TRIES:
            return replace(self, failures=failures, locked_until_utc=None)
        return replace(self, failures=0, locked_until_utc=now_utc + LOCKED_FOR)

    def succeeded(self) -> Account:
        """Return the account after the right secret."""
        return replace(self, failures=0, locked_until_utc=None)


@dataclass(frozen=True, slots=True)
class Need:
    """What a second person is asked to approve: this act and no other.

    Args:
        reference: of the form.
        kind: of the act.
        customer_id: whose money.
        amount: how much; None for saving a card.
        rights: what it takes.
        operator: who asks.
    """

    reference: str
    kind: IntentKind
    customer_id: str
    amount: Money | None
    rights: frozenset[Right]
    operator: str

    @classmethod
    def of(cls, intent: Intent) -> Need:
        """Return what an act needs."""
        rights = rights_for(intent)
        return cls(intent.reference, intent.kind, intent.customer_id, intent.amount, rights, intent.operator)
