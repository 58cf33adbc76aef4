"""The pane with a vault that has turned against it: its script in the host page, its frames, and a pressed key.

The training hotel serves the pages; what they try stands in the sandbox's `page/evil.js`. Debugging variables are in
`test_process_attack`, foreign hosts that the vault does not know of in `test_capture_pane`.
"""

import asyncio
import json
import random
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWebEngineCore import QWebEngineDownloadRequest, QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication
from starlette.types import Receive, Scope, Send

from deskpay.sandbox.fields import Vault, fields_app
from deskpay.sandbox.fields.evil import ATTACKS
from deskpay.ui.cards.capture.flow import CapturedCard, CaptureFailure, FailureReason, State
from deskpay.ui.cards.capture.origin import PayHost
from deskpay.ui.cards.capture.page import CapturePage
from tests.e2e.capture_stage import MERCHANT, Stage, serve
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

CERTIFICATE = Path(__file__).resolve().parents[1] / "vectors" / "portal" / "unknown_issuer.pem"
PATIENCE_S = 25.0
"""For all of an attack, which tries some eighty ways one after another."""

PROGRAMS = ("mailto", "tel", "sms", "ssh", "steam", "ms-settings", "intent", "file")
RETURNS = 10_000
LET_OUT = 150
"""How many the engine lets out of one page in ten seconds; it says 200. The page is handed all of them besides."""
REDIRECTED = QWebEnginePage.NavigationType.NavigationTypeRedirect
FEWEST = {"navigation": 12, "popup": 12, "download": 7, "permission": 20, "foreign": 20, "scheme": 80}
"""How many ways there are at least in each attack; a page that stopped half-way would prove nothing."""


@dataclass(frozen=True)
class Evil:
    """A vault at `address`."""

    address: str


