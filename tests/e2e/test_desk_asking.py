"""Asking a guest to pay, by keyboard: links and codes, paid, ended, lost, left and found again after a restart."""

import asyncio
import http.client
import urllib.parse
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt

from deskpay.domain.intent import IntentState
from deskpay.ui.payments.ask_dialog import TERMINAL, AskDialog
from deskpay.ui.payments.code_dialog import CodeDialog
from deskpay.ui.payments.link_dialog import LinkDialog
from tests.e2e.desk_stage import QUICK, AtDesk
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

Key = Qt.Key
ADD, ALTERNATIVE = "paymentRequests/add", "payments/addAlternative"


async def press_on_page(address: str, **form: str) -> None:
    """Do as the guest does on the page at `address`."""

    def send() -> None:
        parts = urllib.parse.urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", parts.path, urllib.parse.urlencode(form), headers)
            assert connection.getresponse().status == 303
        finally:
            connection.close()

    await asyncio.to_thread(send)


async def mailed_link(desk: AtDesk) -> str:
    mails = (await desk.hotel.aask("GET", "mails"))["mails"]
    assert len(mails) == 1
    return str(mails[0]["link"])


async def sent_link(desk: AtDesk) -> None:
    """Find the guest and send a link over what is owed."""
    await desk.find("pepperw 214")
    await desk.confirm(await desk.ask(Key.Key_F4, AskDialog))


async def requests_made(desk: AtDesk, operation: str = ADD) -> int:
    return int((await desk.ledger())["requests"].get(operation, 0))


def test_a_link_is_followed_until_it_is_paid_also_after_a_restart(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await sent_link(desk)
            await desk.outcome("The pay link is open", "Waiting for guest")
            await desk.leave()
            await desk.until("the link on the page", lambda: "Waiting for guest" in desk.read(desk.screen.panel.links))
            assert desk.screen.panel.can_move_money
        async with AtDesk(sandbox, tmp_path) as desk:
            assert desk.states() == [IntentState.ACCEPTED]
            await press_on_page(await mailed_link(desk), way="card")
            await desk.until("its end", lambda: desk.states() == [])
            await desk.find("pepperw 214")
            (act,) = await desk.acts()
            assert act.state is IntentState.CONFIRMED
            assert "Paid" in desk.read(desk.screen.panel.links)
            assert await requests_made(desk) == 1

    run(scene())


def test_left_before_it_is_sent_nothing_is_asked(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("pepperw 214")
            dialog = await desk.ask(Key.Key_F4, AskDialog)
            await desk.clerk.tab_to(dialog.story.editor)
            await desk.clerk.write("card 4242 4242 4242 4242")
            await desk.until("the refusal", lambda: "card number" in dialog.story.message)
            assert dialog.confirm_button is not None
            assert not dialog.confirm_button.isEnabled()
            await desk.leave()
            assert await requests_made(desk) == 0
            assert await desk.acts() == []

    run(scene())


def test_an_open_link_is_warned_of_and_can_be_cancelled(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await sent_link(desk)
            await desk.outcome("The pay link is open")
            await desk.leave()
            await desk.confirm(await desk.ask(Key.Key_F4, AskDialog))
            await desk.says("This guest was asked for the same money, or paid it")
            await desk.escape()
            await desk.clerk.back_at_the_window()
            await desk.clerk.tab_to(desk.screen.panel.links)
            await desk.clerk.press(Key.Key_Space)
            await desk.confirm(await desk.see(LinkDialog))
            await desk.clerk.back_at_the_window()
            await desk.until("its end", lambda: desk.states() == [])
            await desk.until("the chip", lambda: "Cancelled" in desk.read(desk.screen.panel.links))
            (act,) = await desk.acts()
            assert (act.state, act.message) == (IntentState.DECLINED, "canceled")
            assert await requests_made(desk) == 1

    run(scene())


async def code_of(desk: AtDesk) -> CodeDialog:
    """Find the guest and show a code for twenty euros."""
    await desk.find("pepperw 214")
    dialog = await desk.ask(Key.Key_F4, AskDialog)
    await desk.clerk.tab_to(dialog.means)
    await desk.clerk.press(Key.Key_Right)
    await desk.clerk.tab_to(dialog.entry.amount.editor)
    await desk.clerk.type_over("20")
    await desk.confirm(dialog)
    return await desk.see(CodeDialog)


async def address_of(desk: AtDesk) -> str:
    assert desk.program.open is not None
    (act,) = await desk.acts()
    address = desk.program.open.front.guest_pages.address_of(act.intent.id)
    assert address is not None
    return address


def test_a_code_is_followed_until_the_guest_has_paid(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await code_of(desk)
            await desk.says("Waiting for the guest to pay €20.00")
            assert dialog.code.modules
            await desk.clerk.tab_to(dialog.screen_button)
            await desk.clerk.press(Key.Key_Space)
            flow = desk.program.flow
            assert flow is not None
            guest = flow.money._outcomes._codes.guest_window
            assert guest is not None
            shown = desk.read(guest)
            assert "€20.00" in shown
            assert "Poppy" not in shown
            assert "Pepperwick" not in shown
            await press_on_page(await address_of(desk), answer="confirm")
            await desk.outcome("The guest paid €20.00 by iDEAL")
            await desk.leave()
            (row,) = (await desk.ledger())["alternatives"]
            assert (row["amount"], row["currency"], row["state"]) == ("20.00", "EUR", "Charged")

    run(scene())


def test_a_code_that_the_guest_gives_up_takes_nothing_and_hiding_it_stops_nothing(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await code_of(desk)
            await desk.leave()
            assert desk.states() == [IntentState.ACCEPTED]
            await press_on_page(await address_of(desk), answer="cancel")
            await desk.until("its end", lambda: desk.states() == [])
            (act,) = await desk.acts()
            assert act.state is IntentState.DECLINED

    run(scene())


GUESTS = {"terminal_refusal": "The terminal took no payment", "terminal_payment": "The guest paid at the terminal"}


def test_a_terminal_is_asked_and_its_guest_pays_or_is_declined(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        # Read once at the beginning and then hardly ever: the socket brings the news.
        seldom = replace(QUICK, guest_polls_s=(0,), later_polls_s=600)
        async with AtDesk(sandbox, tmp_path, timings=seldom) as desk:
            await desk.find("pepperw 214")
            for happens, says in GUESTS.items():
                dialog = await desk.ask(Key.Key_F4, AskDialog)
                await desk.clerk.tab_to(dialog.means)
                await desk.clerk.press(Key.Key_Left)
                assert dialog.means.current() == TERMINAL
                await desk.clerk.tab_to(dialog.terminal.editor)
                await desk.clerk.press(Key.Key_Down)
                await desk.clerk.tab_to(dialog.entry.amount.editor)
                await desk.clerk.type_over("31.20")
                await desk.confirm(dialog)
                await desk.outcome("The guest pays £31.20 at Lobby bar terminal")
                await desk.hotel.aask("POST", "happenings", {"what": happens, "customer_id": None})
                await desk.outcome(says)
                await desk.leave()
            (row,) = (await desk.ledger())["elsewhere"]
            assert (row["by"], row["amount"], row["state"]) == ("terminal", "31.20", "Charged")
            await desk.until("its row", lambda: any("£31.20" in row for row in desk.payments()))

    run(scene())
