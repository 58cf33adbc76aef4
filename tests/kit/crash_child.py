"""Desks that die: a process that loads everything once and forks a desk for each job.

Each job is one line of JSON on the input, each answer one line on the output. A fork shares no thread, loop, socket or
file with the next one, and is ready in milliseconds, so that hundreds of deaths can be tried one by one.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import traceback
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from deskpay.domain.errors import GuestBeingChecked
from deskpay.domain.intent import Evidence, IntentEvent, IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import OwnRefund
from deskpay.services.ports import IntentJournal
from tests.kit.crash_desk import REFERENCE, BareDesk, Line, open_bare_desk, reaches

_PATIENCE_S = 20.0
_LOOKED = frozenset({Evidence.NOT_FOUND, Evidence.SEVERAL_FOUND})


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class DyingJournal:
    """A journal whose process is killed right before or right after one of its writes.

    Attributes:
        inner: the real one.
        write: at which write, counted from one.
        side: ``before`` or ``after`` that write is durable; anything else kills nowhere here.
        written: how many writes there were.
    """

    inner: IntentJournal
    write: int
    side: str
    written: int = 0

    def _at(self, side: str) -> None:
        if side == "before":
            self.written += 1
        if (self.written, side) == (self.write, self.side):
            _die()

    async def draft(self, record: IntentRecord) -> None:
        self._at("before")
        await self.inner.draft(record)
        self._at("after")

    async def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        self._at("before")
        record = await self.inner.append(intent_id, event)
        self._at("after")
        return record

    async def find(self, intent_id: str) -> IntentRecord | None:
        return await self.inner.find(intent_id)

    async def unfinished(self) -> list[IntentRecord]:
        return await self.inner.unfinished()

    async def of_customer(self, customer_id: str) -> list[IntentRecord]:
        return await self.inner.of_customer(customer_id)

    async def own_refunds(self, payment_ids: Sequence[str]) -> list[OwnRefund]:
        return await self.inner.own_refunds(payment_ids)

    async def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        return await self.inner.drafted_on(first, last)


def _ask(control: str, name: str, body: object = None) -> Any:
    payload = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - the training hotel's own address
        f"{control}/_sandbox/{name}", payload, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
        return json.loads(answer.read())


def _die_in_flight(control: str, table: str) -> None:
    """Kill this process once the hotel has done what it was asked; its answer is on its way."""

    def watch() -> None:
        while not _ask(control, "ledger")[table]:
            continue
        _die()

    threading.Thread(target=watch, daemon=True).start()


def _told(record: IntentRecord) -> dict[str, Any]:
    return {
        "reference": record.intent.reference,
        "state": record.state.value,
        "outcome_id": record.outcome_id,
        "story": [[event.state.value, event.evidence.value] for event in record.events],
    }


async def _act(desk: BareDesk, job: dict[str, Any]) -> dict[str, Any]:
    """Do one act and follow it to its end, or as far as this process lives."""
    kind, control = IntentKind(job["kind"]), job["control"]
    if job["side"] == "in flight":
        _die_in_flight(control, job["table"])
    begun = await desk.act(kind, guest=job["guest"], transaction_id=job["transaction_id"])
    runner = desk.front.runner
    if job["advance_s"]:
        await reaches(runner, begun, lambda record: record.state is IntentState.ACCEPTED)
        await asyncio.to_thread(_ask, control, "clock", {"advance_s": job["advance_s"]})

    def over(record: IntentRecord) -> bool:
        return record.state.final or (job["endless"] and len(record.events) > job["most_writes"])

    return _told(await reaches(runner, begun, over))


def _rested_since(events: int, record: IntentRecord) -> bool:
    """Whether a story ended, or was looked for in vain since it had so many events."""
    last = record.events[-1]
    looked = record.state is IntentState.UNKNOWN and last.evidence in _LOOKED
    return record.state.final or (looked and len(record.events) > events)


async def _take_up(desk: BareDesk, job: dict[str, Any]) -> dict[str, Any]:
    """Follow what an earlier run left until it ended or was looked for, and try the same again where it did not."""
    runner = desk.front.runner
    for news in runner.unfinished:
        await reaches(runner, news.record, partial(_rested_since, len(news.record.events)))
    stories = await desk.stories()
    waiting = [record.intent.reference for record in await desk.front.journal.unfinished()]
    refused = False
    if waiting:
        try:
            again = job["transaction_id"] or "0" * 18
            await desk.act(IntentKind(job["kind"]), guest=job["guest"], reference=f"{REFERENCE}X", transaction_id=again)
        except GuestBeingChecked:
            refused = True
    return {"stories": [_told(record) for record in stories], "waiting": waiting, "refused": refused}


async def play(job: dict[str, Any]) -> dict[str, Any]:
    """Do one job; it may end this process."""
    line = Line(**job["line"])
    dying = job["side"] != "take up"

    def around(journal: IntentJournal) -> IntentJournal:
        return DyingJournal(journal, job["write"], job["side"]) if dying else journal

    async with (
        asyncio.timeout(_PATIENCE_S),
        open_bare_desk(line, Path(job["path"]), journal_around=around) as desk,
    ):
        told = await (_act if dying else _take_up)(desk, job)
        assert desk.faults == [], desk.faults
    return told


def _in_a_fork(job: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            os.write(writing, json.dumps(asyncio.run(play(job))).encode())
            code = 0
        except BaseException:  # noqa: BLE001 - a fork must never return into its parent's code
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return {"code": os.waitstatus_to_exitcode(status), "told": json.loads(told or b"null")}


def main() -> None:
    """Do the jobs that come in, one after the other."""
    for line in sys.stdin:
        job = json.loads(line)
        # What is loaded at the first use is loaded here, once, by a whole act that nobody kills.
        played = {"code": 0, "told": asyncio.run(play(job))} if job["side"] == "warm up" else _in_a_fork(job)
        sys.stdout.write(json.dumps(played) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
