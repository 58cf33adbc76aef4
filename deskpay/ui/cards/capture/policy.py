"""What the web engine of a capture may fetch and where it may go: ordinary code, deny by default."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from deskpay.ui.cards.capture.host_page import PAGE_URL, VAULT_REFERENCE
from deskpay.ui.cards.capture.origin import PayHost
from deskpay.ui.cards.capture.returns import Return, parse

_DEFAULT_PORTS = {"https": 443, "http": 80}


def may_fetch(pay: PayHost, url: str) -> bool:
    """Tell whether the engine may send a request for `url`: the host page itself, or anything of exactly the vault.

    The vault's own pages load assets whose paths are not published, so its whole origin is allowed.
    """
    return url == PAGE_URL or _is_of(pay, url)


def _is_of(pay: PayHost, url: str) -> bool:
    try:
        parts = urlsplit(url)
        return pay.owns(parts.scheme, parts.hostname or "", _port(parts)) and not parts.username and not parts.password
    except ValueError:
        return False


def _port(parts: SplitResult) -> int:
    return parts.port if parts.port is not None else _DEFAULT_PORTS.get(parts.scheme, 0)


@dataclass(slots=True)
class Decision:
    """Whether a navigation may go on, and what it told on the way if it was a message of the page."""

    allowed: bool
    told: Return | None = None


class NavigationPolicy:
    """Judges every navigation of one load.

    The host page may be entered once; the frames stay with the vault; every other navigation of the main frame is at
    most a message.

    Args:
        pay: the vault.
        nonce: the load's return nonce.
        references: pattern of the id of a card.
    """

    def __init__(self, pay: PayHost, nonce: str, references: str = VAULT_REFERENCE) -> None:
        self._pay = pay
        self._nonce = nonce
        self._references = references
        self._entered = False

    def judge(self, url: str, *, main_frame: bool) -> Decision:
        """Decide about one navigation."""
        if not main_frame:
            return Decision(_is_of(self._pay, url))
        if url == PAGE_URL:
            first, self._entered = not self._entered, True
            return Decision(first)
        return Decision(allowed=False, told=parse(url, self._nonce, self._references))
