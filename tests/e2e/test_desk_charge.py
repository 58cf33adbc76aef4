"""A card is charged: what the clerk presses and sees, and what the hotel's ledger holds."""

import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from deskpay.app.clerk import Clerk
from deskpay.domain.intent import IntentState
from deskpay.services.intent_runner import IntentNews
from deskpay.ui.components.dialog_shell import SETTLE_S
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from deskpay.ui.payments.repeat_dialog import RepeatDialog
from tests.e2e.desk_stage import ALT, CONTROL, AtDesk, Key, is_confirmable
from tests.e2e.hands import watched_hands
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

MONEY_KEYS_MOST, HANDS_S = 6, 15
"""From the selected guest to the money sent, by the acceptance list of the desk."""


class StopWatch:
    """Seconds from now until a request about money is on record as sent."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self.sent_s = math.inf

    def hear(self, news: IntentNews) -> None:
        """Stop at the first request."""
        if news.record.state is IntentState.SENDING:
            self.sent_s = min(self.sent_s, time.monotonic() - self._began_s)


def test_a_guest_is_found_and_charged_by_keyboard_alone(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("tumblegate")
            assert "£590.25" in desk.balance
            rows = len(desk.payments())
            dialog = await desk.ask(Key.Key_F2, ChargeDialog)
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once", "£590.25 to Visa •••• 8807")
            await desk.leave()
            await desk.until("the page to be read again", lambda: len(desk.payments()) == rows + 1)
            assert desk.payments()[0][1:] == ("Visa •••• 8807", "Poppy Inkwell", "Charged", "£590.25")
            assert desk.balance.startswith("Open balance\nOpen balance 0 pounds\n£0.00")
            assert any("Philippa Tumblegate" in guest and "settled" in guest for guest in desk.guests())
            (charge,) = await desk.charges()
            assert (charge["amount"], charge["currency"], charge["state"]) == ("590.25", "GBP", "Charged")

    run(scene())


@dataclass(frozen=True, slots=True)
class Strokes:
    """A charge by keys alone, from the guest selected to the window again.

    Attributes:
        guest: of the hotel's cast.
        filling: what is struck in the form before it is confirmed.
        charged: what the ledger holds then, by amount and the last digits of the card.
    """

    guest: str
    filling: tuple[Key, ...]
    charged: tuple[str, str]


WAYS_TO_CHARGE = {
    "as proposed": Strokes("tumblegate", (), ("590.25", "8807")),
    "another amount": Strokes("mapledown", (Key.Key_6, Key.Key_0), ("60.00", "8210")),
    "another card": Strokes("pepperw 214", (Key.Key_Down,), ("312.40", "1111")),
}


@pytest.mark.parametrize("name", WAYS_TO_CHARGE)
def test_no_more_keys_than_allowed_lead_from_the_guest_to_the_outcome(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, name: str
) -> None:
    """Each key is counted where the window system delivers it; no time is turned, so nothing makes a person wait."""
    way = WAYS_TO_CHARGE[name]

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find(way.guest)
            await desk.until("money to be possible", lambda: desk.screen.panel.can_move_money)
            assert desk.program.open is not None
            with watched_hands() as hands:
                watch = StopWatch()
                stop = desk.program.open.front.runner.changed.listen(watch.hear)
                await desk.clerk.press(Key.Key_F2)
                form = await desk.see(ChargeDialog)
                for key in way.filling:
                    await desk.clerk.press(key)
                await desk.until("the form to take it", lambda: form.settled and is_confirmable(form))
                await desk.clerk.press(Key.Key_Return, CONTROL)
                await desk.outcome("The card was charged once")
                await desk.clerk.press(Key.Key_Escape)
                await desk.clerk.back_at_the_window()
                stop()
            assert hands.keys == len(way.filling) + 3
            assert hands.keys <= MONEY_KEYS_MOST
            assert hands.pointing == 0
            (charge,) = await desk.charges()
            assert (charge["amount"], charge["state"]) == (way.charged[0], "Charged")
            (act,) = await desk.acts()
            assert act.intent.subject.endswith(way.charged[1])
            assert watch.sent_s < HANDS_S

    run(scene())


def test_two_confirmings_charge_once(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", "10")
            await desk.until("a valid form", lambda: is_confirmable(dialog))
            dialog._opened_s -= SETTLE_S
            for _ in range(3):
                QTest.keyClick(dialog, Key.Key_Return, CONTROL)
            await desk.outcome("The card was charged once")
            await desk.leave()
            ledger = await desk.ledger()
            assert len(ledger["charges"]) == 1
            assert list(ledger["attempts"].values()) == [1]

    run(scene())


def test_a_key_pressed_twice_opens_one_form(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    """Neither before the first one is open nor because something is still being read."""
    sandbox.fault("accountingCategories/getAll", "delay", times=None, seconds=30)

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("tumblegate")
            await desk.until("money to be possible", lambda: desk.screen.panel.can_move_money)
            for key in (Key.Key_F2, Key.Key_F2, Key.Key_F3):
                QTest.keyClick(desk.window, key)
            await desk.see(ChargeDialog)
            await desk.clerk.settled()
            open_forms = [top for top in QApplication.topLevelWidgets() if top.isVisible() and top is not desk.window]
            assert [type(form) for form in open_forms] == [ChargeDialog]
            await desk.leave()

    run(scene())


def test_a_form_that_was_left_sends_nothing(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.charging("tumblegate", "10")
            await desk.leave()
            assert (await desk.ledger())["attempts"] == {}
            assert desk.screen.panel.can_move_money

    run(scene())


def test_leaving_while_the_form_is_checked_sends_nothing(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", "10")
            await desk.broken("creditCards/getAll", "delay", seconds=1)
            await desk.confirm(dialog)
            assert "Checking" in desk.read()
            await desk.leave()
            await desk.repaired()
            await desk.find("mapledown")
            assert (await desk.ledger())["attempts"] == {}

    run(scene())


def test_a_hidden_charge_is_followed_and_can_be_shown_again(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", "10")
            await desk.broken("creditCards/charge", "delay", seconds=1.5)
            await desk.confirm(dialog)
            await desk.outcome("Charging £10.00 to Visa", "Hiding does not stop what was sent")
            await desk.leave()
            assert "£10.00 is under way" in desk.read()
            assert not desk.screen.panel.can_move_money
            await desk.clerk.press(Key.Key_U, ALT)
            await desk.outcome("The card was charged once")
            await desk.leave()
            await desk.until("money to be possible again", lambda: desk.screen.panel.can_move_money)
            assert len(await desk.charges()) == 1

    run(scene())


def _repeated(
    run: CoroutineRunner, sandbox: Hotel, folder: Path, then: Callable[[AtDesk, RepeatDialog], Awaitable[None]]
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, folder) as desk:
            await desk.confirm(await desk.charging("tumblegate", "10"))
            await desk.outcome("The card was charged once")
            await desk.leave()
            await desk.confirm(await desk.charging("tumblegate", "10"))
            repeat = await desk.see(RepeatDialog)
            assert "This looks like the same charge again" in desk.read()
            assert "£10.00 to Visa •••• 8807" in desk.read()
            assert len(await desk.charges()) == 1
            await then(desk, repeat)

    run(scene())


def test_the_same_amount_again_is_asked_about(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def leave(desk: AtDesk, _repeat: RepeatDialog) -> None:
        await desk.escape()
        await desk.clerk.back_at_the_window()
        assert len((await desk.ledger())["attempts"]) == 1

    _repeated(run, sandbox, tmp_path, leave)


def test_with_a_reason_the_same_amount_is_charged_a_second_time(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def go_on(desk: AtDesk, repeat: RepeatDialog) -> None:
        assert not is_confirmable(repeat)
        await desk.clerk.tab_to(repeat.sure)
        await desk.clerk.press(Key.Key_Space)
        assert not is_confirmable(repeat)
        await desk.clerk.tab_to(repeat.why.editor)
        await desk.clerk.write("Second room, 215")
        await desk.confirm(repeat)
        await desk.outcome("The card was charged once")
        await desk.leave()
        assert [row["amount"] for row in await desk.charges()] == ["10.00", "10.00"]

    _repeated(run, sandbox, tmp_path, go_on)


def test_no_guest_s_figures_stand_under_another_s_name(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    """Every answer takes its own time; what the page says fits its name at every moment."""
    figures = {
        "Philippa Tumblegate": ("8807", "£590.25"),
        "Rufus Mapledown": ("8210", "£64.00"),
        "Isolde Brambleworth": ("2044", "£1,204.00"),
        "Cosmo Lanternby": ("3155", "£45.00"),
    }

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            panel = desk.screen.panel
            for operation in ("creditCards/getAll", "bills/getAll", "payments/getAll", "orderItems/getAll"):
                for seconds in (0.5, 0.05, 0.3, 0.0, 0.2):
                    await desk.broken(operation, "delay", times=2, seconds=seconds)

            def fits() -> bool:
                if panel.state != "guest":
                    return False
                words = desk.read(panel)
                (name,) = [name for name in figures if name in desk.read(panel.head)]
                others = [word for other, kept in figures.items() if other != name for word in kept]
                assert all(word in words for word in figures[name])
                assert not [word for word in others if word in words and word not in figures[name]]
                return True

            for typed in ("tumblegate", "mapledown", "bramblew", "tumblegate", "lanternby", "mapledown", "bramblew"):
                await desk.choose(typed)
                await Clerk(desk.window).until("some turns", lambda: fits() or True)
            await desk.until("the last one chosen", lambda: fits() and "Isolde" in desk.read(panel.head))
            await desk.repaired()

    run(scene())


def test_another_card_is_offered_after_a_refusal(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.confirm(await desk.charging("quillfeather", "10"))
            await desk.outcome("The card was declined")
            await desk.clerk.press(Key.Key_F2)
            await desk.see(ChargeDialog)
            visible = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
            assert not [top for top in visible if isinstance(top, OutcomeDialog)]
            await desk.leave()
            assert await desk.charges() == []

    run(scene())


def test_what_began_behind_a_form_that_was_left_is_shown(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    """Esc comes when the intent is durable already: it is sent, so the clerk sees what becomes of it."""

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("tumblegate", "10")
            assert desk.program.open is not None
            runner = desk.program.open.front.runner

            def leave(news: IntentNews) -> None:
                if news.record.state is IntentState.DRAFTED:
                    dialog.reject()

            stop = runner.changed.listen(leave)
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once")
            stop()
            await desk.leave()
            assert len(await desk.charges()) == 1

    run(scene())


def test_another_card_is_offered_after_a_refusal_that_was_hidden(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            dialog = await desk.charging("quillfeather", "10")
            await desk.broken("creditCards/charge", "delay", seconds=1)
            await desk.confirm(dialog)
            await desk.outcome("Charging £10.00 to Amex")
            await desk.leave()
            await desk.clerk.press(Key.Key_U, ALT)
            await desk.outcome("The card was declined")
            await desk.clerk.press(Key.Key_F2)
            await desk.see(ChargeDialog)
            await desk.leave()
            assert await desk.charges() == []

    run(scene())
