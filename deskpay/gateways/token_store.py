"""The operating system's keyring: the only place where tokens and keys of this computer lie.

The backend is named for each system. Looked up by itself, the library may settle for one that keeps secrets in a plain
file, and frozen builds lose the look-up altogether. Where the named one does not work there is no other: what was typed
lives until DeskPay closes.
"""

from __future__ import annotations

import asyncio
import importlib
import secrets
import sys
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from deskpay.domain.errors import KeyringUnavailable

T = TypeVar("T")

SERVICE = "DeskPay"
"""What its entries are called in the keyring."""

_SEAL_KEY = "seal"
_PATIENCE_S = 60.0
"""The system may ask the person for the keyring's password."""

_BACKENDS = {
    "win32": ("keyring.backends.Windows", "WinVaultKeyring"),
    "darwin": ("keyring.backends.macOS", "Keyring"),
    "linux": ("keyring.backends.SecretService", "Keyring"),
}


class KeyringBackend(Protocol):
    """What a keyring of the library offers, as far as it is used here."""

    @property
    def name(self) -> str:
        """What the system calls it."""
        ...

    def get_password(self, service: str, username: str) -> str | None:
        """Return a secret, None where there is none."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""
        ...


def system_keyring(platform: str = sys.platform) -> KeyringBackend | None:
    """Return the keyring of this system, None where it offers none. Blocks for as long as loading it takes."""
    module, name = _BACKENDS.get(platform, ("", ""))
    try:
        kind: Any = getattr(importlib.import_module(module), name)
        usable = bool(kind.priority > 0)  # asking for it is what tries the backend
    except (ImportError, AttributeError, RuntimeError, ValueError):
        return None
    backend: KeyringBackend | None = kind() if usable else None
    return backend


class TokenStore:
    """Secrets by name.

    Args:
        backend: of the operating system.
    """

    def __init__(self, backend: KeyringBackend) -> None:
        self._backend = backend

    @property
    def name(self) -> str:
        """What the keyring is called."""
        return str(self._backend.name)

    async def kept(self, name: str) -> str | None:
        """Return a secret, None where there is none.

        Raises:
            KeyringUnavailable: the keyring is locked or does not answer.
        """
        return await _asked(lambda: self._backend.get_password(SERVICE, name))

    async def keep(self, name: str, secret: str) -> None:
        """Keep a secret in the place of one of the same name.

        Raises:
            KeyringUnavailable: the keyring is locked or does not answer.
        """
        await _asked(lambda: self._backend.set_password(SERVICE, name, secret))

    async def seal_key(self) -> bytes:
        """Return this computer's own key, drawn when it is first asked for.

        Raises:
            KeyringUnavailable: the keyring is locked or does not answer.
        """
        key = await self.kept(_SEAL_KEY)
        if key is None:
            key = secrets.token_hex(32)
            await self.keep(_SEAL_KEY, key)
        return key.encode()


async def _asked(ask: Callable[[], T]) -> T:
    from keyring.errors import KeyringError

    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await asyncio.to_thread(ask)
    except (KeyringError, TimeoutError) as problem:
        # Its own text may quote what was asked for.
        raise KeyringUnavailable(type(problem).__name__) from None
