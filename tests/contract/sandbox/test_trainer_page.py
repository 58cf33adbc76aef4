"""The trainer's page: all that can happen has a button, the keyboard is enough, nothing is loaded from outside."""

import json
import re
from datetime import timedelta
from importlib import resources
from typing import Any, Self

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from typing_extensions import override

from deskpay.sandbox.faults import KINDS
from deskpay.sandbox.hotel.seed import seed_hotel
from deskpay.sandbox.life.day import pass_time
from deskpay.sandbox.life.happenings import HAPPENINGS
from deskpay.sandbox.trainer.day import day_of
from tests.contract.browser import Browser
from tests.contract.sandbox.door import NOON, Door
from tests.contract.sandbox.running import Running
from tests.contract.sandbox.test_life import let_wait
from tests.kit.loops import CoroutineRunner

Json = dict[str, Any]
FILES = {
    name: resources.files("deskpay.sandbox.trainer").joinpath(name).read_text(encoding="utf-8")
    for name in ("page.html", "trainer.css", "trainer.js")
}


class Trainer(Browser):
    """The page in a browser, and a trainer's keyboard."""

    @override
    async def __aenter__(self) -> Self:
        await self.until("document.querySelector('#now') && document.querySelector('#now').textContent !== '…'")
        return self

    async def press(self, selector: str) -> None:
        """Bring the cursor to a button and press the space bar."""
        self.view.setFocus()
        found = f"document.querySelector('{selector}')"
        await self.until(f"{found}.focus(), document.hasFocus() && document.activeElement === {found}")
        keyboard = self.view.focusProxy()
        assert keyboard is not None
        QTest.keyClick(keyboard, Qt.Key.Key_Space)

    async def shows(self, where: str, text: str) -> None:
        await self.until(f"document.getElementById('{where}').textContent.includes({json.dumps(text)})")


def test_everything_that_can_happen_or_break_can_be_chosen() -> None:
    page = FILES["page.html"]
    assert set(re.findall(r'data-what="(\w+)"', page)) == set(HAPPENINGS)
    assert set(re.findall(r'<option value="(\w+)"', page)) == KINDS
    used = {*re.findall(r'at\("(\w+)"\)', FILES["trainer.js"])}
    assert used <= set(re.findall(r'id="([\w-]+)"', page))


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_nothing_comes_from_outside_or_is_read_as_html(text: str) -> None:
    assert not re.search(
        r"https?:|//[a-z]|@import|url\(|innerHTML|insertAdjacent|document\.write|\beval\b| style=", text
    )


@pytest.mark.parametrize("path", ["", "/trainer.css", "/trainer.js"])
def test_it_may_talk_to_nobody_but_its_hotel(running: Running, path: str) -> None:
    status, headers, _ = running.request("GET", f"/_sandbox{path}")
    policy = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    assert (status, policy["default-src"], policy["script-src"], policy["connect-src"]) == (
        200,
        "'none'",
        "'self'",
        "'self'",
    )
    assert (policy["frame-ancestors"], headers["x-content-type-options"]) == ("'none'", "nosniff")


def test_the_day_counts_who_comes_and_goes_and_what_waits(running: Running) -> None:
    let_wait(Door(running.world))
    day: Json = json.loads(running.request("GET", "/_sandbox/day")[2])
    assert (day["hotel"], day["business_date"]) == ("The Gilded Teapot Hotel", "12 November")
    assert day["guests"] == {"in_house": 42, "to_come": 11, "to_leave": 9, "no_shows": 0}
    assert day["waiting"] == {"payments": 1, "refunds": 1, "links": 1, "terminals": 1}
    running.request("POST", "/_sandbox/clock", {"now": day["closed_by"]})
    after = json.loads(running.request("GET", "/_sandbox/day")[2])
    assert after["business_date"] == "13 November"
    assert (after["waiting"]["payments"], after["waiting"]["refunds"], after["waiting"]["terminals"]) == (0, 0, 0)


def test_before_three_it_is_still_yesterday_and_who_has_not_come_is_counted_after() -> None:
    hotel = seed_hotel(1, "small", NOON)
    two = NOON.replace(hour=2) + timedelta(days=1)
    assert day_of(hotel, two)["business_date"] == "12 November"
    to_come = day_of(hotel, NOON)["guests"]["to_come"]
    pass_time(hotel, NOON, two)
    late = day_of(hotel, two)["guests"]
    assert 0 < late["to_come"] < to_come
    running_out = NOON.replace(hour=3, minute=1) + timedelta(days=1)
    pass_time(hotel, two, running_out)
    missed = [row for row in hotel.reservations if row["CancelledUtc"] and row["CancelledUtc"].startswith("2026-11-13")]
    assert len(missed) == late["to_come"]


def test_a_trainer_makes_things_happen_by_keyboard(running: Running, run: CoroutineRunner) -> None:
    let_wait(Door(running.world))
    asked = {"operation": "creditCards/charge", "fault": "delay", "times": 2}
    running.request("POST", "/_sandbox/faults", asked)

    async def act() -> None:
        async with Trainer(running.listeners.api_origin + "/_sandbox") as trainer:
            await trainer.shows("faults", "creditCards/charge: delay, 2 times")
            await trainer.press("[data-what=terminal_payment]")
            await trainer.shows("said", "The guest pays: Ottoline Pepperwick.")
            await trainer.shows("w-terminals", "0")
            await trainer.shows("entries", "A terminal")
            await trainer.press("[data-what=terminal_payment]")
            await trainer.shows("said", "There is nobody it could happen to.")
            await trainer.press("[data-advance]")
            await trainer.shows("said", "The clock was moved a minute on.")
            await trainer.shows("w-refunds", "0")
            await trainer.press("#clear")
            await trainer.shows("said", "All faults are cleared.")
            await trainer.press("#fault .first")
            await trainer.shows("faults", "*: drop_after, once")
            await trainer.press("#close_day")
            await trainer.shows("business_date", "13 November")

    run(act())
    (entry,) = running.ledger()["elsewhere"]
    assert (entry["by"], entry["state"]) == ("terminal", "Charged")
