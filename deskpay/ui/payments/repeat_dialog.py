"""Asking whether the same money is really to be taken a second time. The safe answer has the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, Repeat
from deskpay.ui.ask import Asking, ConfirmWords
from deskpay.ui.components import field as fields
from deskpay.ui.components.brand_badge import BrandBadge
from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.components.painting import Run, draw_box
from deskpay.ui.components.state_chip import Chip, ChipState, StateChip, Tone, chip_for
from deskpay.ui.components.text import Text
from deskpay.ui.components.tick import Tick
from deskpay.ui.theme import tokens
from deskpay.ui.words.hands import hand_words
from deskpay.ui.words.money import MoneyWords

_WIDTH = 680
_LABEL_WIDTH = 96
_DAY_MINUTES = 120
_MOST_ROWS = 3


class _Row(QWidget):
    """One of the two payments."""

    def __init__(self, label: Text, badge: str, title: str, line: tuple[Run, ...], chip: Chip) -> None:
        super().__init__()
        label.setFixedWidth(_LABEL_WIDTH)
        below = Text("", "small", "text.secondary", wrap=True)
        below.set_runs(*line)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(Text(title, "body", weight=600))
        column.addWidget(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(13, 8, 13, 8)
        row.setSpacing(12)
        row.addWidget(label)
        row.addWidget(BrandBadge(badge))
        row.addLayout(column, 1)
        row.addWidget(StateChip(chip))
        self.setAccessibleName(f"{label.text()}: {title}. {below.text()}. {chip.words}")


class _Pair(QFrame):
    """All of them in one frame, what was taken already above and tinted."""

    def __init__(self, taken: Sequence[_Row], asked: _Row) -> None:
        super().__init__()
        self._taken = taken
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in (*taken, asked):
            column.addWidget(row)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        radius = theme.radius("card")
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        painter.setClipPath(path)
        for row in self._taken:
            painter.fillRect(QRectF(row.geometry()), theme.color("success.bg"))
            painter.fillRect(QRectF(0, row.geometry().bottom(), box.width(), 1), theme.color("border.subtle"))
        painter.setClipping(False)
        draw_box(painter, box, radius, None, theme.color("border.default"))
        painter.end()


class RepeatDialog(Asking[str]):
    """Asks why the same amount is taken again; leaving it means that it is not.

    Args:
        window: the window it belongs to.
        repeats: the payments and requests that were found, newest first.
        words: what was confirmed.
        environment: where it would go.
        money: how amounts are written.
    """

    def __init__(
        self,
        window: QWidget,
        repeats: Sequence[Repeat],
        words: ConfirmWords,
        environment: Environment,
        money: MoneyWords | None = None,
    ) -> None:
        super().__init__(
            window, words.title, words.about, strip=self.tr("Repeat"), environment=environment, width=_WIDTH
        )
        self.set_result(Tone.WARNING, "triangle-alert")
        self._money = money or MoneyWords()
        self._build(repeats, words)
        self.add_left_action(self.set_confirm(words.again, kind=ButtonKind.DANGER_OUTLINE))
        self.leave_button = self.add_action(Button(words.leave, ButtonKind.PRIMARY, size=ButtonSize.ACTION, key="Esc"))
        self.leave_button.clicked.connect(self.reject)
        self.revise()

    def _build(self, repeats: Sequence[Repeat], words: ConfirmWords) -> None:
        asked = _Row(
            Text(self.tr("You asked for"), "small", "warning.text", weight=600),
            words.badge,
            words.what,
            (Run(self.tr("Same guest, similar amount") + " · "), Run(words.reference, mono=True)),
            chip_for(ChipState.NOT_SENT),
        )
        self.body.addWidget(_Pair([self._row(repeat, words.amount) for repeat in repeats[:_MOST_ROWS]], asked))
        if len(repeats) > _MOST_ROWS:
            more = self.tr("And {count} more like these on the guest's account.")
            self.body.addWidget(
                Text(more.format(count=len(repeats) - _MOST_ROWS), "small", "text.secondary", wrap=True)
            )
        self.body.addWidget(
            Message(
                Tone.WARNING,
                self.tr("Nothing was sent yet."),
                self.tr("Going on would take {amount} from this guest once more.").format(amount=words.amount),
            )
        )
        self.body.addWidget(Text(self.tr("Only if this is a second, separate payment"), "body", weight=600))
        self.sure = Tick(self.tr("I checked with the guest: they owe this amount as well"))
        self.why = fields.Field(
            words.question,
            aux=self.tr("Required, kept in the journal"),
            placeholder=self.tr("For example: second room, 215"),
        )
        self.body.addWidget(self.sure, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.why)
        self.register(Field.REASON, self.why, self.why.edited)
        self.sure.toggled.connect(lambda _on: self.revise())

    def _row(self, repeat: Repeat, amount: str) -> _Row:
        """One of the findings: what it is, when, by whom, and whether its money is there."""
        shown = self._money.show(repeat.amount) if repeat.amount is not None else amount
        if repeat.open_request:
            label, title = self.tr("Already asked"), self.tr("{amount} asked for, may be paid at any moment")
            chip = chip_for(ChipState.WAITING_FOR_GUEST)
        else:
            label, title = self.tr("Already taken"), self.tr("{amount} from the same guest")
            chip = Chip(self.tr("On the account"), Tone.SUCCESS, "circle-check")
            if not repeat.final:
                chip = Chip(self.tr("Pending"), Tone.WARNING, "hourglass")
        line = [Run(self._ago(repeat.minutes_ago)), Run(" · " + self._who(repeat))]
        if not repeat.same_guest:
            line.append(Run(" · " + self.tr("another guest of this stay")))
        if repeat.reference:
            line += [Run(" · "), Run(repeat.reference, mono=True)]
        return _Row(
            Text(label, "small", "success.text", weight=600),
            "icon:link" if repeat.open_request else "icon:history",
            title.format(amount=shown),
            tuple(line),
            chip,
        )

    def _who(self, repeat: Repeat) -> str:
        return repeat.operator or hand_words(repeat.hand)

    def _ago(self, minutes: int) -> str:
        if minutes < 1:
            return self.tr("Less than a minute ago")
        if minutes == 1:
            return self.tr("1 minute ago")
        if minutes < _DAY_MINUTES:
            return self.tr("{count} minutes ago").format(count=minutes)
        return self.tr("{count} hours ago").format(count=minutes // 60)

    @override
    def focus_first(self) -> None:
        self.leave_button.setFocus()

    @override
    def compose(self) -> str | None:
        if not self.sure.isChecked():
            self.hold(self.tr("Tick the box and say why, only if it is a second payment."))
        reason = self.read(Field.REASON, lambda: check_text(self.why.text(), Field.REASON, required=True))
        return reason if self.sure.isChecked() else None
