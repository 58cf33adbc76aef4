"""A stage for a clerk's day: the real program at the running training hotel, its window, and a clerk's hands and eyes.

A scene opens a desk, works at it by keyboard and reads what stands on the screen; the hotel's ledger has the last word
about money. Nothing here reaches around the widgets, except to wait until one of them has come to rest.
"""

import asyncio
import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from shiboken6 import isValid
from typing_extensions import override

from deskpay.app.clerk import Clerk, NothingHappened
from deskpay.app.connection import Connection, PayMongoAccount
from deskpay.app.desk import Program, wear
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.domain.operator import Operator, Role
from deskpay.services.intent_runner import Timings
from deskpay.settings import Settings
from deskpay.ui.ask import Asking
from deskpay.ui.cards.add_card_dialog import AddCardDialog
from deskpay.ui.cards.capture.flow import State
from deskpay.ui.components.dialog_shell import SETTLE_S, DialogShell
from deskpay.ui.desk.desk_screen import DeskScreen
from deskpay.ui.payments.acquirer_dialog import AcquirerDialog
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from tests.kit.hotel import Hotel

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
Key = Qt.Key

QUICK = Timings(
    looks_s=(0.1, 0.2, 0.4),
    later_looks_s=0.5,
    polls_s=(0, 0.1, 0.2),
    later_polls_s=0.3,
    guest_polls_s=(0, 0.1, 0.2),
    link_polls_s=0.3,
    entries_s=(0.1, 0.2, 0.4),
)
"""Looks and readings as a clerk would meet them, in less time."""

PATIENCE_S = 10.0

MANAGER = Operator("poppy", "Poppy Inkwell", Role.MANAGER)

_Dialog = TypeVar("_Dialog", bound=DialogShell)


def make_settings(folder: Path, **changes: Any) -> Settings:
    """Settings of a desk that keeps everything in `folder`. Limits of the settings file do not hold for `changes`."""
    settings = Settings(appearance="light", desk_id="desk-1", request_budget=200, data_folder=folder)
    return dataclasses.replace(settings, **changes)


def connection_to(hotel: Hotel, address: str = "") -> Connection:
    """A connection to a training hotel that outlives the program."""
    return Connection(
        address=address or hotel.connector,
        fields_address=hotel.fields,
        client_token=hotel.client_token,
        access_token=hotel.access_token,
        lasting=True,
    )


