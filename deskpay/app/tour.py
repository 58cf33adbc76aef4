"""The tour: the desk's main job, played through the real window by keyboard, and checked in the hotel's own ledger."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import Qt

from deskpay.app.clerk import Clerk, NothingHappened
from deskpay.app.connection import Connection
from deskpay.app.desk import Program
from deskpay.app.loop import make_application, run
from deskpay.app.pictures import take_picture
from deskpay.app.training import TrainingHotel, TrainingProcess
from deskpay.domain.errors import DeskPayError, HotelUnavailable
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.services.intent_runner import IntentNews
from deskpay.services.training_staff import CLERK, TRAINING_PIN
from deskpay.settings import read_settings
from deskpay.ui.ask import Asking
from deskpay.ui.cards.add_card_dialog import AddCardDialog
from deskpay.ui.cards.capture.flow import State
from deskpay.ui.components.dialog_shell import SETTLE_S
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from deskpay.ui.payments.record_dialog import RecordDialog
from deskpay.ui.payments.refund_dialog import RefundDialog
from deskpay.ui.staff.approval_dialog import ApprovalDialog
from deskpay.ui.theme import Scheme, apply_theme

_CONTROL = Qt.KeyboardModifier.ControlModifier
_TEST_CARD = ("4242424242424242", "123", "12/28")
"""On the training vault's list (PCI Proxy, test credentials); no such card exists."""

_ENDS = tuple(state for state in IntentState if state.final)

_LANDING_S = 120
"""How far the training hotel's clock is moved so that a refund lands."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the tour.

    Args:
        name: what was done.
        outcome: what came of it.
        picture: file name of its picture.
        ms: how long it took, in milliseconds.
    """

    name: str
    outcome: str
    picture: str
    ms: int


def play(out: Path, *, theme: str, size: tuple[int, int], sandbox: str | None) -> int:
    """Play the tour and leave pictures and `tour.json` in `out`; return 0 only if every outcome was read back.

    Args:
        out: folder; made where it is missing.
        theme: `light` or `dark`.
        size: of the window in pixels.
        sandbox: control address of a running training hotel; None starts one.

    Raises:
        WrongSettings: the settings cannot be used; nothing was started.
    """
    settings = read_settings()
    process = None if sandbox else TrainingProcess()
    out.mkdir(parents=True, exist_ok=True)
    application = make_application()
    apply_theme(application, Scheme(theme))
    program = Program(settings, CLERK, size)
    return run(application, lambda: _tour(program, process, sandbox, out))


async def _tour(program: Program, process: TrainingProcess | None, sandbox: str | None, out: Path) -> int:
    tour = None
    try:
        hotel = await process.ready() if process else await _running(sandbox or "")
        tour = Tour(program, hotel, out, lasting=process is None)
        await tour.play()
    except (DeskPayError, NothingHappened) as problem:
        sys.stderr.write(f"The tour stopped: {problem}\n")
        if tour is not None:
            await tour.stopped(str(problem))
    finally:
        await program.aclose()
        if process is not None:
            await process.stop()
    return 0 if tour is not None and tour.ok else 1


async def _running(control: str) -> TrainingHotel:
    """Ask a running training hotel where it listens."""
    if urlsplit(control).hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise HotelUnavailable("the tour plays on a training hotel of this computer only")
    return TrainingHotel.from_line(await _ask(f"{control.rstrip('/')}/_sandbox/ready"))


async def _ask(url: str, body: dict[str, Any] | None = None) -> bytes:
    def ask() -> bytes:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 - loopback only
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback only
            said: bytes = answer.read()
            return said

    try:
        return await asyncio.to_thread(ask)
    except OSError as problem:
        raise HotelUnavailable(f"the training hotel does not answer: {problem}") from problem


