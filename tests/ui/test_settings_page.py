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
from deskpay.domain.operator import Role, Rules
from deskpay.services.change_setting import Setting, Source
from deskpay.services.scope import TaskScope
from deskpay.services.seat import Seat
from deskpay.services.staff import Staff
from deskpay.services.training_staff import RULES
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.settings.settings_flow import SettingsFlow
from deskpay.ui.settings.settings_view import SectionEntry
from tests.kit.fake_desk import VirtualTime
from tests.kit.guest_file import make_hotel
from tests.kit.loops import VirtualRunner
from tests.kit.seats import MemoryLog, MemoryRoster, MemorySettings, QuickHasher, somebody

SET = [
    Setting("appearance", "system", Source.DEFAULT),
    Setting("desk_id", "bar", Source.FILE),
    Setting("lock_after_min", "7", Source.POLICY),
]


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
    log: MemoryLog = field(default_factory=MemoryLog)
    applied: list[tuple[str, str]] = field(default_factory=list)

    def open(self, run: VirtualRunner, role: Role, act: Callable[[], None] | None = None) -> None:
        """Bring it into view by its key, do `act`, and wait for what that came to."""

        async def story() -> None:
            failures: list[BaseException] = []
            scope, clock = TaskScope(failures.append), VirtualTime(run.clock)
            seat = Seat(RULES if role is Role.CLERK else Rules(), clock, somebody("Hattie", role))
            staff = Staff(MemoryRoster(), QuickHasher(), self.log, clock)
            flow = SettingsFlow(
                self.screen.settings,
                make_hotel(),
                seat,
                staff,
                self.own,
                scope,
                lambda name, written: self.applied.append((name, written)),
                limits_fixed=role is Role.CLERK,
            )
            self.screen.settings_shown.connect(flow.read)
            QTest.keyClick(self.screen, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
            await asyncio.sleep(1)
            if act is not None:
                act()
                await asyncio.sleep(1)
            self.screen.settings_shown.disconnect(flow.read)
            self.screen.settings.changed.disconnect()
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


def test_the_limits_of_every_role_are_shown_with_where_they_come_from(page: Page, run_virtual: VirtualRunner) -> None:
    view = page.screen.settings
    page.open(run_virtual, Role.CLERK)
    assert view.rules.lines[1:] == [
        ["Front desk", "£2,000.00, €2,000.00", "With approval", "With approval", "No"],
        ["Supervisor", "No limit", "No limit", "Yes", "With approval"],
        ["Night auditor", "No limit", "£150.00, €150.00", "Yes", "Yes"],
        ["Manager", "No limit", "No limit", "Yes", "Yes"],
    ]
    assert view._rules_note.text().startswith("Set by hotel IT.")
    page.open(run_virtual, Role.MANAGER)
    assert view.rules.lines[1][1] == "No limit"
    assert view._rules_note.text().startswith("As DeskPay ships it")


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
