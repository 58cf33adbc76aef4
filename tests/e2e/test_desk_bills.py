"""Bills are shown, closed and printed by keyboard, and the hotel's books have the last word."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from deskpay.ui.bills.bills_dialog import BillsDialog
from tests.e2e.desk_stage import CONTROL, AtDesk, Key, is_confirmable
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """What was opened by the system, and a home for it."""
    files: list[Path] = []

    def open_url(url: QUrl) -> bool:
        files.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    monkeypatch.setenv("HOME", str(tmp_path))
    return files


async def requests(desk: AtDesk, operation: str) -> int:
    return int((await desk.ledger())["requests"].get(operation, 0))


async def bills(desk: AtDesk, guest: str) -> BillsDialog:
    await desk.find(guest)
    await desk.clerk.press(Key.Key_B, CONTROL)
    return await desk.see(BillsDialog)


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_a_settled_bill_is_closed_once_and_its_print_opened(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, opened: list[Path], appearance: str
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance) as desk:
            dialog = await bills(desk, "thistlewick")
            await desk.says("Nothing is open. Mews closes this bill as a receipt.")
            assert not is_confirmable(dialog)
            await desk.clerk.tab_to(dialog.paid_up)
            await desk.clerk.press(Key.Key_Space)
            await desk.broken("bills/close", "drop_after")
            await desk.confirm(dialog)
            await desk.until("the bills anew", lambda: desk.clerk.in_front is not dialog)
            after = await desk.see(BillsDialog)
            await desk.says("The bill was closed:", "This bill is closed.")
            await desk.clerk.press(Key.Key_F9)
            await desk.until("the print", lambda: bool(opened))
            assert opened[0].read_bytes().startswith(b"%PDF-")
            assert not is_confirmable(after)
            await desk.leave()
            assert await requests(desk, "bills/close") == 1

    run(scene())


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_leaving_while_a_bill_is_closed_breaks_nothing_off(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, appearance: str
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, appearance=appearance) as desk:
            dialog = await bills(desk, "tumblegate")
            await desk.says("£590.25 is still open.")
            await desk.clerk.tab_to(dialog.paid_later)
            await desk.clerk.press(Key.Key_Space)
            await desk.broken("bills/close", "delay", seconds=0.5)
            await desk.confirm(dialog)
            await desk.leave()
            await desk.until("the page to be read again", lambda: "No bill is open." in desk.read())
            assert desk.balance.startswith("Open balance\nOpen balance 0 pounds")
            assert await requests(desk, "bills/close") == 1
            assert (await desk.ledger())["charges"] == []

    run(scene())
