"""One request to pay: what was asked, how far the guest has come, and the way to withdraw it while it is open."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from deskpay.domain.payment_request import PaymentRequest
from deskpay.ui.ask import Asking
from deskpay.ui.components.button import ButtonKind
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.components.painting import Run
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.payments.link_words import link_chip, link_line
from deskpay.ui.payments.parts import PaymentBox
from deskpay.ui.payments.wording import GuestWords
from deskpay.ui.present_error import quoted


class LinkDialog(Asking[str]):
    """Shows a request, and asks whether to withdraw it.

    Args:
        window: the window it belongs to.
        request: as read just before.
        words: of the guest.
        environment: where it is.
        now_utc: by the property system's clock.
    """

    def __init__(
        self, window: QWidget, request: PaymentRequest, words: GuestWords, environment: Environment, now_utc: datetime
    ) -> None:
        super().__init__(window, self.tr("Pay link"), words.about, strip=self.tr("Pay link"), environment=environment)
        self._request = request
        line = (Run(link_line(request, words.dates, now_utc)),)
        self.body.addWidget(PaymentBox("icon:link", words.show(request.amount), line, link_chip(request)))
        if request.description:
            self.body.addWidget(
                Message(Tone.NEUTRAL, self.tr("The guest reads:"), quoted(request.description), icon="mail")
            )
        self.add_cancel(self.tr("Close"))
        if request.state.open:
            self.body.addWidget(
                Message(
                    Tone.WARNING,
                    self.tr("While it is open, the guest can pay at any moment."),
                    self.tr("Cancel it before you take this money another way."),
                )
            )
            label = self.tr("Cancel link for {amount}")
            self.set_confirm(
                label.format(amount=words.show(request.amount)),
                label.format(amount=words.say(request.amount)),
                ButtonKind.DANGER_OUTLINE,
            )
            self.revise()

    @override
    def compose(self) -> str | None:
        return self._request.id if self._request.state.open else None
