"""The pane in which a guest answers their bank: whose page it is, and the page. How it ends proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from deskpay.domain.environment import Environment
from deskpay.ui.cards.capture.bank_policy import may_open, may_visit
from deskpay.ui.cards.capture.environment import require_safe_engine
from deskpay.ui.cards.capture.origin import PayHost
from deskpay.ui.components.text import Text
from deskpay.ui.theme import tokens

if TYPE_CHECKING:
    from deskpay.ui.cards.capture.bank_engine import BankEngine

_BAR_HEIGHT = 36
_PAGE_HEIGHT = 380


class BankPane(QFrame):
    """Shows a bank's page. It is empty, and the web engine not even loaded, until `open`.

    Signals:
        returned(): the guest was sent back.
        failed(): the page cannot be shown, or its process ended.

    Args:
        environment: of the connection.
        bank: in training, who plays the bank.
        parent: the widget it lies in.
    """

    returned = Signal()
    failed = Signal()

    def __init__(self, environment: Environment, bank: PayHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._environment = environment
        self._bank = bank
        self._engine: BankEngine | None = None
        self.setObjectName("bankPane")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Page of the guest's bank"))
        color = tokens().colors
        self.setStyleSheet(
            f"#bankPane {{ border: 2px solid {color['border.control']}; border-radius: {tokens().radius('card')}px; }}"
            f"#bankBar {{ background: {color['bg.sunken']}; border-bottom: 1px solid {color['border.default']}; }}"
        )
        self.host = Text("", "mono", "text.secondary")
        bar = QFrame()
        bar.setObjectName("bankBar")
        bar.setFixedHeight(_BAR_HEIGHT)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 0, 12, 0)
        row.addWidget(Text(self.tr("The bank's page"), "body", weight=600))
        row.addStretch()
        row.addWidget(self.host)
        self._place = QWidget()
        self._place.setFixedHeight(_PAGE_HEIGHT)
        QVBoxLayout(self._place).setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._place)

    def open(self, address: str) -> None:
        """Load the page, in place of whatever was loaded; one that may not be opened is told as `failed`.

        Raises:
            UnsafeEngine: the web engine of this process may not serve this connection.
        """
        require_safe_engine(live=self._bank.live)
        self.close_pane()
        if not may_open(self._environment, self._bank, address):
            self.failed.emit()
            return
        from deskpay.ui.cards.capture.bank_engine import BankEngine  # loads the web engine: not before it is needed

        self._engine = BankEngine(address, lambda url: may_visit(self._environment, self._bank, url), self._place)
        self._engine.returned.connect(self.returned)
        self._engine.crashed.connect(self.failed)
        self._engine.moved.connect(self.host.setText)
        layout = self._place.layout()
        if layout is not None:
            layout.addWidget(self._engine.view)
        self.setFocusProxy(self._engine.view)
        self._engine.view.show()
        self._engine.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_pane(self) -> None:
        """End the page and its browser, and forget everything in it."""
        engine, self._engine = self._engine, None
        self.host.setText("")
        if engine is not None:
            self.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes a null pointer; the stub forgot
            engine.destroy_load()