class AtDesk:
    """A desk that is open while the block lasts, and the clerk at it.

    Args:
        hotel: where it is connected.
        folder: for its journal.
        size: of the window in pixels.
        timings: when acts are looked up and read.
        address: of a line in between, instead of the hotel's own.
        operator: who is at the desk from the start; by default somebody who may do everything alone.
        account: the hotel's account at PayMongo; None for none.
        changes: of the settings.
    """

    def __init__(
        self,
        hotel: Hotel,
        folder: Path,
        *,
        size: tuple[int, int] = (1280, 800),
        timings: Timings = QUICK,
        address: str = "",
        connect: bool = True,
        operator: Operator | None = MANAGER,
        account: PayMongoAccount | None = None,
        **changes: Any,
    ) -> None:
        self.hotel = hotel
        self._address = address
        self._connects = connect
        self._operator = operator
        self._account = account
        settings = make_settings(folder, **changes)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        wear(application, settings.appearance)
        self.program = Program(settings, operator, size, timings)
        self.window = self.program.window
        self.screen: DeskScreen = self.window.desk
        self.clerk = Clerk(self.window)
        self._closed = False

    async def __aenter__(self) -> Self:
        self.window.show()
        self.window.activateWindow()
        if not self._connects:
            self.window.show_connect()
        else:
            try:
                connection = connection_to(self.hotel, self._address)
                await self.program.connect(dataclasses.replace(connection, paymongo=self._account))
                if self._operator is not None:
                    await self.until("the lists of guests", lambda: self.screen.guests.state in {"guests", "error"})
            except BaseException:
                await self.close()
                raise
        await self.until("the window's activation", self.window.isActiveWindow)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the program in its order, once."""
        if not self._closed:
            self._closed = True
            await self.program.aclose()
            self.window.deleteLater()

    # Hands

    async def until(self, what: str, seen: Callable[[], bool]) -> None:
        """Wait until `seen` is true; what was on the screen is told when it did not become true."""
        try:
            await self.clerk.until(what, seen, PATIENCE_S)
        except NothingHappened as nothing:
            raise NothingHappened(f"{nothing}; on the screen:\n{self.read()}") from None

    async def find(self, typed: str) -> None:
        """Type into the search box, open the first guest found and wait for the page."""
        await self.choose(typed)
        await self.until(f"the page of {typed}", lambda: self.screen.panel.state == "guest")

    async def choose(self, typed: str) -> None:
        """Type into the search box and open the first guest found."""
        popup = self.screen.search.popup
        await self.clerk.press(Key.Key_F, CONTROL)
        await self.clerk.type_over(typed)
        await self.until("search results", lambda: popup.isVisible() and bool(popup.current_key()))
        await self.clerk.press(Key.Key_Return)

    async def ask(self, key: Qt.Key, kind: type[_Dialog]) -> _Dialog:
        """Press a function key and wait for its dialog."""
        await self.until("money to be possible", lambda: self.screen.panel.can_move_money)
        await self.clerk.press(key)
        return await self.see(kind)

    async def see(self, kind: type[_Dialog]) -> _Dialog:
        """Wait until a dialog of `kind` is in front and has the keyboard."""
        found: list[_Dialog] = []

        def in_front() -> bool:
            front = self.clerk.in_front
            found[:] = [front] if isinstance(front, kind) else []
            return bool(found) and front.isActiveWindow()

        await self.until(kind.__name__, in_front)
        return found[0]

    async def charging(self, guest: str, amount: str = "") -> ChargeDialog:
        """Find a guest and fill in a charge, without confirming it."""
        await self.find(guest)
        dialog = await self.ask(Key.Key_F2, ChargeDialog)
        if amount:
            await self.clerk.type_over(amount)
        return dialog

    async def confirm(self, dialog: DialogShell) -> None:
        """Press Ctrl+Enter, once the dialog has been open for as long as it asks for."""
        button = dialog.confirm_button
        assert button is not None
        await self.until("a valid form", button.isEnabled)
        dialog._opened_s -= SETTLE_S
        await self.clerk.press(Key.Key_Return, CONTROL)

    async def escape(self) -> None:
        """Press Esc where the keyboard is."""
        await self.clerk.press(Key.Key_Escape)

    async def outcome(self, *words: str) -> OutcomeDialog:
        """Wait for an outcome that says all of `words`."""
        dialog = await self.see(OutcomeDialog)
        await self.says(*words)
        assert self.clerk.in_front is dialog
        return dialog

    async def says(self, *words: str, of: QWidget | None = None) -> None:
        """Wait until all of `words` stand on what is in front, or on `of`."""
        await self.until(f"{words}", lambda: all(word in self.read(of) for word in words))

    async def leave(self) -> None:
        """Press Esc and wait for the window."""
        await self.escape()
        await self.clerk.back_at_the_window()

    async def save_card(self, number: str, code: str = "123", expiry: str = "1228") -> AddCardDialog:
        """Type a card into the vault's fields, agree and confirm."""
        await self.clerk.press(Key.Key_F7)
        dialog = await self.see(AddCardDialog)
        await self.type_card(dialog, number, code)
        await self.clerk.tab_to(dialog.expiry.editor)
        await self.clerk.write(expiry)
        await self.clerk.tab_to(dialog.consent)
        await self.clerk.press(Key.Key_Space)
        await self.confirm(dialog)
        return dialog

    async def type_card(self, dialog: AddCardDialog, number: str, code: str) -> None:
        """Type number and code, each once the cursor stands in its field: the page has a keyboard of its own."""
        await self.until("the vault's fields", lambda: dialog.pane.state is State.READY)
        await cursor_in(dialog, "number")
        await self.clerk.write(number)
        await self.clerk.press(Key.Key_Tab)
        await cursor_in(dialog, "code")
        await self.clerk.write(code)
        await self.until("a whole card", lambda: dialog.card_type.text() in {"Visa", "Mastercard", "American Express"})

    # Eyes

    def read(self, widget: QWidget | None = None) -> str:
        """All words on the screen, or on `widget`, as a screen reader and the eye meet them."""
        return words_on(widget if widget is not None else self.clerk.in_front)

    @property
    def balance(self) -> str:
        """The balance of the page."""
        return self.read(self.screen.panel.strip)

    def payments(self) -> list[tuple[str, ...]]:
        """The rows of the payments table: time, method, by whom, state, amount."""
        model = self.screen.panel.table.model()
        columns = range(model.columnCount())
        return [tuple(str(model.index(row, at).data()) for at in columns) for row in range(model.rowCount())]

    def guests(self) -> list[str]:
        """The list of guests, as a screen reader says it."""
        model = self.screen.guests.model
        spoken = Qt.ItemDataRole.AccessibleTextRole
        return [str(model.index(row, 0).data(spoken)) for row in range(model.rowCount())]

    # The books

    async def ledger(self) -> dict[str, Any]:
        """What the hotel did."""
        return await self.hotel.aledger()

    async def charges(self) -> list[dict[str, Any]]:
        """Every charge that took money."""
        rows: list[dict[str, Any]] = (await self.ledger())["charges"]
        return rows

    async def broken(self, operation: str, fault: str, **more: Any) -> None:
        """Break an operation of the hotel, without holding up the loop."""
        await asyncio.to_thread(self.hotel.fault, operation, fault, **more)

    async def repaired(self) -> None:
        """Lift every fault."""
        await asyncio.to_thread(self.hotel.clear_faults)

    async def switched_off(self, credit_card_id: str) -> None:
        """Switch a card off, as a colleague does in Mews."""
        await asyncio.to_thread(self.hotel.switch_off, credit_card_id)

    async def later(self, seconds: float) -> None:
        """Move the hotel's clock on."""
        await asyncio.to_thread(self.hotel.advance_clock, seconds)

    async def acts(self, guest_id: str | None = None) -> list[IntentRecord]:
        """What the journal holds of the guest shown, or of another one."""
        assert self.program.open is not None
        assert self.program.flow is not None
        shown = self.program.flow._guest
        customer_id = guest_id or (shown.customer.id if shown is not None else "")
        return list(await self.program.open.front.journal.of_customer(customer_id))

    def states(self) -> list[IntentState]:
        """States of the acts of this run that go on."""
        assert self.program.open is not None
        return [news.record.state for news in self.program.open.front.runner.unfinished]


