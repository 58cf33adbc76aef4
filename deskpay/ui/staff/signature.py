"""What a second person gives in a dialog: who they are, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtWidgets import QLineEdit

from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.ui.components import field as fields
from deskpay.ui.staff.words import secret_words


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, and what they typed to prove it.

    Args:
        operator_id: who.
        secret: PIN or password.
    """

    operator_id: str
    secret: str = field(repr=False)


class SecretField(fields.Field):
    """A line for a PIN or password, shown as dots.

    Args:
        by_password: what it asks for.
        hint: what helps who does not know it.
    """

    def __init__(self, *, by_password: bool = False, hint: str = "") -> None:
        super().__init__(secret_words(by_password=by_password), hint=hint)
        self.editor.setEchoMode(QLineEdit.EchoMode.Password)

    def read(self) -> str:
        """Return what was typed.

        Raises:
            InputRefused: nothing was.
        """
        if not self.text():
            raise InputRefused(Field.SECRET, InputProblem.EMPTY)
        return self.text()
