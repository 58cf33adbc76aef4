"""A line to the run's PostgreSQL server that can be cut in the midst of a commit, and stay cut."""

import select
import socket
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from deskpay.journal.server import Place
from tests.kit.postgres import Server

_SOCKET = ".s.PGSQL.5432"
_CHUNK = 65_536


@dataclass
class Line:
    """The line.

    Attributes:
        place: of a journal, behind it.
        far: the server's own socket.
        cuts: what the coming commits meet, in their order: ``reply`` is lost after it was carried out, ``request``
            before, ``sleep`` is a request lost without the server noticing, and "" is none.
        down: whether nobody is let through.
        stays_down: whether that follows from a cut.
    """

    place: Place
    far: Path
    cuts: list[str] = field(default_factory=list)
    down: bool = False
    stays_down: bool = False

    def carry(self, near: socket.socket) -> None:
        """Carry one connection to its end."""
        if self.down:
            return
        with socket.socket(socket.AF_UNIX) as far:
            far.connect(str(self.far))
            while True:
                for end in select.select([near, far], [], [])[0]:
                    data = end.recv(_CHUNK)
                    if not data:
                        return
                    if end is far:
                        near.sendall(data)
                        continue
                    cut = self.cuts.pop(0) if b"COMMIT" in data and self.cuts else ""
                    if cut:
                        self._cut(cut, data, near, far)
                        return
                    far.sendall(data)

    def _cut(self, how: str, data: bytes, near: socket.socket, far: socket.socket) -> None:
        self.down = self.stays_down
        if how == "reply":
            far.sendall(data)
            far.recv(_CHUNK)
        elif how == "sleep":
            near.shutdown(socket.SHUT_RDWR)
            while far.recv(_CHUNK):
                continue


@contextmanager
def line_to_server(server: Server) -> Iterator[Line]:
    """Lay a line to `server` for a new journal."""
    place = server.new_place()
    with tempfile.TemporaryDirectory(prefix="pgl-") as folder:
        line = Line(Place(f"host={folder} dbname=postgres user=postgres", place.name), server.folder / _SOCKET)

        class Carrier(socketserver.BaseRequestHandler):
            @override
            def handle(self) -> None:
                line.carry(self.request)

        with socketserver.ThreadingUnixStreamServer(f"{folder}/{_SOCKET}", Carrier) as carriers:
            thread = threading.Thread(target=carriers.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield line
            finally:
                carriers.shutdown()
                thread.join()
