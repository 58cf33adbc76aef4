"""Opening the desk: the window first, then what stands behind it; and closing all of it in order."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from deskpay.app.connection import Connection
from deskpay.app.failures import keeping_failures
from deskpay.app.loop import make_application, report_failure, run
from deskpay.app.prints import keep_pdf, open_with_system
from deskpay.app.training import TrainingProcess
from deskpay.app.way_in import WayIn
from deskpay.domain.environment import HOSTS, Environment
from deskpay.domain.errors import DeskPayError, Field, HeadNotKept, InputProblem, InputRefused
from deskpay.domain.security import SecurityKind
from deskpay.services.scope import TaskScope
from deskpay.settings import Settings, read_settings
from deskpay.ui.cards.capture.origin import ForbiddenPayHost, acquirer_origin, pay_origin
from deskpay.ui.components import environment_bar
from deskpay.ui.main_window import MainWindow
from deskpay.ui.present_error import words_for
from deskpay.ui.theme import Scheme, apply_theme, tokens

if TYPE_CHECKING:
    from deskpay.app.assemble import OpenDesk
    from deskpay.domain.operator import Operator
    from deskpay.gateways.token_store import KeyringBackend
    from deskpay.services.intent_runner import Timings
    from deskpay.ui.acquirer_flow import AcquirerPanes
    from deskpay.ui.audit.audit_flow import AuditFlow
    from deskpay.ui.cards.add_card_dialog import MakePane
    from deskpay.ui.desk_flow import DeskFlow
    from deskpay.ui.journal.activity_flow import ActivityFlow
    from deskpay.ui.settings.settings_flow import SettingsFlow
    from deskpay.ui.staff.seat_flow import SeatFlow
    from deskpay.ui.support.support_flow import SupportFlow


def start(*, training: bool) -> int:
    """Run the app until its window closes; return the exit code.

    Args:
        training: True starts the embedded hotel at once instead of asking where to connect.

    Raises:
        WrongSettings: the settings cannot be used; nothing was started.
    """
    settings = read_settings()
    # The hotel starts while Qt's application is being made.
    process = TrainingProcess() if training else None
    application = make_application()
    wear(application, settings.appearance)
    turn = _Turns(settings, _trainee() if training else None)
    with keeping_failures(settings.data_folder):
        return run(application, lambda: turn.take(process), turn.ask_to_close)


def _trainee() -> Operator:
    # What staff needs takes a tenth of the time to the window, which in training opens while the hotel starts anyway.
    from deskpay.services.training_staff import CLERK

    return CLERK


class _Turns:
    """One program after another: another hotel gets another window, so that nothing of the one before is left in it."""

    def __init__(self, settings: Settings, operator: Operator | None) -> None:
        self._settings = settings
        self._program = Program(settings, operator)

    def ask_to_close(self) -> None:
        """End the program that runs."""
        self._program.ask_to_close()

    async def take(self, process: TrainingProcess | None) -> int:
        """Run until a window is closed for good; return the exit code."""
        code = await self._program.run(process)
        while self._program.another_hotel:
            self._program = Program(self._settings)
            code = await self._program.run(again=False)
        return code


def wear(application: QApplication, appearance: str) -> None:
    """Put on the look that is set: `light`, `dark`, or anything else for the system's own."""
    by_system = application.styleHints().colorScheme() is Qt.ColorScheme.Dark
    dark = {"light": False, "dark": True}.get(appearance, by_system)
    apply_theme(application, Scheme.DARK if dark else Scheme.LIGHT)


