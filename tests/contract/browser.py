"""A plain browser window, for pages that are not DeskPay's."""

import asyncio
from typing import TYPE_CHECKING, Any, Self

from PySide6.QtCore import QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.e2e.capture_stage import PATIENCE_S

if TYPE_CHECKING:
    from PySide6.QtWebEngineCore import QWebEngineUrlRequestInterceptor

# Listens in on what any page hears from its frames, from before the page's own first line.
_LISTEN = "window.raw = []; addEventListener('message', function (e) { raw.push(e.data); });"


class Browser:
    """A window on one page.

    Args:
        address: Of the page.
        html: The page itself, where `address` is only where it claims to come from.
        interceptor: Told of every request of the page and its frames.
    """

    def __init__(
        self, address: str, html: str | None = None, *, interceptor: "QWebEngineUrlRequestInterceptor | None" = None
    ) -> None:
        from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineScript
        from PySide6.QtWebEngineWidgets import QWebEngineView

        self.window = QWidget()
        self.profile = QWebEngineProfile(self.window)
        if interceptor is not None:
            self.profile.setUrlRequestInterceptor(interceptor)
        self.view = QWebEngineView(self.window)
        self.page = QWebEnginePage(self.profile, self.view)
        self.view.setPage(self.page)
        listener = QWebEngineScript()
        listener.setSourceCode(_LISTEN)
        listener.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
        listener.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
        self.page.scripts().insert(listener)
        if html is None:
            self.page.load(QUrl(address))
        else:
            self.page.setHtml(html, QUrl(address))
        self.window.resize(420, 420)
        self.view.resize(420, 420)
        self.window.show()
        self.window.activateWindow()

    async def __aenter__(self) -> Self:
        await self.until("typeof SecureFields === 'function' && document.readyState === 'complete'")
        return self

    async def __aexit__(self, *_exception: object) -> None:
        gone = asyncio.Event()
        self.page.destroyed.connect(gone.set)
        self.window.close()
        self.view.deleteLater()
        await gone.wait()
        self.profile.deleteLater()
        self.window.deleteLater()

    async def evaluate(self, script: str) -> Any:
        """What `script` says."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def take(value: Any) -> None:
            if not answer.done():
                answer.set_result(value)

        self.page.runJavaScript(script, 0, take)
        return await answer

    async def until(self, script: str) -> None:
        """Wait until `script` says yes."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self.evaluate(script):
                pass

    async def type_in(self, field: str, text: str, *, focus: str) -> None:
        """Type into a field, and wait until its frame has told of every digit.

        Args:
            field: Its name.
            text: What to type, without spaces.
            focus: The script that brings the cursor there.
        """
        self.view.setFocus()
        heard = "raw.some(function (m) { var r = m.response; return m.messageType === 'change' && "
        await self.until(
            f"document.hasFocus() && ({focus}, {heard} r.event.field === '{field}' && r.event.type === 'focus'; }}))"
        )
        keyboard = self.view.focusProxy()
        assert keyboard is not None
        QTest.keyClicks(keyboard, text)
        await self.until(f"{heard} r.fields.{field} && r.fields.{field}.length === {len(text)}; }})")
