"""Keyrings for tests: one that lives in memory and may be locked."""

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked
from typing_extensions import override


class MemoryKeyring(KeyringBackend):
    """The system's keyring, in memory. It never becomes the library's own choice."""

    priority = 0.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library has no types there
        self.held: dict[tuple[str, str], str] = {}
        self.locked = False

    @override
    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.held.get((service, username))

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.held[service, username] = password

    def _check(self) -> None:
        if self.locked:
            raise KeyringLocked("while asked for a secret")
