"""No input of the window takes a card number in silence, and none is added without saying what it does about one."""

import ast
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot

from deskpay.domain.day_totals import EVERYTHING
from deskpay.domain.errors import Repeat
from deskpay.domain.intent import IntentKind, IntentState
from deskpay.services.activity import Wanted
from deskpay.services.guest_pages import GuestPages
from deskpay.services.training_staff import STAFF
from deskpay.ui.ask import ConfirmWords
from deskpay.ui.audit.filters import Filters
from deskpay.ui.bills.bills_dialog import BillsContext, BillsDialog
from deskpay.ui.components.dialog_shell import DialogShell
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import Field
from deskpay.ui.components.text_area import TextArea
from deskpay.ui.journal.activity_view import ActivityView
from deskpay.ui.payments.ask_dialog import AskDialog
from deskpay.ui.payments.ask_offers import AskOffers, AskStart
from deskpay.ui.payments.by_hand_dialog import ByHandDialog
from deskpay.ui.payments.decide_dialog import DecideDialog
from deskpay.ui.payments.record_dialog import OTHER, TERMINAL, TRANSFER, RecordDialog
from deskpay.ui.payments.refund_dialog import RefundDialog
from deskpay.ui.payments.repeat_dialog import RepeatDialog
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from tests.kit.at_acquirer import at_acquirer
from tests.kit.canaries import canaries
from tests.kit.charging import charging
from tests.kit.dialogs import make_window
from tests.kit.fake_hotel import TheHotel
from tests.kit.guest_file import make_guest_file
from tests.kit.intents import make_intent
from tests.kit.outcomes import told
from tests.kit.source import ROOT

Build = Callable[[QtBot], DialogShell]
NUMBER = "4242 4242 4242 4242"
LIVE = Environment.LIVE
REFUSALS = ("looks like a card number", "never the whole number")
INPUTS = {"AmountBound", "Field", "FilterInput", "LineField", "LineInput", "TextArea", "SecretField"}
WORDS = ConfirmWords(
    about="Ottoline Pepperwick",
    amount="£312.40",
    what="£312.40 to Visa •••• 1111",
    badge="VISA",
    title="This looks like the same charge again",
    question="Why is it charged twice?",
    again="Charge another £312.40",
    leave="Don't charge",
    reference="DP-9X2B-7TRE",
)


def a_record(means: str) -> Build:
    def build(qtbot: QtBot) -> DialogShell:
        dialog = RecordDialog(make_window(qtbot), make_guest_file(), LIVE, "DP-4F8H-6WNC", "214")
        dialog.means.set_current(means)
        dialog.means.chosen.emit(means)
        return dialog

    return build


def a_pay_link(qtbot: QtBot) -> DialogShell:
    offers = AskOffers(pages=GuestPages(()))
    return AskDialog(make_window(qtbot), make_guest_file(), offers, LIVE, "DP-4F8H-6WNC", "214", AskStart())


def a_refund(qtbot: QtBot) -> DialogShell:
    return RefundDialog(make_window(qtbot), make_guest_file(), LIVE, "DP-2M6T-QX4J", "214", None)


def a_decision(qtbot: QtBot) -> DialogShell:
    first, *others = STAFF
    dates = DateWords(TheHotel.zone)
    return DecideDialog(make_window(qtbot), LIVE, "Ottoline", make_intent(), first, others, dates)


def by_hand(qtbot: QtBot) -> DialogShell:
    taken = told(IntentKind.ACQUIRER_CHARGE, IntentState.TAKEN).record
    return ByHandDialog(make_window(qtbot), LIVE, "Ottoline", taken)


def a_repeat(qtbot: QtBot) -> DialogShell:
    return RepeatDialog(make_window(qtbot), [Repeat("payment-1", "DP-7K4M-2Q9C", 3)], WORDS, LIVE)


def the_bills(qtbot: QtBot) -> DialogShell:
    return BillsDialog(make_window(qtbot), make_guest_file(), BillsContext({}), LIVE, "214")


