"""Heads of journals in a folder on another computer, best one where files are only added.

Each head is a file of its own, whole or not there at all, whose name no other head has. To compare, no key is needed:
the digest of an event stands for all before it, and so does the seal of a security event.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from deskpay.domain.errors import HeadNotKept
from deskpay.domain.head import JournalHead
from deskpay.journal.chain import Row

VERSION = 1
ENDING = ".head.json"

_UNFIT = re.compile(r"[^0-9A-Za-z._-]+")


def keep_head(folder: Path, head: JournalHead) -> str:
    """Add a head to `folder` and return the name of its file.

    Raises:
        HeadNotKept: the folder is away or cannot be written; nothing was added.
    """
    name = f"{head.hotel_id} {head.desk_id} {head.at_utc:%Y-%m-%d %H%M%S.%f}"
    path = folder / f"{_UNFIT.sub('-', name)}{ENDING}"
    aside = path.with_suffix(".new")
    told = {"version": VERSION, **asdict(head), "at_utc": head.at_utc.isoformat()}
    try:
        if path.exists():
            raise FileExistsError(path.name)
        with aside.open("x", encoding="utf-8") as file:
            json.dump(told, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    except OSError as problem:
        raise HeadNotKept(f"{path.name}: {problem.strerror or type(problem).__name__}") from problem
    return path.name


def read_head(path: Path) -> JournalHead:
    """Return the head in a file.

    Raises:
        HeadNotKept: it cannot be read, or is no head.
    """
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {VERSION: _head}[told["version"]](told)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise HeadNotKept(f"{path.name} is no head of a journal") from problem


def _head(told: dict[str, Any]) -> JournalHead:
    return JournalHead(
        journal_id=str(told["journal_id"]),
        events=int(told["events"]),
        digest=str(told["digest"]),
        security_lines=int(told["security_lines"]),
        security_seal=str(told["security_seal"]),
        hotel_id=str(told["hotel_id"]),
        desk_id=str(told["desk_id"]),
        at_utc=datetime.fromisoformat(told["at_utc"]),
    )


def intents_since(head: JournalHead, events: Sequence[Row]) -> str:
    """Return what is wrong with the journal's events since `head` was kept; empty where all is there."""
    if len(events) < head.events:
        return f"{head.events} events were on record, {len(events)} are left"
    if head.events and events[head.events - 1]["digest"] != head.digest:
        return f"the first {head.events} events are not the ones that were on record"
    return ""


def security_since(head: JournalHead, record: str) -> str:
    """Return what is wrong with the record of security events since `head` was kept; empty where all is there.

    Args:
        head: as it was kept.
        record: the text of the record now.
    """
    lines = record.splitlines()
    if len(lines) < head.security_lines:
        return f"{head.security_lines} security events were on record, {len(lines)} are left"
    if head.security_lines and lines[head.security_lines - 1].partition(" ")[0] != head.security_seal:
        return f"the first {head.security_lines} security events are not the ones that were on record"
    return ""
