"""The `deskpay` address scheme: registered before the web engine begins, served to one page of one profile."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QObject, Qt
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob, QWebEngineUrlScheme, QWebEngineUrlSchemeHandler
from typing_extensions import override

from deskpay.ui.cards.capture.host_page import PAGE_URL, HostPage

SCHEME = b"deskpay"


def register_scheme() -> None:
    """Make `deskpay:` a secure scheme with hosts. Later calls change nothing; after the first profile it is too late.

    No other flag is set: not local access, not service workers, not CORS, not an exemption from content policies.
    It also lets the application share OpenGL contexts, without which the engine cannot be loaded later on.
    """
    if QCoreApplication.instance() is None:
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    if QWebEngineUrlScheme.schemeByName(QByteArray(SCHEME)).name() == SCHEME:
        return
    scheme = QWebEngineUrlScheme(QByteArray(SCHEME))
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(QWebEngineUrlScheme.Flag.SecureScheme)
    QWebEngineUrlScheme.registerScheme(scheme)


class HostPageHandler(QWebEngineUrlSchemeHandler):
    """Answers the host page's own address with one page, and everything else with nothing.

    Args:
        page: what to serve.
        parent: the profile that uses the handler.
    """

    def __init__(self, page: HostPage, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page

    @override
    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        if job.requestUrl().toString() != PAGE_URL or job.requestMethod() != b"GET":
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            return
        headers = {
            b"Content-Security-Policy": self._page.policy.encode(),
            b"Cache-Control": b"no-store",
            b"X-Content-Type-Options": b"nosniff",
        }
        job.setAdditionalResponseHeaders(
            # Each name wants a list: a bare value is dropped without a word.
            {QByteArray(name): [QByteArray(value)] for name, value in headers.items()}  # type: ignore[misc]  # wrong stub
        )
        buffer = QBuffer(job)
        buffer.setData(QByteArray(self._page.body))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(b"text/html; charset=utf-8"), buffer)
