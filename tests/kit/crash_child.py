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
from functools import partial
from pathlib import Path
from typing import Any

from deskpay.domain.errors import DeskPayError, GuestBeingChecked
from deskpay.domain.intent import Evidence, IntentKind, IntentRecord, IntentState
from deskpay.journal.server import Place
from deskpay.services.ports import IntentJournal
from tests.kit.crash_desk import REFERENCE, BareDesk, Line, WatchedJournal, open_bare_desk, reaches

_PATIENCE_S = 20.0
_IN_FLIGHT = {"in flight": signal.SIGKILL, "asleep in flight": signal.SIGSTOP}
_NAP_S = 0.6
_LOOKED = frozenset({Evidence.NOT_FOUND, Evidence.SEVERAL_FOUND})


def _ask(control: str, name: str, body: object = None) -> Any:
    payload = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - the training hotel's own address
        f"{control}/_sandbox/{name}", payload, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
        return json.loads(answer.read())


def _in_flight(control: str, table: str, number: signal.Signals) -> None:
    """Kill or stop this process once the hotel has done what it was asked; its answer is on its way."""

    def watch() -> None:
        while not _ask(control, "ledger")[table]:
            continue
        os.kill(os.getpid(), number)

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
    if job["side"] in _IN_FLIGHT:
        _in_flight(control, job["table"], _IN_FLIGHT[job["side"]])
    begun = await desk.act(kind, guest=job["guest"], reference=job["reference"], transaction_id=job["transaction_id"])
    runner = desk.front.runner
    if job["advance_s"]:
        await reaches(runner, begun, lambda record: record.state is IntentState.ACCEPTED)
        await asyncio.to_thread(_ask, control, "clock", {"advance_s": job["advance_s"]})

    def over(record: IntentRecord) -> bool:
        ended = record.state.final or _waits_for_a_person(record)
        return ended or (job["endless"] and len(record.events) > job["most_writes"])

    return _told(await reaches(runner, begun, over))


def _waits_for_a_person(record: IntentRecord) -> bool:
    """Whether an acquirer gave money back, which nobody but a person writes into the books."""
    return record.intent.kind is IntentKind.REFUND and record.state.took_unrecorded


def _rested_since(events: int, record: IntentRecord) -> bool:
    """Whether a story ended, or was looked for in vain since it had so many events.

    What an acquirer is asked for has an end always: its charge is read, and cancelled where no card has come to it.
    """
    if record.intent.kind.in_two_steps:
        return record.state.final
    last = record.events[-1]
    looked = record.state is IntentState.UNKNOWN and last.evidence in _LOOKED
    return record.state.final or _waits_for_a_person(record) or (looked and len(record.events) > events)


async def _take_up(desk: BareDesk, job: dict[str, Any]) -> dict[str, Any]:
    """Follow what an earlier run left until it ended or was looked for, and try the same again where it did not."""
    runner = desk.front.runner
    for news in runner.unfinished:
        await reaches(runner, news.record, partial(_rested_since, len(news.record.events)))
    stories = await desk.stories()
    unfinished = await desk.front.journal.unfinished()
    waiting = [record.intent.reference for record in unfinished]
    refused = False
    if any(record.holds_claim for record in unfinished):
        try:
            kind = IntentKind(job["kind"])
            # With a number of any kind, a refund would give back what the acquirer took.
            again = job["transaction_id"] or ("" if kind is IntentKind.REFUND else "0" * 18)
            await desk.act(kind, guest=job["guest"], reference=f"{REFERENCE}X", transaction_id=again)
        except GuestBeingChecked:
            refused = True
    return {"stories": [_told(record) for record in stories], "waiting": waiting, "refused": refused}


async def play(job: dict[str, Any]) -> dict[str, Any]:
    """Do one job; it may end this process."""
    line = Line(**job["line"])
    where = Place(**job["place"]) if job["place"] else Path(job["path"])
    dying = job["side"] != "take up"

    def at(write: int, side: str) -> None:
        if (write, side) == (job["write"], job["side"]):
            os.kill(os.getpid(), signal.SIGKILL)

    def around(journal: IntentJournal) -> IntentJournal:
        return WatchedJournal(journal, at) if dying else journal

    async with (
        asyncio.timeout(_PATIENCE_S),
        open_bare_desk(line, where, desk_id=job.get("desk_id", "desk-1"), journal_around=around) as desk,
    ):
        told = await (_act if dying else _take_up)(desk, job)
        assert desk.faults == [], desk.faults
    return told


async def _rival(job: dict[str, Any]) -> dict[str, Any]:
    """Charge the guest unless somebody else is there, or was; tell what came of it."""
    try:
        return await play(job)
    except DeskPayError as refusal:
        return {"refused": type(refusal).__name__}


def _fork(job: dict[str, Any], start: int | None = None) -> tuple[int, int]:
    """Do `job` in a fork, once `start` can be read; return its process id and where it will tell."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    code = 1
    try:
        os.close(reading)
        if start is not None:
            os.read(start, 1)
        told = asyncio.run(play(job) if start is None else _rival(job))
        os.write(writing, json.dumps(told).encode())
        code = 0
    except BaseException:  # noqa: BLE001 - a fork must never return into its parent's code
        traceback.print_exc()
    finally:
        os._exit(code)


def _ended(child: int, reading: int) -> dict[str, Any]:
    """Wait for a fork and return what it told; one that fell asleep is woken after a nap."""
    _, status = os.waitpid(child, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        threading.Event().wait(_NAP_S)
        os.kill(child, signal.SIGCONT)
        _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    return {"code": os.waitstatus_to_exitcode(status), "told": json.loads(told or b"null")}


def _played(job: dict[str, Any]) -> dict[str, Any] | list[dict[str, Any]]:
    if job["side"] == "warm up":
        # What is loaded at the first use is loaded here, once, by a whole act that nobody kills.
        return {"code": 0, "told": asyncio.run(play(job))}
    if job["side"] == "rivals":
        waiting, go = os.pipe()
        own = [{"reference": f"DP-RVAA-00{number:02}", "desk_id": f"desk-{number}"} for number in range(job["write"])]
        rivals = [_fork({**job, **names}, waiting) for names in own]
        os.write(go, b"!" * len(rivals))
        said = [_ended(*rival) for rival in rivals]
        os.close(waiting)
        os.close(go)
        return said
    return _ended(*_fork(job))


def main() -> None:
    """Do the jobs that come in, one after the other."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_played(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
