"""The desk of the scripted night, in a process of its own that may be killed in the middle of the queue.

`python -m tests.kit.night_child` reads one line of JSON: where the hotel is, where the journal lies, which guests had
their turn already, and at whom it dies. It confirms a queue or takes up the one that is not over, and tells what it
sees, a line of JSON each. Whatever goes wrong at the hotel meanwhile is brought about here, between two guests, so that
every night is the same.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from typing_extensions import override

from deskpay.domain.business_day import Span
from deskpay.domain.day_totals import totals_of
from deskpay.domain.intent import Evidence, Intent
from deskpay.domain.night_queue import QueuePlan, QueueRow, RowState
from deskpay.domain.virtual_card import Agency
from deskpay.gateways.mews.acts import MewsGateway
from deskpay.journal.queue_file import QueueFile
from deskpay.journal.seal import Seal
from deskpay.services.close_day import close_day
from deskpay.services.find_candidates import find_candidates
from deskpay.services.intent_runner import Timings
from deskpay.services.night_desk import NightDesk
from deskpay.services.ports import PaymentGateway
from deskpay.services.reconcile import reconcile
from deskpay.services.run_night_queue import NightQueue, RowNews, confirm_queue
from deskpay.ui.audit.words import obstacle_words, row_words
from tests.kit.crash_desk import BareDesk, Line, open_bare_desk
from tests.kit.hotel import Hotel
from tests.kit.night_hotel import FIRST_NUMBER, LATE_AGENCY_DOMAIN

AGENCIES = (Agency("Late Cards", (LATE_AGENCY_DOMAIN,), 3, 100), Agency("Other", (), 0, 100))

UNHURRIED = Timings(looks_s=(0.02, 0.05, 0.1), later_looks_s=2, polls_s=(0, 0.05, 0.1), later_polls_s=2)
"""Looks in less time than at a desk, but not so many that they use the budget of requests up."""

AGAIN_S = (0.05, 0.1, 0.2)
_PATIENCE_S = 45.0
_MINUTE_S = 60

CHARGE = "creditCards/charge"
BEFORE: dict[int, tuple[str, dict[str, Any]]] = {
    4: ("faults", {"operation": CHARGE, "fault": "drop_after", "times": 1}),
    10: ("faults", {"operation": CHARGE, "fault": "status_after", "status": 500, "times": 1}),
    12: ("faults", {"operation": "*", "fault": "status_before", "status": 503}),
    19: ("faults", {"operation": CHARGE, "fault": "drop_before", "times": 1}),
    21: ("faults", {"operation": CHARGE, "fault": "too_many", "times": 1}),
    23: ("faults", {"operation": CHARGE, "fault": "garbage_after", "times": 1}),
    9: ("happenings", {"what": "colleague_payment"}),
    17: ("happenings", {"what": "robot_payment"}),
}
"""What goes wrong, or is done by others, right before which guest."""

SWITCHED_OFF = 18
"""Whose card a colleague switches off right before."""

PENDING, PENDING_S = 14, 25
"""Whose bank takes its time, and how long at the most."""

NEVER_KNOWN = frozenset({15, 19})
"""Nobody can prove that these were not charged, so a person lets the queue go on with the others."""


class Deadly(MewsGateway):
    """Acts that kill this process at one guest: before anything left, or once the money is taken.

    Args:
        inner: the real ones.
        minor: what that guest is charged, in minor units.
        taken: whether the money is taken by then.
    """

    def __init__(self, inner: PaymentGateway, minor: int, *, taken: bool) -> None:
        assert isinstance(inner, MewsGateway)
        super().__init__(inner._calls, inner._records)
        self._minor, self._taken = minor, taken

    @override
    async def charge(self, intent: Intent) -> str:
        dying = intent.amount is not None and intent.amount.minor == self._minor
        if dying and not self._taken:
            os.kill(os.getpid(), signal.SIGKILL)
        payment_id = await super().charge(intent)
        if dying:
            os.kill(os.getpid(), signal.SIGKILL)
        return payment_id


class Mishaps:
    """Brings about what goes wrong, between two guests, and is the person who lets the queue go on.

    Args:
        hotel: where.
        queue: the queue that it happens to.
        begun: guests to whom it happened already, in a process that died.
    """

    def __init__(self, hotel: Hotel, queue: NightQueue, begun: int) -> None:
        self._hotel, self._queue = hotel, queue
        self._begun = set(range(1, begun + 1))
        self._away = 0
        queue.changed.listen(self._on_news)

    def _on_news(self, news: RowNews) -> None:
        # The hotel is asked while the loop stands still: what happens in between happens before the next step.
        place = news.row.number
        if news.state is RowState.CHARGING and place not in self._begun:
            self._begun.add(place)
            self._happen(news.row)
        if news.state is RowState.WAITING and news.problem is not None:
            self._away += 1
            if self._away == len(AGAIN_S):
                self._hotel.advance_clock(_MINUTE_S)
                self._hotel.clear_faults()
        looks = [] if news.record is None else [e for e in news.record.events if e.evidence is Evidence.NOT_FOUND]
        if news.state is RowState.NOT_KNOWN and place in NEVER_KNOWN and looks:
            self._queue.go_on()

    def _happen(self, row: QueueRow) -> None:
        name, body = BEFORE.get(row.number, ("", {}))
        if name == "happenings":
            body = {**body, "customer_id": row.customer_id}
        if name:
            self._hotel.ask("POST", name, body)
        if row.number == SWITCHED_OFF:
            self._hotel.switch_off(row.credit_card_id)


def _say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


async def _say_day(night: NightDesk, span: Span) -> None:
    entries = [entry async for part in close_day(night, span) for entry in part.entries]
    totals = totals_of(entries, night.front.hotel.currency)[0]
    came = {means.value: [heap.count, heap.amount.minor] for means, heap in totals.received.items()}
    rest = {standing.value: heap.count for standing, heap in totals.not_counted.items()}
    _say(came=came, given_back=totals.given_back.amount.minor, net=totals.net.amount.minor, rest=rest)


async def _confirmed(night: NightDesk, day: date, span: Span) -> QueuePlan:
    await _say_day(night, span)
    seen_utc = night.front.records.server_now()
    found = [c for c in await find_candidates(night, span) if int(c.stay.number) >= FIRST_NUMBER]
    for candidate in found:
        place = int(candidate.stay.number) - FIRST_NUMBER + 1
        _say(place=place, why=candidate.why.value, obstacles=[obstacle_words(o) for o in candidate.obstacles])
    rows = [
        QueueRow(0, c.why, c.stay.id, c.customer.id, c.card.id, c.proposed)
        for c in found
        if c.card is not None and not c.obstacles
    ]
    return await confirm_queue(night, day, rows, seen_utc)


async def play(job: dict[str, Any]) -> None:
    """Carry the night's queue on; it may end this process."""
    hotel, path = Hotel(**job["hotel"]), Path(job["path"])
    line = Line(hotel.connector, hotel.client_token, hotel.access_token)

    def around(gateway: PaymentGateway) -> PaymentGateway:
        return Deadly(gateway, job["minor"], taken=job["taken"]) if job["minor"] else gateway

    async with (
        asyncio.timeout(_PATIENCE_S),
        open_bare_desk(line, path, timings=UNHURRIED, gateway_around=around) as desk,
    ):
        queues = QueueFile(path.with_suffix(".queue.json"), Seal())
        night = NightDesk(replace(desk.front, agencies=AGENCIES), desk.books, queues)
        day = desk.front.hotel.business_day(desk.front.records.server_now())
        span = desk.front.hotel.span_of(day)
        plan = await queues.unfinished() or await _confirmed(night, day, span)
        queue = NightQueue(night, plan, AGAIN_S)
        Mishaps(hotel, queue, job["begun"])
        await queue.run()
        hotel.advance_clock(PENDING_S)
        await _charged(desk, queue)
        for news in queue.rows:
            references = [] if news.record is None else [news.record.intent.reference]
            _say(row=news.row.number, state=news.state.value, words=row_words(news), references=references)
        await _say_day(night, span)
        compared = await reconcile(night, span)
        _say(agreed=compared.agreed, differ=[d.difference.value for d in compared.disagreements])
        queue.leave()
        assert desk.faults == [], desk.faults


async def _charged(desk: BareDesk, queue: NightQueue) -> None:
    """Wait until the charge that was pending is through."""
    record = queue.rows[PENDING - 1].record
    assert record is not None
    await desk.reaches(record, lambda now: now.state.final)


if __name__ == "__main__":
    asyncio.run(play(json.loads(sys.stdin.readline())))
