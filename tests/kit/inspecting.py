"""A proxy that opens TLS connections under the hosted name and seals them again, by real sockets on loopback."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
ROOT = VECTORS / "inspection" / "root.pem"
"""The root that hotel IT would have put among those of the system."""

SEALED_BY = VECTORS / "inspection" / "server.pem"
UNKNOWN = VECTORS / "portal" / "unknown_issuer.pem"
HOST = "api.mews-demo.com"
ISSUER = "Sherry and Partners"
PATIENCE_S = 10.0


@dataclass(eq=False)
class Proxy:
    """What a running proxy was told.

    Attributes:
        port: of its listener.
        read: the bytes of every request that it read on its way.
    """

    port: int
    read: list[bytes] = field(default_factory=list)

    def dial(self) -> socket.socket:
        """Open a connection to it, as to the hosted name."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)


def trusting(root: Path = ROOT) -> ssl.SSLContext:
    """A system that trusts `root`."""
    return ssl.create_default_context(cafile=root)


@contextmanager
def inspecting_proxy(certificate: Path = SEALED_BY, upstream: str = "") -> Iterator[Proxy]:
    """Serve until the block ends, one connection after another.

    Args:
        certificate: with its key.
        upstream: where what was read is sent on to; empty hears and says nothing.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        proxy = Proxy(listening.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listening, context, proxy, upstream), name="proxy")
        thread.start()
        try:
            yield proxy
        finally:
            # Closing alone would leave it waiting.
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_S)


def _serve(listening: socket.socket, context: ssl.SSLContext, proxy: Proxy, upstream: str) -> None:
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        with suppress(OSError), line:
            line.settimeout(PATIENCE_S)
            with context.wrap_socket(line, server_side=True) as opened:
                _pass_on(opened, proxy, upstream)


def _pass_on(opened: ssl.SSLSocket, proxy: Proxy, upstream: str) -> None:
    """Send one request on and its answer back, reading both."""
    request = opened.recv(65_536)
    if not request or not upstream:
        return
    head, _, body = request.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += opened.recv(65_536)
    proxy.read.append(body)
    parts = urlsplit(upstream)
    with socket.create_connection((parts.hostname or "", parts.port or 0), PATIENCE_S) as behind:
        behind.sendall(head + b"\r\nConnection: close\r\n\r\n" + body)
        while answer := behind.recv(65_536):
            opened.sendall(answer)
