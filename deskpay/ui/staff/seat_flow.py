"""The seat and the window: signing in, changing places, and locking by hand or after a time without a hand at all.

Locking closes every form, drops every guest from memory and leaves what was sent to the runner, which goes on looking.
How long nobody touched the computer is asked of the operating system: a filter on this program's own keys would see the
digits of cards. Where the system does not tell, the time since the last act at the desk counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from deskpay.domain.errors import DeskPayError, SignInProblem, SignInRefused
from deskpay.domain.operator import Operator
from deskpay.domain.security import SecurityKind
from deskpay.services.announcer import Announcer
from deskpay.services.front_desk import FrontDesk
from deskpay.services.scope import Owned, TaskScope
from deskpay.services.staff import Staff
from deskpay.services.training_staff import TRAINING_PIN
from deskpay.ui.components.dialog_shell import DialogShell
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.desk.rows import Connection
from deskpay.ui.desk_flow import DeskFlow
from deskpay.ui.main_window import MainWindow
from deskpay.ui.present_error import words_for
from deskpay.ui.staff.first_page import NewPerson
from deskpay.ui.staff.words import training_hint
from deskpay.ui.words.dates import DateWords


def _said(words: str) -> str:
    return QCoreApplication.translate("SeatFlow", words)


class SeatFlow:
    """Joins the seat to the window.

    Args:
        window: the window.
        front: the desk.
        staff: proves who somebody is.
        desk: what is emptied when the seat is.
        environment: where acts go.
        scope: owns what is asked.
        idle_s: how long nobody touched the computer, in seconds; None where the system does not tell.
        lock_after_s: after how long the desk locks itself.
        account: of the operating system by which somebody may be known at the start; empty asks for a PIN.

    Announces on `hotel_wanted` that another hotel is to be chosen; nobody is at the desk then.
    """

    def __init__(
        self,
        window: MainWindow,
        front: FrontDesk,
        staff: Staff,
        desk: DeskFlow,
        environment: Environment,
        scope: TaskScope,
        idle_s: Callable[[], float | None],
        lock_after_s: float,
        account: str = "",
    ) -> None:
        self._window = window
        self._front = front
        self._seat = front.desk.seat
        self._staff = staff
        self._desk = desk
        self._environment = environment
        self._scope = scope
        self._idle_s = idle_s
        self._lock_after_s = lock_after_s
        self._account = account
        self._last_act_s = front.clock.monotonic_s()
        self._running = False
        self._waiting: Owned | None = None
        self.hotel_wanted: Announcer[None] = Announcer(scope.report)
        self._taken = asyncio.Event()

    def start(self) -> None:
        """Show the desk where somebody is at it, else ask who is."""
        screen = self._window.desk
        screen.lock_requested.connect(self.lock)
        screen.switch_requested.connect(self.switch)
        for act in (screen.guest_chosen, screen.search_changed, screen.refresh_requested):
            act.connect(self._on_act)
        self._front.runner.changed.listen(lambda _news: self._on_act())
        self._window.sign_in.secret_entered.connect(self._on_secret)
        self._window.sign_in.hotel_requested.connect(self.hotel_wanted.announce)
        if self._seat.taken_by is None:
            self._ask(None)
            if self._account:
                self._scope.start(self._recognize(), name="know somebody by their account")
        else:
            self._take()
        self._waiting = self._scope.start(self._lock_when_idle(), name="lock the desk when idle")

    def lock(self) -> None:
        """Free the seat, keeping its place for whoever was there."""
        self._free(SecurityKind.LEFT, None)

    def switch(self) -> None:
        """Free the seat for somebody else."""
        self._free(SecurityKind.LEFT, None)
        self._window.sign_in.show_everybody()

    def lock_after(self, after_s: float) -> None:
        """Lock from now on after another time without a hand, in seconds; it counts for the wait under way, too."""
        self._lock_after_s = after_s
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = self._scope.start(self._lock_when_idle(), name="lock the desk when idle")

    def _free(self, kind: SecurityKind, minutes: int | None) -> None:
        left = self._seat.taken_by
        if left is None:
            return
        self._taken.clear()
        self._desk.empty()
        for dialog in self._window.findChildren(DialogShell):
            dialog.reject()
        self._seat.leave()
        self._ask(left)
        self._window.sign_in.show_locked(minutes, len(self._front.runner.unfinished))
        self._scope.start(self._staff.note(kind, left.name), name="note that the seat is free")

    def _ask(self, left: Operator | None) -> None:
        page, dates, now = self._window.sign_in, DateWords(self._front.hotel.zone), self._front.records.server_now()
        day = self._front.hotel.today(now)
        page.set_environment(
            self._environment,
            self._front.hotel.name,
            _said("Business day {day} · {hour}").format(day=dates.day(day), hour=dates.clock(now)),
            f"{dates.short_day(day, day)} · {dates.clock(now)}",
        )
        practice = self._environment is Environment.TRAINING
        page.status.set_status(Connection.PRACTICE if practice else Connection.GOOD)
        page.set_hint(training_hint(self._environment, TRAINING_PIN))
        self._window.show_sign_in()
        if left is not None:
            page.show_people([left])
        self._scope.start(self._show_people(left), name="read who works here")

    async def _show_people(self, left: Operator | None) -> None:
        page = self._window.sign_in
        try:
            people = await self._staff.people()
        except DeskPayError as problem:
            page.refuse(words_for(problem).sentence)
            return
        if not people:
            self._ask_first()
            return
        locked = page.locked
        page.show_people(people, left.id if left is not None else "")
        page.stay_locked(locked)

    def _ask_first(self) -> None:
        page = self._window.first
        page.set_hotel(self._environment, self._front.hotel.name)
        page.entered.connect(lambda person: self._scope.start(self._begin(person), name="add the first person"))
        self._window.show_first()

    async def _begin(self, person: NewPerson) -> None:
        try:
            manager = await self._staff.begin(person.name, person.secret, by_password=person.by_password)
            self._seat.sit(await self._staff.prove(manager.id, person.secret, SecurityKind.SIGNED_IN))
        except DeskPayError as problem:
            self._window.first.show_problem(problem)
        else:
            self._take()

    async def _recognize(self) -> None:
        """Give the seat to whoever the system knows, unless somebody typed a PIN meanwhile. A lock takes a PIN."""
        try:
            known = await self._staff.recognize(self._account)
        except DeskPayError as problem:
            self._window.sign_in.refuse(words_for(problem).sentence)
            return
        if known is not None and self._seat.taken_by is None:
            self._seat.sit(known)
            self._take()

    def _on_secret(self, operator_id: str, secret: str) -> None:
        self._scope.start(self._sign_in(operator_id, secret), name="sign in")

    async def _sign_in(self, operator_id: str, secret: str) -> None:
        page = self._window.sign_in
        try:
            self._seat.sit(await self._staff.prove(operator_id, secret, SecurityKind.SIGNED_IN))
        except SignInRefused as refusal:
            page.refuse(self._refusal(refusal))
        except DeskPayError as problem:
            page.refuse(words_for(problem).sentence)
        else:
            page.set_busy(False)
            self._take()

    def _refusal(self, refusal: SignInRefused) -> str:
        if refusal.problem is SignInProblem.LOCKED and refusal.until_utc is not None:
            until = DateWords(self._front.hotel.zone).clock(refusal.until_utc)
            return _said("Locked after too many tries, until {hour}").format(hour=until)
        if refusal.problem is SignInProblem.WRONG:
            one, more = _said("Not right, 1 try left"), _said("Not right, {count} tries left")
            return one if refusal.tries_left == 1 else more.format(count=refusal.tries_left)
        return words_for(refusal).sentence

    def _take(self) -> None:
        self._on_act()
        self._window.show_desk()
        if self._running:
            self._desk.fill()
        else:
            self._running = True
            self._desk.start()
        self._taken.set()

    def _on_act(self, *_told: object) -> None:
        self._last_act_s = self._front.clock.monotonic_s()

    async def _lock_when_idle(self) -> None:
        clock = self._front.clock
        while True:
            await self._taken.wait()
            idle_s, since_s = self._idle_s(), clock.monotonic_s() - self._last_act_s
            left_s = self._lock_after_s - (since_s if idle_s is None else idle_s)
            if left_s > 0:
                await clock.sleep(max(left_s, 1.0))
                continue
            self._free(SecurityKind.LOCKED_IDLE, round(self._lock_after_s / 60))
