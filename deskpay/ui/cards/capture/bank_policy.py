"""Where the pane with a bank's page may go: ordinary code.

A bank's page goes on to hosts that nobody can list in advance, so every one is allowed over TLS; it lives in a browser
of its own that holds nothing. The way back is an address that is never served and never resolves (RFC 6761): reaching
for it says that the guest has answered, and nothing about what.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from deskpay.domain.environment import Environment
from deskpay.ui.cards.capture.origin import PayHost

RETURN_ADDRESS = "https://return.deskpay.invalid/"
"""Given to the acquirer, which adds a query of its own; scheme, host and path alone count."""

_INSIDE = frozenset({"data", "blob", "about"})
"""What a page makes of itself, without a request."""


def is_return(url: str) -> bool:
    """Tell whether `url` is the way back."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    wanted = urlsplit(RETURN_ADDRESS)
    return (parts.scheme, parts.netloc, parts.path or "/") == (wanted.scheme, wanted.netloc, wanted.path)


def may_visit(environment: Environment, bank: PayHost, url: str) -> bool:
    """Tell whether the pane may send a request for `url`.

    Args:
        environment: of the connection; a training one reaches its own hotel and nothing else.
        bank: in training, who plays the bank.
        url: the address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        return False
    if parts.scheme in _INSIDE:
        return True
    if environment is Environment.TRAINING:
        return bank.owns(parts.scheme, parts.hostname or "", port)
    return parts.scheme == "https" and not is_return(url)


def may_open(environment: Environment, bank: PayHost, url: str) -> bool:
    """Tell whether `url`, as the acquirer names the bank's page, may be opened at all."""
    return urlsplit(url).scheme not in _INSIDE and may_visit(environment, bank, url)
