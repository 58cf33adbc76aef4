"""People known by their account of the operating system: who may be, what it is good for, and what takes a PIN."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deskpay.app import os_account as accounts
from deskpay.app.os_account import os_account
from deskpay.domain.errors import (
    Field,
    InputProblem,
    InputRefused,
    NeedsApproval,
    NotYourRight,
    SignInProblem,
    SignInRefused,
)
from deskpay.domain.operator import Account, Need, Operator, Right, Role, Rules
from deskpay.domain.security import SecurityKind
from deskpay.journal.roster import FileRoster
from deskpay.journal.seal import Seal, read_sealed, write_sealed
from deskpay.services.desk import Desk
from deskpay.services.refund_payment import refund_payment
from deskpay.services.seat import Proven, Seat
from deskpay.services.staff import Staff
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, VirtualTime, a_charge, a_refund
from tests.kit.fake_hotel import pounds
from tests.kit.intents import NOW, make_intent
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.seats import MemoryLog, MemoryRoster, QuickHasher, somebody
from tests.kit.verbs import shift_with_a_payment

PIN = "135724"
LIMITS = Rules().with_limits(Role.CLERK, Right.CHARGE, {"GBP": 10_000})
HATTIE, POPPY = somebody("Hattie"), somebody("Poppy", Role.CLERK)


def house_of(run: VirtualRunner, *people: Operator) -> tuple[Staff, MemoryRoster, MemoryLog]:
    roster, log = MemoryRoster(), MemoryLog()
    roster.kept = {person.id: Account(person, PIN[::-1]) for person in people}
    return Staff(roster, QuickHasher(), log, VirtualTime(run.clock)), roster, log


def seat_with(run: VirtualRunner, operator: Operator, *, by_secret: bool, rules: Rules = LIMITS) -> Seat:
    clock = VirtualTime(run.clock)
    seat = Seat(rules, clock)
    seat.sit(Proven(operator, clock.monotonic_s(), by_secret=by_secret))
    return seat


def test_a_manager_lets_somebody_be_known_and_the_system_vouches_for_them(run_virtual: VirtualRunner) -> None:
    staff, roster, log = house_of(run_virtual, HATTIE, POPPY)
    manager = seat_with(run_virtual, HATTIE, by_secret=True)
    run_virtual(staff.bind(manager, POPPY.id, " HOTEL\\Poppy "))
    assert roster.kept[POPPY.id].operator.account == "HOTEL\\Poppy"
    known = run_virtual(staff.recognize("hotel\\poppy"))
    assert known is not None
    assert (known.operator.name, known.by_secret) == ("Poppy", False)
    assert [(event.kind, event.operator, event.detail) for event in log.noted] == [
        (SecurityKind.STAFF_CHANGED, "Hattie", "account"),
        (SecurityKind.SIGNED_IN, "Poppy", "account"),
    ]
    run_virtual(staff.bind(manager, POPPY.id, ""))
    assert run_virtual(staff.recognize("hotel\\poppy")) is None


def test_one_account_is_one_persons_and_a_managers_to_give(run_virtual: VirtualRunner) -> None:
    staff, roster, _ = house_of(run_virtual, replace(HATTIE, account="hattie"), POPPY)
    manager = seat_with(run_virtual, HATTIE, by_secret=True)
    with pytest.raises(InputRefused) as caught:
        run_virtual(staff.bind(manager, POPPY.id, "Hattie"))
    assert (caught.value.field, caught.value.problem) == (Field.ACCOUNT, InputProblem.TAKEN)
    run_virtual(staff.bind(manager, HATTIE.id, "HATTIE"))
    with pytest.raises(NotYourRight):
        run_virtual(staff.bind(seat_with(run_virtual, POPPY, by_secret=True), POPPY.id, "poppy"))
    with pytest.raises(SignInRefused) as gone:
        run_virtual(staff.bind(manager, "nobody", "x"))
    assert gone.value.problem is SignInProblem.GONE
    assert [kept.operator.account for kept in roster.kept.values()] == ["HATTIE", ""]


def test_nobody_is_known_who_left_is_locked_or_has_no_account(run_virtual: VirtualRunner) -> None:
    staff, roster, log = house_of(run_virtual, replace(HATTIE, account="hattie", active=False), POPPY)
    for account in ("", "hattie", "poppy"):
        assert run_virtual(staff.recognize(account)) is None
    locked = Account(replace(POPPY, account="poppy"), PIN, locked_until_utc=NOW.replace(year=2090))
    roster.kept[POPPY.id] = locked
    assert run_virtual(staff.recognize("poppy")) is None
    assert [(event.kind, event.detail) for event in log.noted] == [(SecurityKind.REFUSED, "account")]


# What it is good for


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from shift_with_a_payment(run_virtual)


@pytest.mark.parametrize("role", Role)
def test_without_a_pin_everybody_does_what_a_clerk_does(shift: Shift, run_virtual: VirtualRunner, role: Role) -> None:
    seat = seat_with(run_virtual, somebody("Hattie", role), by_secret=False)
    assert (seat.operator.role, seat.by_secret) == (Role.CLERK, False)

    async def story(desk: FakeDesk) -> None:
        front = replace(desk.front, desk=Desk("desk-1", seat))
        with pytest.raises(NeedsApproval) as beyond:
            await take_payment(front, a_charge(pounds(10_001)))
        assert beyond.value.limit == pounds(10_000)
        with pytest.raises(NeedsApproval):
            await refund_payment(front, a_refund("paid", pounds(100)))
        await take_payment(front, a_charge(pounds(10_000)))

    shift(story)
    assert len(shift.journal.stories) == 1


def test_no_secret_is_renewed_no_act_approved_and_nothing_decided_without_one(run_virtual: VirtualRunner) -> None:
    staff, roster, _ = house_of(run_virtual, HATTIE, POPPY)
    seat = seat_with(run_virtual, HATTIE, by_secret=False)
    with pytest.raises(NotYourRight):
        run_virtual(staff.set_secret(seat, HATTIE.id, "975310", by_password=False))
    assert roster.kept[HATTIE.id].secret_hash == PIN[::-1]
    clerk = seat_with(run_virtual, POPPY, by_secret=True)
    vouched_for = Proven(HATTIE, VirtualTime(run_virtual.clock).monotonic_s(), by_secret=False)
    for act in (
        lambda: clerk.approve(Need.of(make_intent(operator="Poppy")), vouched_for),
        lambda: clerk.pair(vouched_for),
    ):
        with pytest.raises(SignInRefused):
            act()


def test_a_pin_gives_the_role_back(run_virtual: VirtualRunner) -> None:
    seat = seat_with(run_virtual, HATTIE, by_secret=False)
    assert not seat.may(Right.STAFF)
    seat.leave()
    seat.sit(Proven(HATTIE, VirtualTime(run_virtual.clock).monotonic_s()))
    assert seat.may(Right.STAFF)


# Where it is kept, and asked


def test_the_list_keeps_accounts_and_reads_one_from_before(tmp_path: Path, run_plain: CoroutineRunner) -> None:
    path, seal = tmp_path / "people", Seal(b"key")
    kept = Account(replace(POPPY, account="HOTEL\\poppy"), "hash")
    run_plain(FileRoster(path, seal).keep(kept))
    assert list(run_plain(FileRoster(path, seal).accounts())) == [kept]
    held = read_sealed(path, seal)
    assert isinstance(held, dict)
    del held["accounts"][0]["account"]
    write_sealed(path, held, seal)
    assert list(run_plain(FileRoster(path, seal).accounts())) == [Account(POPPY, "hash")]


@pytest.mark.skipif(os.name == "nt", reason="asks by user id")
def test_the_system_is_asked_and_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    own = os_account()
    assert own
    for name in ("USER", "LOGNAME", "USERNAME", "LNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert os_account() == own

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(accounts, "_by_user_id", nobody)
    assert os_account() == ""
