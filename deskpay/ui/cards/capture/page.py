"""The page of one capture: it passes on what the host page tells, and goes nowhere."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from typing_extensions import override

from deskpay.ui.cards.capture.guarded_page import GuardedPage
from deskpay.ui.cards.capture.host_page import PAGE_URL
from deskpay.ui.cards.capture.policy import NavigationPolicy


class CapturePage(GuardedPage):
    """One load of the host page.

    Signals:
        told(Return): the host page said something, already judged by pattern and nonce.
        left(): something else stands in its place. Nobody is asked about a navigation to nothing, `about:blank`.

    Args:
        profile: the capture's own profile.
        policy: judges the navigations of this load.
        parent: owns the page; it must go before the profile goes.
    """

    told = Signal(object)
    left = Signal()

    def __init__(self, profile: QWebEngineProfile, policy: NavigationPolicy, parent: QObject) -> None:
        super().__init__(profile, parent)
        self._policy = policy
        self.urlChanged.connect(self._on_url_changed)

    def enter(self, background: QColor) -> None:
        """Load the host page, on `background` until it paints."""
        self.setBackgroundColor(background)
        self.load(QUrl(PAGE_URL))

    def call(self, method: str, *arguments: str | int | Mapping[str, str]) -> None:
        """Call `method` of the host page's own object, in the main frame. Nothing is ever asked back from there."""
        written = ", ".join(json.dumps(argument) for argument in arguments)
        self.runJavaScript(f"window.deskpayCapture.{method}({written})")

    def _on_url_changed(self, url: QUrl) -> None:
        if url.toString().partition("#")[0] != PAGE_URL:
            self.left.emit()

    @override
    def acceptNavigationRequest(
        self, url: QUrl | str, type: QWebEnginePage.NavigationType, isMainFrame: bool, /
    ) -> bool:
        address = url if isinstance(url, str) else url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        decision = self._policy.judge(address, main_frame=isMainFrame)
        if decision.told is not None:
            self.told.emit(decision.told)
        return decision.allowed