class Tour:
    """Plays the job once.

    Args:
        program: the app, not connected yet.
        hotel: where to play.
        out: where pictures go.
        lasting: True when the hotel outlives the tour, and so must the journal.
    """

    def __init__(self, program: Program, hotel: TrainingHotel, out: Path, *, lasting: bool) -> None:
        self._program = program
        self._hotel = hotel
        self._out = out
        self._lasting = lasting
        self._steps: list[Step] = []
        self._began = time.monotonic()
        self._screen = program.window.desk
        self._clerk = Clerk(program.window)
        self._intents: dict[str, IntentRecord] = {}
        self._latest: IntentRecord | None = None
        self.ok = False

    async def play(self) -> None:
        """Play every step and write `tour.json`.

        Raises:
            NothingHappened: the window did not do what the clerk waited for.
            DeskPayError: the hotel could not be reached.
        """
        self._program.window.show()
        self._program.window.activateWindow()
        opened = await self._program.connect(Connection.to(self._hotel, lasting=self._lasting))
        opened.front.runner.changed.listen(self._on_news)
        await self._find()
        await self._add_card()
        await self._charge()
        await self._record()
        await self._refund()
        await self._guest_afterwards()
        ledger = json.loads(await _ask(f"{self._hotel.control}/_sandbox/ledger"))
        self.ok = self._read_back(ledger)
        self._write(ledger, "" if self.ok else "the ledger differs from what was shown")

    async def stopped(self, why: str) -> None:
        """Write down how far it came."""
        if self._program.window.isVisible():
            await self._step("stopped", why)
        self._write({}, why)

    async def _find(self) -> None:
        guests, panel = self._screen.guests, self._screen.panel
        await self._clerk.until("the lists of guests", lambda: guests.state == "guests")
        await self._step("desk", "the day's guests")
        await self._clerk.press(Qt.Key.Key_F, _CONTROL)
        await self._clerk.write("pep 21")
        popup = self._screen.search.popup
        await self._clerk.until("search results", lambda: popup.isVisible() and bool(popup.current_key()))
        await self._step("search", "Ottoline Pepperwick found")
        await self._clerk.press(Qt.Key.Key_Return)
        await self._clerk.until("the guest's page", lambda: panel.state == "guest" and panel.can_move_money)
        await self._step("saved-cards", "the guest's balance and cards")

    async def _add_card(self) -> None:
        number, code, expiry = _TEST_CARD
        await self._clerk.press(Qt.Key.Key_F7)
        dialog = await self._clerk.see(AddCardDialog)
        await self._clerk.until("the vault's fields", lambda: dialog.pane.state is State.READY)
        await self._step("add-card", "the vault's fields are ready")
        # The page has a keyboard of its own behind the window's, and it follows a moment later: the first digit that
        # arrives makes the brand known.
        await self._clerk.repeat_until(number[0], lambda: "Visa" in dialog.card_type.text())
        await self._clerk.write(number[1:])
        await self._clerk.press(Qt.Key.Key_Tab)
        await self._clerk.settled()
        await self._clerk.write(code)
        await self._clerk.until("the vault to hold a whole card", lambda: dialog.card_type.text() == "Visa")
        await self._clerk.tab_to(dialog.expiry.editor)
        await self._clerk.write(expiry)
        await self._clerk.tab_to(dialog.consent)
        await self._clerk.press(Qt.Key.Key_Space)
        await self._confirm(dialog)
        await self._outcome("card-saved")

    async def _charge(self) -> None:
        await self._clerk.press(Qt.Key.Key_F2)
        dialog = await self._clerk.see(ChargeDialog)
        await self._step("charge", "asked, nothing sent")
        await self._confirm(dialog)
        await self._outcome("charged")

    async def _record(self) -> None:
        await self._clerk.press(Qt.Key.Key_F3)
        dialog = await self._clerk.see(RecordDialog)
        await self._clerk.type_over("64.00")
        await self._clerk.tab_to(dialog.receipt.editor)
        await self._clerk.write("004512")
        await self._clerk.tab_to(dialog.last_four.editor)
        await self._clerk.write("4444")
        await self._step("record", "asked, nothing sent")
        await self._confirm(dialog)
        await self._outcome("recorded")

    async def _refund(self) -> None:
        await self._clerk.press(Qt.Key.Key_F8)
        dialog = await self._clerk.see(RefundDialog)
        await self._clerk.tab_to(dialog.share_choice)
        await self._clerk.press(Qt.Key.Key_Right)
        await self._clerk.tab_to(dialog.amount.editor)
        await self._clerk.type_over("62.40")
        await self._clerk.tab_to(dialog.cause.editor)
        await self._clerk.press(Qt.Key.Key_Down)
        await self._clerk.tab_to(dialog.story.editor)
        await self._clerk.write("Heating failed, one night given back")
        await self._step("refund", "asked, nothing sent")
        await self._confirm(dialog)
        approval = await self._clerk.see(ApprovalDialog)
        await self._clerk.write(TRAINING_PIN)
        await self._step("refund-approval", "a second person approves, nothing sent")
        await self._confirm(approval)
        await self._clerk.see(OutcomeDialog)
        await self._clerk.until("the refund's acceptance", lambda: self._stands_at(IntentState.ACCEPTED, *_ENDS))
        await self._step("refund-on-its-way", self._known().state.value)
        await _ask(f"{self._hotel.control}/_sandbox/clock", {"advance_s": _LANDING_S})
        await self._clerk.press(Qt.Key.Key_F5)
        await self._outcome("refunded")

    async def _guest_afterwards(self) -> None:
        shown = self._screen.panel
        await self._clerk.until("the guest's payments", lambda: shown.state == "guest" and shown.can_move_money)
        await self._clerk.press(Qt.Key.Key_F5)
        await self._clerk.settled()
        await self._step("afterwards", "every outcome on the guest's page")

    async def _confirm(self, dialog: Asking[Any]) -> None:
        button = dialog.confirm_button
        await self._clerk.until("a valid form", lambda: button is not None and button.isEnabled())
        await asyncio.sleep(SETTLE_S)  # a fresh dialog takes no confirmation that was meant for the window below
        await self._clerk.press(Qt.Key.Key_Return, _CONTROL)

    async def _outcome(self, name: str) -> None:
        await self._clerk.see(OutcomeDialog)
        await self._clerk.until(f"the end of {name}", lambda: self._stands_at(*_ENDS))
        record = self._known()
        self._intents[name] = record
        await self._step(name, record.state.value)
        await self._clerk.press(Qt.Key.Key_Escape)
        await self._clerk.back_at_the_window()
        panel = self._screen.panel
        await self._clerk.until("money to be possible again", lambda: panel.can_move_money)

    def _on_news(self, news: IntentNews) -> None:
        self._latest = news.record

    def _stands_at(self, *states: IntentState) -> bool:
        return self._latest is not None and self._latest.state in states

    def _known(self) -> IntentRecord:
        if self._latest is None:
            raise NothingHappened("no act began")
        return self._latest

    async def _step(self, name: str, outcome: str) -> None:
        await self._clerk.settled()
        took_ms = round((time.monotonic() - self._began) * 1000)
        picture = f"{len(self._steps) + 1:02d}-{name}.png"
        take_picture(self._program.window, self._out / picture)
        self._steps.append(Step(name, outcome, picture, took_ms))
        self._began = time.monotonic()

    def _read_back(self, ledger: dict[str, Any]) -> bool:
        """Tell whether the hotel's ledger holds each act exactly once, as it was shown."""
        wanted = {"cards": "card-saved", "charges": "charged", "records": "recorded", "refunds": "refunded"}
        for book, name in wanted.items():
            record, rows = self._intents[name], ledger[book]
            if len(rows) != 1 or record.state is not IntentState.CONFIRMED or record.outcome_id not in rows[0].values():
                return False
        reference = self._intents["charged"].intent.reference
        charge: dict[str, Any] = ledger["charges"][0]
        attempts: dict[str, int] = ledger["attempts"]
        return charge["reference"] == reference and charge["state"] == "Charged" and attempts[reference] == 1

    def _write(self, ledger: dict[str, Any], problem: str) -> None:
        told = {"ok": self.ok, "problem": problem, "steps": [asdict(step) for step in self._steps], "ledger": ledger}
        (self._out / "tour.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
