"""The code by which a guest pays, and how far they have come. Hiding it stops nothing: the payment is followed on."""

from __future__ import annotations

from datetime import datetime
from html import escape
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from deskpay.domain.intent import Intent, IntentState
from deskpay.services.intent_news import IntentNews
from deskpay.services.ports import Clock
from deskpay.services.scope import Owned, TaskScope
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.components.painting import Run
from deskpay.ui.components.qr_code import QrCode
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.components.timeline import Step, StepState, Timeline
from deskpay.ui.payments.waiting_dialog import WaitingDialog
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from deskpay.ui.words.tenders import tender_words

_TICK_S = 1.0
_WIDTH = 820
_CODE_SIDE = 300


class CodeDialog(WaitingDialog):
    """Shows one code while its payment waits for the guest.

    Args:
        window: the window it belongs to.
        environment: where it was prepared.
        about: name, room and number of the guest.
        intent: of kind ALTERNATIVE.
        address: where the guest pays, checked; its host is shown as plain text, and it is never opened here.
        dates: how hours are written.
        clock: counts the seconds.
        scope: owns the counting.

    `check_now_requested`: look in Mews at once. `guest_screen_requested`: show it on the guest's screen, or take it
    away there. `hidden`: the clerk left, or the payment came to its end; the dialog is gone.
    """

    check_now_requested = Signal()
    guest_screen_requested = Signal()

    def __init__(
        self,
        window: QWidget,
        environment: Environment,
        about: str,
        intent: Intent,
        address: str,
        dates: DateWords,
        *,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        if intent.amount is None:
            raise AssertionError("a guest is asked for an amount")
        money = MoneyWords()
        self._method = tender_words(intent.tender)
        super().__init__(
            window,
            self.tr("Waiting for the guest to pay {amount}").format(amount=money.show(intent.amount)),
            f"{about} · {self._method}",
            strip=self._method,
            environment=environment,
            width=_WIDTH,
        )
        self._desk_clock, self._scope = clock, scope
        self._since_s = clock.monotonic_s()
        self._prepared: datetime | None = None
        self._dates = dates
        self._ticking: Owned | None = None
        self.code = QrCode(address, _CODE_SIDE, self.tr("Code for {method}").format(method=self._method))
        self.code.setFixedSize(_CODE_SIDE, _CODE_SIDE)
        host = urlsplit(address).netloc
        self.address = Text(self.tr("The code leads to {host}").format(host=host), "small", "text.tertiary", wrap=True)
        self.address.setToolTip(escape(address))
        self._timeline = Timeline()
        self._build(money.show(intent.amount))
        self.set_reference(intent.reference)
        self.set_note(self.tr("If the guest pays after you hide this, DeskPay still sees it"), at_right=True)

    def _build(self, amount: str) -> None:
        self.screen_button = Button(self.tr("Show on guest screen"), size=ButtonSize.CONTROL, icon="monitor")
        self.screen_button.clicked.connect(self.guest_screen_requested)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.code)
        left.addWidget(self.screen_button, 0, Qt.AlignmentFlag.AlignHCenter)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(Text(self.tr("Amount"), "small", "text.secondary"))
        right.addWidget(Text(amount, "balance"))
        scan = self.tr("The guest scans the code with a phone and confirms in their bank's app.")
        right.addWidget(Text(scan, "body", "text.secondary", wrap=True))
        right.addSpacing(8)
        right.addWidget(self._timeline)
        right.addWidget(Text(self.tr("DeskPay looks every 5 seconds."), "small", "text.secondary"))
        right.addStretch(1)
        right.addWidget(self.address)
        warning = Message(Tone.NEUTRAL)
        before, _, behind = self.tr(
            "Don't rely on the guest's screen. The payment counts only when this window says {paid}."
        ).partition("{paid}")
        warning.say_runs(Tone.NEUTRAL, Run(before), Run(self.tr("Paid"), 600), Run(behind))
        right.addWidget(warning)
        row = QHBoxLayout()
        row.setSpacing(32)
        row.addLayout(left)
        row.addLayout(right, 1)
        self.body.addLayout(row)
        action = ButtonSize.ACTION
        self.check_button = self.add_action(Button(self.tr("Check now"), size=action, key="F5"))
        leave = Button(self.tr("Serve the next guest"), ButtonKind.PRIMARY, size=action, key="Esc")
        self.leave_button = self.add_action(leave)
        self.check_button.clicked.connect(self.check_now_requested)
        self.leave_button.clicked.connect(self._leave)
        QShortcut(QKeySequence("F5"), self).activated.connect(self.check_now_requested)

    def show_news(self, news: IntentNews) -> None:
        """Show how far it has come; at its end the dialog goes, for the outcome is told by another."""
        if self._gone:
            return
        record = news.record
        if record.state.final or news.trouble is not None:
            self._leave()
            return
        accepted = next((event for event in record.events if event.state is IntentState.ACCEPTED), None)
        self._prepared = accepted.at_utc if accepted is not None else None
        self._tell()

    def set_on_guest_screen(self, on: bool) -> None:
        """Say what the button does next."""
        self.screen_button.set_label(self.tr("Hide guest screen") if on else self.tr("Show on guest screen"))

    @override
    def _let_go(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None

    @override
    def open(self) -> None:
        """Show the dialog and count the seconds from now on."""
        super().open()
        # The safe button has the keyboard: it only hides.
        self.leave_button.setFocus()
        if self._ticking is None and not self._gone:
            self._ticking = self._scope.start(self._count(), name="count the seconds of a code")
            event = QAccessibleAnnouncementEvent(self, self.windowTitle())
            QAccessible.updateAccessibility(event)

    async def _count(self) -> None:
        while isValid(self) and not self._gone:
            self._tell()
            await self._desk_clock.sleep(_TICK_S)

    def _tell(self) -> None:
        waited_s = int(self._desk_clock.monotonic_s() - self._since_s)
        minutes, seconds = divmod(waited_s, 60)
        waited = self.tr("{minutes} min {seconds} s") if minutes else self.tr("{seconds} s")
        prepared = self._dates.clock(self._prepared, seconds=True) if self._prepared is not None else ""
        self._timeline.set_steps(
            [
                Step(self.tr("Payment prepared in Mews"), StepState.DONE, prepared),
                Step(
                    self.tr("Waiting for the guest, Mews says “Pending”"),
                    StepState.NOW,
                    waited.format(minutes=minutes, seconds=seconds),
                ),
                Step(self.tr("Paid: Mews says “Charged”"), StepState.LATER),
            ]
        )
