"""Who looks into a TLS connection on its way.

A hotel's proxy may open connections and seal them again with a certificate of its own, whose root its IT has put among
those that the system trusts. DeskPay works through it, but whoever works at the desk should know. Whether a public root
vouches for the server is asked of Mozilla's list; up to three handshakes are made, and nothing is sent over them. What
the system does not trust either is refused by every request, and no answer here changes that.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from typing import cast

import certifi

from deskpay.gateways.http import system_trust

PORT = 443
PATIENCE_S = 5.0
MOST_LETTERS = 80
"""Of a name that comes from a certificate."""

Dial = Callable[[], socket.socket]


def inspected_by(
    host: str, *, dial: Dial | None = None, public_roots: str = "", trust: ssl.SSLContext | None = None
) -> str | None:
    """Return who sealed the connection to `host` where no public root vouches for it. It blocks: call it in a thread.

    Args:
        host: to be looked at.
        dial: opens a connection to it; None goes to the name itself.
        public_roots: file with the public roots; empty takes Mozilla's.
        trust: what the system trusts; None asks it.

    Returns:
        The issuer's name; empty where nobody looks in; None where that could not be found out.
    """
    reach = dial or (lambda: socket.create_connection((host, PORT), PATIENCE_S))
    try:
        _certificate(reach, ssl.create_default_context(cafile=public_roots or certifi.where()), host)
    except ssl.SSLCertVerificationError:
        pass
    except OSError:
        return None
    else:
        return ""
    try:
        sealed = _certificate(reach, trust or system_trust(), host)
        return _issuer(reach, sealed, host)
    except OSError:
        return None


def _certificate(reach: Dial, trust: ssl.SSLContext, host: str) -> bytes:
    with reach() as line:
        line.settimeout(PATIENCE_S)
        with trust.wrap_socket(line, server_hostname=host) as sealed:
            return sealed.getpeercert(binary_form=True) or b""


def _issuer(reach: Dial, sealed: bytes, host: str) -> str:
    """Return the issuer's name in a certificate that the system trusts.

    Python reads the fields of a certificate that it verified itself, and where the system verifies it does not. So the
    certificate is met once more, as the one thing that is trusted.
    """
    only = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    only.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    only.load_verify_locations(cadata=sealed)
    with reach() as line:
        line.settimeout(PATIENCE_S)
        with only.wrap_socket(line, server_hostname=host) as met:
            told = met.getpeercert() or {}
    parts = cast("Sequence[Sequence[tuple[str, str]]]", told.get("issuer", ()))
    names = {key: value for part in parts for key, value in part}
    name = names.get("organizationName") or names.get("commonName") or host
    return "".join(letter for letter in name if letter.isprintable())[:MOST_LETTERS]
