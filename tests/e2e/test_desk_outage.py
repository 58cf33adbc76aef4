"""The hotel's system cannot be read for a while: what was read stays, money waits, and F5 brings it back."""

from pathlib import Path
from typing import Any

import pytest

from deskpay.ui.payments.charge_dialog import ChargeDialog
from tests.e2e.desk_stage import ALT, CONTROL, AtDesk, Key, line_to
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

BREAKS: list[tuple[str, dict[str, Any], str]] = [
    ("drop_before", {}, "Mews cannot be reached"),
    ("status_before", {"status": 503}, "Mews cannot be reached"),
    ("html", {}, "Mews cannot be reached"),
    ("garbage", {}, "Mews cannot be reached"),
    ("status_before", {"status": 401}, "Mews does not let DeskPay do this"),
]


@pytest.mark.parametrize(("fault", "more", "sentence"), BREAKS, ids=["drop", "503", "html", "garbage", "401"])
def test_what_was_read_stays_and_money_waits(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, fault: str, more: dict[str, Any], sentence: str
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("tumblegate")
            people, panel = desk.guests(), desk.screen.panel
            await desk.until("money to be possible", lambda: panel.can_move_money)
            await desk.broken("*", fault, times=None, **more)
            await desk.clerk.press(Key.Key_F5)
            await desk.until("the banner", lambda: sentence in panel.notice.text)
            assert desk.guests() == people
            assert "£590.25" in desk.balance
            assert not panel.can_move_money
            assert sentence in panel.strip.charge.toolTip()
            assert not panel.can_add_card
            for key in (Key.Key_F2, Key.Key_F3, Key.Key_F7, Key.Key_F8):
                await desk.clerk.press(key)
            assert desk.clerk.in_front is desk.window
            await desk.repaired()
            await desk.clerk.press(Key.Key_F5)
            await desk.until("the end of the outage", lambda: panel.can_move_money and not panel.notice.isVisible())
            await desk.ask(Key.Key_F2, ChargeDialog)
            await desk.leave()

    run(scene())


def test_a_guest_that_cannot_be_read_shows_no_other_guest(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("tumblegate")
            await desk.broken("bills/getAll", "status_before", status=503, times=None)
            await desk.choose("mapledown")
            panel = desk.screen.panel
            await desk.until("the error", lambda: panel.state == "error")
            await desk.says("Rufus Mapledown", "Mews cannot be reached", of=panel)
            assert "Tumblegate" not in desk.read(panel)
            assert "590.25" not in desk.read(panel)
            await desk.repaired()
            await desk.clerk.press(Key.Key_F5)
            await desk.until("the page", lambda: panel.state == "guest" and panel.can_move_money)
            await desk.says("Rufus Mapledown", of=panel)

    run(scene())


def test_a_day_that_cannot_be_read_is_told_and_read_again(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    sandbox.fault("reservations/getAll/2023-06-06", "drop_before", times=None)

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            guests = desk.screen.guests
            assert guests.state == "error"
            await desk.says("Guests could not be read", "Mews cannot be reached", of=guests)
            await desk.repaired()
            await desk.clerk.press(Key.Key_F5)
            await desk.until("the lists", lambda: guests.state == "guests")
            assert len(desk.guests()) > 20

    run(scene())


def test_a_cut_line_is_told_and_mended(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        with line_to(sandbox) as line:
            async with AtDesk(sandbox, tmp_path, address=line.address) as desk:
                await desk.find("tumblegate")
                line.cut()
                line.tear()
                await desk.clerk.press(Key.Key_F5)
                panel = desk.screen.panel
                await desk.until("the banner", lambda: "Mews cannot be reached" in panel.notice.text)
                assert not panel.can_move_money

    run(scene())


def test_a_search_in_the_books_that_fails_is_told(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            popup = desk.screen.search.popup
            await desk.clerk.press(Key.Key_F, CONTROL)
            await desk.clerk.write("Marchpane")
            await desk.until("nobody", lambda: "Nobody matches" in popup.words)
            await desk.broken("customers/getAll", "status_before", status=503, times=None)
            await desk.clerk.press(Key.Key_Return, ALT)
            await desk.until("the failure", lambda: "Mews could not be searched" in popup.words)
            await desk.repaired()
            await desk.clerk.press(Key.Key_Return, ALT)
            await desk.until("the guest", lambda: bool(popup.current_key()))
            await desk.clerk.press(Key.Key_Return)
            await desk.until("the page", lambda: desk.screen.panel.state == "guest")
            await desk.says("Rosalind Marchpane", of=desk.screen.panel)

    run(scene())
