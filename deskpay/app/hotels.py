"""The hotels of this computer: a sealed list of them, and their tokens in the system's keyring where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from deskpay.app.connection import DEMO_TOKENS, Connection
from deskpay.domain.connection import KnownConnection
from deskpay.domain.environment import Environment
from deskpay.gateways.token_store import KeyringBackend, TokenStore, system_keyring
from deskpay.journal.connections import ConnectionFile
from deskpay.journal.seal import Seal

_FILE = "connections"


class Hotels:
    """What this computer knows. Made by `open_hotels`.

    Args:
        file: the list.
        store: where tokens lie; None where this system has no place for them.
        seal: of every file of this computer.
    """

    def __init__(self, file: ConnectionFile, store: TokenStore | None, seal: Seal) -> None:
        self._file = file
        self._store = store
        self.seal = seal

    @property
    def keyring(self) -> str:
        """What the system calls its keyring; empty where there is none."""
        return "" if self._store is None else self._store.name

    async def all(self) -> Sequence[KnownConnection]:
        """Return the hotels, the one used last first.

        Raises:
            JournalError: the list was changed by another hand, or cannot be read.
        """
        return await self._file.all()

    async def connection(self, known: KnownConnection) -> Connection | None:
        """Return the connection with its tokens, None where they have to be typed.

        Raises:
            KeyringUnavailable: the keyring is locked or does not answer.
        """
        if known.environment is Environment.DEMO:
            return Connection.known(known, *DEMO_TOKENS)
        if self._store is None:
            return None
        client, access, secret, public = [
            await self._store.kept(name) for name in (*token_names(known.id), *key_names(known.id))
        ]
        if client is None or access is None:
            return None
        return Connection.known(known, client, access, secret or "", public or "")

    async def keep(self, connection: Connection, name: str) -> None:
        """Remember a connection as the one used last, and its tokens where they can be kept.

        Args:
            connection: bound to its hotel.
            name: of the hotel.

        Raises:
            JournalError: the list cannot be believed, read or written.
            KeyringUnavailable: the keyring is locked or does not answer.
        """
        known = KnownConnection(
            connection.environment, connection.hotel_id, name, connection.address, connection.fields_address
        )
        await self._file.use(known)
        if self._store is not None and connection.environment is not Environment.DEMO:
            account = connection.paymongo
            tokens = (connection.client_token, connection.access_token)
            kept = dict(zip(token_names(known.id), tokens, strict=True))
            if account is not None:
                kept |= zip(key_names(known.id), (account.secret_key, account.public_key), strict=True)
            for place, secret in kept.items():
                await self._store.keep(place, secret)


def token_names(connection_id: str) -> tuple[str, str]:
    """Return what the tokens of a connection are called in the keyring."""
    return f"{connection_id}/client", f"{connection_id}/access"


def key_names(connection_id: str) -> tuple[str, str]:
    """Return what the keys of a connection's account at PayMongo are called in the keyring."""
    return f"{connection_id}/paymongo-secret", f"{connection_id}/paymongo-public"


async def open_hotels(data_folder: Path, backend: KeyringBackend | None = None) -> Hotels:
    """Open the list of this computer.

    Args:
        data_folder: where it lies.
        backend: keyring to use; None takes the system's own, where there is one.

    Raises:
        KeyringUnavailable: the keyring is locked or does not answer.
    """
    found = backend if backend is not None else await asyncio.to_thread(system_keyring)
    store = None if found is None else TokenStore(found)
    seal = Seal() if store is None else Seal(await store.seal_key())
    return Hotels(ConnectionFile(data_folder / _FILE, seal), store, seal)
