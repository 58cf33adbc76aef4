"""What each role does alone at a hotel: who may say so, what is fixed, what goes on record and over a restart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from deskpay.domain.entry import MAX_MINOR
from deskpay.domain.errors import (
    Field,
    FixedByPolicy,
    InputProblem,
    InputRefused,
    JournalCorrupt,
    JournalTooNew,
    NeedsApproval,
    NotSignedIn,
    NotYourRight,
    SignInProblem,
    SignInRefused,
)
from deskpay.domain.money import Currency, Money
from deskpay.domain.operator import ANY, TOGETHER, Allowance, Need, Operator, Right, Role, Rules
from deskpay.domain.security import SecurityKind
from deskpay.journal.limits import FileLimits
from deskpay.journal.seal import Seal, write_sealed
from deskpay.services.house_limits import HouseLimits, LimitStore
from deskpay.services.seat import Proven, Seat
from deskpay.services.staff import Staff
from tests.kit.fake_desk import VirtualTime
from tests.kit.fake_hotel import pounds
from tests.kit.intents import make_intent
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.seats import MemoryLimits, MemoryLog, MemoryRoster, QuickHasher, somebody

CLERK, SUPERVISOR, AUDITOR, MANAGER = Role.CLERK, Role.SUPERVISOR, Role.AUDITOR, Role.MANAGER
GBP, EUR, JPY = Currency("GBP", 2), Currency("EUR", 2), Currency("JPY", 0)
HATTIE = somebody("Hattie", MANAGER)


def euros(minor: int) -> Money:
    return Money(minor, EUR)


@dataclass(eq=False)
class House:
    """A seat, and limits as a fresh start of the program reads them."""

    seat: Seat
    clock: VirtualTime
    log: MemoryLog
    store: LimitStore
    fixed: tuple[tuple[Role, Right], ...] = ()

    def limits(self) -> HouseLimits:
        staff = Staff(MemoryRoster(), QuickHasher(), self.log, self.clock)
        return HouseLimits(self.seat, staff, self.store, (GBP, EUR, JPY), self.fixed)

    def covers(self, role: Role, right: Right, amount: Money | None) -> bool:
        return self.seat.rules.covers(role, frozenset({right}), amount)

    def sit(self, operator: Operator) -> None:
        self.seat.sit(Proven(operator, self.clock.monotonic_s()))


@pytest.fixture
def house(run_virtual: VirtualRunner) -> House:
    clock = VirtualTime(run_virtual.clock)
    return House(Seat(Rules(), clock, HATTIE), clock, MemoryLog(), MemoryLimits())


def test_a_limit_holds_at_once_over_a_restart_and_goes_on_record(house: House, run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        limits = house.limits()
        await limits.begin()
        assert limits.rules.allowance(CLERK, Right.CHARGE) == ANY
        await limits.set_limit(CLERK, Right.CHARGE, [pounds(150_000), euros(99)])
        assert [house.covers(CLERK, Right.CHARGE, pounds(minor)) for minor in (150_000, 150_001)] == [True, False]
        assert not house.covers(CLERK, Right.CHARGE, Money(1, JPY)), "an amount of another currency is beyond it"
        await limits.set_limit(CLERK, Right.CHARGE, [pounds(150_000), euros(99)])  # nothing new
        await limits.set_limit(CLERK, Right.CHARGE, [Money(500, JPY)])
        await limits.set_limit(SUPERVISOR, Right.RESOLVE, [])
        await limits.set_limit(CLERK, Right.REFUND, None)
        house.seat = Seat(Rules(), house.clock)
        await house.limits().begin()

    run_virtual(story())
    table = house.seat.rules
    assert table.allowance(CLERK, Right.CHARGE) == Allowance({"JPY": 500})
    assert table.allowance(CLERK, Right.REFUND) == ANY
    assert table.allowance(SUPERVISOR, Right.RESOLVE) == TOGETHER
    assert table.table[AUDITOR] == Rules().table[AUDITOR]
    assert [(event.kind, event.operator, event.subject, event.detail) for event in house.log.noted] == [
        (SecurityKind.LIMIT_SET, "Hattie", "clerk charge", "no limit → EUR 0.99, GBP 1500.00"),
        (SecurityKind.LIMIT_SET, "Hattie", "clerk charge", "EUR 0.99, GBP 1500.00 → JPY 500"),
        (SecurityKind.LIMIT_SET, "Hattie", "supervisor resolve", "no limit → with a second person"),
        (SecurityKind.LIMIT_SET, "Hattie", "clerk refund", "with a second person → no limit"),
    ]


@pytest.mark.parametrize("role", [None, CLERK, SUPERVISOR, AUDITOR])
def test_only_a_manager_sets_limits(house: House, run_virtual: VirtualRunner, role: Role | None) -> None:
    house.seat = Seat(Rules(), house.clock, None if role is None else somebody("Poppy", role))
    limits = house.limits()
    assert not any(limits.may_set(whose, right) for whose in Role for right in Right)
    for whose in Role:
        with pytest.raises(NotSignedIn if role is None else NotYourRight):
            run_virtual(limits.set_limit(whose, Right.CHARGE, None))
    assert (house.store.kept, house.log.noted) == ({}, [])  # type: ignore[attr-defined]  # it is in memory


def test_what_the_policy_fixes_stays(house: House, run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        await house.limits().set_limit(CLERK, Right.CHARGE, [pounds(100)])
        house.fixed = ((CLERK, Right.CHARGE),)
        house.seat = Seat(Rules().with_limits(CLERK, Right.CHARGE, {"GBP": 7}), house.clock, HATTIE)
        limits = house.limits()
        await limits.begin()
        assert limits.fixed(CLERK, Right.CHARGE)
        assert not limits.may_set(CLERK, Right.CHARGE)
        assert limits.may_set(CLERK, Right.REFUND)
        with pytest.raises(FixedByPolicy):
            await limits.set_limit(CLERK, Right.CHARGE, None)

    run_virtual(story())
    assert house.seat.rules.allowance(CLERK, Right.CHARGE) == Allowance({"GBP": 7})


@pytest.mark.parametrize(
    ("role", "right", "most", "field", "problem"),
    [
        (MANAGER, Right.CHARGE, None, Field.LIMIT, InputProblem.NOT_ALLOWED),
        (CLERK, Right.BATCH, None, Field.LIMIT, InputProblem.NOT_ALLOWED),
        (CLERK, Right.STAFF, None, Field.LIMIT, InputProblem.NOT_ALLOWED),
        (CLERK, Right.RESOLVE, [pounds(1)], Field.CURRENCY, InputProblem.NOT_ALLOWED),
        (CLERK, Right.CHARGE, [Money(1, Currency("USD", 2))], Field.CURRENCY, InputProblem.NOT_ALLOWED),
        (CLERK, Right.CHARGE, [Money(1, Currency("GBP", 3))], Field.CURRENCY, InputProblem.NOT_ALLOWED),
        (CLERK, Right.CHARGE, [pounds(1), pounds(2)], Field.CURRENCY, InputProblem.NOT_ALLOWED),
        (CLERK, Right.CHARGE, [pounds(0)], Field.AMOUNT, InputProblem.ZERO),
        (CLERK, Right.CHARGE, [pounds(-1)], Field.AMOUNT, InputProblem.ZERO),
        (CLERK, Right.CHARGE, [pounds(MAX_MINOR + 1)], Field.AMOUNT, InputProblem.TOO_LARGE),
    ],
)
def test_what_is_no_limit_is_refused_and_nothing_kept(
    house: House,
    run_virtual: VirtualRunner,
    role: Role,
    right: Right,
    most: Sequence[Money] | None,
    field: Field,
    problem: InputProblem,
) -> None:
    with pytest.raises(InputRefused) as caught:
        run_virtual(house.limits().set_limit(role, right, most))
    assert (caught.value.field, caught.value.problem) == (field, problem)
    assert house.seat.rules == Rules()
    assert house.log.noted == []


def test_the_largest_amount_is_a_limit(house: House, run_virtual: VirtualRunner) -> None:
    run_virtual(house.limits().set_limit(CLERK, Right.CHARGE, [pounds(MAX_MINOR), euros(1)]))
    assert house.covers(CLERK, Right.CHARGE, pounds(MAX_MINOR))


def test_nobody_approves_their_own_act_whatever_they_set(house: House, run_virtual: VirtualRunner) -> None:
    act = replace(make_intent(), amount=pounds(5_000), operator="Hattie")
    need = Need.of(act)

    async def story() -> None:
        house.seat = Seat(Rules().with_limits(MANAGER, Right.CHARGE, {"GBP": 100}), house.clock, HATTIE)
        limits = house.limits()
        with pytest.raises(InputRefused):
            await limits.set_limit(MANAGER, Right.CHARGE, None)
        with pytest.raises(NeedsApproval):
            house.seat.passes(act)
        await limits.set_limit(AUDITOR, Right.CHARGE, None)
        with pytest.raises(SignInRefused) as refused:
            house.seat.approve(need, Proven(HATTIE, house.clock.monotonic_s()))
        assert refused.value.problem is SignInProblem.OWN

    run_virtual(story())


def test_an_approval_ends_with_the_limits_it_was_given_under(house: House, run_virtual: VirtualRunner) -> None:
    act = replace(make_intent(), amount=pounds(5_000), operator="Poppy")

    async def story() -> None:
        limits = house.limits()
        await limits.set_limit(CLERK, Right.CHARGE, [pounds(100)])
        house.sit(somebody("Poppy", CLERK))
        house.seat.approve(Need.of(act), Proven(somebody("Wren", AUDITOR), house.clock.monotonic_s()))
        house.seat.go_by(house.seat.rules.with_limits(AUDITOR, Right.CHARGE, {"GBP": 100}))
        with pytest.raises(NeedsApproval):
            house.seat.passes(act)

    run_virtual(story())


# The file


def test_limits_are_kept_in_their_file(tmp_path: Path, run_plain: CoroutineRunner) -> None:
    path, seal = tmp_path / "house" / "x.limits", Seal(b"key")

    async def story() -> None:
        store = FileLimits(path, seal)
        assert await store.all() == {}
        await store.keep(CLERK, Right.CHARGE, Allowance({"GBP": 1, "EUR": 2}))
        await store.keep(AUDITOR, Right.REFUND, TOGETHER)
        await store.keep(SUPERVISOR, Right.REFUND, ANY)
        await store.keep(CLERK, Right.CHARGE, Allowance({"GBP": 5}))
        assert await FileLimits(path, seal).all() == {
            (CLERK, Right.CHARGE): Allowance({"GBP": 5}),
            (AUDITOR, Right.REFUND): TOGETHER,
            (SUPERVISOR, Right.REFUND): ANY,
        }
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b'"GBP": 5', b'"GBP": 9'))
        with pytest.raises(JournalCorrupt):
            await store.all()
        row = {"role": "clerk", "right": "charge", "most": [5]}
        for nonsense in ({}, {"version": 1, "limits": [{}]}, {"version": 1, "limits": [row]}, [row]):
            write_sealed(path, nonsense, seal)
            with pytest.raises(JournalCorrupt):
                await store.all()
        write_sealed(path, {"version": 2}, seal)
        with pytest.raises(JournalTooNew):
            await store.all()

    run_plain(story())


def test_limits_that_were_taken_away_are_missed(house: House, tmp_path: Path, run_virtual: VirtualRunner) -> None:
    path = tmp_path / "x.limits"

    async def story() -> None:
        house.store = FileLimits(path, Seal(b"key"))
        await house.limits().begin()
        await house.limits().set_limit(CLERK, Right.CHARGE, [pounds(100)])
        await house.limits().begin()
        path.unlink()
        with pytest.raises(JournalCorrupt, match="are gone"):
            await house.limits().begin()

    run_virtual(story())


def test_a_right_that_a_role_no_longer_has_is_passed_over(house: House, run_virtual: VirtualRunner) -> None:
    house.store = MemoryLimits({(CLERK, Right.BATCH): ANY, (AUDITOR, Right.BATCH): TOGETHER})
    run_virtual(house.limits().begin())
    assert house.seat.rules.allowance(CLERK, Right.BATCH) is None
    assert house.seat.rules.allowance(AUDITOR, Right.BATCH) == TOGETHER


def test_amounts_of_a_currency_that_the_hotel_gave_up_are_not_told(house: House, run_virtual: VirtualRunner) -> None:
    house.seat = Seat(Rules().with_limits(CLERK, Right.CHARGE, {"DEM": 5}), house.clock, HATTIE)
    run_virtual(house.limits().set_limit(CLERK, Right.CHARGE, [pounds(5)]))
    assert house.log.noted[0].detail == "with a second person → GBP 0.05"
