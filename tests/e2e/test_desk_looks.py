"""The real desk in the smallest window, in both looks: nothing is cut off, on the page and on each dialog."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from deskpay.ui.cards.add_card_dialog import AddCardDialog
from deskpay.ui.cards.capture.flow import State
from deskpay.ui.components.dialog_shell import DialogShell
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.record_dialog import RecordDialog
from deskpay.ui.payments.refund_dialog import RefundDialog
from deskpay.ui.payments.repeat_dialog import RepeatDialog
from deskpay.ui.theme import Scheme, apply_theme
from tests.e2e.desk_stage import CONTROL, AtDesk, Key
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner
from tests.shots.clipping import clipped

SMALLEST = (1024, 700)


async def fits(desk: AtDesk) -> None:
    """Assert that what is in front is whole, once it has been painted, and lies inside the window."""
    await desk.clerk.settled()
    front = desk.clerk.in_front
    assert clipped(front) == []
    assert desk.window.size().toTuple() == SMALLEST
    if isinstance(front, DialogShell):
        # The shadow reaches beyond; the surface itself does not.
        surface = front._card.rect().translated(front._card.mapToGlobal(front._card.rect().topLeft()))
        assert desk.window.geometry().contains(surface)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_nothing_is_cut_off(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, qapp: QApplication, scheme: Scheme
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, size=SMALLEST, appearance=scheme.value) as desk:
            await fits(desk)
            await desk.clerk.press(Key.Key_F, CONTROL)
            await desk.clerk.write("pep")
            await desk.until("search results", lambda: bool(desk.screen.search.popup.current_key()))
            await fits(desk)
            await desk.find("pepperw 214")
            await fits(desk)
            for key, kind in ((Key.Key_F2, ChargeDialog), (Key.Key_F3, RecordDialog), (Key.Key_F8, RefundDialog)):
                await desk.ask(key, kind)
                await fits(desk)
                await desk.leave()
            await desk.clerk.press(Key.Key_F7)
            card = await desk.see(AddCardDialog)
            await desk.until("the vault's fields", lambda: card.pane.state is State.READY)
            await fits(desk)
            await desk.leave()
            dialog = await desk.charging("tumblegate", "10")
            await desk.broken("creditCards/charge", "status_after", status=500)
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once")
            await fits(desk)
            await desk.leave()
            await desk.confirm(await desk.charging("tumblegate", "10"))
            await desk.see(RepeatDialog)
            await fits(desk)
            await desk.escape()
            await desk.clerk.back_at_the_window()
            dialog = await desk.charging("mapledown", "10")
            await desk.broken("creditCards/charge", "drop_before")
            await desk.confirm(dialog)
            await desk.outcome("No answer from Mews", "Check 3: not in Mews yet")
            await fits(desk)
            await desk.leave()
            await fits(desk)
            await desk.broken("*", "status_before", status=503, times=None)
            await desk.clerk.press(Key.Key_F5)
            await desk.until("the banner", desk.screen.panel.notice.isVisible)
            await fits(desk)

    run(scene())
    apply_theme(qapp, Scheme.LIGHT)
