"""One live load of a bank's page: profile, page and view, made together and destroyed in the only safe order.

Importing this module loads the web engine.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from deskpay.ui.cards.capture.bank_policy import is_return
from deskpay.ui.cards.capture.guarded_page import GuardedPage
from deskpay.ui.cards.capture.profile import ON, PrivateProfile
from deskpay.ui.cards.capture.scheme import register_scheme

register_scheme()  # for the reason given in `engine`: a card may be taken later in the same process

Allowed = Callable[[str], bool]

_ON = (*ON, QWebEngineSettings.WebAttribute.LocalStorageEnabled)
"""Banks keep their place in the storage of the page; it goes with the profile."""


class _Interceptor(QWebEngineUrlRequestInterceptor):
    """Blocks what may not be asked for; it never reads a body."""

    def __init__(self, allowed: Allowed, parent: QObject) -> None:
        super().__init__(parent)
        self._allowed = allowed

    @override
    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if not self._allowed(info.requestUrl().toString()):
            info.block(True)


class _BankPage(GuardedPage):
    """Says when the guest is sent back; what it opens beside itself opens in its own place."""

    returned = Signal()

    def __init__(self, profile: QWebEngineProfile, allowed: Allowed, parent: QObject) -> None:
        super().__init__(profile, parent)
        self._allowed = allowed

    @override
    def acceptNavigationRequest(
        self, url: QUrl | str, type: QWebEnginePage.NavigationType, isMainFrame: bool, /
    ) -> bool:
        address = url if isinstance(url, str) else url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        if is_return(address):
            self.returned.emit()
            return False
        return self._allowed(address)

    @override
    def createWindow(self, type: QWebEnginePage.WebWindowType, /) -> QWebEnginePage:
        return self


class BankEngine(QObject):
    """A load of a bank's page in a browser of its own.

    Signals, all delivered after the engine's own call has returned, so that a slot may destroy the load:
        returned(): the guest was sent back.
        crashed(): the page's process ended.
        moved(str): it shows a page of this host.

    Args:
        address: of the bank's page.
        allowed: tells what may be asked for.
        parent: the widget the view is shown in.
    """

    returned = Signal()
    crashed = Signal()
    moved = Signal(str)

    def __init__(self, address: str, allowed: Allowed, parent: QWidget) -> None:
        super().__init__()
        self.view = QWebEngineView(parent)
        # Children go in the order they came: the view with its page before this object with their profile.
        self.setParent(parent)
        self._profile = PrivateProfile(_ON, self)
        self._profile.intercept(_Interceptor(allowed, self._profile))
        self._page = _BankPage(self._profile, allowed, self.view)
        self._page.returned.connect(self.returned, Qt.ConnectionType.QueuedConnection)
        self._page.renderProcessTerminated.connect(self._on_terminated, Qt.ConnectionType.QueuedConnection)
        self._page.urlChanged.connect(self._on_url_changed)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setAcceptDrops(False)
        self.view.setPage(self._page)
        self._page.load(QUrl(address))

    def destroy_load(self) -> None:
        """Destroy view, page and profile, in this order, each in a turn of the loop of its own."""
        self._page.returned.disconnect(self.returned)
        self._page.renderProcessTerminated.disconnect(self._on_terminated)
        self.view.hide()
        self._page.destroyed.connect(self.deleteLater)  # with this object goes the profile, its child
        self.view.deleteLater()

    def _on_terminated(self, _status: QWebEnginePage.RenderProcessTerminationStatus, _code: int) -> None:
        self.crashed.emit()

    def _on_url_changed(self, url: QUrl) -> None:
        self.moved.emit(url.host())
