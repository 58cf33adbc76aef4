"""Two people say what nobody can prove: which entry in Mews it is, or that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.adoption import Candidate, Sight
from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field
from deskpay.domain.intent import Intent
from deskpay.domain.operator import Operator
from deskpay.domain.payment import Payment
from deskpay.domain.policy import Decision, Found, NothingThere
from deskpay.ui.ask import Asking
from deskpay.ui.components import field as fields
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.components.radio_cards import RadioCard, RadioCards
from deskpay.ui.components.state_chip import ChipState, Tone, chip_for
from deskpay.ui.components.text import Text
from deskpay.ui.components.tick import Tick
from deskpay.ui.payments.act_words import act_words
from deskpay.ui.payments.parts import PaymentBox
from deskpay.ui.present_error import quoted
from deskpay.ui.staff.signature import SecretField, Signature
from deskpay.ui.staff.words import role_words, secret_words
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords

_NONE = "none"


@dataclass(frozen=True, slots=True)
class Decided:
    """What two people said.

    Args:
        decision: which entry, or none.
        reason: why.
        second: who decides together with whoever is at the desk.
        looked_in_mews: True where they looked at the guest's account themselves.
    """

    decision: Decision
    reason: str
    second: Signature
    looked_in_mews: bool


class DecideDialog(Asking[Decided]):
    """Asks two people what became of an act.

    Args:
        window: the window it belongs to.
        environment: where it was sent.
        about: name, room and number of the guest.
        intent: the act.
        operator: who is at the desk.
        people: who may be the second person.
        dates: how days and hours are written.
        money: how amounts are written.
        hint: what a trainee has to know; empty outside training.
    """

    def __init__(
        self,
        window: QWidget,
        environment: Environment,
        about: str,
        intent: Intent,
        operator: Operator,
        people: Sequence[Operator],
        dates: DateWords,
        money: MoneyWords | None = None,
        hint: str = "",
    ) -> None:
        self._money = money or MoneyWords()
        act = act_words(intent, self._money)
        super().__init__(
            window, self.tr("Decide what became of this"), about, strip=act.strip, environment=environment, width=640
        )
        self._dates = dates
        self._may_deny = False
        self._candidates: tuple[Candidate, ...] = ()
        self.set_result(Tone.UNKNOWN, "user-check")
        self.set_reference(intent.reference)
        self.body.addWidget(PaymentBox(act.badge, act.what, (), chip_for(ChipState.NOT_KNOWN)))
        self.body.addWidget(Text(self.tr("What is in Mews?"), "body", weight=600))
        self.choice = RadioCards(two_lines=True, name=self.tr("What is in Mews?"))
        self.choice.chosen.connect(lambda _key: self.revise())
        self.body.addWidget(self.choice)
        self.looked = Tick(self.tr("I looked at the guest's account in Mews"))
        self.looked.toggled.connect(lambda _on: self.revise())
        self.body.addWidget(self.looked, 0, Qt.AlignmentFlag.AlignLeft)
        self._ask_second(operator, people, hint)
        self.why = fields.Field(self.tr("Why is that so?"), aux=self.tr("Required, kept in the journal"))
        self.body.addWidget(self.why)
        self.register(Field.REASON, self.why, self.why.edited)
        self.add_cancel(self.tr("Keep checking"))
        self.set_confirm(self.tr("Decide"))
        self.show_sight(Sight.nothing(), intent.drafted_utc, may_deny=False)

    def _ask_second(self, operator: Operator, people: Sequence[Operator], hint: str) -> None:
        self._people = {person.id: person for person in people}
        first = self.tr("{name} decides together with a second person.").format(name=operator.name)
        self.body.addWidget(Text(first, "body", "text.secondary", wrap=True))
        names = [("", self.tr("Choose…")), *((p.id, f"{p.name}, {role_words(p.role)}") for p in people)]
        self.second = fields.ChoiceField(self.tr("Second person"), names)
        self.second.chosen.connect(lambda _id: self._on_chosen())
        self.secret = SecretField(hint=hint)
        row = QHBoxLayout()
        row.setSpacing(12)
        for part in (self.second, self.secret):
            row.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.register(Field.SECRET, self.secret, self.secret.edited)
        if not people:
            lead = self.tr("Nobody can decide here yet.")
            text = self.tr("It takes two people, one of them a supervisor. Ask a manager to add them.")
            self.body.addWidget(Message(Tone.WARNING, lead, text))

    def _on_chosen(self) -> None:
        person = self._people.get(self.second.current())
        self.secret.set_label(secret_words(by_password=person is not None and person.by_password))
        self.secret.set_text("")
        self.revise()

    def show_sight(self, sight: Sight, now_utc: datetime, *, may_deny: bool) -> None:
        """Offer what the books show now.

        Args:
            sight: of the latest look.
            now_utc: when that was.
            may_deny: True once looks have found no proof long enough to say that nothing was done.
        """
        self._candidates = sight.candidates
        self._may_deny = may_deny and not any(candidate.ours for candidate in sight.candidates)
        none_words = self.tr("None of these") if sight.candidates else self.tr("Nothing was done")
        cards = [self._offer(candidate, now_utc) for candidate in sight.candidates]
        too_early = "" if self._may_deny else self.tr("Not possible yet")
        cards.append(RadioCard(_NONE, "icon:ban", none_words, self.tr("The guest is free to pay again"), "", too_early))
        self.choice.set_cards(cards)
        self.choice.set_current("")
        self.revise()

    def _offer(self, candidate: Candidate, now_utc: datetime) -> RadioCard:
        if candidate.card is not None:
            saved = self._dates.moment(candidate.card.created_utc, now_utc)
            return RadioCard(candidate.id, badge_for(candidate.card.brand), candidate.card.label, saved)
        row = candidate.payment or candidate.request
        if row is None:
            raise AssertionError("a candidate is a payment, a card or a request to pay")
        bears = self.tr("bears DeskPay's reference") if candidate.ours else self.tr("made by another hand")
        told = [self._dates.moment(row.created_utc, now_utc), bears]
        if row.notes:
            told.append(quoted(row.notes))
        amount = row.original_amount if isinstance(row, Payment) else row.amount
        return RadioCard(candidate.id, "icon:history", self._money.show(amount), " · ".join(told))

    @override
    def focus_first(self) -> None:
        self.looked.setFocus()

    @override
    def compose(self) -> Decided | None:
        chosen, second = self.choice.current(), self.second.current()
        if not self._people:
            self.hold(self.tr("Nobody else works here who may decide."))
            return None
        if not chosen:
            self.hold(self.tr("Choose what is in Mews."))
        elif not self.looked.isChecked():
            self.hold(self.tr("Look at the guest's account in Mews, then tick it."))
        elif not second:
            self.hold(self.tr("Choose the second person."))
        secret = self.read(Field.SECRET, self.secret.read)
        reason = self.read(Field.REASON, lambda: check_text(self.why.text(), Field.REASON, required=True))
        if not (chosen and self.looked.isChecked() and second) or secret is None or reason is None:
            return None
        seen = frozenset(candidate.id for candidate in self._candidates)
        decision = NothingThere(seen) if chosen == _NONE else Found(chosen)
        return Decided(decision, reason, Signature(second, secret), looked_in_mews=True)
