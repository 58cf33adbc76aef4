"""The queue while it is carried out: each row's state, pause, stop, and what is left. Hiding it stops nothing."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from deskpay.domain.money import Money
from deskpay.domain.night_queue import RowState, totals_by_currency
from deskpay.services.run_night_queue import NightQueue, RowNews
from deskpay.ui.audit.columns import HouseWords
from deskpay.ui.audit.sheet import Column, Look, Sheet
from deskpay.ui.audit.words import row_chip, row_words, why_words
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.dialog_shell import DialogShell
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.components.painting import draw_box
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.present_error import ErrorWords
from deskpay.ui.theme import tokens

_WIDTH = 960
_TABLE = 320
_NOT_MOVED = frozenset({RowState.DECLINED, RowState.REFUSED, RowState.SKIPPED, RowState.NOT_SENT})


class _Bar(QWidget):
    """How much of the queue is over."""

    def __init__(self) -> None:
        super().__init__()
        self._done = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_done(self, done: float) -> None:
        """Show that this part, from 0 to 1, is over."""
        self._done = done
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, 8)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(0, 1, 0, -1)
        draw_box(painter, box, 3, tokens().color("bg.sunken"))
        if self._done:
            draw_box(
                painter,
                QRectF(box.left(), box.top(), box.width() * self._done, box.height()),
                3,
                tokens().color("accent.fill"),
            )
        painter.end()


class QueueDialog(DialogShell):
    """Shows a queue.

    Args:
        window: the window it belongs to.
        queue: what is carried out.
        guests: names by customer id.
        cards: labels by card id.
        environment: where charges go.
        house: how the hotel writes amounts.

    Signals: `go_on_requested`: begin, or go on after a pause. `pause_requested`, `stop_requested`, `export_requested`:
    as they say. `left`: hidden; nothing is stopped by it.
    """

    go_on_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()
    export_requested = Signal()
    left = Signal()

    def __init__(
        self,
        window: QWidget,
        queue: NightQueue,
        guests: Mapping[str, str],
        cards: Mapping[str, str],
        environment: Environment,
        house: HouseWords,
    ) -> None:
        super().__init__(
            window,
            self.tr("Charging no-shows"),
            strip=self.tr("No-show charges"),
            environment=environment,
            width=_WIDTH,
            closable=False,
        )
        self._queue, self._house, self._running = queue, house, False
        self._guests = guests
        self.sheet = Sheet(self.tr("Charges of the queue"), self._columns(guests, cards), self._say)
        self.sheet.setFixedHeight(_TABLE)
        self.bar = _Bar()
        self.sums = Text("", "small", "text.secondary")
        head = QHBoxLayout()
        head.addWidget(self.sums)
        head.addWidget(self.bar, 1)
        self.message = Message(Tone.ACCENT)
        self.body.addLayout(head)
        self.body.addWidget(self.sheet)
        self.body.addWidget(self.message)
        self.set_reference(queue.plan.id[:8])
        self.export_button = self.add_left_action(Button(self.tr("As CSV…"), size=ButtonSize.ACTION))
        self.stop_button = self.add_action(
            Button(self.tr("Stop after this one"), ButtonKind.DANGER_OUTLINE, size=ButtonSize.ACTION)
        )
        self.go_button = self.add_action(Button(self.tr("Go on"), ButtonKind.PRIMARY, size=ButtonSize.ACTION))
        self.pause_button = self.add_action(Button(self.tr("Pause"), size=ButtonSize.ACTION))
        self.hide_button = self.add_action(Button(self.tr("Hide"), size=ButtonSize.ACTION, key="Esc"))
        self.stop_button.clicked.connect(self.stop_requested)
        self.go_button.clicked.connect(self.go_on_requested)
        self.pause_button.clicked.connect(self.pause_requested)
        self.export_button.clicked.connect(self.export_requested)
        self.hide_button.clicked.connect(self.left)
        self.hidden_by_key.connect(self.left)
        self.show_queue(running=False)

    def _columns(self, guests: Mapping[str, str], cards: Mapping[str, str]) -> list[Column[RowNews]]:
        return [
            Column(
                head=self.tr("Guest"),
                words=lambda news: guests.get(news.row.customer_id, news.row.customer_id),
                width=190,
                look=Look.STRONG,
            ),
            Column(head=self.tr("Why"), words=lambda news: why_words(news.row.why), width=110, look=Look.QUIET),
            Column(head=self.tr("Card"), words=lambda news: cards.get(news.row.credit_card_id, ""), width=160),
            Column(
                head=self.tr("Amount"),
                words=lambda news: self._house.money.show(news.row.amount),
                width=100,
                look=Look.AMOUNT,
                struck=lambda news: news.state in _NOT_MOVED,
            ),
            Column(head=self.tr("State"), words=lambda news: row_chip(news).words, width=146, chip=row_chip),
            Column(head=self.tr("What happened"), words=row_words, look=Look.QUIET),
        ]

    def _say(self, news: RowNews) -> str:
        guest = self._guests.get(news.row.customer_id, "")
        return f"{guest}, {self._house.money.say(news.row.amount)}, {row_chip(news).words}. {row_words(news)}"

    def show_queue(self, *, running: bool, problem: ErrorWords | None = None) -> None:
        """Show where the queue stands.

        Args:
            running: True while it is carried out.
            problem: why it broke off.
        """
        self._running = running
        rows = self._queue.rows
        if self.sheet.rows.rowCount() != len(rows):
            self.sheet.show_rows(rows)
        for at, news in enumerate(rows):
            if self.sheet.rows.row(at) != news:
                self.sheet.rows.put(at, news)
        done = sum(news.state.ended for news in rows)
        over = not running and done == len(rows)
        self.set_title(
            self.tr("All {count} charges are over").format(count=len(rows))
            if over
            else self.tr("Charging no-shows: {done} of {count} done").format(done=done, count=len(rows)),
        )
        self.bar.show_done(done / len(rows))
        charged = [news.row.amount for news in rows if news.state in {RowState.CHARGED, RowState.UNDER_WAY}]
        to_go = [news.row.amount for news in rows if not news.state.ended]
        told = self.tr("{charged} charged · {to_go} to go")
        self.sums.setText(told.format(charged=self._sum(charged), to_go=self._sum(to_go)))
        self._show_buttons(over=over)
        self._show_note(problem, over=over)

    def _show_buttons(self, *, over: bool) -> None:
        halted = not self._running or self._queue.paused or self._holds
        self.go_button.setVisible(halted and not over)
        self.pause_button.setVisible(self._running and not self._queue.paused)
        self.stop_button.setVisible(not over)
        self.stop_button.setEnabled(not self._queue.stopping)
        self.go_button.set_label(self.tr("Go on with the others") if self._holds else self.tr("Go on"))

    def _show_note(self, problem: ErrorWords | None, *, over: bool) -> None:
        if problem is not None:
            self.message.say(Tone.DANGER, problem.sentence, problem.remedy)
        elif self._holds:
            self.message.say(
                Tone.UNKNOWN,
                self.tr("Mews did not answer for one guest."),
                self.tr(
                    "The queue holds there and the rest stays untouched. DeskPay is checking and never charges again."
                ),
            )
        elif over:
            self.message.say(Tone.SUCCESS, self.tr("The queue is over."), self.tr("Each row says what came of it."))
        elif not self._running:
            self.message.say(
                Tone.WARNING,
                self.tr("This queue is not over."),
                self.tr("It goes on exactly where it was; what is done is not done again."),
            )
        else:
            self.message.say(
                Tone.ACCENT,
                self.tr("The charge in progress is always finished."),
                self.tr("If Mews does not answer, the queue holds at that guest and the rest stays untouched."),
                icon="shield-check",
            )

    @property
    def _holds(self) -> bool:
        return self._running and any(news.state is RowState.NOT_KNOWN for news in self._queue.rows)

    def _sum(self, amounts: list[Money]) -> str:
        sums = totals_by_currency(amounts) or ()
        return " + ".join(self._house.money.show(amount) for amount in sums) or "0"

    def finish(self) -> None:
        """Close the dialog."""
        self.done(int(self.DialogCode.Accepted))
        self.deleteLater()