REFUSING: list[tuple[str, str, Build]] = [
    ("payments/charge_dialog", "receipt", lambda qtbot: charging(qtbot)()),
    ("payments/charge_dialog", "remark", lambda qtbot: charging(qtbot)()),
    ("payments/record_dialog", "last_four", a_record(TERMINAL)),
    ("payments/record_dialog", "holder", a_record(TERMINAL)),
    ("payments/record_dialog", "receipt", a_record(TERMINAL)),
    ("payments/record_dialog", "receipt", a_record(TRANSFER)),
    ("payments/record_dialog", "receipt", a_record(OTHER)),
    ("payments/record_dialog", "remark", a_record(TRANSFER)),
    ("payments/record_dialog", "remark", a_record(OTHER)),
    ("payments/ask_dialog", "story", a_pay_link),
    ("payments/refund_dialog", "story", a_refund),
    ("payments/decide_dialog", "why", a_decision),
    ("payments/repeat_dialog", "why", a_repeat),
    ("payments/by_hand_dialog", "where", by_hand),
    ("bills/bills_dialog", "remark", the_bills),
    ("payments/acquirer_dialog", "holder", at_acquirer),
    ("payments/acquirer_dialog", "note_field", at_acquirer),
]
"""The inputs of words in dialogs over money, each in every way it is shown."""

HELD_ELSEWHERE = {
    ("payments/ask_dialog", "email"): "shows the address of the profile and is never read",
    ("payments/record_dialog", "expiry"): "takes a month and a year and nothing else",
    ("payments/acquirer_dialog", "expiry"): "takes a month and a year and nothing else",
    ("cards/add_card_dialog", "expiry"): "takes a month and a year and nothing else",
    ("cards/add_card_dialog", "card_type"): "is told by the vault",
    ("audit/filters", "least"): "takes an amount and nothing else",
    ("audit/filters", "most"): "takes an amount and nothing else",
    ("audit/pick_dialog", "amount"): "takes an amount and nothing else",
    ("audit/filters", "box"): "refused by the line itself, see below",
    ("journal/activity_view", "text"): "refused by the line itself, see below",
    ("staff/staff_dialog", "name"): "refused by the roster, as the canaries prove",
    ("staff/staff_dialog", "account"): "refused by the roster, as the canaries prove",
    ("staff/first_page", "name"): "refused by the roster, as the canaries prove",
    ("staff/staff_dialog", "secret"): "kept as a hash",
    ("staff/staff_dialog", "again"): "compared and dropped",
    ("staff/first_page", "secret"): "kept as a hash",
    ("staff/first_page", "again"): "compared and dropped",
    ("staff/approval_dialog", "secret"): "compared and dropped",
    ("staff/sign_in_page", "password"): "compared and dropped",
    ("payments/decide_dialog", "secret"): "compared and dropped",
    ("support/diagnostics_dialog", "text"): "is read only",
    ("settings/setting_row", "line"): "refused by the service, as the canaries prove",
    ("connect_page", "_address"): "takes an address of this computer and nothing else",
    ("connect_page", "_fields_address"): "takes an address of this computer and nothing else",
    ("connect_page", "_client_token"): "goes to the keyring alone",
    ("connect_page", "_access_token"): "goes to the keyring alone",
    ("connect_page", "_secret_key"): "takes a key of PayMongo's form and goes to the keyring alone",
    ("connect_page", "_public_key"): "takes a key of PayMongo's form and goes to the keyring alone",
}
"""The others, with what keeps a card number out of them."""


def inputs_of(path: Path) -> set[str]:
    """The attributes that a module of the window fills with inputs of words."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for name, value in zip(names, values, strict=False):
                made = value.func if isinstance(value, ast.Call) else None
                kind = made.attr if isinstance(made, ast.Attribute) else made.id if isinstance(made, ast.Name) else ""
                if kind in INPUTS and isinstance(name, ast.Attribute):
                    found.add(name.attr)
    return found


def test_every_input_of_words_is_in_one_of_the_tables() -> None:
    window = ROOT / "deskpay" / "ui"
    built = {
        (path.relative_to(window).with_suffix("").as_posix(), name)
        for path in window.rglob("*.py")
        if "components" not in path.parts
        for name in inputs_of(path)
    }
    assert built == {(module, name) for module, name, _ in REFUSING} | set(HELD_ELSEWHERE)


@pytest.mark.parametrize(("module", "name", "build"), REFUSING)
def test_a_card_number_is_refused_where_it_was_typed(qtbot: QtBot, module: str, name: str, build: Build) -> None:
    dialog = build(qtbot)
    field = getattr(dialog, name)
    assert isinstance(field, Field | TextArea), module
    editor: QWidget = field.editor
    if not field.isVisibleTo(dialog):
        show_story(dialog)
    field.set_text("")
    QTest.keyClicks(editor, NUMBER)
    assert any(words in field.message for words in REFUSALS), field.message
    assert field.text() == NUMBER
    assert dialog.confirm_button is not None
    assert not dialog.confirm_button.isEnabled()


def show_story(dialog: DialogShell) -> None:
    """Choose the reason that asks for the clerk's own words."""
    assert isinstance(dialog, RefundDialog)
    editor = dialog.cause.editor
    editor.setCurrentIndex(editor.count() - 1)
    editor.activated.emit(editor.currentIndex())


