"""The settings page, as whoever is at the desk meets it: what it shows, takes and refuses."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from typing_extensions import override

from deskpay.domain.errors import SettingsUnusable
from deskpay.domain.operator import TOGETHER, Allowance, Right, Role
from deskpay.services.change_setting import Setting, Source
from deskpay.services.house_limits import HouseLimits
from deskpay.services.scope import TaskScope
from deskpay.services.seat import Seat
from deskpay.services.staff import Staff
from deskpay.services.training_staff import RULES
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.settings.limit_editor import LimitOrder
from deskpay.ui.settings.settings_flow import SettingsFlow
from deskpay.ui.settings.settings_view import SectionEntry
from tests.kit.fake_desk import VirtualTime
from tests.kit.guest_file import make_hotel
from tests.kit.loops import VirtualRunner
from tests.kit.seats import MemoryLimits, MemoryLog, MemoryRoster, MemorySettings, QuickHasher, somebody

SET = [
    Setting("appearance", "system", Source.DEFAULT),
    Setting("desk_id", "bar", Source.FILE),
    Setting("lock_after_min", "7", Source.POLICY),
]


FIXED = ((Role.CLERK, Right.REFUND),)


class Spoilt(MemorySettings):
    """Settings that cannot be read."""

    @override
    async def all(self) -> Sequence[Setting]:
        raise SettingsUnusable("settings.toml")


@dataclass(eq=False)
class Page:
    """The page in the desk's screen, with what stands behind it."""

    screen: DeskScreen
    own: MemorySettings
    limits: MemoryLimits = field(default_factory=MemoryLimits)
    log: MemoryLog = field(default_factory=MemoryLog)
    applied: list[tuple[str, str]] = field(default_factory=list)
    seat: Seat | None = None

    def open(self, run: VirtualRunner, role: Role, act: Callable[[], None] | None = None) -> None:
        """Bring it into view by its key, do `act`, and wait for what that came to."""

        async def story() -> None:
            failures: list[BaseException] = []
            scope, clock = TaskScope(failures.append), VirtualTime(run.clock)
            self.seat = seat = Seat(RULES, clock, somebody("Hattie", role))
            staff = Staff(MemoryRoster(), QuickHasher(), self.log, clock)
            limits = HouseLimits(seat, staff, self.limits, make_hotel().currencies, FIXED)
            flow = SettingsFlow(
                self.screen.settings,
                seat,
                staff,
                self.own,
                scope,
                lambda name, written: self.applied.append((name, written)),
                limits,
            )
            self.screen.settings_shown.connect(flow.read)
            QTest.keyClick(self.screen, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
            await asyncio.sleep(1)
            if act is not None:
                act()
                await asyncio.sleep(1)
            self.screen.settings_shown.disconnect(flow.read)
            self.screen.settings.changed.disconnect()
            self.screen.settings.limit.ordered.disconnect()
            await scope.close()
            assert not failures

        run(story())


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    screen = DeskScreen()
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    return Page(screen, MemorySettings(list(SET)))


def test_a_clerk_sees_what_is_set_and_changes_the_look(page: Page, run_virtual: VirtualRunner) -> None:
    rows, view = page.screen.settings.rows, page.screen.settings

    def choose() -> None:
        assert view.isVisible()
        editor = rows["appearance"].choice
        editor.setCurrentIndex(editor.findData("dark"))
        editor.activated.emit(editor.currentIndex())

    page.open(run_virtual, Role.CLERK, choose)
    assert (rows["appearance"].text, rows["desk_id"].text, rows["lock_after_min"].text) == ("Dark", "bar", "7")
    assert [rows[one.name].editor.isEnabled() for one in SET] == [True, False, False]
    assert [rows[one.name].chip.words for one in SET] == ["", "Managers only", "Set by hotel IT"]
    assert rows["appearance"].hint.text == "Saved."
    assert page.applied == [("appearance", "dark")]
    assert [event.detail for event in page.log.noted] == ["system → dark"]
    assert not page.screen.header.desk_tab.isChecked()


def test_a_manager_names_the_desk_from_the_next_start_on(page: Page, run_virtual: VirtualRunner) -> None:
    row = page.screen.settings.rows["desk_id"]

    def name_it() -> None:
        page.screen.settings.entries["desk"].click()
        row.line.setFocus()
        row.line.selectAll()
        QTest.keyClicks(row.line, "Lobby")
        QTest.keyClick(row.line, Qt.Key.Key_Return)

    page.open(run_virtual, Role.MANAGER, name_it)
    assert [one.value for one in page.own.kept] == ["system", "Lobby", "7"]
    assert row.hint.text == "Saved. It holds when DeskPay starts again."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "A name has 1 to 80 characters."),
        ("4242424242424242", "This looks like a card number. It belongs into no setting."),
    ],
)
def test_what_a_setting_does_not_take_is_said_beside_it(
    page: Page, run_virtual: VirtualRunner, typed: str, said: str
) -> None:
    row = page.screen.settings.rows["desk_id"]

    def spoil() -> None:
        row.line.setText(typed)
        row.line.editingFinished.emit()

    page.open(run_virtual, Role.MANAGER, spoil)
    assert row.hint.text == said
    assert row.text == typed, "what was typed stays"
    assert (page.own.kept, page.applied) == (SET, [])


