"""What Esc means on every dialog: before sending it leaves and nothing is confirmed, after sending it only hides."""

import importlib
import pkgutil

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from shiboken6 import isValid

import deskpay.ui
from deskpay.domain.errors import HotelUnavailable
from deskpay.ui.ask import Asking
from deskpay.ui.components.button import Button
from deskpay.ui.components.dialog_shell import DialogShell
from deskpay.ui.payments.waiting_dialog import WaitingDialog
from tests.kit.loops import CoroutineRunner
from tests.kit.source import ROOT
from tests.shots.album import SCENES
from tests.shots.stage import Stage

LEAVES = {
    "charge": ("ChargeDialog", "Cancel"),
    "charge-ten-times": ("ChargeDialog", "Cancel"),
    "charge-in-parts": ("ChargeDialog", "Cancel"),
    "record-terminal": ("RecordDialog", "Cancel"),
    "record-cash": ("RecordDialog", "Cancel"),
    "record-other": ("RecordDialog", "Cancel"),
    "refund-part": ("RefundDialog", "Cancel"),
    "ask-link": ("AskDialog", "Cancel"),
    "ask-ideal": ("AskDialog", "Cancel"),
    "ask-terminal": ("AskDialog", "Cancel"),
    "link-open": ("LinkDialog", "Close"),
    "bills-open": ("BillsDialog", "Leave"),
    "repeat-answered": ("RepeatDialog", "Don't charge"),
    "decide-nothing": ("DecideDialog", "Keep checking"),
    "approval": ("ApprovalDialog", "Back"),
    "people-new": ("StaffDialog", "Done"),
    "diagnostics": ("DiagnosticsDialog", "Close"),
    "receipt-roll": ("ReceiptDialog", "Close"),
}
"""Pictured dialogs before anything is sent, or where nothing is, each with its kind and the button that Esc presses."""

HIDES = {
    "outcome-sending": ("OutcomeDialog", "Hide", "Hiding does not stop what was sent"),
    "outcome-pending": ("OutcomeDialog", "Serve the next guest", "DeskPay goes on reading"),
    "outcome-refund-on-its-way": ("OutcomeDialog", "Serve the next guest", "DeskPay goes on reading"),
    "outcome-link-open": ("OutcomeDialog", "Serve the next guest", "DeskPay goes on reading"),
    "outcome-terminal-waiting": ("OutcomeDialog", "Serve the next guest", "DeskPay goes on reading"),
    "outcome-unknown": ("OutcomeDialog", "Serve the next guest", "DeskPay goes on checking"),
    "code": ("CodeDialog", "Serve the next guest", "If the guest pays after you hide this, DeskPay still sees it"),
}
"""Pictured dialogs after sending, each with its kind, the button that Esc presses and what they say about leaving."""

PLAYED_ELSEWHERE = {
    "AddCardDialog": "in the real engine, tests/e2e/test_desk_card.py",
    "AcquirerDialog": "in the real engine, tests/e2e/test_desk_paymongo.py",
    "BankDialog": "in the real engine, tests/e2e/test_desk_paymongo.py",
    "ByHandDialog": "by an `Asking` without a rule of its own about Esc, tests/ui/test_dialogs_ask.py",
    "ForgetDialog": "by an `Asking` without a rule of its own about Esc, tests/ui/test_dialogs_ask.py",
    "PickDialog": "by an `Asking` without a rule of its own about Esc, tests/ui/test_dialogs_ask.py",
    "QueueDialog": "in the window, tests/e2e/test_desk_night.py",
}


async def set_stage(stage: Stage, name: str) -> DialogShell:
    """Show a pictured scene, and return its dialog."""
    scene = next(scene for scene in SCENES if scene.name == name)
    await scene.show(stage)
    await stage.settle()
    (dialog,) = (over for over in stage.seen() if isinstance(over, DialogShell))
    return dialog


def on_esc(dialog: DialogShell) -> list[str]:
    """The words on the buttons in sight that carry the cap of Esc."""
    buttons = dialog.findChildren(Button)
    return [button.label for button in buttons if button.isVisibleTo(dialog) and button._key == "Esc"]


def typed(dialog: DialogShell) -> list[str]:
    """What stands in every input of words."""
    lines = [line.text() for line in dialog.findChildren(QLineEdit)]
    return lines + [area.toPlainText() for area in dialog.findChildren(QPlainTextEdit)]


def in_sight(dialog: DialogShell) -> bool:
    """Whether it is still there once the loop has turned."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return isValid(dialog) and dialog.isVisible()


@pytest.mark.parametrize("name", LEAVES)
def test_before_sending_esc_leaves_confirms_nothing_and_an_error_takes_nothing_away(
    run: CoroutineRunner, name: str
) -> None:
    async def scene() -> None:
        async with Stage((1280, 800), "") as stage:
            dialog = await set_stage(stage, name)
            kind, button = LEAVES[name]
            assert (type(dialog).__name__, on_esc(dialog)) == (kind, [button])
            confirmed: list[bool] = []
            left: list[bool] = []
            dialog.confirmed.connect(lambda: confirmed.append(True))
            dialog.rejected.connect(lambda: left.append(True))
            if isinstance(dialog, Asking):
                before = typed(dialog)
                dialog.show_problem(HotelUnavailable())
                assert typed(dialog) == before
                assert dialog._problem.isVisible()
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            assert (left, confirmed) == ([True], [])
            await stage.settle()
            assert not in_sight(dialog)

    run(scene())


@pytest.mark.parametrize("name", HIDES)
def test_after_sending_esc_only_hides_and_the_dialog_says_so(run: CoroutineRunner, name: str) -> None:
    async def scene() -> None:
        async with Stage((1280, 800), "") as stage:
            dialog = await set_stage(stage, name)
            kind, button, says = HIDES[name]
            assert (type(dialog).__name__, on_esc(dialog)) == (kind, [button])
            assert dialog.note == says
            hidden: list[bool] = []
            dialog.hidden_by_key.connect(lambda: hidden.append(True))
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            assert hidden == [True]
            await stage.settle()
            assert not in_sight(dialog)

    run(scene())


def test_every_dialog_is_in_one_of_the_tables() -> None:
    for module in pkgutil.walk_packages(deskpay.ui.__path__, "deskpay.ui."):
        importlib.import_module(module.name)
    kinds, found = [DialogShell], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.startswith("deskpay.") and kind not in (DialogShell, Asking, WaitingDialog):
            found.add(kind.__name__)
    assert [where for where in PLAYED_ELSEWHERE.values() if not (ROOT / where.rpartition(", ")[2]).exists()] == []
    in_tables = {kind for kind, *_ in (*LEAVES.values(), *HIDES.values())}
    assert found == in_tables | PLAYED_ELSEWHERE.keys()
