"""What the guest gets, as far as it can be known before, and what comes afterwards."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from deskpay.domain.money import Money
from deskpay.domain.payment_request import LinkTerms
from deskpay.ui.components.painting import draw_box
from deskpay.ui.components.text import Text
from deskpay.ui.components.timeline import Step, StepState, Timeline
from deskpay.ui.payments.wording import GuestWords
from deskpay.ui.theme import tokens
from deskpay.ui.words.guest_language import GuestLanguage


class _Paper(QFrame):
    """The sunken ground on which the guest's view lies."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        draw_box(
            painter,
            QRectF(self.rect()),
            theme.radius("card"),
            theme.color("bg.window"),
            theme.color("border.default"),
        )
        painter.end()


class AskPreview(QWidget):
    """The right half of the form.

    Args:
        words: of the guest.
    """

    def __init__(self, words: GuestWords) -> None:
        super().__init__()
        self._words = words
        self._by = Text("", "small", "text.tertiary")
        head = QHBoxLayout()
        head.addWidget(Text(self.tr("What the guest gets"), "small", "text.secondary", weight=500))
        head.addStretch(1)
        head.addWidget(self._by)
        self._title = Text("", "body", weight=600, wrap=True)
        self._text = Text("", "body", "text.secondary", wrap=True)
        self._until = Text("", "small", "text.tertiary", wrap=True)
        paper = _Paper()
        inside = QVBoxLayout(paper)
        inside.setContentsMargins(15, 12, 15, 12)
        inside.setSpacing(8)
        inside.addWidget(Text(words.file.hotel.name, "small", "text.tertiary"))
        for part in (self._title, self._text, self._until):
            inside.addWidget(part)
        self._steps = Timeline()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(paper)
        column.addSpacing(8)
        column.addWidget(self._steps)
        column.addStretch(1)

    def show_link(self, amount: Money | None, link: LinkTerms | None, language: GuestLanguage) -> None:
        """Show the mail that the property system sends, as far as it is ours to write."""
        shown = language.money(amount) if amount is not None else ""
        self._by.setText(self.tr("Sent by Mews"))
        self._title.setText(language.say("pay", amount=shown) if shown else "")
        self._text.setText(link.description if link is not None else "")
        until = language.moment(link.expires_utc, self._words.file.hotel.zone) if link is not None else ""
        self._until.setText(language.say("works_until", until=until) if until else "")
        self._tell(
            self.tr("Waiting for the guest"),
            self.tr("Paid: appears under Payments"),
            self.tr("Or expires, nothing is taken"),
        )

    def show_code(self, amount: Money | None, method: str) -> None:
        """Show that a code comes on the screen."""
        self._by.setText(self.tr("On screen"))
        self._title.setText(f"{method} {self._words.show(amount)}" if amount is not None else method)
        self._text.setText(self.tr("A code that the guest scans with a phone and confirms in their bank's app."))
        self._until.setText(self.tr("It can be shown on a second screen that faces the guest."))
        self._tell(
            self.tr("The code is shown"),
            self.tr("Paid: Mews says “Charged”"),
            self.tr("Or it ends, nothing is taken"),
        )

    def show_terminal(self, amount: Money | None, terminal: str) -> None:
        """Show that the terminal asks for a card."""
        self._by.setText(terminal)
        self._title.setText(self._words.show(amount) if amount is not None else "")
        self._text.setText(self.tr("The terminal shows the amount and asks for a card."))
        self._until.setText("")
        self._tell(
            self.tr("The terminal asks for a card"),
            self.tr("Paid: appears under Payments"),
            self.tr("Or it is cancelled, nothing is taken"),
        )

    def _tell(self, *words: str) -> None:
        self._steps.set_steps([Step(said, StepState.LATER) for said in words])
        for part in (self._title, self._text, self._until):
            part.setVisible(bool(part.text()))
