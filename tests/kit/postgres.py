"""A PostgreSQL server of the test run's own, in a folder of its own, reached through a socket in it.

It runs as the unprivileged user that the server asks for, with every commit synced, and is made once for the run.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from deskpay.journal.server import ONLY_GROW, Place

_PATIENCE_S = "60"


@dataclass
class Server:
    """A running server.

    Attributes:
        folder: where it lives.
        made: how many journals were named.
    """

    folder: Path
    made: int = field(default=0)

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"host={self.folder} dbname=postgres user=postgres"

    def new_place(self) -> Place:
        """Return where the next journal may be made."""
        self.made += 1
        return Place(self.address, f"deskpay_training_{os.getpid()}_{self.made}")

    def say(self, statement: str, place: Place | None = None) -> list[Any]:
        """Carry out statements as the owner of everything, perhaps in a journal; return the rows that one brings."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            if place is not None:
                connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(place.name)))
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def edit(self, place: Place, statement: str) -> None:
        """Edit a journal as somebody with a tool for PostgreSQL would, leaving its rules as they were."""
        off = "".join(f"ALTER TABLE {table} DISABLE TRIGGER {table}_keep;" for table in ONLY_GROW)
        on = "".join(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keep;" for table in ONLY_GROW)
        self.say(f"{off} {statement}; {on}", place)

    def start(self) -> None:
        """Start it and wait until it can be reached."""
        # Its output goes to a file: it would hold a pipe open for as long as it lives.
        self._control("start", "-l", str(self.folder / "log"), "-o", f"-k {self.folder} -c listen_addresses=")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: `immediate` as a crash does, `fast` in order."""
        self._control("stop", "-m", mode)

    def _control(self, act: str, *options: str) -> None:
        _as_its_user([_program("pg_ctl"), act, "-w", "-t", _PATIENCE_S, "-D", str(self.folder / "data"), *options])


def _program(name: str) -> str:
    """Return the newest of the server's programs; Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    assert path, f"PostgreSQL's {name} is missing; on Debian it comes with the package postgresql"
    return path


def _user() -> dict[str, Any]:
    """The server refuses to run as root."""
    if os.geteuid():
        return {}
    named = pwd.getpwnam("postgres")
    return {"user": named.pw_uid, "group": named.pw_gid, "extra_groups": []}


def _as_its_user(command: list[str]) -> None:
    done = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=90,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        **_user(),
    )
    assert done.returncode == 0, done.stdout.decode()


@contextmanager
def server_in(folder: Path) -> Iterator[Server]:
    """Run a server in `folder` until the block ends."""
    user = _user()
    if user:
        os.chown(folder, user["user"], user["group"])
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
    _as_its_user([_program("initdb"), "-D", str(folder / "data"), *options])
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The run's server. A test that stops it starts it again."""
    # A short path: the name of a socket has room for a hundred letters.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        with server_in(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)
