"""What a desk remembers from one form to the next, in a small file beside the hotel's journal."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import asdict
from pathlib import Path

from typing_extensions import override

from deskpay.domain.remembered import Remembered
from deskpay.services.ports import DeskMemory

_LOG = logging.getLogger(__name__)


class FileMemory(DeskMemory):
    """A file that is written aside and then put in place. What cannot be read is as good as forgotten.

    Args:
        path: of the file; its folder exists.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @override
    async def recall(self) -> Remembered:
        return await asyncio.to_thread(self._read)

    @override
    async def remember(self, remembered: Remembered) -> None:
        await asyncio.to_thread(self._write, remembered)

    def _read(self) -> Remembered:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            category, receipt = kept["accounting_category_id"], kept["receipt_number"]
        except (OSError, ValueError, KeyError, TypeError):
            return Remembered()
        if not (isinstance(category, str) and isinstance(receipt, str)):
            return Remembered()
        return Remembered.of(category, receipt)

    def _write(self, remembered: Remembered) -> None:
        aside = self._path.with_suffix(".new")
        try:
            aside.write_text(json.dumps(asdict(remembered)), encoding="utf-8")
            aside.replace(self._path)
        except OSError as problem:
            _LOG.warning("the desk's memory could not be written: %s", type(problem).__name__)