def test_the_limits_of_every_role_are_shown_to_everybody_and_set_by_managers(
    page: Page, run_virtual: VirtualRunner
) -> None:
    view = page.screen.settings
    page.open(run_virtual, Role.CLERK)
    assert view.rules.lines[1:] == [
        ["Front desk", "£2,000.00, €2,000.00", "No limit", "With approval", "With approval", "No", "With approval"],
        ["Supervisor", "No limit", "No limit", "No limit", "Yes", "Not alone", "Yes"],
        ["Night auditor", "No limit", "No limit", "£150.00, €150.00", "Yes", "Yes", "Yes"],
        ["Manager", "No limit", "No limit", "No limit", "Yes", "Yes", "Yes"],
    ]
    assert_locked(page, Role.CLERK, Right.CHARGE, "Managers only")
    assert_locked(page, Role.CLERK, Right.REFUND, "Set by hotel IT")


def choose(page: Page, role: Role, right: Right, how: str) -> None:
    """Choose from the three lists as a click or the arrow keys do."""
    editor = page.screen.settings.limit
    for field_, key in ((editor.role, role.value), (editor.right, right.value), (editor.how, how)):
        if key:
            field_.set_current(key)
            assert field_.current() == key
            field_.chosen.emit(key)


def assert_locked(page: Page, role: Role, right: Right, why: str) -> None:
    editor = page.screen.settings.limit
    choose(page, role, right, "")
    assert editor.chip.words == why
    assert not any(part.isEnabled() for part in (editor.how.editor, editor.button))


def test_a_manager_sets_a_limit_which_holds_at_once(page: Page, run_virtual: VirtualRunner) -> None:
    view, editor = page.screen.settings, page.screen.settings.limit

    def set_it() -> None:
        view.entries["rules"].click()
        choose(page, Role.SUPERVISOR, Right.REFUND, "up to")
        pounds, euros, yen = editor.amounts.values()
        assert [line.isVisible() for line in (pounds, euros, yen)] == [True, True, True]
        pounds.editor.setFocus()
        QTest.keyClicks(pounds.editor, "1,000.50")
        QTest.keyClick(pounds.editor, Qt.Key.Key_Tab)
        assert euros.editor.hasFocus()
        QTest.keyClicks(euros.editor, "20")
        QTest.keyClick(euros.editor, Qt.Key.Key_Tab)
        QTest.keyClick(yen.editor, Qt.Key.Key_Tab)
        assert editor.button.hasFocus()
        QTest.keyClick(editor.button, Qt.Key.Key_Space)

    page.open(run_virtual, Role.MANAGER, set_it)
    assert page.seat is not None
    assert page.seat.rules.allowance(Role.SUPERVISOR, Right.REFUND) == Allowance({"GBP": 100_050, "EUR": 2_000})
    assert view.rules.lines[2][3] == "£1,000.50, €20.00"
    assert editor.hint.text == "Saved. It holds from now on."
    assert [line.text() for line in editor.amounts.values()] == ["1000.50", "20.00", ""]
    assert [event.detail for event in page.log.noted] == ["no limit → EUR 20.00, GBP 1000.50"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("", "", ""), ("Type an amount.", "", "")),
        (("1,5OO", "20", ""), ("This is not an amount of money.", "", "")),
        (("0", "20", ""), ("Type an amount above zero.", "", "")),
        (
            ("10", "-5", "1.5"),
            ("", "Type an amount without a minus sign.", "This currency does not have that many decimals."),
        ),
        (("4242424242424242", "", ""), ("This is more than DeskPay moves at once. Check the figures.", "", "")),
    ],
)
def test_what_is_no_limit_is_said_beside_its_field_and_stays(
    page: Page, run_virtual: VirtualRunner, typed: tuple[str, ...], said: tuple[str, ...]
) -> None:
    editor = page.screen.settings.limit

    def spoil() -> None:
        choose(page, Role.CLERK, Right.CHARGE, "up to")
        for line, text in zip(editor.amounts.values(), typed, strict=True):
            line.set_text(text)
        editor.button.click()

    page.open(run_virtual, Role.MANAGER, spoil)
    assert tuple(line.message for line in editor.amounts.values()) == said
    assert tuple(line.text() for line in editor.amounts.values()) == typed
    assert (page.limits.kept, page.log.noted) == ({}, [])


