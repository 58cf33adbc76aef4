"""The address at which a guest pays. It comes from outside, so it is shown only where a guest may safely go."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from deskpay.domain.environment import Environment

MAX_LENGTH = 2000
"""Characters; a QR code of the largest size holds 2,953 bytes and is hard to scan long before."""

_PLAIN = re.compile(r"[\x21-\x7e]+")


def guest_address(text: str, environment: Environment) -> str | None:
    """Return `text` where a guest may be sent there, None where not.

    A live or demo connection sends guests over TLS to a name of the open internet, a training connection to this
    computer and nowhere else.

    Args:
        text: as the property system gave it.
        environment: what the connection is.
    """
    if len(text) > MAX_LENGTH or not _PLAIN.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - a port that is no number raises here
    except ValueError:
        return None
    if not host or "@" in parts.netloc:
        return None
    if environment is Environment.TRAINING:
        fit = parts.scheme in {"http", "https"} and (host == "localhost" or _is_loopback(host))
    else:
        fit = parts.scheme == "https" and "." in host and not _is_number(host) and not host.endswith(".localhost")
    return text if fit else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_number(host: str) -> bool:
    """Tell whether `host` is an address in digits; a payment page has a name and a certificate for it."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit()
    return True
