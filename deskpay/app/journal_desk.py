"""The journal of the open desk, proven and written out while it stays open."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from deskpay.domain.errors import JournalCorrupt, JournalUnavailable


async def check_chain(path: Path) -> str:
    """Prove the whole journal at `path` and return the head of its chain.

    Raises:
        JournalError: it cannot be believed or read.
    """
    from deskpay.journal.looking import look

    seen = await asyncio.to_thread(look, path)
    if seen.problem is not None:
        raise seen.problem
    head = seen.told.get("head")
    if head is None:
        raise JournalCorrupt("the journal has no head")
    return head


async def export_journal(path: Path, now_utc: datetime) -> str:
    """Write the journal at `path` among the downloads, as a table and as events with digests; return the table's name.

    Raises:
        JournalError: it cannot be read, or the files cannot be written.
    """
    return await asyncio.to_thread(_export, path, f"DeskPay journal {now_utc:%Y-%m-%d %H%M%S}")


def _export(path: Path, name: str) -> str:
    from deskpay.journal.export import write_csv, write_jsonl
    from deskpay.journal.looking import look

    seen = [look(path)]
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise JournalUnavailable(f"{folder.name} cannot be made: {problem.strerror}") from problem
    write_csv(seen, folder / f"{name}.csv")
    write_jsonl(seen, folder / f"{name}.jsonl")
    return f"{name}.csv"
