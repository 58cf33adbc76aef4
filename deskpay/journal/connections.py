"""The hotels that this computer knows, in a sealed file without any secret; the one used last comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from deskpay.domain.connection import KnownConnection
from deskpay.domain.environment import Environment
from deskpay.domain.errors import JournalCorrupt, JournalTooNew
from deskpay.journal.seal import Seal, read_sealed, write_sealed

VERSION = 1
"""Of the file's keys."""


class ConnectionFile:
    """The list in one file.

    Args:
        path: of the file.
        seal: shows whether another hand changed it.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._path = path
        self._seal = seal

    async def all(self) -> Sequence[KnownConnection]:
        """Return them, the one used last first.

        Raises:
            JournalError: the list cannot be believed or read.
        """
        return await asyncio.to_thread(self._read)

    async def use(self, connection: KnownConnection) -> None:
        """Put a connection first, in the place of one to the same hotel.

        Raises:
            JournalError: the list cannot be believed, read or written.
        """
        await asyncio.to_thread(self._put_first, connection)

    def _read(self) -> list[KnownConnection]:
        held = read_sealed(self._path, self._seal)
        if held is None:
            return []
        try:
            file = cast("Mapping[str, object]", held)
            if cast("int", file["version"]) > VERSION:
                raise JournalTooNew(f"{self._path.name} was written by a newer DeskPay")
            return [_connection(row) for row in cast("list[Mapping[str, object]]", file["connections"])]
        except (KeyError, TypeError, ValueError) as problem:
            raise JournalCorrupt(f"{self._path.name} holds no connections") from problem

    def _put_first(self, connection: KnownConnection) -> None:
        others = [known for known in self._read() if known.id != connection.id]
        held = {"version": VERSION, "connections": [_row(known) for known in (connection, *others)]}
        write_sealed(self._path, held, self._seal)


def _row(connection: KnownConnection) -> dict[str, str]:
    return {
        "environment": connection.environment.value,
        "hotel_id": connection.hotel_id,
        "name": connection.name,
        "address": connection.address,
        "fields_address": connection.fields_address,
    }


def _connection(row: Mapping[str, object]) -> KnownConnection:
    return KnownConnection(
        environment=Environment(row["environment"]),
        hotel_id=str(row["hotel_id"]),
        name=str(row["name"]),
        address=str(row["address"]),
        fields_address=str(row["fields_address"]),
    )
