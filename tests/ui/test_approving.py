"""A second person at the widgets: roles by acts by limits, who is offered, and what becomes of their PIN."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from deskpay.domain.errors import NeedsApproval, NotYourRight, SignInProblem, SignInRefused
from deskpay.domain.intent import Intent, IntentKind
from deskpay.domain.money import Money
from deskpay.domain.operator import LOCKED_FOR, MOST_TRIES, Account, Operator, Right, Role, Rules
from deskpay.domain.security import SecurityKind
from deskpay.services.seat import APPROVAL_S, Seat
from deskpay.services.staff import Staff
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.staff.approval_dialog import ApprovalDialog
from deskpay.ui.staff.approving import Approving
from tests.kit.charging import charging
from tests.kit.dialogs import escape, write
from tests.kit.fake_desk import VirtualTime
from tests.kit.intents import EUR, gbp, make_intent
from tests.kit.loops import VirtualRunner
from tests.kit.seats import MemoryLog, MemoryRoster, QuickHasher

CLERK, SUPERVISOR, AUDITOR, MANAGER = Role.CLERK, Role.SUPERVISOR, Role.AUDITOR, Role.MANAGER
CHARGE, RECORD, REFUND, SAVE = (
    IntentKind.CHARGE,
    IntentKind.RECORD_EXTERNAL,
    IntentKind.REFUND,
    IntentKind.SAVE_CARD,
)
PIN, WRONG = "135724", "000000"
SIGNED = SecurityKind.SIGNED_IN
NAMES = {CLERK: "Poppy", SUPERVISOR: "Edmund", AUDITOR: "Wren", MANAGER: "Hattie"}
JASPER = Operator("jasper", "Jasper", CLERK)
PEOPLE = [*(Operator(name.lower(), name, role) for role, name in NAMES.items()), JASPER]
LIMITS = (
    Rules()
    .with_limits(CLERK, Right.CHARGE, {"GBP": 10_000})
    .with_limits(CLERK, Right.RECORD, {"GBP": 5_000})
    .with_limits(SUPERVISOR, Right.CHARGE, {"GBP": 50_000, "EUR": 50_000})
    .with_limits(AUDITOR, Right.REFUND, {"GBP": 2_000})
    .with_limits(AUDITOR, Right.OVERRIDE, {"GBP": 2_000})
    .with_limits(MANAGER, Right.CHARGE, {"GBP": 90_000})
)


@dataclass(eq=False)
class Counter:
    """A desk at which somebody of one role sits, over a form that was confirmed."""

    clock: VirtualTime
    form: ChargeDialog
    window: QWidget
    log: MemoryLog = field(default_factory=MemoryLog)
    roster: MemoryRoster = field(
        default_factory=lambda: MemoryRoster({person.id: Account(person, PIN[::-1]) for person in PEOPLE})
    )

    def __post_init__(self) -> None:
        self.staff = Staff(self.roster, QuickHasher(), self.log, self.clock)

    def sit(self, role: Role) -> None:
        self.seat = Seat(LIMITS, self.clock, next(person for person in PEOPLE if person.role is role))

    def act(self, kind: IntentKind, amount: Money | None, *, again: bool = False) -> Intent:
        """What the form would do."""
        repeated = frozenset({"earlier"}) if again else frozenset()
        return make_intent(kind=kind, amount=amount, operator=self.seat.operator.name, repeat_of=repeated)

    def ask(self, problem: NeedsApproval) -> "asyncio.Task[bool]":
        approving = Approving(self.window, self.seat, self.staff, Environment.LIVE)
        return asyncio.get_running_loop().create_task(approving.ask(problem, self.form))

    async def dialog(self) -> ApprovalDialog:
        """The dialog in front, once it is there."""
        await asyncio.sleep(1)
        (dialog,) = [dialog for dialog in self.window.findChildren(ApprovalDialog) if dialog.isVisible()]
        return dialog

    async def signs(self, dialog: ApprovalDialog, role: Role, pin: str) -> None:
        """Choose somebody, type a PIN and press the button."""
        person = next(person for person in PEOPLE if person.role is role)
        dialog.who.set_current(person.id)
        assert dialog.who.current() == person.id
        dialog.who.chosen.emit(person.id)
        write(dialog.secret, pin)
        button = dialog.confirm_button
        assert button is not None
        button.click()
        await asyncio.sleep(1)


def offered(dialog: ApprovalDialog) -> list[str]:
    editor = dialog.who.editor
    return [str(editor.itemText(row)).split(",")[0] for row in range(editor.count())]


@pytest.fixture
def counter(qtbot: QtBot, run_virtual: VirtualRunner) -> Iterator[Counter]:
    form = charging(qtbot)()
    window = form.parentWidget()
    assert isinstance(window, QWidget)
    yield Counter(VirtualTime(run_virtual.clock), form, window)
    form.finish()


@contextmanager
def refused(problem: SignInProblem) -> Iterator[None]:
    with pytest.raises(SignInRefused) as caught:
        yield
    assert caught.value.problem is problem


@pytest.mark.parametrize(
    ("role", "kind", "amount", "again", "outcome"),
    [
        (CLERK, CHARGE, gbp(10_000), False, "alone"),
        (CLERK, CHARGE, gbp(10_001), False, ["Edmund", "Wren", "Hattie"]),
        (CLERK, CHARGE, gbp(50_001), False, ["Wren", "Hattie"]),
        (CLERK, CHARGE, gbp(90_001), False, ["Wren"]),
        (CLERK, CHARGE, Money(1, EUR), False, ["Edmund", "Wren"]),
        (CLERK, CHARGE, Money(50_001, EUR), False, ["Wren"]),
        (CLERK, SAVE, None, False, "alone"),
        (CLERK, RECORD, gbp(5_000), False, "alone"),
        (CLERK, RECORD, gbp(5_001), False, ["Edmund", "Wren", "Hattie"]),
        (CLERK, REFUND, gbp(1), False, ["Edmund", "Wren", "Hattie"]),
        (CLERK, REFUND, gbp(2_001), False, ["Edmund", "Hattie"]),
        (CLERK, CHARGE, gbp(100), True, ["Edmund", "Wren", "Hattie"]),
        (CLERK, CHARGE, gbp(2_001), True, ["Edmund", "Hattie"]),
        (SUPERVISOR, CHARGE, gbp(50_000), False, "alone"),
        (SUPERVISOR, CHARGE, gbp(50_001), False, ["Wren", "Hattie"]),
        (SUPERVISOR, REFUND, gbp(90_000), False, "alone"),
        (SUPERVISOR, CHARGE, gbp(50_000), True, "alone"),
        (AUDITOR, CHARGE, gbp(900_000), False, "alone"),
        (AUDITOR, REFUND, gbp(2_001), False, ["Edmund", "Hattie"]),
        (AUDITOR, REFUND, Money(1, EUR), False, ["Edmund", "Hattie"]),
        (AUDITOR, RECORD, gbp(2_001), True, ["Edmund", "Hattie"]),
        (MANAGER, CHARGE, gbp(90_000), False, "alone"),
        (MANAGER, CHARGE, gbp(90_001), False, ["Wren"]),
        (MANAGER, CHARGE, Money(1, EUR), False, ["Edmund", "Wren"]),
        (MANAGER, REFUND, gbp(900_000), False, "alone"),
    ],
)
def test_whoever_may_do_it_is_offered_and_signs(
    counter: Counter,
    run_virtual: VirtualRunner,
    role: Role,
    kind: IntentKind,
    amount: Money | None,
    again: bool,
    outcome: str | list[str],
) -> None:
    counter.sit(role)
    act = counter.act(kind, amount, again=again)
    if outcome == "alone":
        assert counter.seat.passes(act) == ()
        return

    async def story() -> None:
        with pytest.raises(NeedsApproval) as caught:
            counter.seat.passes(act)
        asking = counter.ask(caught.value)
        dialog = await counter.dialog()
        assert offered(dialog) == outcome
        second = next(person for person in PEOPLE if person.name == outcome[-1])
        await counter.signs(dialog, second.role, PIN)
        assert await asking
        assert counter.seat.passes(act) == (NAMES[role], second.name)
        with pytest.raises(NeedsApproval):
            counter.seat.passes(act)  # it served once

    run_virtual(story())


def test_nobody_signs_for_themselves(counter: Counter, run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        counter.sit(SUPERVISOR)
        with pytest.raises(NeedsApproval) as caught:
            counter.seat.passes(counter.act(CHARGE, gbp(50_001)))
        asking = counter.ask(caught.value)
        dialog = await counter.dialog()
        assert "Edmund" not in offered(dialog)
        escape(dialog)
        assert not await asking, "going back approves nothing"
        own = await counter.staff.prove("edmund", PIN, SIGNED)
        with refused(SignInProblem.OWN):
            counter.seat.approve(caught.value.need, own)

    run_virtual(story())


def test_five_wrong_pins_lock_the_second_person_out(counter: Counter, run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        counter.sit(CLERK)
        act = counter.act(CHARGE, gbp(10_001))
        with pytest.raises(NeedsApproval) as caught:
            counter.seat.passes(act)
        asking = counter.ask(caught.value)
        dialog = await counter.dialog()
        for _ in range(MOST_TRIES):
            await counter.signs(dialog, SUPERVISOR, WRONG)
            assert dialog.secret.text() == ""
        await counter.signs(dialog, SUPERVISOR, PIN)
        assert dialog.isVisible(), "the right one comes too late"
        assert "locked" in dialog._problem.text
        await counter.signs(dialog, AUDITOR, PIN)
        assert await asking
        assert counter.seat.passes(act) == ("Poppy", "Wren")
        await asyncio.sleep(LOCKED_FOR.total_seconds())
        assert (await counter.staff.prove("edmund", PIN, SIGNED)).operator.name == "Edmund"

    run_virtual(story(), timeout_s=2 * LOCKED_FOR.total_seconds())


def test_an_approval_is_for_this_act_and_for_five_minutes(counter: Counter, run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        counter.sit(CLERK)
        act = counter.act(CHARGE, gbp(10_001))
        for wait_s, passes in ((APPROVAL_S + 1, False), (APPROVAL_S - 10, True)):
            with pytest.raises(NeedsApproval) as caught:
                counter.seat.passes(act)
            asking = counter.ask(caught.value)
            await counter.signs(await counter.dialog(), MANAGER, PIN)
            assert await asking
            with pytest.raises(NeedsApproval):
                counter.seat.passes(counter.act(CHARGE, gbp(10_002)))
            await asyncio.sleep(wait_s)
            if passes:
                assert counter.seat.passes(act) == ("Poppy", "Hattie")

    run_virtual(story(), timeout_s=5 * APPROVAL_S)


def test_nobody_to_ask_is_said(counter: Counter, run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        counter.sit(AUDITOR)
        counter.roster.kept = {"poppy": counter.roster.kept["poppy"], "wren": counter.roster.kept["wren"]}
        with pytest.raises(NeedsApproval) as caught:
            counter.seat.passes(counter.act(REFUND, gbp(2_001)))
        asking = counter.ask(caught.value)
        dialog = await counter.dialog()
        assert offered(dialog) == []
        button = dialog.confirm_button
        assert button is not None
        assert not button.isEnabled()
        escape(dialog)
        assert not await asking

    run_virtual(story())


def test_what_a_role_may_not_do_at_all_no_second_person_helps(counter: Counter) -> None:
    counter.seat = Seat(Rules({CLERK: {Right.RECORD: LIMITS.table[MANAGER][Right.RECORD]}}), counter.clock, PEOPLE[0])
    with pytest.raises(NotYourRight):
        counter.seat.passes(counter.act(CHARGE, gbp(1)))
