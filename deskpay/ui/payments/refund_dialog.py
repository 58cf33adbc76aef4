"""Asking which payment to give back, how much of it, and why."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.money import Money
from deskpay.domain.payment import NotRefundable, Payment, PaymentMethod
from deskpay.services.read_guest import GuestFile
from deskpay.services.refund_payment import RefundOrder
from deskpay.ui.ask import Asking
from deskpay.ui.components import field as fields
from deskpay.ui.components.amount_field import AmountField
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import ChoiceField, Labelled
from deskpay.ui.components.message import Message
from deskpay.ui.components.painting import Run
from deskpay.ui.components.radio_cards import RadioCard, RadioCards
from deskpay.ui.components.segments import Segments
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.payments.wording import GuestWords, spoken_card
from deskpay.ui.theme import tokens

_WIDTH = 860
_PAYMENTS_WIDTH = 384
_ALL, _PART = "all", "part"
_OTHER = "other"


class _Share(QWidget):
    """How much of a payment was given back, is given back now, and is left: three parts of one bar."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._before = self._now = 0.0

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, 10)

    def tell(self, before: float, now: float) -> None:
        """Show two shares of the whole, each from 0 to 1."""
        self._before, self._now = before, now
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = tokens()
        box = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(box, 3, 3)
        painter.setClipPath(path)
        painter.fillRect(box, theme.color("bg.sunken"))
        before = box.width() * self._before
        if before:
            painter.fillRect(QRectF(0, 0, before, box.height()), theme.color("border.control"))
        start = before + 2 if before else 0.0
        if self._now:
            painter.fillRect(QRectF(start, 0, box.width() * self._now, box.height()), theme.color("accent.fill"))
        painter.end()


