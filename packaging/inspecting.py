"""A proxy that opens TLS connections to the hotel's property system and seals them again, for a bare machine alone.

It is reached by another name of this computer, which only that machine knows as the host's, so nothing leaves here.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from machine import Machine

HOST = "api.mews.com"
ISSUER = "The Gilded Teapot's proxy"
ADDRESS = ("127.0.0.77", 443)
PATIENCE_S = 10.0

_FOLDER = "/srv/proxy"
_KEYS = """
mkdir -p "$1" && cd "$1"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/O=$3/CN=Root" -keyout root.key -out root.pem \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$2" -keyout server.key -out server.pem \
    -CA root.pem -CAkey root.key -addext basicConstraints=critical,CA:FALSE -addext "subjectAltName=DNS:$2"
"""


@contextmanager
def inspecting(bare: Machine) -> Iterator[str]:
    """Stand between `bare` and the host; yield where the proxy's root lies there."""
    bare.run("sh", "-ec", _KEYS, "sh", _FOLDER, HOST, ISSUER)
    keys = bare.root / _FOLDER.lstrip("/")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / "server.pem", keys / "server.key")
    names = bare.root / "etc" / "hosts"
    before = names.read_text(encoding="utf-8") if names.exists() else ""
    names.write_text(f"{before}\n{ADDRESS[0]} {HOST}\n", encoding="utf-8")
    with socket.create_server(ADDRESS) as listening:
        thread = threading.Thread(target=_serve, args=(listening, context), name="proxy")
        thread.start()
        try:
            yield str(Path(_FOLDER) / "root.pem")
        finally:
            # Closing alone would leave it waiting.
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE_S)
            names.write_text(before, encoding="utf-8")


def _serve(listening: socket.socket, context: ssl.SSLContext) -> None:
    """Shake hands with whoever comes, and hear nothing: the doctor sends nothing."""
    while True:
        try:
            line, _ = listening.accept()
        except OSError:
            return
        with suppress(OSError), line:
            line.settimeout(PATIENCE_S)
            context.wrap_socket(line, server_side=True).close()