async def cursor_in(dialog: AddCardDialog | AcquirerDialog, field: str) -> None:
    """Wait until the cursor stands in the vault's `number` or `code`."""
    script = f"document.querySelector('#field-{field}').classList.contains('focused')"
    async with asyncio.timeout(PATIENCE_S):
        while True:
            engine = dialog.pane._engine
            assert engine is not None
            answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            # A round trip through the engine; one that comes back after the end of the wait finds nobody.
            engine._page.runJavaScript(script, 0, lambda value, to=answer: to.done() or to.set_result(value))
            if await answer:
                return


def words_on(widget: QWidget) -> str:
    """Every word shown on `widget`: labels, names and what was typed."""
    said: list[str] = []
    for part in (widget, *widget.findChildren(QWidget)):
        if not isValid(part) or not part.isVisible():
            continue
        said += [part.accessibleName(), part.accessibleDescription()]
        if isinstance(part, QLabel | QLineEdit):
            said.append(part.text())
    return "\n".join(dict.fromkeys(word for word in said if word))


def is_confirmable(dialog: Asking[Any]) -> bool:
    """Whether the dialog's confirming button is on."""
    return dialog.confirm_button is not None and dialog.confirm_button.isEnabled()


class Line:
    """A line to the hotel that can be cut: connections that exist go on, new ones are refused.

    Args:
        target: host and port of the hotel.
        instead: bytes of an answer, and what comes out of the line in their place; of the same length.
    """

    def __init__(self, target: tuple[str, int], instead: tuple[bytes, bytes] = (b"", b"")) -> None:
        self._target = target
        self._instead = instead
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._run(self._accept, self._listening)

    def cut(self) -> None:
        """Refuse new connections from now on."""
        with ExitStack() as quiet:
            quiet.callback(self._listening.close)
            self._listening.shutdown(socket.SHUT_RDWR)

    def tear(self) -> None:
        """Break every connection that exists."""
        for end in self._sockets:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def close(self) -> None:
        """End the line and wait for its threads."""
        if self._listening.fileno() >= 0:
            self.cut()
        self.tear()
        for thread in self._threads:
            thread.join(PATIENCE_S)
        for end in self._sockets:
            end.close()

    def _run(self, work: Callable[..., None], *values: Any) -> None:
        thread = threading.Thread(target=work, args=values, name="line", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
                far = socket.create_connection(self._target)
            except OSError:
                return
            self._sockets += [near, far]
            self._run(self._carry, near, far)
            self._run(self._carry, far, near)

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        said, instead = self._instead
        try:
            while told := source.recv(65536):
                sink.sendall(told.replace(said, instead) if said else told)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return


@contextmanager
def line_to(hotel: Hotel, instead: tuple[bytes, bytes] = (b"", b"")) -> Iterator[Line]:
    """A line to `hotel` until the block ends."""
    host, _, port = hotel.connector.removeprefix("http://").partition(":")
    line = Line((host, int(port)), instead)
    try:
        yield line
    finally:
        line.close()


@contextmanager
def some_server(status: int, body: bytes, media: str) -> Iterator[str]:
    """Serve one answer to everything, and yield the address."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="some server")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_S)
