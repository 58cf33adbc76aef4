"""Asking what PayMongo is to forget of a guest: one card, or the guest with all of them. Both are for good."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from deskpay.ui.ask import Asking
from deskpay.ui.components.button import ButtonKind
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.components.radio_cards import RadioCard, RadioCards
from deskpay.ui.components.state_chip import Tone


class Forget(Enum):
    """What is forgotten."""

    CARD = "card"
    GUEST = "guest"


class ForgetDialog(Asking[Forget]):
    """Asks what to forget.

    Args:
        window: the window it belongs to.
        about: name, room and number of the guest.
        card: the card that may be forgotten alone, in words; empty where none is chosen.
        environment: where it is kept.
    """

    def __init__(self, window: QWidget, about: str, card: str, environment: Environment) -> None:
        title = self.tr("What shall PayMongo forget?")
        super().__init__(window, title, about, strip=self.tr("Forget"), environment=environment)
        reason = "" if card else self.tr("No saved card is chosen")
        self.choice = RadioCards(
            [
                RadioCard(Forget.CARD.value, "icon:credit-card", card or self.tr("One card"), "", "", reason),
                RadioCard(Forget.GUEST.value, "icon:users", self.tr("The guest and all their cards")),
            ],
            name=title,
        )
        self.choice.chosen.connect(lambda _key: self.revise())
        self.body.addWidget(self.choice)
        self.body.addWidget(
            Message(
                Tone.WARNING,
                self.tr("This cannot be undone."),
                self.tr("A card is saved again only by paying with it. What Mews keeps of the guest stays there."),
            )
        )
        self.add_cancel()
        self._named = card
        self.set_confirm(self.tr("Forget"), "", ButtonKind.DANGER_OUTLINE)
        self.revise()

    @override
    def focus_first(self) -> None:
        self.choice.setFocus()

    @override
    def compose(self) -> Forget | None:
        if not self.choice.current():
            return None
        what = Forget(self.choice.current())
        whole = self.tr("Forget the guest at PayMongo")
        label = self.tr("Forget {card}").format(card=self._named) if what is Forget.CARD else whole
        self.set_confirm(label, "", ButtonKind.DANGER_OUTLINE)
        return what
