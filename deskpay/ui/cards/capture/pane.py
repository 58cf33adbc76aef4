"""The card vault's pane: a frame that says whose it is, with the vault's own fields in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from deskpay.services.scope import Owned, TaskScope
from deskpay.ui.cards.capture.environment import require_safe_engine
from deskpay.ui.cards.capture.flow import (
    CapturedCard,
    CaptureFailure,
    CaptureFlow,
    Limits,
    Outcome,
    Reload,
    State,
)
from deskpay.ui.cards.capture.host_page import RenderPage, render_host_page
from deskpay.ui.cards.capture.origin import PayHost
from deskpay.ui.cards.capture.returns import Invalid, Ready, Return, Typed
from deskpay.ui.cards.capture.words import failure_words, page_words
from deskpay.ui.components.button import Button
from deskpay.ui.theme import Scheme, Tokens, icon_pixmap

if TYPE_CHECKING:
    from deskpay.ui.cards.capture.engine import Engine

_BAR_HEIGHT = 36
_FIELDS_HEIGHT = 90
_FIELDS_HEIGHT_WITH_ERROR = 110

# Names in the page's style sheet, and their tokens.
_LOOK = {
    "surface": "bg.surface",
    "sunken": "bg.sunken",
    "text": "text.primary",
    "secondary": "text.secondary",
    "tertiary": "text.tertiary",
    "border": "border.control",
    "hairline": "border.default",
    "focus": "focus.ring",
    "danger": "danger.text",
}


class CapturePane(QFrame):
    """Takes a card into the vault without ever seeing it.

    It is empty, and the web engine not even loaded, until `open`. After `captured` or `failed` the page is gone; `open`
    starts anew. Slots may call any method of the pane.

    Signals:
        ready(): the fields take keys.
        brand_recognized(str): the vault's code of the typed brand, such as `VIS`; "" when it is not known again.
        validity_changed(bool): whether every field is complete and valid.
        rejected(str): a submit was not sent; the first field to correct, `number` or `code`.
        captured(CapturedCard): the vault took the card.
        failed(CaptureFailure): the capture cannot go on.

    Args:
        pay: the one vault this pane may reach, by `pay_origin`.
        scope: owns the pane's watchdog.
        tokens: the look.
        parent: the widget it lies in.
        clock: monotonic seconds.
        limits: how long each state may last.
    """

    ready = Signal()
    brand_recognized = Signal(str)
    validity_changed = Signal(bool)
    rejected = Signal(str)
    captured = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        pay: PayHost,
        scope: TaskScope,
        tokens: Tokens,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        limits: Limits | None = None,
    ) -> None:
        super().__init__(parent)
        self._pay = pay
        self._scope = scope
        self._tokens = tokens
        self._clock = clock
        self._limits = limits
        self._public_key = ""
        self._render: RenderPage = render_host_page
        self._typed = Typed(brand="", valid=False)
        self._flow: CaptureFlow | None = None
        self._engine: Engine | None = None
        self._watchdog: Owned | None = None
        self._moved = asyncio.Event()
        self._build()
        self.set_theme(tokens)

    @property
    def state(self) -> State | None:
        """Where the capture stands; None before `open` and after `close_pane`."""
        return self._flow.state if self._flow else None

    def open(self, public_key: str, make_page: RenderPage = render_host_page) -> None:
        """Load the vault's fields, in place of whatever was loaded.

        Args:
            public_key: the hotel's key for the vault, as its configuration tells.
            make_page: makes the page; by default the one around the vault's own fields.

        Raises:
            UnsafeEngine: the web engine of this process may not take a card of this connection.
        """
        require_safe_engine(live=self._pay.live)
        self.close_pane()
        self._public_key, self._render = public_key, make_page
        self._flow = CaptureFlow(self._clock, self._limits)
        self._load()
        self._watchdog = self._scope.start(self._watch(self._flow), name="card capture watchdog")

    def submit(self, expiry_month: int, expiry_year: int, *beside: str) -> None:
        """Send the typed card to the vault, at most once; ignored unless the fields are ready.

        Args:
            expiry_month: 1 to 12.
            expiry_year: four digits.
            beside: what else the page sends with the card, in its order.
        """
        if self._flow is None or self._engine is None or not self._flow.submit():
            return
        self._moved.set()
        self._set_fields_height(_FIELDS_HEIGHT)
        self._engine.submit(expiry_month, expiry_year % 100, *beside)

    def focus_number(self) -> None:
        """Put the keyboard into the card number."""
        if self._engine is not None:
            self._focus_view()
            self._engine.focus("cardNumber")

    def close_pane(self) -> None:
        """Forget the capture and everything typed, and end its browser."""
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
        self._flow = None
        self._unload()
        self._message.hide()
        self._retry_row.hide()

    def set_theme(self, tokens: Tokens) -> None:
        """Put on the look of `tokens`."""
        self._tokens = tokens
        ratio = self.devicePixelRatioF()
        self._shield.setPixmap(icon_pixmap("shield-check", tokens.color("text.primary"), 16, ratio))
        self._eye.setPixmap(icon_pixmap("eye-off", tokens.color("text.secondary"), 14, ratio))
        self._name.setFont(tokens.font("body", 600))
        self._host.setFont(tokens.font("mono"))
        self._chip_text.setFont(tokens.font("micro"))
        self._promise.setFont(tokens.font("small"))
        self._message.setFont(tokens.font("body"))
        self.setStyleSheet(_style_sheet(tokens))
        self._show_chip()
        if self._engine is not None:
            self._engine.wear(self._look())

    def _build(self) -> None:
        self.setObjectName("vault")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(self.tr("Card vault, {host}").format(host=self._pay.host))
        self._shield, self._name, self._host = QLabel(), _plain(self.tr("Card vault")), _plain(self._pay.host)
        self._host.setObjectName("vaultHost")
        self._chip_icon, self._chip_text = QLabel(), _plain("")
        self._chip = QFrame()
        self._chip.setObjectName("vaultChip")
        self._chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        _row(self._chip, (7, 2, 7, 2), 4, self._chip_icon, self._chip_text)
        bar = QFrame()
        bar.setObjectName("vaultBar")
        bar.setFixedHeight(_BAR_HEIGHT)
        _row(bar, (12, 0, 12, 0), 8, self._shield, self._name, self._host, None, self._chip)
        self._body = QWidget()
        self._body.setObjectName("vaultBody")
        self._body_layout = QVBoxLayout(self._body)
        self._body_layout.setContentsMargins(0, 0, 0, 0)
        self._message = _plain("")
        self._message.setWordWrap(True)
        self._message.setContentsMargins(16, 12, 16, 0)
        self._retry = Button(self.tr("Try again"), icon="refresh-cw")
        self._retry.clicked.connect(self._on_retry_clicked)
        self._body_layout.addWidget(self._message)
        self._retry_row = QWidget()
        _row(self._retry_row, (16, 0, 16, 10), 0, self._retry, None)
        self._body_layout.addWidget(self._retry_row)
        foot = QFrame()
        foot.setObjectName("vaultFoot")
        self._eye = QLabel()
        self._promise = _plain(
            self.tr(
                "What you type in this frame goes straight to the vault. DeskPay never receives it, so it cannot save "
                "or show it."
            )
        )
        self._promise.setWordWrap(True)
        row = _row(foot, (12, 8, 12, 8), 8, self._eye, self._promise)
        row.setAlignment(self._eye, Qt.AlignmentFlag.AlignTop)
        row.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        for part in (bar, self._body, foot):
            column.addWidget(part)
        self._message.hide()
        self._retry_row.hide()
        self._set_fields_height(_FIELDS_HEIGHT)

    def _load(self) -> None:
        from deskpay.ui.cards.capture.engine import Engine  # loads the web engine: not before a card is to be taken

        self._unload()
        self._message.hide()
        self._retry_row.hide()
        self._typed = Typed(brand="", valid=False)
        self._engine = Engine(
            self._pay,
            self._public_key,
            self._render,
            look=self._look(),
            words=page_words(),
            language=QLocale().bcp47Name(),
            parent=self._body,
        )
        self._engine.told.connect(self._on_told)
        self._engine.crashed.connect(self._on_crashed)
        self._body_layout.addWidget(self._engine.view)
        self._engine.view.show()
        self.setFocusProxy(self._engine.view)
        self._set_fields_height(_FIELDS_HEIGHT)
        self._show_chip()

    def _unload(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            self.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes a null pointer; the stub forgot
            engine.destroy_load()
        self._show_chip()

    async def _watch(self, flow: CaptureFlow) -> None:
        while (deadline_s := flow.deadline_s) is not None:
            self._moved.clear()
            try:
                async with asyncio.timeout(max(0.0, deadline_s - self._clock())):
                    await self._moved.wait()
            except TimeoutError:
                self._apply(flow.expire())

    def _on_told(self, engine: Engine, told: Return) -> None:
        if engine is self._engine and self._flow is not None:
            self._apply(self._flow.hear(told))
            self._moved.set()

    def _on_crashed(self, engine: Engine) -> None:
        if engine is self._engine and self._flow is not None:
            self._apply(self._flow.crash())
            self._moved.set()

    def _on_retry_clicked(self) -> None:
        self.open(self._public_key, self._render)

    def _apply(self, outcome: Outcome | None) -> None:
        match outcome:
            case None:
                pass
            case Ready():
                self._take_place_in_tab_order()
                self._show_chip()
                self.ready.emit()
            case Typed():
                self._tell_typed(outcome)
            case Invalid():
                self._focus_view()
                self._set_fields_height(_FIELDS_HEIGHT_WITH_ERROR)
                self.rejected.emit(outcome.where)
            case CapturedCard():
                self._unload()
                self._message.setText(self.tr("The card is in the vault."))
                self._message.show()
                self.captured.emit(outcome)
            case CaptureFailure():
                self._unload()
                self._message.setText(failure_words(outcome))
                self._message.show()
                self._retry_row.show()
                self._set_fields_height(_FIELDS_HEIGHT_WITH_ERROR)
                self.failed.emit(outcome)
            case Reload():
                self._load()
                self.brand_recognized.emit("")
                self.validity_changed.emit(False)

    def _tell_typed(self, typed: Typed) -> None:
        before, self._typed = self._typed, typed
        if typed.brand != before.brand:
            self.brand_recognized.emit(typed.brand)
        if typed.valid != before.valid:
            if typed.valid:
                self._set_fields_height(_FIELDS_HEIGHT)
            self.validity_changed.emit(typed.valid)

    def _set_fields_height(self, height: int) -> None:
        self._body.setFixedHeight(height)

    def _focus_view(self) -> None:
        if self._engine is not None:
            self._engine.view.setFocus()

    def _take_place_in_tab_order(self) -> None:
        # The widget that takes the keys is made while the page loads, so it stands last in the window's order.
        keyboard = self._engine.view.focusProxy() if self._engine is not None else None
        if keyboard is not None:
            QWidget.setTabOrder(self._retry, keyboard)

    def _look(self) -> dict[str, str]:
        return {name: self._tokens.color(token).name() for name, token in _LOOK.items()}

    def _show_chip(self) -> None:
        match self.state:
            case State.READY | State.SUBMITTING | State.DONE if self._pay.secure:
                kind, icon, text = "success", "lock", self.tr("Certificate checked")
            case State.READY | State.SUBMITTING | State.DONE:
                kind, icon, text = "warning", "triangle-alert", self.tr("Training vault")
            case State.FAILED:
                kind, icon, text = "danger", "circle-x", self.tr("Not connected")
            case _:
                kind, icon, text = "neutral", "clock", self.tr("Connecting")
        self._chip_icon.setPixmap(icon_pixmap(icon, self._tokens.color(f"{kind}.text"), 12, self.devicePixelRatioF()))
        self._chip_text.setText(text)
        self._chip.setStyleSheet(
            f"#vaultChip {{ background: {self._tokens.colors[f'{kind}.bg']}; border-radius: 4px; }}"
            f"QLabel {{ color: {self._tokens.colors[f'{kind}.text']}; }}"
        )


def _plain(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _row(frame: QWidget, margins: tuple[int, int, int, int], spacing: int, *parts: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout(frame)
    row.setContentsMargins(*margins)
    row.setSpacing(spacing)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row


def _style_sheet(tokens: Tokens) -> str:
    color = tokens.colors
    inner = tokens.radius("card") - 2
    bar = color["bg.pressed"] if tokens.scheme is Scheme.DARK else color["bg.sunken"]
    return f"""
#vault {{ border: 2px solid {color["border.control"]}; border-radius: {tokens.radius("card")}px;
    background: {color["bg.surface"]}; }}
#vaultBar {{ background: {bar}; border: 0; border-bottom: 1px solid {color["border.default"]};
    border-top-left-radius: {inner}px; border-top-right-radius: {inner}px; }}
#vaultBody {{ background: {color["bg.surface"]}; }}
#vaultFoot {{ background: {color["bg.window"]}; border: 0; border-top: 1px solid {color["border.default"]};
    border-bottom-left-radius: {inner}px; border-bottom-right-radius: {inner}px; }}
#vault QLabel {{ color: {color["text.primary"]}; background: transparent; }}
#vault #vaultHost, #vaultFoot QLabel {{ color: {color["text.secondary"]}; }}
"""
