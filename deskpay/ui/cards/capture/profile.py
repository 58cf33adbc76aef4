"""A browser profile for one capture: off the record, deaf to everything but the vault, destroyed afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from typing_extensions import override

from deskpay.ui.cards.capture.host_page import HostPage
from deskpay.ui.cards.capture.origin import PayHost
from deskpay.ui.cards.capture.policy import may_fetch
from deskpay.ui.cards.capture.scheme import SCHEME, HostPageHandler

_Attribute = QWebEngineSettings.WebAttribute

ON = (
    _Attribute.JavascriptEnabled,
    _Attribute.AutoLoadImages,
    _Attribute.WebRTCPublicInterfacesOnly,
    _Attribute.PlaybackRequiresUserGesture,
    _Attribute.LinksIncludedInFocusChain,
)
"""Everything a capture's page has; what a later engine adds stays off. The last one lets Tab move through the fields;
loading never takes the keyboard."""


class VaultOnly(QWebEngineUrlRequestInterceptor):
    """Blocks every request but those for the host page and the vault, also those made inside the vault's frames.

    Args:
        pay: the vault.
        parent: the profile that uses the interceptor.
    """

    def __init__(self, pay: PayHost, parent: QObject) -> None:
        super().__init__(parent)
        self._pay = pay

    @override
    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if not may_fetch(self._pay, info.requestUrl().toString()):
            info.block(True)


class PrivateProfile(QWebEngineProfile):
    """A fresh profile, off the record. It reaches everything until an interceptor is set.

    Args:
        on: all that its pages have; everything else is off, today's and what a later engine adds.
        parent: owns the profile.
    """

    def __init__(self, on: Sequence[QWebEngineSettings.WebAttribute], parent: QObject) -> None:
        super().__init__(parent)  # without a name it is off the record
        self.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        self.setPersistentCookiesPolicy(QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies)
        self.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
        self.setSpellCheckEnabled(False)
        self.setPushServiceEnabled(False)
        self.downloadRequested.connect(_refuse_download)
        settings = self.settings()
        for attribute in _Attribute:
            settings.setAttribute(attribute, attribute in on)
        settings.setUnknownUrlSchemePolicy(QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes)
        self._held: QWebEngineUrlRequestInterceptor | None = None

    def intercept(self, interceptor: QWebEngineUrlRequestInterceptor) -> None:
        """Ask `interceptor` about every request."""
        # Held here, or it goes at once: Python owns an interceptor whatever its parent (measured with PySide6 6.11.3).
        self._held = interceptor
        self.setUrlRequestInterceptor(interceptor)


class CaptureProfile(PrivateProfile):
    """A fresh profile that serves `page` and reaches `pay` alone.

    Whoever makes one destroys its page before the profile.

    Args:
        pay: the vault.
        page: what the own address serves.
        parent: owns the profile.
    """

    def __init__(self, pay: PayHost, page: HostPage, parent: QObject) -> None:
        super().__init__(ON, parent)
        self.intercept(VaultOnly(pay, self))
        self._host_page = HostPageHandler(page, self)
        self.installUrlSchemeHandler(QByteArray(SCHEME), self._host_page)


def _refuse_download(download: QWebEngineDownloadRequest) -> None:
    download.cancel()
