"""What became of an act: under way, done, refused, or not known. It follows the news and can be hidden at any time.

Hiding never cancels what was sent, and the dialog says so. It offers no way to send anything again by itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from deskpay.domain.money import Money
from deskpay.domain.receipt import has_receipt
from deskpay.services.intent_runner import IntentNews
from deskpay.services.ports import Clock
from deskpay.services.scope import Owned, TaskScope
from deskpay.ui.announce import announce
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.dialog_shell import DialogShell
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.components.timeline import Timeline
from deskpay.ui.payments.act_words import act_words
from deskpay.ui.payments.decline_words import Move
from deskpay.ui.payments.next_moves import NextMoves
from deskpay.ui.payments.outcome_words import Moment, OutcomeWords, Telling
from deskpay.ui.payments.parts import PaymentBox
from deskpay.ui.theme import tokens
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords

_TICK_S = 1.0
_GUEST_WIDTH = 204


class OutcomeDialog(DialogShell):
    """Tells the story of one intent.

    Args:
        window: the window it belongs to.
        environment: where it was sent.
        about: name, room and number of the guest.
        zone: the hotel's time zone.
        news: what is known now.
        now_utc: by the property system's clock.
        clock: counts the seconds.
        scope: owns the counting.
        money: how amounts are written.
        can_link: True where a pay link can be sent instead.
        next_part: label of the button for the next part of a sum, once this one is taken; empty for none.

    `check_now_requested`: look in Mews at once. `decide_requested`: people want to say what happened.
    `receipt_requested`: the guest wants something in hand; offered only when the money's end is known.
    `move_chosen`: go on by that `Move`; the dialog is gone then. `hidden`: the clerk left; the dialog is gone,
    what was sent goes on. `announced`: what a screen reader was told, and whether at once.
    """

    check_now_requested = Signal()
    decide_requested = Signal()
    receipt_requested = Signal()
    move_chosen = Signal(object)
    hidden = Signal()
    announced = Signal(str, bool)

    def __init__(
        self,
        window: QWidget,
        environment: Environment,
        about: str,
        zone: ZoneInfo,
        news: IntentNews,
        now_utc: datetime,
        *,
        clock: Clock,
        scope: TaskScope,
        money: MoneyWords | None = None,
        can_link: bool = False,
        next_part: str = "",
    ) -> None:
        money = money or MoneyWords()
        super().__init__(
            window,
            "",
            strip=act_words(news.record.intent, money).strip,
            environment=environment,
            closable=False,
        )
        self._telling: Telling | None = None
        self._desk_clock = clock
        self._scope = scope
        self._words = OutcomeWords(about, money, DateWords(zone), can_link=can_link, next_part=next_part)
        self._news = news
        self._heard_utc = now_utc
        self._heard_s = self._since_s = clock.monotonic_s()
        self._ticking: Owned | None = None
        self._content: QWidget | None = None
        self._timeline: Timeline | None = None
        self._gone = False
        self._buttons()
        self.hidden_by_key.connect(self._leave)
        self.rejected.connect(self._leave)
        self.show_news(news, now_utc)

    def _buttons(self) -> None:
        action = ButtonSize.ACTION
        self.check_button = self.add_left_action(Button(self.tr("Check now"), size=action, key="F5"))
        self.receipt_button = self.add_left_action(Button(self.tr("Receipt…"), icon="receipt", size=action, key="F9"))
        self.leave_button = self.add_action(Button(size=action, key="Esc"))
        self.again_button = self.add_action(Button("", ButtonKind.PRIMARY, size=action, key="F2"))
        self.decide_button = self.add_action(Button("", ButtonKind.PRIMARY, size=action, key="F8"))
        self.check_button.clicked.connect(self.check_now_requested)
        self.decide_button.clicked.connect(self._on_decide)
        self.receipt_button.clicked.connect(self.receipt_requested)
        self.leave_button.clicked.connect(self._leave)
        self.again_button.clicked.connect(lambda: self._move(Move.CHARGE))
        for keys, act in (("F5", self._on_check_key), ("F8", self._on_decide), ("F9", self._on_receipt_key)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        for move in Move:
            QShortcut(QKeySequence(move.value), self).activated.connect(lambda chosen=move: self._move(chosen))

    @property
    def telling(self) -> Telling | None:
        """What it shows now."""
        return self._telling

    def show_news(self, news: IntentNews, now_utc: datetime) -> None:
        """Show what is known now; a change is announced, at once where the outcome is not known."""
        if self._gone:
            return
        now_s = self._desk_clock.monotonic_s()
        if news.record.state is not self._news.record.state:
            self._since_s = now_s
        self._news, self._heard_utc, self._heard_s = news, now_utc, now_s
        before = self._telling
        self._tell()
        after = self._telling
        if after is not None and (before is None or before.spoken != after.spoken):
            self._announce(after)

    def know_tries(self, declined_before: int) -> None:
        """Learn how often the card was declined earlier on the same day."""
        self._words = replace(self._words, declined_before=declined_before)
        if not self._gone:
            self._tell()

    def know_owed(self, owed: Money) -> None:
        """Learn what the guest owes after money went back."""
        self._words = replace(self._words, owed=owed)
        if not self._gone:
            self._tell()

    @property
    def gone(self) -> bool:
        """True once it was finished."""
        return self._gone or not isValid(self)

    def finish(self) -> None:
        """Close the dialog without a word; it is deleted as soon as the loop turns."""
        self._gone = True
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        if isValid(self):
            self.hide()
            self.deleteLater()

    # Rendering

    def _tell(self) -> None:
        now_s = self._desk_clock.monotonic_s()
        now_utc = self._heard_utc + timedelta(seconds=now_s - self._heard_s)
        telling = self._words.tell(self._news, Moment(now_utc=now_utc, now_s=now_s, state_since_s=self._since_s))
        before, self._telling = self._telling, telling
        if before is not None and replace(before, steps=()) == replace(telling, steps=()):
            if self._timeline is not None:
                self._timeline.set_steps(telling.steps)
            return
        self._render(telling)

    def _render(self, telling: Telling) -> None:
        self._width = telling.width
        unknown = telling.tone is Tone.UNKNOWN
        if telling.tone is None:
            self.set_working()
        else:
            self.set_result(telling.tone, telling.icon)
        self._fill(telling)
        self.set_reference("" if telling.can_check else self._news.record.intent.reference)
        self.set_note(telling.note, at_right=True)
        self.check_button.setVisible(telling.can_check)
        self.receipt_button.setVisible(has_receipt(self._news.record))
        self.leave_button.set_label(telling.leave)
        self.leave_button.set_kind(ButtonKind.PRIMARY if telling.leave_first else ButtonKind.SECONDARY)
        self.again_button.set_label(telling.again)
        self.again_button.setVisible(bool(telling.again))
        self.decide_button.set_label(telling.decide)
        self.decide_button.setVisible(bool(telling.decide))
        color = "unknown.text" if unknown else "text.secondary"
        self.set_title(telling.title, telling.subtitle, subtitle_color=color)
        if self.isVisible():
            self._focus()

    def _fill(self, telling: Telling) -> None:
        if self._content is not None:
            self._content.hide()
            self.body.removeWidget(self._content)
            self._content.deleteLater()
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        if telling.box is not None:
            title, line, chip = telling.box
            column.addWidget(PaymentBox(telling.badge, title, line, chip))
        if telling.message is not None:
            tone, lead, text, icon = telling.message
            column.addWidget(Message(tone, lead, text, icon=icon, stacked=True))
        if telling.text:
            column.addWidget(Text(telling.text, "body", wrap=True))
        self._timeline = Timeline(telling.steps) if telling.steps else None
        if self._timeline is not None:
            column.addLayout(self._story_row(self._timeline, telling.to_guest))
        if telling.moves:
            moves = NextMoves(telling.moves)
            moves.chosen.connect(self._move)
            column.addWidget(moves)
        if telling.hint:
            column.addWidget(Text(telling.hint, "small", "text.tertiary", wrap=True))
        self.body.addWidget(self._content)

    def _story_row(self, timeline: Timeline, to_guest: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(timeline, 1, Qt.AlignmentFlag.AlignTop)
        if to_guest:
            line = QFrame()
            line.setFixedWidth(1)
            line.setStyleSheet(f"background: {tokens().colors['border.subtle']};")
            row.addWidget(line)
            side = QVBoxLayout()
            side.setSpacing(4)
            side.addWidget(Text(self.tr("Tell the guest"), "small", "text.secondary", weight=500))
            quote = Text(f"“{to_guest}”", "body", wrap=True)
            quote.setFixedWidth(_GUEST_WIDTH - 20)
            side.addWidget(quote)
            side.addStretch()
            row.addLayout(side)
        return row

    def _announce(self, telling: Telling) -> None:
        at_once = telling.tone in (Tone.UNKNOWN, Tone.DANGER)
        announce(self, telling.spoken, at_once=at_once)
        self.announced.emit(telling.spoken, at_once)

    # Time

    def _focus(self) -> None:
        # The safe button has the keyboard: it only hides.
        self.leave_button.setFocus()

    @override
    def open(self) -> None:
        """Show the dialog and count the seconds from now on."""
        super().open()
        self._focus()
        if self._ticking is None and not self._gone:
            self._ticking = self._scope.start(self._count(), name="count the seconds of an outcome")

    async def _count(self) -> None:
        while not self._news.record.state.final and isValid(self):
            await self._desk_clock.sleep(_TICK_S)
            if isValid(self) and not self._gone:
                self._tell()
        self._ticking = None

    # Leaving

    def _on_check_key(self) -> None:
        if self._telling is not None and self._telling.can_check:
            self.check_now_requested.emit()

    def _on_receipt_key(self) -> None:
        if not self._gone and has_receipt(self._news.record):
            self.receipt_requested.emit()

    def _on_decide(self) -> None:
        if not self._gone and self._telling is not None and self._telling.decide:
            self.decide_requested.emit()

    def _move(self, move: Move) -> None:
        telling = self._telling
        if self._gone or telling is None:
            return
        offered = {words.move for words in telling.moves} | ({Move.CHARGE} if telling.again else set())
        if move in offered:
            self.finish()
            self.move_chosen.emit(move)

    def _leave(self) -> None:
        if self._gone:
            return
        self.finish()
        self.hidden.emit()