class Programs(QObject):
    """Stands where the system would open another program."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, address: QUrl) -> None:
        self.opened.append(address.toString())


@pytest.fixture
def programs() -> Iterator[Programs]:
    """Every program that a page asked the system for."""
    asked = Programs()
    for scheme in PROGRAMS:
        QDesktopServices.setUrlHandler(scheme, asked, "open")  # type: ignore[arg-type]  # the stub asks for bytes, Qt for a name
    yield asked
    QDesktopServices.openUrl(QUrl("tel:1"))
    assert asked.opened == ["tel:1"], "what is asked for is seen here"
    for scheme in PROGRAMS:
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.mark.qt_log_ignore("capturing is not available", extend=True)
@pytest.mark.parametrize("attack", sorted(FEWEST))
def test_an_evil_vault_gets_nothing_through(
    run: CoroutineRunner, sandbox: Hotel, programs: Programs, tmp_path: Path, attack: str
) -> None:
    async def act() -> None:
        await sandbox.aask("POST", "evil", {"attack": attack})
        async with Stage(Evil(sandbox.fields)) as stage:
            QGuiApplication.clipboard().setText("the clerk's own")
            await stage.open()
            engine = stage.pane._engine
            assert engine is not None
            downloads: list[QWebEngineDownloadRequest] = []
            engine._profile.downloadRequested.connect(downloads.append)
            engine._profile.setDownloadPath(str(tmp_path))
            await stage.until("evil.rounds >= 1 && window.evilFrame && evilFrame.rounds >= 1", PATIENCE_S)
            # Once more with a key pressed, for a browser grants more to whoever is being used.
            engine.view.setFocus()
            QTest.keyClick(stage.keyboard, Qt.Key.Key_A)
            await stage.until("evil.rounds + evilFrame.rounds >= 3", PATIENCE_S)
            tried = json.loads(await stage.evaluate("JSON.stringify([evil.tried, evilFrame.tried])"))
            for told in tried:
                assert {name: answer for name, answer in told.items() if answer} == {}
                assert len(told) >= FEWEST[attack]
            assert set(tried[0]) == set(tried[1])
            assert await stage.evaluate("location.href.split('#')[0]") == "deskpay://capture/"
            assert [view for view in QApplication.allWidgets() if isinstance(view, QWebEngineView)] == [engine.view]
            assert [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()] == [stage.window]
            assert {download.state() for download in downloads} <= {
                QWebEngineDownloadRequest.DownloadState.DownloadCancelled
            }
            assert QGuiApplication.clipboard().text() == "the clerk's own"
            assert stage.names() == ["ready"]
        assert programs.opened == []
        assert (await sandbox.aask("GET", "evil"))["caught"] == []

    run(act())
    assert list(tmp_path.iterdir()) == []


def test_every_attack_is_played() -> None:
    assert {*FEWEST, "leaving"} == ATTACKS


def test_a_page_that_goes_away_ends_the_capture(run: CoroutineRunner, sandbox: Hotel) -> None:
    async def act() -> None:
        await sandbox.aask("POST", "evil", {"attack": "leaving"})
        async with Stage(Evil(sandbox.fields)) as stage:
            await stage.open()
            assert await stage.outcome() == CaptureFailure(FailureReason.CRASHED, while_submitting=False)
            assert stage.pane._engine is None

    run(act())


@contextmanager
def a_vault_with_a_strange_certificate() -> Iterator[tuple[Evil, PayHost, list[str]]]:
    """The vault over TLS by a certificate that nobody here trusts, and every request that it heard."""
    heard: list[str] = []
    vault = fields_app(Vault(), ("deskpay://capture",))

    async def hear(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(scope["path"])
        await vault(scope, receive, send)

    with serve(hear, "localhost", CERTIFICATE) as address:
        parts = urlsplit(address)
        yield Evil(address), PayHost("https", "localhost", parts.port or 0), heard


def test_a_certificate_nobody_vouches_for_ends_the_capture(run: CoroutineRunner) -> None:
    async def act() -> None:
        with a_vault_with_a_strange_certificate() as (evil, pay, heard):
            async with Stage(evil, pay=pay) as stage:
                stage.pane.open(MERCHANT)
                assert await stage.outcome() == CaptureFailure(FailureReason.UNREACHABLE, while_submitting=False)
            assert heard == []
            trusting = ssl.create_default_context(cafile=CERTIFICATE)
            trusting.check_hostname = False
            await asyncio.to_thread(ask_over_tls, pay, trusting)
            assert heard == ["/"], "whoever trusts it is heard"

    run(act())


def ask_over_tls(pay: PayHost, trusting: ssl.SSLContext) -> None:
    connection = HTTPSConnection(pay.host, pay.port, context=trusting, timeout=10)
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.close()


FLOOD = """
(function () {
    var wrong = %s, next = new MessageChannel();
    window.told = 0;
    next.port1.onmessage = function () {
        location.href = wrong[told];
        window.told += 1;
        if (told < wrong.length) next.port2.postMessage(0);
    };
    next.port2.postMessage(0);
})()
"""


def returns(nonce: str, count: int) -> list[str]:
    """Messages of every wrong kind with the load's own secret, and right ones that come before anything was sent."""
    draw = random.Random(20_261_126)  # noqa: S311 - the same messages every time

    def text(marks: str, least: int, most: int) -> str:
        return "".join(draw.choices(marks, k=draw.randint(least, most)))

    event, done, known = f"event?n={nonce}&", f"done?n={nonce}&", "201028230732590232"
    makers: list[Callable[[], str]] = [
        lambda: event + "z" + text("kready=&statebvinfwo019-%;/. ", 0, 40),
        lambda: f"done?n={text('abcXYZ019_-', 32, 32)}&t={known}&b=VIS",
        lambda: f"{done}t={text('0123456789', 0, 17)}&b=VIS",
        lambda: f"{done}t={text('0123456789', 19, 600)}&b=",
        lambda: f"{done}t={known[:17]}\u0662&b=VIS",
        lambda: f"{done}t={known}&b={text('ABC', 4, 12)}",
        lambda: f"{done}t={known}&b=VIS",
        lambda: event + "k=ready",
        lambda: event + "k=ready&k=ready",
        lambda: f"{event}k=error&w={text('constructor__proto__', 1, 20)}!",
        lambda: text("donevt/?#=&%", 1, 30) + "!",
    ]
    return [f"deskpay://capture/{makers[at % len(makers)]()}" for at in range(count)]


def test_ten_thousand_malformed_returns_from_the_page_change_nothing(
    run: CoroutineRunner, sandbox: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = CapturePage.acceptNavigationRequest
    judged: list[bool] = []

    def watch(page: CapturePage, *arguments: Any) -> bool:
        judged.append(judge(page, *arguments))
        return judged[-1]

    monkeypatch.setattr(CapturePage, "acceptNavigationRequest", watch)

    async def act() -> None:
        async with Stage(Evil(sandbox.fields)) as stage:
            await stage.open()
            engine, before = stage.pane._engine, len(judged)
            assert engine is not None
            nonce = await stage.evaluate("JSON.parse(document.getElementById('setup').textContent).returnNonce")
            wrong = returns(nonce, RETURNS)
            await stage.evaluate(FLOOD % json.dumps(wrong))
            await stage.until(f"told === {RETURNS}")
            assert len(judged) - before >= LET_OUT
            for address in wrong:
                engine._page.acceptNavigationRequest(QUrl(address), REDIRECTED, True)
            assert not any(judged[before:])
            assert stage.names() == ["ready"]
            assert stage.pane.state is State.READY
            # The engine hears no more of that page for a while.
            card = await stage.capture()
            assert isinstance(card, CapturedCard)
            assert card.transaction_id != "201028230732590232"

    run(act())
