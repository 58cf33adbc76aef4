"""A stage for the capture pane: the test vault on a host of its own, a window, and a clerk's hands."""

import asyncio
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import uvicorn
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from starlette.types import ASGIApp
from typing_extensions import override

from deskpay.domain.environment import Environment
from deskpay.sandbox.fields import Vault, fields_app
from deskpay.services.scope import TaskScope
from deskpay.ui.cards.capture.flow import Limits
from deskpay.ui.cards.capture.origin import PayHost, pay_origin
from deskpay.ui.cards.capture.pane import CapturePane
from deskpay.ui.theme import Scheme, load_tokens

SIGNALS = ("ready", "brand_recognized", "validity_changed", "rejected", "captured", "failed")
SETTLED_S = 0.2
"""How long the cursor has to stand still before typing."""
PATIENCE_S = 10.0
MERCHANT = "1100007006"


class Served(Protocol):
    """Whoever answers as the vault."""

    @property
    def address(self) -> str:
        """Its origin."""


@dataclass(frozen=True)
class VaultHost:
    """The served vault: its memory and its address."""

    vault: Vault
    address: str


class _Server(uvicorn.Server):
    """Says when it listens, instead of being asked again and again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    @override
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@contextmanager
def serve_vault(*host_origins: str) -> Iterator[VaultHost]:
    """Serve a vault on a free port of `localhost`, in a thread, until the block ends."""
    vault = Vault()
    with serve(fields_app(vault, host_origins), "localhost") as address:
        yield VaultHost(vault, address)


@contextmanager
def serve(app: ASGIApp, host: str, certificate: Path | None = None) -> Iterator[str]:
    """Serve `app` on a free port of `host`, in a thread, until the block ends; its address.

    Args:
        app: What is served.
        host: Name of this computer.
        certificate: With its key, to speak TLS; None speaks without.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=0,
        log_config=None,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate,
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, name=host)
    thread.start()
    assert server.listening.wait(PATIENCE_S)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http{'s' if certificate else ''}://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)


class _Window(QWidget):
    """Says when it has the keyboard: a page takes no cursor before."""

    def __init__(self) -> None:
        super().__init__()
        self.active = asyncio.Event()

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.active.set()
        super().changeEvent(event)


class Stage:
    """A window with a line above the pane and one below it, and everything the pane ever said."""

    def __init__(self, host: Served, limits: Limits | None = None, pay: PayHost | None = None) -> None:
        self.failures: list[BaseException] = []
        self.said: list[tuple[str, tuple[Any, ...]]] = []
        self._heard: asyncio.Queue[tuple[str, tuple[Any, ...]]] = asyncio.Queue()
        self.scope = TaskScope(self.failures.append)
        self.window = _Window()
        self.above = QLineEdit(self.window)
        self.pane = CapturePane(
            pay or pay_origin(Environment.TRAINING, host.address),
            self.scope,
            load_tokens(Scheme.LIGHT),
            self.window,
            limits=limits,
        )
        self.below = QLineEdit(self.window)  # after the pane: Tab goes in the order of creation
        column = QVBoxLayout(self.window)
        for widget in (self.above, self.pane, self.below):
            column.addWidget(widget)
        for name in SIGNALS:
            getattr(self.pane, name).connect(self._listener(name))
        self.window.resize(520, 330)
        self.window.show()
        self.window.activateWindow()

    def _listener(self, name: str) -> Any:
        def hear(*values: Any) -> None:
            self.said.append((name, values))
            self._heard.put_nowait((name, values))

        return hear

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(PATIENCE_S):
            await self.window.active.wait()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self.pane.close_pane()
        await self.scope.close()
        self.window.close()
        self.window.deleteLater()
        gc.collect()
        assert not self.failures

    async def next(self, name: str) -> Any:
        """Wait until the pane says `name`, dropping what it says before; return the signal's value, if it has one."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                said, values = await self._heard.get()
                if said == name:
                    return values[0] if values else None
                assert said != "failed", f"the capture failed while {name} was awaited: {values}"

    def names(self) -> list[str]:
        """Everything the pane said so far, by name."""
        return [name for name, _ in self.said]

    async def open(self, merchant_id: str = MERCHANT) -> None:
        self.pane.open(merchant_id)
        await self.next("ready")

    @property
    def keyboard(self) -> QWidget:
        """The widget that takes the keys for the page."""
        engine = self.pane._engine
        assert engine is not None
        keyboard = engine.view.focusProxy()
        assert keyboard is not None
        return keyboard

    async def evaluate(self, script: str) -> Any:
        """Ask the host page's main frame; a round trip through the engine."""
        engine = self.pane._engine
        assert engine is not None
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def take(value: Any) -> None:
            if not answer.done():
                answer.set_result(value)

        engine._page.runJavaScript(script, 0, take)
        return await answer

    async def until(self, script: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until `script` holds in the host page."""
        async with asyncio.timeout(patience_s):
            while not await self.evaluate(script):
                pass

    async def focus(self, field: str) -> None:
        """Put the cursor into `number` or `code`, as a click on its label does."""
        engine = self.pane._engine
        assert engine is not None
        if field == "number":
            self.pane.focus_number()
        else:
            engine.view.setFocus()
            await self.evaluate("document.querySelector('#field-code .label').click()")
        await self.until_focused(field)
        await self._until_settled(field)

    async def _until_settled(self, field: str) -> None:
        """Wait until the cursor has stood in `field` for a while, as it has before a person types.

        While the page gets the keyboard the engine may take the cursor back; nothing announces that it is done.
        """
        async with asyncio.timeout(PATIENCE_S):
            while not await self.evaluate(
                f"""(function () {{
                    var now = performance.now(), there = document.querySelector('#field-{field}.focused');
                    window.stoodSince = there ? window.stoodSince || now : 0;
                    return there && now - window.stoodSince > {1_000 * SETTLED_S};
                }})()"""
            ):
                pass

    async def until_focused(self, field: str) -> None:
        """Wait until the cursor stands in `number` or `code`."""
        await self.until(f"document.querySelector('#field-{field}').classList.contains('focused')")

    async def type_card(self, number: str, code: str) -> None:
        """Type a card as a clerk does: number, Tab, code; return once both are valid."""
        await self.focus("number")
        QTest.keyClicks(self.keyboard, number)
        await self.next("brand_recognized")
        QTest.keyClick(self.keyboard, Qt.Key.Key_Tab)
        await self.until_focused("code")
        QTest.keyClicks(self.keyboard, code)
        assert await self.next("validity_changed") is True

    async def capture(self, number: str = "4242424242424242", code: str = "123") -> Any:
        """Open, type and submit; return what became of it: a captured card or a failure."""
        await self.open()
        await self.type_card(number, code)
        self.pane.submit(4, 2028)
        return await self.outcome()

    async def outcome(self) -> Any:
        """Wait for `captured` or `failed` and return its value."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                said, values = await self._heard.get()
                if said in {"captured", "failed"}:
                    return values[0]
