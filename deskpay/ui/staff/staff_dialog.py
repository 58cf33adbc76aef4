"""Who works here: a manager adds people, gives roles and new PINs, and ends somebody's work; others renew their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.operator import Operator, Role
from deskpay.domain.secret import check_secret
from deskpay.ui.ask import Asking
from deskpay.ui.components import field as fields
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.segments import Segments
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.components.tick import Tick
from deskpay.ui.staff.signature import SecretField
from deskpay.ui.staff.words import role_words, secret_words

_NEW = "new"
_PASSWORD, _PIN = "password", "pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffOrder:
    """What is to be done with one person.

    Args:
        operator_id: whose account; empty for somebody new.
        name: of somebody new.
        role: theirs from now on.
        active: False ends their work here.
        secret: their new PIN or password; empty leaves it.
        by_password: which of the two.
        account: of the operating system, by which they are known.
    """

    operator_id: str
    name: str
    role: Role
    active: bool
    secret: str = field(repr=False)
    by_password: bool
    account: str = ""


class StaffDialog(Asking[StaffOrder]):
    """Asks what is to be done.

    Args:
        window: the window it belongs to.
        environment: of the hotel.
        operator: who is at the desk.
        people: who works here.
        manages: True where they may change others.
        by_account: True where people may be known by their account of the computer.
        told: what was done last; may be empty.
    """

    def __init__(
        self,
        window: QWidget,
        environment: Environment,
        operator: Operator,
        people: Sequence[Operator],
        *,
        manages: bool,
        by_account: bool = False,
        told: str = "",
    ) -> None:
        title = self.tr("Who works here") if manages else self.tr("Your PIN or password")
        super().__init__(window, title, told or operator.name, strip=self.tr("People"), environment=environment)
        self.set_result(Tone.NEUTRAL, "users")
        self._operator = operator
        self._people = {person.id: person for person in people} | {operator.id: operator}
        listed = [(p.id, f"{p.name}, {role_words(p.role)}") for p in self._people.values()]
        self.who = fields.ChoiceField(
            self.tr("Person"), [(_NEW, self.tr("Somebody new")), *listed] if manages else [(operator.id, operator.name)]
        )
        self.name = fields.Field(self.tr("Name"), hint=self.tr("As it stands in the journal beside every payment"))
        self.role = fields.ChoiceField(self.tr("Role"), [(role.value, role_words(role)) for role in Role])
        self.account = fields.Field(
            self.tr("Account of this computer"),
            aux=self.tr("Optional"),
            hint=self.tr("One that nobody else uses. Windows calls it DOMAIN\\name."),
        )
        self._by_account = manages and by_account
        self.ended = Tick(self.tr("No longer works here"))
        self.kind = Segments(
            ((_PIN, secret_words(by_password=False), ""), (_PASSWORD, secret_words(by_password=True), "")),
            name=self.tr("How they sign in"),
        )
        self.secret, self.again = SecretField(), SecretField()
        self._build()
        self.add_cancel(self.tr("Done"))
        self.set_confirm(self.tr("Save"))
        self._on_chosen()

    def _build(self) -> None:
        pair = QHBoxLayout()
        pair.setSpacing(16)
        for line in (self.secret, self.again):
            pair.addWidget(line, 1, Qt.AlignmentFlag.AlignTop)
        for part in (self.who, self.name, self.role, self.account, self.ended):
            self.body.addWidget(part)
        self.body.addWidget(Text(self.tr("A new PIN or password"), "body", weight=600))
        self.body.addWidget(self.kind)
        self.body.addLayout(pair)
        self.who.chosen.connect(lambda _id: self._on_chosen())
        self.role.chosen.connect(lambda _role: self.revise())
        self.ended.toggled.connect(lambda _on: self.revise())
        self.kind.chosen.connect(lambda _kind: self._on_kind())
        self.register(Field.NAME, self.name, self.name.edited)
        self.register(Field.ACCOUNT, self.account, self.account.edited)
        self.register(Field.SECRET, self.secret, self.secret.edited)
        self.again.edited.connect(lambda _text: self.revise())

    @property
    def _chosen(self) -> Operator | None:
        return self._people.get(self.who.current())

    def _on_chosen(self) -> None:
        person = self._chosen
        own = person is not None and person.id == self._operator.id
        self.name.setVisible(person is None)
        self.role.setVisible(not own)
        self.ended.setVisible(person is not None and not own)
        self.ended.setChecked(False)
        self.account.setVisible(self._by_account and person is not None)
        self.account.set_text("" if person is None else person.account)
        if person is not None:
            self.role.set_current(person.role.value)
            self.kind.set_current(_PASSWORD if person.by_password else _PIN)
        self._on_kind()

    def _on_kind(self) -> None:
        by_password = self.kind.current() == _PASSWORD
        at_least, digits = self.tr("At least 12 characters"), self.tr("Six digits that nobody guesses")
        self.secret.set_label(secret_words(by_password=by_password))
        self.secret.set_hint(at_least if by_password else digits)
        self.again.set_label(self.tr("The same once more"))
        for line in (self.secret, self.again):
            line.set_text("")
        self.untouch(Field.SECRET)

    @override
    def focus_first(self) -> None:
        self.who.editor.setFocus()

    @override
    def compose(self) -> StaffOrder | None:
        person, by_password = self._chosen, self.kind.current() == _PASSWORD
        name = "" if person is not None else self.read(Field.NAME, self._new_name)
        secret = self.read(Field.SECRET, lambda: self._new_secret(by_password=by_password, needed=person is None))
        account = self.read(Field.ACCOUNT, lambda: check_text(self.account.text(), Field.ACCOUNT).strip())
        if name is None or secret is None or account is None:
            return None
        role = Role(self.role.current())
        order = StaffOrder(
            operator_id="" if person is None else person.id,
            name=name,
            role=role,
            active=not self.ended.isChecked(),
            secret=secret,
            by_password=by_password,
            account=account,
        )
        same = person is not None and (order.role, order.account) == (person.role, person.account)
        if same and not secret and order.active:
            self.hold(self.tr("Nothing is changed yet."))
            return None
        return order

    def _new_name(self) -> str:
        return check_text(self.name.text(), Field.NAME, required=True)

    def _new_secret(self, *, by_password: bool, needed: bool) -> str:
        typed = self.secret.text()
        if not typed and not self.again.text() and not needed:
            return ""
        secret = check_secret(typed, by_password=by_password)
        if self.again.text() != secret:
            raise InputRefused(Field.SECRET, InputProblem.NOT_EQUAL)
        return secret
