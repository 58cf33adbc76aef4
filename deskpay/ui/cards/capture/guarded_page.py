"""A web page that is given nothing: it answers no to whatever a page may ask for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QUrl
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


class GuardedPage(QWebEnginePage):
    """A page without permissions, certificates of its own, files, dialogs or a console.

    Args:
        profile: of the page alone.
        parent: owns the page; it must go before the profile goes.
    """

    def __init__(self, profile: QWebEngineProfile, parent: QObject) -> None:
        super().__init__(profile, parent)
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
