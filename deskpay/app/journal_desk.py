"""The journal of the open desk, proven and written out while it stays open."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths

from deskpay.app.journal_command import looked_at
from deskpay.domain.errors import JournalCorrupt, JournalUnavailable

if TYPE_CHECKING:
    from deskpay.journal.server import Place


async def check_chain(journal: Path | Place) -> str:
    """Prove the whole journal and return the head of its chain.

    Raises:
        JournalError: it cannot be believed or read.
    """
    seen = await asyncio.to_thread(looked_at, journal)
    if seen.problem is not None:
        raise seen.problem
    head = seen.told.get("head")
    if head is None:
        raise JournalCorrupt("the journal has no head")
    return head


async def export_journal(journal: Path | Place, now_utc: datetime) -> str:
    """Write the journal among the downloads, as a table and as events with digests; return the table's name.

    Raises:
        JournalError: it cannot be read, or the files cannot be written.
    """
    return await asyncio.to_thread(_export, journal, f"DeskPay journal {now_utc:%Y-%m-%d %H%M%S}")


async def keep_bundle(text: str, now_utc: datetime) -> str:
    """Write the bundle for support among the downloads and return the file's name.

    Raises:
        JournalUnavailable: it cannot be written.
    """
    name = f"DeskPay diagnostics {now_utc:%Y-%m-%d %H%M%S}.json"

    def write() -> None:
        path = _downloads() / name
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as problem:
            raise JournalUnavailable(f"{name} cannot be written: {problem.strerror}") from problem

    await asyncio.to_thread(write)
    return name


def _downloads() -> Path:
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise JournalUnavailable(f"{folder.name} cannot be made: {problem.strerror}") from problem
    return folder


def _export(journal: Path | Place, name: str) -> str:
    from deskpay.journal.export import write_csv, write_jsonl

    seen = [looked_at(journal)]
    folder = _downloads()
    write_csv(seen, folder / f"{name}.csv")
    write_jsonl(seen, folder / f"{name}.jsonl")
    return f"{name}.csv"
