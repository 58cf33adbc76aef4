"""The seat at the desk: who sits there, and what they may do.

Every act with money passes `Seat.passes`, whatever its dialog allowed. Who somebody is, is proven elsewhere
(`deskpay.services.staff`); here it is decided what follows from it. Approvals live in memory alone: each serves one
act, of one form, for one guest and amount, for a few minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from deskpay.domain.errors import (
    NeedsApproval,
    NotSignedIn,
    NotYourRight,
    ReleaseProblem,
    ReleaseRefused,
    SignInProblem,
    SignInRefused,
)
from deskpay.domain.intent import Intent
from deskpay.domain.money import Money
from deskpay.domain.operator import Need, Operator, Right, Role, Rules
from deskpay.services.announcer import Announcer
from deskpay.services.ports import Clock

APPROVAL_S = 300.0
"""How long an approval waits for its act, and how long a proof of who somebody is can be used."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody who has just proven who they are.

    Args:
        operator: who.
        at_s: when, on the clock's monotonic scale.
        by_secret: False where only the operating system vouches for them.
    """

    operator: Operator
    at_s: float
    by_secret: bool = True


@dataclass(frozen=True, slots=True)
class _Approval:
    approver: Operator
    at_s: float


class Seat:
    """The one place at a desk.

    Args:
        rules: who may do what.
        clock: time.
        operator: who sits there from the start: where a run is a person's own, as in training.

    Announces on `changed` who sits there from now on, None for nobody.
    """

    def __init__(self, rules: Rules, clock: Clock, operator: Operator | None = None) -> None:
        self.rules = rules
        self._clock = clock
        self._operator = operator
        self._approvals: dict[Need, _Approval] = {}
        self._by_secret = True
        self.changed: Announcer[Operator | None] = Announcer()

    @property
    def taken_by(self) -> Operator | None:
        """Who sits there, None for nobody."""
        return self._operator

    @property
    def operator(self) -> Operator:
        """Who sits there.

        Raises:
            NotSignedIn: nobody does.
        """
        if self._operator is None:
            raise NotSignedIn("nobody is at the desk")
        return self._operator

    @property
    def by_secret(self) -> bool:
        """True unless only the operating system vouches for whoever sits there."""
        return self._by_secret

    def sit(self, proven: Proven) -> None:
        """Give the seat to somebody who has proven who they are.

        Where no PIN was typed they sit as a clerk, whatever they are: a computer that was left open gives away no
        more, and everything beyond takes somebody's PIN.

        Raises:
            SignInRefused: that was too long ago.
        """
        self._check_fresh(proven.at_s)
        self._by_secret = proven.by_secret
        operator = proven.operator if proven.by_secret else replace(proven.operator, role=Role.CLERK)
        self._operator = operator
        self._approvals.clear()
        self.changed.announce(operator)

    def leave(self) -> None:
        """Free the seat; approvals end with it."""
        self._operator = None
        self._approvals.clear()
        self.changed.announce(None)

    def go_by(self, rules: Rules) -> None:
        """Let other rules hold from now on; approvals that were given under those before end."""
        self.rules = rules
        self._approvals.clear()

    def may(self, right: Right) -> bool:
        """Tell whether whoever sits there has a right, be it together with a second person."""
        operator = self._operator
        return operator is not None and self.rules.allowance(operator.role, right) is not None

    def check(self, right: Right, amount: Money | None = None) -> None:
        """Refuse what is no intent and takes a right all the same, such as closing a bill.

        Raises:
            NotSignedIn: nobody sits there.
            NotYourRight: the role does not have the right, or not alone.
        """
        if not self.rules.covers(self.operator.role, frozenset({right}), amount):
            raise NotYourRight(right)

    def passes(self, intent: Intent) -> tuple[str, ...]:
        """Let an act pass, and return the names of two people where it took a second one; that approval is used up.

        Raises:
            NotSignedIn: nobody sits there, or another person than the one who began it.
            NotYourRight: their role does not allow it.
            NeedsApproval: it goes beyond what they may do alone, and no living approval fits it.
        """
        operator, need = self.operator, Need.of(intent)
        if intent.operator != operator.name:
            raise NotSignedIn("the seat has changed hands")
        for right in sorted(need.rights, key=lambda right: right.value):
            if self.rules.allowance(operator.role, right) is None:
                raise NotYourRight(right)
        if self.rules.covers(operator.role, need.rights, need.amount):
            return ()
        approval = self._approvals.pop(need, None)
        if approval is None or self._clock.monotonic_s() - approval.at_s > APPROVAL_S:
            raise NeedsApproval(need, self._limit(operator, need))
        return (operator.name, approval.approver.name)

    def approve(self, need: Need, proven: Proven) -> None:
        """Keep the approval of a second person for the act that needs it.

        Raises:
            SignInRefused: it is their own act, their role does not cover it either, or their proof is too old or none
                by a secret.
        """
        self._check_secret(proven)
        approver = proven.operator
        if approver.id == self.operator.id or approver.name == need.operator:
            raise SignInRefused(SignInProblem.OWN)
        if not self.rules.covers(approver.role, need.rights, need.amount):
            raise SignInRefused(SignInProblem.NOT_ENTITLED)
        self._approvals[need] = _Approval(approver, self._clock.monotonic_s())

    def pair(self, second: Proven) -> tuple[str, str]:
        """Return the two people who decide together what became of an act; one of them at least may resolve alone.

        Raises:
            NotSignedIn: nobody sits there.
            SignInRefused: the second person's proof is too old.
            ReleaseRefused: they are one person, or neither may resolve.
        """
        first = self.operator
        self._check_secret(second)
        if second.operator.id == first.id:
            raise ReleaseRefused(ReleaseProblem.NEEDS_TWO)
        resolve = frozenset({Right.RESOLVE})
        if not any(self.rules.covers(person.role, resolve, None) for person in (first, second.operator)):
            raise ReleaseRefused(ReleaseProblem.NEEDS_SUPERVISOR)
        return (first.name, second.operator.name)

    def _limit(self, operator: Operator, need: Need) -> Money | None:
        """Return the least of the limits that the act meets; None where none of it goes alone."""
        if need.amount is None:
            return None
        allowances = [self.rules.allowance(operator.role, right) for right in need.rights]
        limits = [a.most(need.amount.currency) for a in allowances if a is not None]
        least = min(limit for limit in limits if limit is not None)
        return least if least.positive else None

    def _check_secret(self, proven: Proven) -> None:
        if not proven.by_secret:
            raise SignInRefused(SignInProblem.WRONG)
        self._check_fresh(proven.at_s)

    def _check_fresh(self, at_s: float) -> None:
        if self._clock.monotonic_s() - at_s > APPROVAL_S:
            raise SignInRefused(SignInProblem.EXPIRED)
