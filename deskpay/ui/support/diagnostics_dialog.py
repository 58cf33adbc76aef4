"""The bundle for whoever helps, to be read before it is saved."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from deskpay.ui.ask import Asking
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.components.text_area import TextArea

_LINES = 18


class DiagnosticsDialog(Asking[str]):
    """Shows the bundle and asks whether to save it.

    Args:
        window: the window it belongs to.
        environment: of the hotel.
        bundle: the whole text.
        told: what was done last; may be empty.
    """

    def __init__(self, window: QWidget, environment: Environment, bundle: str, told: str = "") -> None:
        super().__init__(
            window,
            self.tr("Diagnostics"),
            told or self.tr("This is all of it. Nothing is sent anywhere."),
            strip=self.tr("Support"),
            environment=environment,
            width=720,
        )
        self.set_result(Tone.NEUTRAL, "info")
        self._bundle = bundle
        about = self.tr("Versions, health and Request-Ids. No guest, no card, no amount and no token is in it.")
        self.body.addWidget(Text(about, "body", "text.secondary", wrap=True))
        self.text = TextArea(self.tr("What would be saved"), lines=_LINES)
        self.text.set_text(bundle)
        self.text.editor.setReadOnly(True)
        self.body.addWidget(self.text)
        self.add_cancel(self.tr("Close"))
        self.set_confirm(self.tr("Save among the downloads"))
        self.revise()

    @override
    def compose(self) -> str | None:
        return self._bundle
