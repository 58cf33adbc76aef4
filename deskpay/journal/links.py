"""Which of the acquirer's customers a guest is, in a sealed file beside the hotel's journal: ids alone, no names."""

from __future__ import annotations

from pathlib import Path

from typing_extensions import override

from deskpay.journal.seal import Seal
from deskpay.journal.sealed_file import SealedFile
from deskpay.services.acquirer import AcquirerLinks


class FileLinks(AcquirerLinks):
    """Links in a file.

    Args:
        path: of the file.
        seal: shows whether another hand changed it.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._file = SealedFile(path, seal)

    @override
    async def customer_of(self, guest_id: str) -> str | None:
        linked = (await self._file.held() or {}).get(guest_id)
        return linked if isinstance(linked, str) else None

    @override
    async def keep(self, guest_id: str, customer_id: str) -> None:
        await self._file.change(lambda held: {**(held or {}), guest_id: customer_id})

    @override
    async def forget(self, guest_id: str) -> None:
        await self._file.change(lambda held: {key: linked for key, linked in (held or {}).items() if key != guest_id})
