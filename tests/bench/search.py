"""`python -m tests.bench.search`: 20,000 people taken in, searched letter by letter on the screen, and weighed.

It runs in a process of its own, on the app's own loop and with its own way to collect garbage, and prints its figures
as one line of JSON. Times are processor time of the loop's thread: what one core of this machine needs, whatever else
runs beside. The same in seconds of the wall clock is told beside it.
"""

import asyncio
import gc
import json
import random
import sys
import time
import tracemalloc
from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from deskpay.app.loop import make_application, report_failure, run
from deskpay.domain.guest import Guest
from deskpay.services.find_customer import FindElsewhere
from deskpay.services.front_desk import FrontDesk
from deskpay.services.people import People
from deskpay.services.read_people import PeopleReader
from deskpay.services.scope import TaskScope
from deskpay.services.system_clock import SystemClock
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.guest_views import GuestViews
from deskpay.ui.search_flow import SearchFlow
from deskpay.ui.theme import Scheme, apply_theme
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from tests.bench.crowd import CrowdBooks, CrowdHotel
from tests.bench.heartbeat import Heartbeat, percentile
from tests.kit.fake_desk import fake_desk
from tests.kit.fake_hotel import TheHotel
from tests.kit.memory_journal import MemoryJournal
from tests.kit.virtual_clock import VirtualClockLoop

PEOPLE = 20_000
_BETWEEN_LETTERS_S = 0.002
"""Far less than any hand leaves, and enough for the loop to turn."""

ASKED = 60
"""Guests who are typed out in full, by name, swapped, misspelled, and by every number."""


async def measure(application: QApplication) -> dict[str, float]:
    """Return the figures by name: milliseconds, and megabytes of the index with its people."""
    apply_theme(application, Scheme.LIGHT)
    hotel = CrowdHotel(PEOPLE)
    books = CrowdBooks(hotel)
    clock = VirtualClockLoop()
    async with fake_desk(hotel, MemoryJournal(), clock) as desk:
        front = replace(desk.front, clock=SystemClock())
        reader = PeopleReader(front, books)
        async with Heartbeat() as heart:
            await reader.load()
            await reader.refresh()
            typing_worked, typing_took = await _type(reader, books, front)
        figures = {
            "people": float(len(reader.people)),
            "keystroke_ms": 1e3 * percentile(typing_worked),
            "keystroke_wall_ms": 1e3 * percentile(typing_took),
            "held_ms": 1e3 * percentile(heart.worked_s),
            "held_wall_ms": 1e3 * percentile(heart.held_s),
        }
    clock.close()
    return figures | {"memory_mb": _weight(hotel)}


async def _type(reader: PeopleReader, books: CrowdBooks, front: FrontDesk) -> tuple[list[float], list[float]]:
    """Type what clerks type, and return what each letter took to painted results: of the processor, and of the wall."""
    screen = DeskScreen(Environment.TRAINING)
    screen.resize(1280, 800)
    screen.show()
    scope = TaskScope(report_failure)
    views = GuestViews(TheHotel, MoneyWords(), DateWords(TheHotel.zone))
    flow = SearchFlow(screen, reader, FindElsewhere(front, books), views, front.clock, scope)
    flow.start()
    box, popup = screen.header.search_box, screen.search.popup
    worked, took = list[float](), list[float]()
    for text in _texts(list(reader.people.day().in_house)):
        for end in range(1, len(text) + 1):
            began_s, worked_s = time.perf_counter(), time.thread_time()
            box.setText(text[:end])
            box.textEdited.emit(text[:end])
            QCoreApplication.sendPostedEvents()  # lays out and paints what the letter changed, and nothing else
            worked.append(time.thread_time() - worked_s)
            took.append(time.perf_counter() - began_s)
            await asyncio.sleep(_BETWEEN_LETTERS_S)
    assert popup.isVisible(), "nothing was painted"
    await scope.close()
    screen.close()
    screen.deleteLater()
    return worked, took


def _texts(guests: list[Guest]) -> list[str]:
    """What is typed for a random part of the guests."""
    dice = random.Random(2)  # noqa: S311 - the same every time
    texts: list[str] = []
    for guest in dice.sample(guests, ASKED):
        who, stay = guest.customer, guest.reservation
        swapped = f"{who.last_name} {who.first_name}"
        at = dice.randrange(1, len(swapped) - 1)
        wrong = swapped[:at] + dice.choice("aeiou") + swapped[at + 1 :]
        texts += [who.full_name, swapped, wrong, who.email[:14], who.phone, f"{who.last_name} {guest.room}", guest.room]
        texts += [stay.number, f"#{stay.number}", stay.channel_number] if stay else []
    return texts


def _weight(hotel: CrowdHotel) -> float:
    """Return the megabytes of the people at hand: profiles, stays and index."""
    gc.collect()
    tracemalloc.start()
    people = People(TheHotel.today(hotel.server_now()), TheHotel.zone)
    for stay in hotel.stays:
        people.put(replace(hotel.people[stay.customer_id]), replace(stay))
    weighed = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return weighed / 1e6


def main() -> int:
    """Measure and print."""
    application = make_application()
    figures: dict[str, float] = {}

    async def work() -> int:
        figures.update(await measure(application))
        return 0

    code = run(application, work)
    sys.stdout.write(json.dumps(figures) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
