"""The queue of the night as one small file beside the journal, written aside, synced and put in place.

It holds ids, amounts and the name of who confirmed it; nothing of a guest. Which rows are done is the journal's to say.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

from typing_extensions import override

from deskpay.domain.errors import JournalCorrupt, JournalUnavailable
from deskpay.domain.money import Currency, Money
from deskpay.domain.night_queue import QueuePlan, QueueRow, Why
from deskpay.services.ports import QueueStore

_VERSION = 1


class QueueFile(QueueStore):
    """The file.

    Args:
        path: where it stands while a queue is not over.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @override
    async def keep(self, plan: QueuePlan) -> None:
        await asyncio.to_thread(self._keep, plan)

    @override
    async def unfinished(self) -> QueuePlan | None:
        return await asyncio.to_thread(self._read)

    @override
    async def finish(self) -> None:
        await asyncio.to_thread(self._finish)

    def _keep(self, plan: QueuePlan) -> None:
        aside = self._path.with_name(f"{self._path.name}.new")
        try:
            with os.fdopen(os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
                json.dump(_written(plan), file)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)
            self._sync_folder()
        except OSError as problem:
            raise JournalUnavailable(f"the queue cannot be written: {problem.strerror}") from problem

    def _read(self) -> QueuePlan | None:
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as problem:
            raise JournalUnavailable("the queue cannot be read") from problem
        try:
            return _read(json.loads(text))
        except (ValueError, KeyError, TypeError) as problem:
            raise JournalCorrupt("the queue contradicts itself") from problem

    def _finish(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
            self._sync_folder()
        except OSError as problem:
            raise JournalUnavailable(f"the queue cannot be ended: {problem.strerror}") from problem

    def _sync_folder(self) -> None:
        with contextlib.suppress(PermissionError):  # Windows opens no folders, and needs none synced
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _written(plan: QueuePlan) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "id": plan.id,
        "enterprise_id": plan.enterprise_id,
        "operator": plan.operator,
        "day": plan.day.isoformat(),
        "seen_utc": plan.seen_utc.isoformat(),
        "confirmed_utc": plan.confirmed_utc.isoformat(),
        "rows": [
            {
                "number": row.number,
                "why": row.why.value,
                "reservation_id": row.reservation_id,
                "customer_id": row.customer_id,
                "credit_card_id": row.credit_card_id,
                "minor": row.amount.minor,
                "currency": row.amount.currency.code,
                "precision": row.amount.currency.precision,
            }
            for row in plan.rows
        ],
    }


def _read(told: dict[str, Any]) -> QueuePlan:
    if told["version"] != _VERSION:
        raise ValueError("a queue of another DeskPay")
    return QueuePlan(
        id=str(told["id"]),
        enterprise_id=str(told["enterprise_id"]),
        operator=str(told["operator"]),
        day=date.fromisoformat(told["day"]),
        seen_utc=datetime.fromisoformat(told["seen_utc"]),
        confirmed_utc=datetime.fromisoformat(told["confirmed_utc"]),
        rows=tuple(
            QueueRow(
                number=int(row["number"]),
                why=Why(row["why"]),
                reservation_id=str(row["reservation_id"]),
                customer_id=str(row["customer_id"]),
                credit_card_id=str(row["credit_card_id"]),
                amount=Money(int(row["minor"]), Currency(row["currency"], int(row["precision"]))),
            )
            for row in told["rows"]
        ),
    )