def test_a_right_is_taken_together_or_without_a_limit(page: Page, run_virtual: VirtualRunner) -> None:
    editor = page.screen.settings.limit

    def together() -> None:
        choose(page, Role.AUDITOR, Right.RESOLVE, "together")
        editor.button.click()

    page.open(run_virtual, Role.MANAGER, together)
    assert page.limits.kept == {(Role.AUDITOR, Right.RESOLVE): TOGETHER}
    assert editor.how.editor.count() == 2, "a decision has no amount"

    def without() -> None:
        choose(page, Role.CLERK, Right.CHARGE, "any")
        editor.button.click()

    page.open(run_virtual, Role.MANAGER, without)
    assert page.limits.kept[Role.CLERK, Right.CHARGE] == Allowance(None)


def test_what_is_fixed_and_ones_own_role_are_locked(page: Page, run_virtual: VirtualRunner) -> None:
    editor = page.screen.settings.limit

    def try_it() -> None:
        assert_locked(page, Role.CLERK, Right.REFUND, "Set by hotel IT")
        assert_locked(page, Role.MANAGER, Right.CHARGE, "Nobody sets their own")
        choose(page, Role.CLERK, Right.REFUND, "")
        editor.ordered.emit(LimitOrder(Role.CLERK, Right.REFUND, None))  # whatever the dialog allowed

    page.open(run_virtual, Role.MANAGER, try_it)
    assert editor.hint.text
    assert (page.limits.kept, page.log.noted) == ({}, [])


def test_half_a_limit_stays_while_another_setting_is_changed(page: Page, run_virtual: VirtualRunner) -> None:
    view = page.screen.settings

    def change_both() -> None:
        choose(page, Role.CLERK, Right.CHARGE, "up to")
        pounds, *_ = view.limit.amounts.values()
        pounds.editor.setFocus()
        pounds.editor.selectAll()
        QTest.keyClicks(pounds.editor, "7")
        view.changed.emit("appearance", "dark")

    page.open(run_virtual, Role.MANAGER, change_both)
    assert page.own.kept[0].value == "dark"
    assert [line.text() for line in view.limit.amounts.values()] == ["7", "2000.00", ""]
    page.open(run_virtual, Role.CLERK)
    assert [line.text() for line in view.limit.amounts.values()] == ["2000.00", "2000.00", ""]


def test_a_file_that_cannot_be_read_is_told(page: Page, run_virtual: VirtualRunner) -> None:
    page.own = Spoilt()
    page.open(run_virtual, Role.MANAGER)
    assert "cannot be read or written" in page.screen.settings._message.text


def test_people_and_diagnostics_are_reached_from_there(page: Page, qtbot: QtBot) -> None:
    view = page.screen.settings
    for words, signal in (
        ("Operators and PINs", page.screen.people_requested),
        ("Diagnostics", page.screen.support_requested),
    ):
        entry = next(entry for entry in view.findChildren(SectionEntry) if entry.text() == words)
        with qtbot.waitSignal(signal):
            entry.click()