@pytest.mark.parametrize("page", ["night audit", "journal"])
def test_a_card_number_narrows_no_list_and_is_printed_on_no_report(qtbot: QtBot, page: str) -> None:
    owner = Filters() if page == "night audit" else ActivityView(MoneyWords("en_GB"))
    qtbot.addWidget(owner)
    owner.show()
    line = owner.box if isinstance(owner, Filters) else owner.text
    QTest.keyClicks(line, "Pepperwick")
    assert (line.words, line.refusal.isVisible()) == ("Pepperwick", False)
    line.clear()
    QTest.keyClicks(line, NUMBER)
    assert line.text() == NUMBER, "what was typed stays"
    assert (line.words, line.refusal.isVisible()) == ("", True)
    assert REFUSALS[0] in line.refusal.text() == line.accessibleDescription()
    if isinstance(owner, Filters):
        assert (owner.wanted(), owner.told()) == (EVERYTHING, "")
    else:
        assert owner.wanted == Wanted()
    line.setText(NUMBER[-4:])
    assert (line.words, line.refusal.isVisible()) == ("4242", False)


@pytest.mark.parametrize(("at", "module", "name", "build"), [(at, *one) for at, one in enumerate(REFUSING)])
def test_a_thousand_card_numbers_are_refused_in_whatever_way_they_come(
    qtbot: QtBot,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    at: int,
    module: str,
    name: str,
    build: Build,
) -> None:
    """A thousand over all fields, each of which meets every way: typed, pasted, dropped and filled in."""
    caplog.set_level("DEBUG")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    own = CANARIES[at :: len(REFUSING)]
    refuses_all(build(qtbot), name, own)
    assert [canary for canary in own if canary in caplog.text] == [], module
    assert list(tmp_path.iterdir()) == []


def refuses_all(dialog: DialogShell, name: str, numbers: Sequence[str]) -> None:
    """Put each of `numbers` into a field, in one way after the other, and see it refused."""
    field = getattr(dialog, name)
    assert isinstance(field, Field | TextArea), name
    if not field.isVisibleTo(dialog):
        show_story(dialog)
    for number, canary in enumerate(numbers):
        WAYS[number % len(WAYS)](field.editor, canary)
        assert any(words in field.message for words in REFUSALS), (canary, field.message)
        assert dialog.confirm_button is not None
        assert not dialog.confirm_button.isEnabled()
    QGuiApplication.clipboard().clear()


def pasted(editor: QWidget, text: str) -> None:
    """Put `text` in by the clipboard and Ctrl+V, in place of what is there."""
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def dropped(editor: QWidget, text: str) -> None:
    """Let go of a text that is dragged over the field, after emptying that."""
    QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    target = editor.viewport() if isinstance(editor, QAbstractScrollArea) else editor
    dragged, middle = QMimeData(), QPointF(target.rect().center())
    dragged.setText(text)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDragEnterEvent(middle.toPoint(), copy, dragged, left, none))
    QApplication.sendEvent(target, QDropEvent(middle, copy, dragged, left, none))


def filled_in(editor: QWidget, text: str) -> None:
    """Put `text` in at once, as a keyboard on the screen or a program that fills in forms does."""
    QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    done = QInputMethodEvent()
    done.setCommitString(text)
    QApplication.sendEvent(editor, done)


def typed(editor: QWidget, text: str) -> None:
    """Type `text` in place of what is there."""
    QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(editor, text)


WAYS = (typed, pasted, dropped, filled_in)
CANARIES = canaries(1_000)
