"""Taking a card: nothing of it is typed into DeskPay, it is sent once, and the vault's reference is not lost."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from deskpay.domain.card import Expiry
from deskpay.domain.errors import Field, HotelUnavailable, InputProblem, InputRefused, UserCancelled
from deskpay.services.scope import TaskScope, side_by_side
from deskpay.ui.cards.add_card_dialog import AddCardDialog
from deskpay.ui.cards.capture.environment import UnsafeEngine
from deskpay.ui.cards.capture.flow import CapturedCard, CaptureFailure, FailureReason, State
from deskpay.ui.cards.capture.host_page import RenderPage, render_host_page
from deskpay.ui.cards.capture.origin import DEMO
from deskpay.ui.cards.capture.pane import CapturePane
from deskpay.ui.components.button import Button
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.message import Message
from deskpay.ui.theme import tokens
from tests.kit.dialogs import answer_to, escape, make_window, opened, write
from tests.kit.dialogs import confirm as press_confirm
from tests.kit.guest_file import make_guest_file, make_hotel
from tests.kit.loops import CoroutineRunner

CARD = CapturedCard("260915091414123456", "VIS", 1_000.0)


class StillPane(CapturePane):
    """The pane without its engine: it notes what it is told, and a test plays the vault."""

    def __init__(self, scope: TaskScope, parent: QWidget) -> None:
        self.heard: list[Any] = []
        self.stands: State | None = None
        self.unsafe = False
        super().__init__(DEMO, scope, tokens(), parent)

    @property
    @override
    def state(self) -> State | None:
        return getattr(self, "stands", None)

    @override
    def open(self, public_key: str, make_page: RenderPage = render_host_page) -> None:
        if self.unsafe:
            raise UnsafeEngine("no sandbox")
        self.heard.append(public_key)
        self.stands = State.READY
        self.ready.emit()

    @override
    def submit(self, expiry_month: int, expiry_year: int, *beside: str) -> None:
        self.heard.append((expiry_month, expiry_year))
        self.stands = State.SUBMITTING

    @override
    def focus_number(self) -> None:
        self.heard.append("focus")

    @override
    def close_pane(self) -> None:
        self.heard.append("closed")
        self.stands = None


@dataclass
class Taking:
    """A dialog with a still pane."""

    dialog: AddCardDialog
    pane: StillPane
    failures: list[BaseException] = field(default_factory=list)

    def fill(self) -> None:
        self.pane.brand_recognized.emit("VIS")
        self.pane.validity_changed.emit(True)
        write(self.dialog.expiry, "0428")
        self.dialog.consent.click()


Make = Callable[..., Taking]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def take(environment: Environment = Environment.LIVE, **changed: Any) -> Taking:
        panes: list[StillPane] = []
        failures: list[BaseException] = []

        def make_pane(parent: QWidget) -> CapturePane:
            panes.append(StillPane(TaskScope(failures.append), parent))
            return panes[-1]

        file = make_guest_file(**changed)
        dialog = AddCardDialog(make_window(qtbot), file, environment, "DP-9X2B-7TRE", "214", make_pane)
        return Taking(dialog, panes[0], failures)

    return take


def button(dialog: AddCardDialog) -> Button:
    found = dialog.confirm_button
    assert found is not None
    return found


def test_a_card_is_sent_to_the_vault_once_and_its_reference_is_the_answer(make: Make, run: CoroutineRunner) -> None:
    taking = make()
    dialog, pane = taking.dialog, taking.pane

    def clerk() -> None:
        assert pane.heard == ["key", "focus"]
        taking.fill()
        assert button(dialog).label == "Save card for Ottoline Pepperwick"
        press_confirm(dialog)
        press_confirm(dialog)
        button(dialog).click()
        dialog.confirmed.emit()
        assert dialog.asked
        assert button(dialog).busy
        assert dialog.expiry.text() == "04/28"
        pane.captured.emit(CARD)
        pane.captured.emit(CARD)

    order = run(answer_to(dialog, clerk))
    assert pane.heard.count((4, 2028)) == 1
    assert order.transaction_id == CARD.transaction_id
    assert order.captured_at_s == CARD.captured_at_s
    assert order.expiry == Expiry(2028, 4)
    assert order.reference == "DP-9X2B-7TRE"
    assert CARD.transaction_id not in repr(order)
    dialog.finish()
    assert pane.heard[-1] == "closed"


def test_number_expiry_and_consent_are_all_needed(make: Make, run: CoroutineRunner) -> None:
    taking = make()
    dialog, pane = taking.dialog, taking.pane

    def clerk() -> None:
        assert dialog.reason == "Card number or security code not complete yet."
        pane.validity_changed.emit(True)
        assert dialog.reason == "Type the month and year on the card."
        write(dialog.expiry, "13/28")
        assert "for example 04/28" in dialog.expiry.message
        write(dialog.expiry, "09/26")
        assert "expired" in dialog.expiry.message
        write(dialog.expiry, "04/28")
        assert dialog.reason == "Ask whether the guest agrees that the hotel keeps the card."
        press_confirm(dialog)
        dialog.consent.click()
        assert button(dialog).isEnabled()
        pane.validity_changed.emit(False)
        press_confirm(dialog)
        assert not any(isinstance(said, tuple) for said in pane.heard)
        escape(dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(dialog, clerk))
    assert pane.heard[-1] == "closed"


def test_the_vault_tells_the_brand(make: Make) -> None:
    taking = make()
    shown = taking.dialog.card_type
    assert shown.text() == "Not told yet"
    taking.pane.brand_recognized.emit("ECA")
    assert shown.text() == "Mastercard, not complete yet"
    taking.pane.validity_changed.emit(True)
    assert shown.text() == "Mastercard"
    taking.pane.brand_recognized.emit("XYZ")
    assert shown.text() == "XYZ"
    assert shown.editor.isReadOnly()
    taking.dialog.finish()


def test_no_field_of_ours_holds_a_whole_card_number(make: Make, run: CoroutineRunner) -> None:
    taking = make()

    def clerk() -> None:
        # Typed before the vault's fields have the keyboard, digits land nowhere.
        QTest.keyClicks(taking.dialog.focusWidget(), "4111111111111111")
        assert not taking.dialog.expiry.text()
        write(taking.dialog.expiry, "4111111111111111")
        assert len(taking.dialog.expiry.text()) < 8
        escape(taking.dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(taking.dialog, clerk))


def test_what_the_vault_rejects_can_be_corrected_and_sent_again(make: Make, run: CoroutineRunner) -> None:
    taking = make()
    dialog, pane = taking.dialog, taking.pane

    def clerk() -> None:
        taking.fill()
        press_confirm(dialog)
        pane.stands = State.READY
        pane.rejected.emit("code")
        assert not button(dialog).busy
        assert dialog.consent.isEnabled()
        press_confirm(dialog)
        pane.captured.emit(CARD)

    run(answer_to(dialog, clerk))
    assert pane.heard.count((4, 2028)) == 2
    dialog.finish()


def test_a_failed_capture_leaves_the_form_and_can_be_left(make: Make, run: CoroutineRunner) -> None:
    taking = make()
    dialog, pane = taking.dialog, taking.pane

    def clerk() -> None:
        taking.fill()
        press_confirm(dialog)
        pane.stands = State.FAILED
        pane.failed.emit(CaptureFailure(FailureReason.TIMED_OUT, while_submitting=True))
        assert not button(dialog).busy
        assert not button(dialog).isEnabled()
        assert dialog.expiry.text() == "04/28"
        escape(dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(dialog, clerk))


def test_a_problem_after_the_capture_keeps_the_reference(make: Make, run: CoroutineRunner) -> None:
    taking = make()
    dialog, pane = taking.dialog, taking.pane

    async def clerk() -> None:
        def first() -> None:
            taking.fill()
            press_confirm(dialog)
            pane.captured.emit(CARD)

        await answer_to(dialog, first)
        dialog.show_problem(HotelUnavailable())
        assert not dialog.kept.isHidden()
        again = await answer_to(dialog, lambda: press_confirm(dialog))
        assert again.transaction_id == CARD.transaction_id

    run(clerk())
    assert pane.heard.count((4, 2028)) == 1
    dialog.finish()


def test_a_reference_that_is_too_old_asks_for_the_card_again(make: Make, run: CoroutineRunner) -> None:
    taking = make()
    dialog, pane = taking.dialog, taking.pane

    async def clerk() -> None:
        def first() -> None:
            taking.fill()
            press_confirm(dialog)
            pane.stands = State.DONE
            pane.captured.emit(CARD)

        await answer_to(dialog, first)
        pane.stands = None
        dialog.show_problem(InputRefused(Field.CARD, InputProblem.GONE))
        assert pane.heard.count("key") == 2
        assert not pane.isHidden()
        assert dialog.kept.isHidden()
        assert not button(dialog).isEnabled()
        assert any("Take it again" in message.text for message in dialog.findChildren(Message))
        pane.validity_changed.emit(True)
        async with side_by_side() as group:
            answering = group.create_task(dialog.answer())
            await asyncio.sleep(0)
            await opened(dialog)
            press_confirm(dialog)
            pane.captured.emit(CapturedCard("260915091414999999", "VIS", 2_000.0))
        assert answering.result().captured_at_s == 2_000.0

    run(clerk())
    dialog.finish()


def test_a_capture_after_the_clerk_left_is_nobodys(make: Make, run: CoroutineRunner) -> None:
    taking = make()

    def clerk() -> None:
        taking.fill()
        press_confirm(taking.dialog)
        escape(taking.dialog)
        taking.pane.captured.emit(CARD)

    with pytest.raises(UserCancelled):
        run(answer_to(taking.dialog, clerk))


def test_f6_leaves_the_vault_and_comes_back(make: Make, run: CoroutineRunner) -> None:
    taking = make()
    dialog, pane = taking.dialog, taking.pane

    def clerk() -> None:
        QTest.keyClick(dialog, Qt.Key.Key_F6)
        assert dialog.expiry.editor.hasFocus()
        before = pane.heard.count("focus")
        QTest.keyClick(dialog, Qt.Key.Key_F6)
        assert pane.heard.count("focus") == before + 1
        escape(dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(dialog, clerk))


def test_a_computer_that_cannot_take_cards_safely_says_so(make: Make, run: CoroutineRunner) -> None:
    taking = make()
    taking.pane.unsafe = True

    def clerk() -> None:
        assert "cannot open safely" in taking.dialog._problem.text
        assert not button(taking.dialog).isEnabled()
        escape(taking.dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(taking.dialog, clerk))


def test_a_hotel_that_stores_no_cards_says_so(make: Make, run: CoroutineRunner) -> None:
    taking = make(hotel=make_hotel(card_storage_key=None))

    def clerk() -> None:
        assert "stores no cards" in taking.dialog._problem.text
        assert not taking.pane.heard
        escape(taking.dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(taking.dialog, clerk))


@pytest.mark.parametrize(
    ("environment", "says"),
    [(Environment.TRAINING, "4242"), (Environment.DEMO, "test card"), (Environment.LIVE, "")],
)
def test_practice_says_never_to_type_a_real_card(make: Make, environment: Environment, says: str) -> None:
    taking = make(environment)
    advice = [m.text for m in taking.dialog.findChildren(Message) if "Never type a guest's real card" in m.text]
    assert len(advice) == bool(says)
    assert says in "".join(advice)
    taking.dialog.finish()
