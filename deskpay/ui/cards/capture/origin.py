"""Which vault a connection may speak to. Live hosts are compiled in; loopback belongs to training alone."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from deskpay.domain.environment import Environment

_LOOPBACK = frozenset({"localhost", "127.0.0.1"})
_HIGHEST_PORT = 65_535


class ForbiddenPayHost(ValueError):
    """A connection asked for a card vault that is not its own."""


@dataclass(frozen=True, slots=True)
class PayHost:
    """The exact origin the card fields come from.

    Args:
        scheme: `https`, or `http` for training.
        host: lower-case host name without port.
        port: always explicit, so that comparing origins needs no defaults.
        live: True where real cards are typed.
    """

    scheme: str
    host: str
    port: int
    live: bool = False

    @property
    def secure(self) -> bool:
        """Tell whether a certificate vouches for the host."""
        return self.scheme == "https"

    @property
    def origin(self) -> str:
        """The origin as browsers write it: the scheme's own port is left out."""
        return f"{self.scheme}://{self.host}" if self.secure else f"{self.scheme}://{self.host}:{self.port}"

    def owns(self, scheme: str, host: str, port: int) -> bool:
        """Tell whether an address is of exactly this origin; `port` is explicit."""
        return (scheme, host, port) == (self.scheme, self.host, self.port)


LIVE = PayHost("https", "pay.datatrans.com", 443, live=True)
DEMO = PayHost("https", "pay.sandbox.datatrans.com", 443)


def pay_origin(environment: Environment, address: str | None = None) -> PayHost:
    """Return the one vault a connection may use.

    Args:
        environment: what the connection is.
        address: the training sandbox's fields host, such as `http://localhost:41234`; None for the compiled-in hosts.

    Raises:
        ForbiddenPayHost: live or demo with an address of its own, or training without a loopback one.
    """
    match environment:
        case Environment.LIVE | Environment.DEMO if address is not None:
            raise ForbiddenPayHost(f"a {environment.value} connection takes no card vault address")
        case Environment.LIVE:
            return LIVE
        case Environment.DEMO:
            return DEMO
        case Environment.TRAINING:
            return _loopback(address or "")


def acquirer_origin(environment: Environment, address: str | None = None) -> PayHost:
    """Return the one place that a connection's own card page may send a card to.

    Source: PayMongo, "Authentication": one host for test and live; the key decides.

    Args:
        environment: what the connection is.
        address: of the interface that the training hotel plays; None for the compiled-in host.

    Raises:
        ForbiddenPayHost: as for `pay_origin`.
    """
    if environment is Environment.TRAINING:
        return _loopback(address or "")
    if address is not None:
        raise ForbiddenPayHost(f"a {environment.value} connection takes no address of its acquirer")
    return PayHost("https", "api.paymongo.com", 443, live=environment is Environment.LIVE)


def _loopback(address: str) -> PayHost:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ForbiddenPayHost("the training vault's address cannot be read") from None
    bare = parts.path in {"", "/"} and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK or port is None or not bare:
        raise ForbiddenPayHost("a training connection reaches loopback only")
    if not 0 < port <= _HIGHEST_PORT:
        raise ForbiddenPayHost("the training vault's port is impossible")
    return PayHost("http", parts.hostname, port)