class RefundDialog(Asking[RefundOrder]):
    """Asks for a refund.

    Args:
        window: the window it belongs to.
        file: the guest, as read just before.
        environment: where the refund would go.
        reference: drawn for this form.
        room: the room's name; empty where there is none.
        payment_id: the payment to start with, where it can be given back.
    """

    def __init__(
        self,
        window: QWidget,
        file: GuestFile,
        environment: Environment,
        reference: str,
        room: str = "",
        payment_id: str | None = None,
    ) -> None:
        self._words = GuestWords(file, room)
        super().__init__(
            window,
            self.tr("Refund a payment"),
            self._words.about,
            strip=self.tr("Refund"),
            environment=environment,
            width=_WIDTH,
        )
        self._file = file
        self._payments = {payment.id: payment for payment in file.payments}
        self._build(payment_id)
        self.set_reference(reference)
        self.set_note(self.tr("On the guest's card in 3 to 5 working days"))
        self.add_cancel()
        self.set_confirm(self.tr("Refund"))
        self._start_with_all()
        self.revise()

    # Building

    def _build(self, payment_id: str | None) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addWidget(self._build_payments(payment_id))
        columns.addLayout(self._build_form(), 1)
        self.body.addLayout(columns)
        self.register(Field.PAYMENT, self.payment_field, self.payments.chosen)
        self.register(Field.AMOUNT, self.amount, self.amount.edited)
        self.register(Field.REASON, self.story, self.story.edited)
        self.payments.chosen.connect(lambda _key: self._start_with_all())
        self.share_choice.chosen.connect(self._on_share_chosen)
        self.cause.chosen.connect(lambda _key: self.touch(Field.REASON))

    def _build_payments(self, payment_id: str | None) -> QWidget:
        rows = [row for payment in self._file.payments if (row := self._row(payment)) is not None]
        self.payments = RadioCards(rows, two_lines=True)
        usable = [row.key for row in rows if not row.reason]
        if payment_id in usable:
            self.payments.set_current(payment_id or "")
        self.payment_field = Labelled(
            self.tr("Which payment?"),
            self.payments,
            hint=self.tr("Mews refunds only card and alternative payments that it took itself."),
        )
        self.after = Message(Tone.NEUTRAL)
        side = QWidget()
        side.setFixedWidth(_PAYMENTS_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        if not usable:
            column.addWidget(
                Message(
                    Tone.WARNING,
                    self.tr("No payment can be given back from here."),
                    self.tr("Give the money back the way it came."),
                )
            )
        column.addWidget(self.payment_field)
        column.addWidget(self.after)
        column.addStretch()
        return side

    def _build_form(self) -> QVBoxLayout:
        self.share_choice = Segments(
            [(_ALL, self.tr("All that is left"), ""), (_PART, self.tr("Part of it"), "")],
            tall=True,
            name=self.tr("How much"),
        )
        self.amount = AmountField(self.tr("Refund amount"), self._words.symbol(self._file.hotel.currency))
        self.amount.finished.connect(self._write_out)
        self._share = _Share()
        self._before = Text("", "small", "text.tertiary")
        self._now = Text("", "small", "accent.text", weight=600)
        self._then = Text("", "small", "text.secondary")
        self.cause = ChoiceField(self.tr("Reason"), self._causes(), aux=self.tr("Required, sent to Mews"))
        self.cause.editor.setPlaceholderText(self.tr("Choose a reason"))
        self.cause.editor.setCurrentIndex(-1)
        self.story = fields.Field(
            self.tr("What happened"), placeholder=self.tr("For example: heating failed, one night given back")
        )
        captions = QHBoxLayout()
        captions.addWidget(self._before)
        captions.addStretch()
        captions.addWidget(self._now)
        captions.addStretch()
        captions.addWidget(self._then)
        bar = QVBoxLayout()
        bar.setSpacing(4)
        bar.addWidget(self._share)
        bar.addLayout(captions)
        column = QVBoxLayout()
        column.setSpacing(14)
        column.addWidget(self.share_choice)
        column.addWidget(self.amount)
        column.addLayout(bar)
        column.addWidget(self.cause)
        column.addWidget(self.story)
        column.addStretch()
        return column

    def _causes(self) -> list[tuple[str, str]]:
        return [
            ("room", self.tr("Room problem")),
            ("service", self.tr("Service problem")),
            ("mistake", self.tr("Charged by mistake")),
            ("cancelled", self.tr("Booking cancelled")),
            ("early", self.tr("Left early")),
            (_OTHER, self.tr("Something else")),
        ]

    def _row(self, payment: Payment) -> RadioCard | None:
        left = self._file.refundable(payment)
        problem = self._file.why_not_refundable(payment)
        if problem is NotRefundable.IS_REFUND or not payment.state.live:
            return None
        badge, title = self._words.payment_name(payment)
        taken, dates = payment.charged_utc or payment.created_utc, self._words.dates
        when = dates.moment(taken, self._file.read_utc)
        day = dates.short_day(dates.local(taken).date(), self._words.today)
        why = self._why_not(payment, problem)
        return RadioCard(
            key=payment.id,
            badge=badge,
            title=title,
            subtitle=self.tr("{when} · {amount} left to refund").format(when=when, amount=self._words.show(left)),
            right=self._words.show(payment.original_amount),
            reason=f"{day} · {why}" if why else "",
            right_strong=True,
        )

    def _why_not(self, payment: Payment, problem: NotRefundable | None) -> str:
        match problem:
            case None | NotRefundable.IS_REFUND:
                return ""
            case NotRefundable.NOT_CHARGED:
                return self.tr("not charged yet")
            case NotRefundable.NOTHING_LEFT:
                return self.tr("all of it was given back")
            case NotRefundable.RECORDED if payment.method is PaymentMethod.CREDIT_CARD:
                return self.tr("refund on the terminal")
            case NotRefundable.RECORDED if payment.method is PaymentMethod.CASH or payment.tender == "Cash":
                return self.tr("give it back in cash")
            case NotRefundable.RECORDED:
                return self.tr("give it back the way it came")

    # Asking

    @property
    def _payment(self) -> Payment | None:
        return self._payments.get(self.payments.current())

    @override
    def focus_first(self) -> None:
        self.amount.setFocus()

    @override
    def sentence(self, problem: InputRefused) -> str:
        payment = self._payment
        if problem.field is Field.AMOUNT and problem.problem is InputProblem.MORE_THAN_LEFT and payment is not None:
            left = self._words.show(self._file.refundable(payment))
            return self.tr("This is more than is left. At most {amount} can be given back.").format(amount=left)
        return super().sentence(problem)

    @override
    def compose(self) -> RefundOrder | None:
        payment = self.read(Field.PAYMENT, self._read_payment)
        amount = self.read(Field.AMOUNT, self._read_amount) if payment is not None else None
        reason = self.read(Field.REASON, self._read_reason)
        self._tell(payment, amount)
        if payment is None or amount is None or reason is None:
            return None
        return RefundOrder(
            reference=self.reference,
            customer=self._file.customer,
            payment_id=payment.id,
            amount=amount,
            reason=reason,
        )

    def _read_payment(self) -> Payment:
        payment = self._payment
        if payment is None:
            raise InputRefused(Field.PAYMENT, InputProblem.EMPTY)
        return payment

    def _read_amount(self) -> Money:
        payment = self._read_payment()
        amount = self._words.parse(self.amount.text(), payment.original_amount.currency)
        if amount > self._file.refundable(payment):
            raise InputRefused(Field.AMOUNT, InputProblem.MORE_THAN_LEFT)
        return amount

    def _read_reason(self) -> str:
        cause = self.cause.current()
        story = check_text(self.story.text(), Field.REASON, required=cause in {"", _OTHER})
        if not cause:
            raise InputRefused(Field.REASON, InputProblem.EMPTY)
        if cause == _OTHER:
            return story
        words = self.cause.editor.currentText()
        return check_text(f"{words}: {story}" if story else words, Field.REASON)

    def _start_with_all(self) -> None:
        payment = self._payment
        if payment is None:
            return
        left = self._file.refundable(payment)
        self.share_choice.set_words(_ALL, self.tr("All that is left, {amount}").format(amount=self._words.show(left)))
        self.amount.set_symbol(self._words.symbol(left.currency))
        self.amount.set_aux(self.tr("At most {amount}").format(amount=self._words.show(left)))
        self.amount.set_text(self._words.figures(left))
        self.touch(Field.AMOUNT)

    def _on_share_chosen(self, share: str) -> None:
        if share == _ALL:
            self._start_with_all()
            return
        self.amount.set_text("")
        self.amount.setFocus()
        self.untouch(Field.AMOUNT)

    def _write_out(self) -> None:
        try:
            amount = self._read_amount()
        except InputRefused:
            return
        written = self._words.figures(amount)
        if written != self.amount.text():
            self.amount.set_text(written)

    # Telling

    def _tell(self, payment: Payment | None, amount: Money | None) -> None:
        """Say what would happen: on the button, in the bar and for what is owed."""
        known = payment is not None and amount is not None
        self.after.setVisible(False)
        if payment is None:
            self.set_confirm(self.tr("Refund"))
            return
        whole, left = payment.original_amount, self._file.refundable(payment)
        now = amount or Money.zero(whole.currency)
        self.share_choice.set_current(_ALL if now == left else _PART)
        self._share.tell((whole - left).minor / whole.minor, now.minor / whole.minor)
        words = self._words
        self._before.setText(self.tr("Refunded before {amount}").format(amount=words.show(whole - left)))
        self._now.setText(self.tr("This refund {amount}").format(amount=words.show(now)))
        self._then.setText(self.tr("Then left {amount}").format(amount=words.show(left - now)))
        if not known:
            self.set_confirm(self.tr("Refund"))
            return
        self._tell_owed(now)
        _, name = words.payment_name(payment)
        card = self._file.card_of(payment)
        spoken = spoken_card(card.brand, card.last_four) if card is not None else name
        label = self.tr("Refund {amount} to {card}")
        self.set_confirm(
            label.format(amount=words.show(now), card=name), label.format(amount=words.say(now), card=spoken)
        )

    def _tell_owed(self, refund: Money) -> None:
        if refund.currency != self._file.balance.currency:
            return
        owed = self._file.balance + refund
        if owed.minor < 0:
            return
        sentence = self.tr(
            "After this refund the guest owes {amount}. "
            "If they should not pay for it, take it off the bill in Mews first."
        )
        before, _, behind = sentence.partition("{amount}")
        self.after.say_runs(Tone.NEUTRAL, Run(before), Run(self._words.show(owed), 600), Run(behind))
        self.after.setVisible(True)
