"""One live load of the card page: profile, page and view, made together and destroyed in the only safe order.

Importing this module loads the web engine; the pane does so when it is first opened.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from deskpay.ui.cards.capture.host_page import RenderPage
from deskpay.ui.cards.capture.origin import PayHost
from deskpay.ui.cards.capture.page import CapturePage
from deskpay.ui.cards.capture.policy import NavigationPolicy
from deskpay.ui.cards.capture.profile import CaptureProfile
from deskpay.ui.cards.capture.returns import Return
from deskpay.ui.cards.capture.scheme import register_scheme

# The last moment: schemes are locked once the engine has begun. Doing it here and not at the start keeps the browser
# out of a desk that takes no card.
register_scheme()


class Engine(QObject):
    """A load of the host page in a browser of its own.

    Signals, all delivered after the engine's own call has returned, so that a slot may destroy the load:
        told(Engine, Return): the page said something.
        crashed(Engine): the page's process ended, or the page is gone.

    Args:
        pay: the vault.
        public_key: the hotel's key for it.
        make_page: makes the page.
        look: colours of the page; `surface` also stands before it paints.
        words: texts of the page.
        language: BCP 47 tag of the texts.
        parent: the widget the view is shown in.
    """

    told = Signal(object, object)
    crashed = Signal(object)

    def __init__(
        self,
        pay: PayHost,
        public_key: str,
        make_page: RenderPage,
        *,
        look: Mapping[str, str],
        words: Mapping[str, str],
        language: str,
        parent: QWidget,
    ) -> None:
        super().__init__()
        self.view = QWebEngineView(parent)
        # Children go in the order they came: the view with its page before this object with their profile.
        self.setParent(parent)
        host_page = make_page(pay, public_key, look=look, words=words, language=language)
        self._profile = CaptureProfile(pay, host_page, self)
        self._page = CapturePage(
            self._profile, NavigationPolicy(pay, host_page.return_nonce, host_page.references), self.view
        )
        self._page.told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._page.renderProcessTerminated.connect(self._on_gone, Qt.ConnectionType.QueuedConnection)
        self._page.left.connect(self._on_gone, Qt.ConnectionType.QueuedConnection)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setAcceptDrops(False)
        self.view.setPage(self._page)
        self._page.enter(QColor(look["surface"]))

    def submit(self, month: int, year: int, *beside: str) -> None:
        """Ask the vault to take the card; `month` is 1 to 12, `year` has two digits, `beside` is sent with it."""
        self._page.call("submit", month, year, *beside)

    def wear(self, look: Mapping[str, str]) -> None:
        """Change the page's colours."""
        self._page.setBackgroundColor(QColor(look["surface"]))
        self._page.call("wear", dict(look))

    def focus(self, field: str) -> None:
        """Put the cursor into `cardNumber` or `cvv`; the view must have the keyboard."""
        self._page.call("focus", field)

    def destroy_load(self) -> None:
        """Destroy view, page and profile, in this order, each in a turn of the loop of its own.

        A profile must never go before its page, and the engine still holds events for a page that is being left.
        """
        self._page.told.disconnect(self._on_told)
        self._page.renderProcessTerminated.disconnect(self._on_gone)
        self._page.left.disconnect(self._on_gone)
        self.view.hide()
        self._page.destroyed.connect(self.deleteLater)  # with this object goes the profile, its child
        self.view.deleteLater()

    def _on_told(self, told: Return) -> None:
        self.told.emit(self, told)

    def _on_gone(self, *_how: object) -> None:
        self.crashed.emit(self)
