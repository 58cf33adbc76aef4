"""The seat itself: who sits there, who hears of it, what ends with it, and whose word counts for a second person's."""

from dataclasses import dataclass, field, replace

import pytest

from deskpay.domain.errors import (
    NeedsApproval,
    NotSignedIn,
    ReleaseProblem,
    ReleaseRefused,
    SignInProblem,
    SignInRefused,
)
from deskpay.domain.money import Money
from deskpay.domain.operator import Need, Operator, Right, Role, Rules
from deskpay.services.seat import APPROVAL_S, Proven, Seat
from tests.kit.intents import EUR, gbp, make_intent
from tests.kit.outcomes import StillClock
from tests.kit.seats import somebody

LIMITS = (
    Rules().with_limits(Role.CLERK, Right.CHARGE, {"GBP": 100}).with_limits(Role.CLERK, Right.OVERRIDE, {"GBP": 50})
)
ADA, SUE = somebody("Ada", Role.CLERK), somebody("Sue", Role.SUPERVISOR)
ACT = make_intent(operator=ADA.name)


@dataclass
class Taken:
    """A seat and what was heard of it."""

    clock: StillClock = field(default_factory=StillClock)
    heard: list[Operator | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seat = Seat(LIMITS, self.clock, ADA)
        self.seat.changed.listen(self.heard.append)

    def approved(self) -> None:
        """Let Sue approve Ada's act."""
        self.seat.approve(Need.of(ACT), self.proof(SUE))

    def proof(self, who: Operator, *, age_s: float = 0, by_secret: bool = True) -> Proven:
        return Proven(who, self.clock.now_s - age_s, by_secret)

    def needs_approval(self) -> NeedsApproval:
        with pytest.raises(NeedsApproval) as refusal:
            self.seat.passes(ACT)
        return refusal.value


@pytest.fixture
def at() -> Taken:
    return Taken()


def test_whoever_sits_down_is_heard_of_and_so_is_who_leaves(at: Taken) -> None:
    at.seat.sit(at.proof(SUE))
    assert (at.seat.taken_by, at.seat.by_secret, at.heard) == (SUE, True, [SUE])
    at.seat.leave()
    assert (at.seat.taken_by, at.heard) == (None, [SUE, None])
    with pytest.raises(NotSignedIn):
        _ = at.seat.operator
    assert not at.seat.may(Right.CHARGE)


def test_whom_the_system_vouches_for_sits_as_a_clerk(at: Taken) -> None:
    assert at.seat.by_secret
    at.seat.sit(at.proof(SUE, by_secret=False))
    assert (at.seat.operator, at.seat.by_secret) == (replace(SUE, role=Role.CLERK), False)
    assert at.seat.may(Right.CHARGE)
    assert not at.seat.may(Right.BATCH)


@pytest.mark.parametrize(("age_s", "sits"), [(APPROVAL_S, True), (APPROVAL_S + 0.1, False)])
def test_a_proof_serves_for_a_while(at: Taken, age_s: float, sits: bool) -> None:
    if not sits:
        with pytest.raises(SignInRefused) as refusal:
            at.seat.sit(at.proof(SUE, age_s=age_s))
        assert refusal.value.problem is SignInProblem.EXPIRED
        assert (at.seat.operator, at.heard) == (ADA, [])
        return
    at.seat.sit(at.proof(SUE, age_s=age_s))
    assert at.seat.operator == SUE


def test_an_approval_lets_one_act_pass_once(at: Taken) -> None:
    at.needs_approval()
    at.approved()
    assert at.seat.passes(ACT) == ("Ada", "Sue")
    at.needs_approval()


@pytest.mark.parametrize(("later_s", "passes"), [(APPROVAL_S, True), (APPROVAL_S + 0.1, False)])
def test_an_approval_waits_for_its_act_for_a_while(at: Taken, later_s: float, passes: bool) -> None:
    at.approved()
    at.clock.move(later_s)
    if passes:
        assert at.seat.passes(ACT) == ("Ada", "Sue")
    else:
        at.needs_approval()


@pytest.mark.parametrize("ending", ["sits down", "leaves", "other rules"])
def test_approvals_end_with_the_seat_and_with_the_rules(at: Taken, ending: str) -> None:
    at.approved()
    if ending == "leaves":
        at.seat.leave()
    if ending == "other rules":
        at.seat.go_by(LIMITS)
    else:
        at.seat.sit(at.proof(ADA))
    at.needs_approval()


def test_nobody_approves_what_is_their_own(at: Taken) -> None:
    namesake = Operator("another id", ADA.name, Role.MANAGER)
    other_name = Operator(ADA.id, "Ada Lovelace", Role.MANAGER)
    for own in (namesake, other_name):
        with pytest.raises(SignInRefused) as refusal:
            at.seat.approve(Need.of(ACT), at.proof(own))
        assert refusal.value.problem is SignInProblem.OWN
    at.needs_approval()


@pytest.mark.parametrize(
    ("second", "age_s", "by_secret", "problem"),
    [
        (somebody("Bob", Role.CLERK), 0, True, SignInProblem.NOT_ENTITLED),
        (SUE, 0, False, SignInProblem.WRONG),
        (SUE, APPROVAL_S + 1, True, SignInProblem.EXPIRED),
    ],
)
def test_no_other_word_approves(
    at: Taken, second: Operator, age_s: float, by_secret: bool, problem: SignInProblem
) -> None:
    with pytest.raises(SignInRefused) as refusal:
        at.seat.approve(Need.of(ACT), at.proof(second, age_s=age_s, by_secret=by_secret))
    assert refusal.value.problem is problem


def test_the_least_of_the_limits_that_are_met_is_told(at: Taken) -> None:
    assert at.needs_approval().limit == gbp(100)
    over = replace(ACT, reason="second room", repeat_of=frozenset({"paid"}))
    with pytest.raises(NeedsApproval) as both:
        at.seat.passes(over)
    assert both.value.limit == gbp(50)
    with pytest.raises(NeedsApproval) as foreign:
        at.seat.passes(replace(ACT, amount=Money(1, EUR)))
    assert foreign.value.limit is None


def test_two_people_decide_of_whom_one_may_alone(at: Taken) -> None:
    assert at.seat.pair(at.proof(SUE)) == ("Ada", "Sue")
    with pytest.raises(ReleaseRefused) as one:
        at.seat.pair(at.proof(ADA))
    assert one.value.problem is ReleaseProblem.NEEDS_TWO
    with pytest.raises(ReleaseRefused) as neither:
        at.seat.pair(at.proof(somebody("Bob", Role.CLERK)))
    assert neither.value.problem is ReleaseProblem.NEEDS_SUPERVISOR
    with pytest.raises(SignInRefused) as unproven:
        at.seat.pair(at.proof(SUE, by_secret=False))
    assert unproven.value.problem is SignInProblem.WRONG
