"""The queue of the night as one small sealed file beside the journal, written aside, synced and put in place.

It holds ids, amounts and the name of who confirmed it; nothing of a guest. Which rows are done is the journal's to say.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from typing_extensions import override

from deskpay.domain.errors import JournalCorrupt, JournalUnavailable
from deskpay.domain.money import Currency, Money
from deskpay.domain.night_queue import QueuePlan, QueueRow, Why
from deskpay.journal.seal import Seal, read_sealed, sync_folder, write_sealed
from deskpay.services.ports import QueueStore

_VERSION = 1


class QueueFile(QueueStore):
    """The file.

    Args:
        path: where it stands while a queue is not over.
        seal: shows whether another hand changed it.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._path = path
        self._seal = seal

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
        write_sealed(self._path, _written(plan), self._seal)

    def _read(self) -> QueuePlan | None:
        held = read_sealed(self._path, self._seal)
        try:
            return None if held is None else _read(cast("dict[str, Any]", held))
        except (ValueError, KeyError, TypeError) as problem:
            raise JournalCorrupt("the queue contradicts itself") from problem

    def _finish(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
            sync_folder(self._path.parent)
        except OSError as problem:
            raise JournalUnavailable(f"the queue cannot be ended: {problem.strerror}") from problem


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
