"""The record of security events: a text file that only grows, each line sealed together with the one before it.

A line is on the disk before its event counts. One that a power cut broke off has no end and is cut away; every other
line that does not fit its chain shows that somebody changed the file. What was cut from the end shows against a head
that was kept elsewhere (`head`).
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from typing_extensions import override

from deskpay.domain.errors import JournalCorrupt, JournalTooNew, JournalUnavailable
from deskpay.domain.security import SecurityEvent, SecurityKind
from deskpay.journal.seal import Seal
from deskpay.services.ports import SecurityLog

_BEGIN = "deskpay security events"
"""What the first line follows."""


class FileSecurityLog(SecurityLog):
    """The record in one file.

    Args:
        path: of the file.
        seal: of its chain.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._path = path
        self._seal = seal
        self._head: str | None = None
        self._one_at_a_time = asyncio.Lock()

    @override
    async def note(self, event: SecurityEvent) -> None:
        async with self._one_at_a_time:
            await asyncio.to_thread(self._add, event)

    @override
    async def events(self) -> Sequence[SecurityEvent]:
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._read)

    async def head(self) -> tuple[int, str]:
        """Return how many lines there are and the seal of the last: kept elsewhere, they tell whether some are missing.

        Raises:
            JournalError: the record cannot be believed or read.
        """
        lines = len(await self.events())
        return lines, (self._head or "") if lines else ""

    def _add(self, event: SecurityEvent) -> None:
        if self._head is None:
            self._read()
        body = _body(event)
        sealed = self._seal.of(f"{self._head}\n{body}")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY
            with os.fdopen(os.open(self._path, flags, 0o600), "a", encoding="utf-8") as file:
                file.write(f"{sealed} {body}\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as problem:
            self._head = None  # what of the line is there is read again before the next
            raise JournalUnavailable(f"{self._path.name} cannot be written: {problem.strerror}") from problem
        self._head = sealed

    def _read(self) -> list[SecurityEvent]:
        try:
            text = self._path.read_text(encoding="utf-8") if self._path.exists() else ""
            whole, _, torn = text.rpartition("\n")
            if torn:
                os.truncate(self._path, len(text.encode()) - len(torn.encode()))
        except UnicodeDecodeError as problem:
            raise JournalCorrupt(f"{self._path.name} is no text") from problem
        except OSError as problem:
            raise JournalUnavailable(f"{self._path.name} cannot be read: {problem.strerror}") from problem
        head, events = _BEGIN, list[SecurityEvent]()
        for number, line in enumerate(whole.split("\n") if whole else (), 1):
            sealed, _, body = line.partition(" ")
            if not self._seal.fits(f"{head}\n{body}", sealed):
                raise JournalCorrupt(f"the chain of {self._path.name} breaks at line {number}")
            events.append(_event(body))
            head = sealed
        self._head = head
        return events


def _body(event: SecurityEvent) -> str:
    return json.dumps(
        [event.at_utc.isoformat(), event.kind.value, event.operator, event.subject, event.detail],
        separators=(",", ":"),
    )


def _event(body: str) -> SecurityEvent:
    """Return the event of a line whose seal fits: what cannot be read there, a newer DeskPay wrote."""
    try:
        at_utc, kind, operator, subject, detail = json.loads(body)
        return SecurityEvent(datetime.fromisoformat(at_utc), SecurityKind(kind), operator, subject, detail)
    except ValueError as problem:
        raise JournalTooNew("the record of security events was written by a newer DeskPay") from problem
