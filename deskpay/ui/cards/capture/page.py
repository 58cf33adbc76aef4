"""The page of one capture: it answers no to whatever a page may ask for, and passes on what the host page tells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QColor
from PySide6.QtNetwork import QAuthenticator
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEngineDesktopMediaRequest,
    QWebEngineFileSystemAccessRequest,
    QWebEngineFullScreenRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineRegisterProtocolHandlerRequest,
    QWebEngineWebAuthUxRequest,
)
from typing_extensions import override

from deskpay.ui.cards.capture.host_page import PAGE_URL
from deskpay.ui.cards.capture.policy import NavigationPolicy


class CapturePage(QWebEnginePage):
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
        self.permissionRequested.connect(_deny_permission)
        self.certificateError.connect(_reject_certificate)
        self.selectClientCertificate.connect(_select_no_certificate)
        self.fileSystemAccessRequested.connect(_reject_files)
        self.desktopMediaRequested.connect(_cancel_media)
        self.fullScreenRequested.connect(_reject_full_screen)
        self.registerProtocolHandlerRequested.connect(_reject_protocol)
        self.webAuthUxRequested.connect(_cancel_web_auth)
        self.authenticationRequired.connect(_give_no_password)
        self.proxyAuthenticationRequired.connect(_give_no_proxy_password)

    def enter(self, background: QColor) -> None:
        """Load the host page, on `background` until it paints."""
        self.setBackgroundColor(background)
        self.load(QUrl(PAGE_URL))

    def call(self, method: str, *arguments: str | int | Mapping[str, str]) -> None:
        """Call `method` of the host page's own object, in the main frame, where no digit is ever typed."""
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

    @override
    def createWindow(self, type: QWebEnginePage.WebWindowType, /) -> QWebEnginePage:
        return None  # type: ignore[return-value]  # Qt's way to refuse; its Python signature does not say so

    @override
    def chooseFiles(
        self,
        mode: QWebEnginePage.FileSelectionMode,
        oldFiles: Sequence[str],
        acceptedMimeTypes: Sequence[str],
        /,
    ) -> list[str]:
        return []

    @override
    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, lineNumber: int, sourceID: str, /
    ) -> None:
        """Drop it unread: the frames write here too."""

    @override
    def javaScriptAlert(self, securityOrigin: QUrl | str, msg: str, /) -> None:
        """Show nothing."""

    @override
    def javaScriptConfirm(self, securityOrigin: QUrl | str, msg: str, /) -> bool:
        return False

    @override
    def javaScriptPrompt(self, securityOrigin: QUrl | str, msg: str, defaultValue: str, /) -> tuple[bool, str]:
        return False, ""


def _deny_permission(permission: QWebEnginePermission) -> None:
    permission.deny()


def _reject_certificate(error: QWebEngineCertificateError) -> None:
    error.rejectCertificate()


def _select_no_certificate(selection: QWebEngineClientCertificateSelection) -> None:
    selection.selectNone()


def _reject_files(request: QWebEngineFileSystemAccessRequest) -> None:
    request.reject()


def _cancel_media(request: QWebEngineDesktopMediaRequest) -> None:
    request.cancel()


def _reject_full_screen(request: QWebEngineFullScreenRequest) -> None:
    request.reject()


def _reject_protocol(request: QWebEngineRegisterProtocolHandlerRequest) -> None:
    request.reject()


def _cancel_web_auth(request: QWebEngineWebAuthUxRequest) -> None:
    request.cancel()


def _give_no_password(_url: QUrl, authenticator: QAuthenticator) -> None:
    # A null authenticator ends the dialog with the server; a filled one would answer it.
    authenticator.setUser("")


def _give_no_proxy_password(_url: QUrl, authenticator: QAuthenticator, _proxy: str) -> None:
    authenticator.setUser("")
