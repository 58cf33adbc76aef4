"""Which of the acquirer's customers a guest is, in a sealed file beside the hotel's journal: ids alone, no names."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from typing_extensions import override

from deskpay.domain.errors import JournalCorrupt
from deskpay.journal.seal import Seal, read_sealed, write_sealed
from deskpay.services.acquirer import AcquirerLinks


class FileLinks(AcquirerLinks):
    """Links in a file.

    Args:
        path: of the file.
        seal: shows whether another hand changed it.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._path = path
        self._seal = seal
        self._writing = asyncio.Lock()

    @override
    async def customer_of(self, guest_id: str) -> str | None:
        return (await asyncio.to_thread(self._read)).get(guest_id)

    @override
    async def keep(self, guest_id: str, customer_id: str) -> None:
        async with self._writing:
            await asyncio.to_thread(self._put, guest_id, customer_id)

    @override
    async def forget(self, guest_id: str) -> None:
        async with self._writing:
            await asyncio.to_thread(self._put, guest_id, None)

    def _read(self) -> dict[str, str]:
        held = read_sealed(self._path, self._seal)
        if held is None:
            return {}
        if not isinstance(held, Mapping):
            raise JournalCorrupt(f"{self._path.name} holds no links")
        links = cast("Mapping[str, object]", held)
        return {guest_id: customer_id for guest_id, customer_id in links.items() if isinstance(customer_id, str)}

    def _put(self, guest_id: str, customer_id: str | None) -> None:
        links = self._read()
        links.pop(guest_id, None)
        if customer_id is not None:
            links[guest_id] = customer_id
        write_sealed(self._path, links, self._seal)
