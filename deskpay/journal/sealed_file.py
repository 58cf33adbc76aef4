"""A sealed file that holds named things, changed by one writer after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from deskpay.domain.errors import JournalCorrupt, JournalTooNew
from deskpay.journal.seal import Seal, read_sealed, write_sealed

Held = Mapping[str, object]
"""What lies in such a file."""


class SealedFile:
    """The file.

    Args:
        path: where it lies.
        seal: shows whether another hand changed it.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._path = path
        self._seal = seal
        self._writing = asyncio.Lock()

    @property
    def name(self) -> str:
        """Of the file, for messages."""
        return self._path.name

    async def held(self) -> Held | None:
        """Return what it holds, None where there is no file.

        Raises:
            JournalUnavailable: it cannot be read now.
            JournalCorrupt: it was changed by another hand than DeskPay's, or is another kind of file.
        """
        return await asyncio.to_thread(self._read)

    async def change(self, change: Callable[[Held | None], Held]) -> None:
        """Put what `change` makes of its contents in their place; after this returns it is on the disk.

        Raises:
            JournalUnavailable: it cannot be read or written now.
            JournalCorrupt: as for `held`.
        """
        async with self._writing:
            await asyncio.to_thread(lambda: write_sealed(self._path, change(self._read()), self._seal))

    def rows(self, held: Held | None, name: str, version: int) -> list[Held]:
        """Return the list `name` of what it holds, empty where there is no file.

        Raises:
            JournalTooNew: its keys are of a later version than `version`.
            KeyError: it has no such list, or no version.
            TypeError: its version is no number.
        """
        if held is None:
            return []
        if cast("int", held["version"]) > version:
            raise JournalTooNew(f"{self.name} was written by a newer DeskPay")
        return cast("list[Held]", held[name])

    def _read(self) -> Held | None:
        held = read_sealed(self._path, self._seal)
        if held is not None and not isinstance(held, dict):
            raise JournalCorrupt(f"{self.name} holds nothing of this desk")
        return cast("Held | None", held)