class Program:
    """The running app: one window, and one connection at a time behind it.

    Args:
        settings: of this desk.
        operator: who is at the desk from the start, in training; None asks.
        size: of the window in pixels.
        timings: when acts are looked up and read.
        backend: keyring to use; None takes the system's own.

    `another_hotel` is True once it was closed for the sake of another hotel.
    """

    def __init__(
        self,
        settings: Settings,
        operator: Operator | None = None,
        size: tuple[int, int] = (1280, 800),
        timings: Timings | None = None,
        backend: KeyringBackend | None = None,
    ) -> None:
        self._settings = settings
        self._operator = operator
        self._timings = timings
        self._scope = TaskScope(report_failure)
        self._process: TrainingProcess | None = None
        self._closing = asyncio.Event()
        self.window = MainWindow(size)
        self.open: OpenDesk | None = None
        self.flow: DeskFlow | None = None
        self.seat: SeatFlow | None = None
        self.audit: AuditFlow | None = None
        self.window.close_requested.connect(self.ask_to_close)
        self.another_hotel = False
        self.way_in = WayIn(self.window, settings, self._scope, self.connect, backend)
        self.window.connect_page.training_requested.connect(self._on_training_requested)

    def ask_to_close(self) -> None:
        """Have `run` end everything in its order and return. Asking again changes nothing."""
        self._closing.set()

    async def run(self, process: TrainingProcess | None = None, *, again: bool = True) -> int:
        """Show the window and go on until it is closed.

        Args:
            process: training hotel to open at once.
            again: without one, whether the hotel used last is opened again.
        """
        self.window.show()
        if process is None:
            self.window.show_connect()
            self._scope.start(self.way_in.begin(again=again), name="find the way in")
        else:
            self._scope.start(self._train(process), name="open the training desk")
        await self._closing.wait()
        await self.aclose()
        return 0

    async def connect(self, connection: Connection) -> OpenDesk:
        """Connect and show the desk.

        Raises:
            DeskPayError: as `open_desk` does; nothing is left open.
        """
        # The window is there first. What speaks HTTP takes a third of a second to load and needs no Qt, so it is loaded
        # beside the loop.
        await asyncio.to_thread(importlib.import_module, "deskpay.gateways.mews.client")
        from deskpay.app.assemble import open_desk

        make_pane = self._pane_maker(connection)
        training = connection.environment is Environment.TRAINING
        seal = None if training else (await self.way_in.hotels()).seal
        opened = await open_desk(connection, self._settings, self._operator, self._timings, seal)
        self.open = opened
        self.flow = self._flow(opened, make_pane)
        self.seat = self._seat_flow(opened, self.flow)
        self.seat.hotel_wanted.listen(lambda _nothing: self._on_hotel_wanted())
        self.seat.start()
        opened.front.desk.seat.changed.listen(lambda operator: self._on_seat_changed(opened, operator))
        if not training:
            self._scope.start(self._name_inspection(opened), name="see who looks into the connection")
        return opened

    def _on_seat_changed(self, opened: OpenDesk, operator: Operator | None) -> None:
        if operator is None:
            self._scope.start(self._keep_head(opened), name="keep the head of the journal")

    async def _keep_head(self, opened: OpenDesk) -> None:
        """Keep the journal's head elsewhere; where that does not work, whoever signs in next reads it."""
        if not await opened.heads.keep():
            words = words_for(HeadNotKept())
            self.window.sign_in.set_hint(f"{words.sentence} {words.remedy}")

    async def _name_inspection(self, opened: OpenDesk) -> None:
        """Say whose certificate the connection carries where no public root vouches for it, and put it on record."""
        from deskpay.gateways.inspection import inspected_by

        host = HOSTS[opened.connection.environment]
        by = await asyncio.to_thread(inspected_by, host)
        if by:
            self.window.desk.status.set_inspected(by)
            await opened.staff.note(SecurityKind.INSPECTED, "", host, by)

    def _flow(self, opened: OpenDesk, make_pane: MakePane | None) -> DeskFlow:
        from deskpay.ui.audit.audit_flow import AuditFlow
        from deskpay.ui.bills_flow import BillsFlow
        from deskpay.ui.desk_flow import DeskFlow
        from deskpay.ui.money_flow import MoneyFlow

        environment = environment_bar.Environment(opened.connection.environment.value)
        front, scope = opened.front, self._scope
        panes = self._acquirer_panes(opened.connection)
        money = MoneyFlow(self.window, front, environment, make_pane, scope, opened.memory, opened.staff, panes)
        bills = BillsFlow(
            self.window, front, opened.guests, opened.office, environment, money, scope, keep_pdf, open_with_system
        )
        flow = DeskFlow(self.window.desk, front, opened.guests, environment, money, bills, scope)
        self.audit = AuditFlow(self.window.desk.audit, opened.night, environment, money, scope)
        self.audit.guest_wanted.listen(flow.open_guest)
        self.audit.start()
        return flow

    def _seat_flow(self, opened: OpenDesk, flow: DeskFlow) -> SeatFlow:
        from deskpay.app.idle_time import idle_s
        from deskpay.app.os_account import os_account
        from deskpay.ui.staff.seat_flow import SeatFlow
        from deskpay.ui.staff.staff_flow import StaffFlow

        environment = environment_bar.Environment(opened.connection.environment.value)
        # Kept, for a signal does not keep its receiver.
        self._people = StaffFlow(
            self.window,
            opened.front.desk.seat,
            opened.staff,
            flow.money,
            environment,
            self._scope,
            by_account=self._settings.sign_in_by_account,
        )
        self._activity = self._activity_flow(opened)
        self._support = self._support_flow(opened, flow, environment)
        self._own = self._settings_flow(opened)
        self.window.desk.people_requested.connect(self._people.show)
        after_s = self._settings.lock_after_min * 60
        account = os_account() if self._settings.sign_in_by_account else ""
        return SeatFlow(
            self.window, opened.front, opened.staff, flow, environment, self._scope, idle_s, after_s, account
        )

    def _settings_flow(self, opened: OpenDesk) -> SettingsFlow:
        from deskpay.app.own_settings import FileSettings
        from deskpay.ui.settings.settings_flow import SettingsFlow

        screen, seat = self.window.desk, opened.front.desk.seat
        flow = SettingsFlow(
            screen.settings,
            seat,
            opened.staff,
            FileSettings(),
            self._scope,
            self._apply_setting,
            opened.limits,
        )
        screen.settings_shown.connect(flow.read)
        return flow

    def _apply_setting(self, name: str, written: str) -> None:
        """Let a setting hold at once, where it does; the others hold from the next start on."""
        application = QApplication.instance()
        if name == "appearance" and isinstance(application, QApplication):
            wear(application, written)
        if name == "lock_after_min" and self.seat is not None:
            self.seat.lock_after(int(written) * 60)

    def _support_flow(self, opened: OpenDesk, flow: DeskFlow, environment: environment_bar.Environment) -> SupportFlow:
        from deskpay.app.diagnostics import bundle
        from deskpay.app.journal_desk import keep_bundle
        from deskpay.ui.support.support_flow import SupportFlow

        support = SupportFlow(
            self.window,
            flow.money,
            environment,
            self._scope,
            lambda: asyncio.to_thread(bundle, self._settings),
            lambda text: keep_bundle(text, opened.front.records.server_now()),
        )
        self.window.desk.support_requested.connect(support.show)
        return support

    def _activity_flow(self, opened: OpenDesk) -> ActivityFlow:
        from deskpay.app.journal_desk import check_chain, export_journal
        from deskpay.ui.journal.activity_flow import ActivityFlow

        screen, journal = self.window.desk, opened.journal
        flow = ActivityFlow(
            screen.activity,
            opened.front,
            opened.staff,
            self._scope,
            lambda: check_chain(journal),
            lambda: export_journal(journal, opened.front.records.server_now()),
        )
        screen.activity_shown.connect(flow.read)
        opened.front.desk.seat.changed.listen(lambda operator: flow.forget() if operator is None else None)
        return flow

    def _pane_maker(self, connection: Connection) -> MakePane | None:
        training = connection.environment is Environment.TRAINING
        if (training and not connection.fields_address) or not self._settings.policy.card_entry:
            return None
        from deskpay.ui.cards.capture.pane import CapturePane

        try:
            pay = pay_origin(connection.environment, connection.fields_address if training else None)
        except ForbiddenPayHost as problem:
            raise InputRefused(Field.VAULT_ADDRESS, InputProblem.NOT_ALLOWED) from problem
        return lambda parent: CapturePane(pay, self._scope, tokens(), parent)

    def _acquirer_panes(self, connection: Connection) -> AcquirerPanes | None:
        account = connection.paymongo
        if account is None or not self._settings.policy.card_entry:
            return None
        from deskpay.ui.acquirer_flow import AcquirerPanes
        from deskpay.ui.cards.capture.bank_pane import BankPane
        from deskpay.ui.cards.capture.own_page import OwnFields
        from deskpay.ui.cards.capture.pane import CapturePane
        from deskpay.ui.payments.acquirer_dialog import CardEntry

        environment = connection.environment
        training = environment is Environment.TRAINING
        there = acquirer_origin(environment, account.address if training else None)
        fields = OwnFields("/paymongo" if training else "", account.code_call)
        entry = CardEntry(
            make_pane=lambda parent: CapturePane(there, self._scope, tokens(), parent),
            fields=fields,
            public_key=account.public_key,
        )
        return AcquirerPanes(entry=entry, make_bank_pane=lambda parent: BankPane(environment, there, parent))

    async def aclose(self) -> None:
        """End everything: reads at once, acts when they have their answer or the bound is over, then the window."""
        self.window.setEnabled(False)
        if self.flow is not None:
            self.flow.stop()
        if self.audit is not None:
            self.audit.stop()
        await self._scope.close()
        if self.open is not None:
            self.window.show_waiting(self.window.tr("Finishing what was sent"))
            await self.open.aclose()
        if self._process is not None:
            await self._process.stop()
        self.window.let_go()

    async def _train(self, process: TrainingProcess) -> None:
        self._process = process
        self.window.show_waiting(self.window.tr("Opening the training hotel"))
        try:
            await self.connect(Connection.to(await process.ready(), lasting=False))
        except DeskPayError as problem:
            self._process = None
            await process.stop()
            self.way_in.show_problem(problem)

    def _on_training_requested(self) -> None:
        self.window.connect_page.set_busy(True)
        self._scope.start(self._train(TrainingProcess()), name="open the training desk")

    def _on_hotel_wanted(self) -> None:
        self.another_hotel = True
        self.ask_to_close()
