"""Picking whom to charge, how much, and then looking at just those once more before anything begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.money import Money
from deskpay.domain.night_queue import Candidate, QueueRow, totals_by_currency
from deskpay.ui.ask import Asking
from deskpay.ui.audit.columns import HouseWords
from deskpay.ui.audit.sheet import Column, Look, Sheet
from deskpay.ui.audit.words import obstacle_words, why_words
from deskpay.ui.components import field as fields
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.button import Button, ButtonSize
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.components.tick import Tick

_WIDTH = 960
_TABLE = 300


@dataclass(frozen=True, slots=True)
class Pick:
    """A candidate as picked.

    Args:
        candidate: who.
        amount: how much; nothing at all where it must still be typed.
        ticked: True where it is to be charged.
    """

    candidate: Candidate
    amount: Money
    ticked: bool

    @property
    def can_tick(self) -> bool:
        """True where nothing stands against a charge and there is an amount."""
        return not self.candidate.obstacles and self.amount.positive


def _said(words: str) -> str:
    return QCoreApplication.translate("PickDialog", words)


def queue_row(pick: Pick) -> QueueRow | None:
    """Return the charge that a pick comes to, None where it comes to none."""
    card = pick.candidate.card
    if not pick.ticked or card is None:
        return None
    stay = pick.candidate.stay
    return QueueRow(0, pick.candidate.why, stay.id, stay.customer_id, card.id, pick.amount)


def pick_columns(house: HouseWords, *, boxes: bool) -> list[Column[Pick]]:
    """Return the columns of candidates, with or without boxes."""

    def card(pick: Pick) -> str:
        shown = pick.candidate.card or pick.candidate.kept_elsewhere
        return shown.label if shown is not None else ""

    def badge(pick: Pick) -> str:
        shown = pick.candidate.card or pick.candidate.kept_elsewhere
        return badge_for(shown.brand) if shown is not None else ""

    def amount(pick: Pick) -> str:
        return house.money.show(pick.amount) if pick.amount.positive else ""

    def against(pick: Pick) -> str:
        if pick.candidate.obstacles:
            return obstacle_words(pick.candidate.obstacles[0])
        return "" if pick.amount.positive else _said("Nothing is billed: type the amount")

    head: list[Column[Pick]] = [
        Column(head="", words=lambda _pick: "", width=36, ticked=lambda p: p.ticked if p.can_tick else None)
    ]
    return [
        *(head if boxes else []),
        Column(head=_said("Guest"), words=lambda pick: pick.candidate.customer.full_name, look=Look.STRONG),
        Column(head=_said("Confirmation"), words=lambda pick: pick.candidate.stay.number, width=104, look=Look.QUIET),
        Column(head=_said("Why"), words=lambda pick: why_words(pick.candidate.why), width=116, look=Look.QUIET),
        Column(
            head=_said("Card"), words=card, width=168, badge=badge, greyed=lambda pick: bool(pick.candidate.obstacles)
        ),
        Column(head=_said("Why not"), words=against, width=250, look=Look.QUIET),
        Column(head=_said("Amount"), words=amount, width=100, look=Look.AMOUNT),
    ]


class PickDialog(Asking[tuple[QueueRow, ...]]):
    """Asks whom to charge; the first confirming leads to the review, the second answers.

    Args:
        window: the window it belongs to.
        candidates: who may be charged, and who may not and why.
        day: the business day in words.
        environment: where charges would go.
        house: how the hotel writes amounts.
    """

    def __init__(
        self, window: QWidget, candidates: Sequence[Candidate], day: str, environment: Environment, house: HouseWords
    ) -> None:
        subtitle = self.tr("{day} · cards are charged one at a time, in this order").format(day=day)
        super().__init__(
            window,
            self.tr("No-show and unpaid charges"),
            subtitle,
            strip=self.tr("No-show charges"),
            environment=environment,
            width=_WIDTH,
        )
        self._house = house
        self._reviewing = False
        self._picks = [Pick(c, c.proposed, ticked=not c.obstacles and c.proposed.positive) for c in candidates]
        self._build()
        self.back_button = self.add_action(Button(self.tr("Back to the list"), size=ButtonSize.ACTION))
        self.back_button.clicked.connect(self.show_list)
        self.add_cancel()
        self.set_confirm(self.tr("Review"))
        self.show_list()

    def _build(self) -> None:
        def say(pick: Pick) -> str:
            amount = self._house.money.say(pick.amount) if pick.amount.positive else self.tr("no amount")
            parts = [pick.candidate.customer.full_name, why_words(pick.candidate.why), amount]
            parts += [obstacle_words(obstacle) for obstacle in pick.candidate.obstacles]
            return ", ".join([*parts, self.tr("will be charged")] if pick.ticked else parts)

        self.sheet = Sheet(self.tr("Whom to charge"), pick_columns(self._house, boxes=True), say)
        self.review = Sheet(self.tr("Charges to review"), pick_columns(self._house, boxes=False), say)
        self.amount = fields.Field(self.tr("Amount for the guest marked"))
        self.sure = Tick(self.tr("I have looked at these charges. Each card is charged once."))
        self.totals = Text("", "strong", weight=600)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._page(self.sheet, self.amount))
        self._pages.addWidget(self._page(self.review, self.sure))
        self.body.addWidget(self._pages)
        self.body.addWidget(self.totals)
        self.body.addWidget(
            Message(
                Tone.ACCENT,
                self.tr("Nobody is charged twice."),
                self.tr("If Mews does not answer, the queue holds at that guest until it is known."),
                icon="shield-check",
            )
        )
        self.register(Field.AMOUNT, self.amount, self.amount.edited)
        self.amount.edited.connect(lambda *_: self._on_amount_typed())
        self.sheet.toggled.connect(self.toggle)
        self.sheet.marked.connect(self._show_amount)
        self.sure.toggled.connect(lambda _on: self.revise())
        self.sheet.show_rows(self._picks)

    def _page(self, sheet: Sheet[Pick], below: QWidget) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        sheet.setFixedHeight(_TABLE)
        column.addWidget(sheet)
        column.addWidget(below)
        return page

    def show_list(self) -> None:
        """Go to the first step."""
        self._reviewing = False
        self._show_step()

    def toggle(self, at: int) -> None:
        """Tick or untick a row that can be ticked."""
        pick = self._picks[at]
        if pick.can_tick:
            self._put(at, replace(pick, ticked=not pick.ticked))

    def _put(self, at: int, pick: Pick) -> None:
        self._picks[at] = pick
        self.sheet.rows.put(at, pick)
        self.revise()

    def _marked(self) -> int:
        chosen = self.sheet.selectionModel().selectedRows()
        return chosen[0].row() if chosen else -1

    def _show_amount(self) -> None:
        at = self._marked()
        pick = self._picks[at] if at >= 0 else None
        self.amount.setEnabled(pick is not None and not pick.candidate.obstacles)
        shown = self._house.money.figures(pick.amount) if pick is not None and pick.amount.positive else ""
        self.amount.set_text(shown)
        self.amount.set_error("")

    def _typed(self, currency_of: Money) -> Money:
        amount = self._house.money.parse(self.amount.text(), currency_of.currency)
        if not amount.positive:
            raise InputRefused(Field.AMOUNT, InputProblem.ZERO)
        return amount

    def _on_amount_typed(self) -> None:
        at = self._marked()
        if at < 0:
            return
        pick = self._picks[at]
        amount = self.read(Field.AMOUNT, lambda: self._typed(pick.amount))
        nothing = Money.zero(pick.amount.currency)
        changed = replace(pick, amount=amount or nothing)
        self._put(at, replace(changed, ticked=changed.can_tick and (pick.ticked or not pick.amount.positive)))

    def _show_step(self) -> None:
        self._pages.setCurrentIndex(1 if self._reviewing else 0)
        self.back_button.setVisible(self._reviewing)
        if self._reviewing:
            self.review.show_rows([pick for pick in self._picks if pick.ticked])
            self.sure.setChecked(False)
        self.focus_first()
        self.revise()

    @override
    def focus_first(self) -> None:
        (self.sure if self._reviewing else self.sheet).setFocus()

    @override
    def compose(self) -> tuple[QueueRow, ...] | None:
        rows = tuple(row for pick in self._picks if (row := queue_row(pick)) is not None)
        sums = " + ".join(self._house.money.show(amount) for amount in totals_by_currency(r.amount for r in rows))
        told = self.tr("{count} charges").format(count=len(rows)) if len(rows) != 1 else self.tr("1 charge")
        self.totals.setText(f"{told} · {sums}" if rows else self.tr("Nobody is ticked"))
        label = self.tr("Charge {sums}") if self._reviewing else self.tr("Review {sums}")
        self.set_confirm(label.format(sums=sums).strip())
        if not rows:
            self.hold(self.tr("Tick whom to charge. Space ticks the guest that is marked."))
            return None
        if self._reviewing and not self.sure.isChecked():
            self.hold(self.tr("Look at each charge, then tick the box."))
            return None
        return rows

    @override
    def on_confirmed(self) -> None:
        if self._reviewing:
            super().on_confirmed()
        elif self.revise() is not None:
            self._reviewing = True
            self._show_step()
