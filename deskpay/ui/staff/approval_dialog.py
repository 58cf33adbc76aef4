"""A second person approves what goes beyond the first one's limit, in place, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.errors import Field, NeedsApproval
from deskpay.domain.operator import Operator
from deskpay.ui.ask import Asking, ConfirmWords
from deskpay.ui.components import field as fields
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.painting import Run
from deskpay.ui.components.state_chip import ChipState, Tone, chip_for
from deskpay.ui.components.text import Text
from deskpay.ui.payments.parts import PaymentBox
from deskpay.ui.staff.signature import SecretField, Signature
from deskpay.ui.staff.words import right_words, role_words, secret_words
from deskpay.ui.words.money import MoneyWords

_WIDTH = 560


class ApprovalDialog(Asking[Signature]):
    """Asks a second person.

    Args:
        window: the window it belongs to.
        environment: where the act would go.
        problem: what it goes beyond.
        words: what was confirmed.
        confirm: the button that does it.
        people: who may approve it.
        hint: what a trainee has to know; empty outside training.
    """

    def __init__(
        self,
        window: QWidget,
        environment: Environment,
        problem: NeedsApproval,
        words: ConfirmWords,
        confirm: str,
        people: Sequence[Operator],
        hint: str = "",
    ) -> None:
        title, need = self.tr("Approval by a second person"), problem.need
        super().__init__(
            window,
            title,
            self.tr("{name} asks: {what}").format(name=need.operator, what=words.what),
            strip=self.tr("Approval"),
            environment=environment,
            width=_WIDTH,
        )
        self.set_result(Tone.NEUTRAL, "user-check")
        self.set_reference(need.reference)
        self._people = {person.id: person for person in people}
        badge = words.badge or "icon:user-check"
        self.body.addWidget(PaymentBox(badge, words.what, (Run(words.about),), chip_for(ChipState.NOT_SENT)))
        self.body.addWidget(Text(self._why(problem), "body", "text.secondary", wrap=True))
        names = [(person.id, f"{person.name}, {role_words(person.role)}") for person in people]
        self.who = fields.ChoiceField(self.tr("Who approves"), names)
        self.who.set_hint(self.tr("Must not be the person asking"))
        self.who.chosen.connect(lambda _key: self._on_chosen())
        self.secret = SecretField(hint=hint)
        row = QHBoxLayout()
        row.setSpacing(16)
        for part in (self.who, self.secret):
            row.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        kept = self.tr("Both names are kept in the journal. Five wrong PINs lock the account for 30 minutes.")
        self.body.addWidget(Text(kept, "small", "text.tertiary", wrap=True))
        self.register(Field.SECRET, self.secret, self.secret.edited)
        self.add_cancel(self.tr("Back"))
        self.set_confirm(confirm)
        self._on_chosen()

    def _why(self, problem: NeedsApproval) -> str:
        if problem.limit is not None:
            beyond = self.tr("This is more than {limit}, which {name} may do alone.")
            return beyond.format(limit=MoneyWords().show(problem.limit), name=problem.need.operator)
        rights = sorted(right.value for right in problem.need.rights)
        what = next(right_words(right) for right in problem.need.rights if right.value == rights[-1])
        return self.tr("{name} may not {what} alone.").format(name=problem.need.operator, what=what)

    def _on_chosen(self) -> None:
        person = self._people.get(self.who.current())
        self.secret.set_label(secret_words(by_password=person is not None and person.by_password))
        self.secret.set_text("")
        self.revise()

    @override
    def focus_first(self) -> None:
        self.secret.editor.setFocus()

    @override
    def compose(self) -> Signature | None:
        if not self._people:
            self.hold(self.tr("Nobody who works here may approve this. Ask a manager."))
            return None
        secret = self.read(Field.SECRET, self.secret.read)
        return None if secret is None else Signature(self.who.current(), secret)
