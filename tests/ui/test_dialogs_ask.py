"""Awaited dialogs: one answer for each confirming, nothing typed is lost, and leaving is an outcome of its own."""

import asyncio

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from typing_extensions import override

from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, HotelUnavailable, InputProblem, InputRefused, UserCancelled
from deskpay.services.scope import side_by_side
from deskpay.ui.ask import Asking
from deskpay.ui.components import field as fields
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.skeleton import Skeleton
from tests.kit.dialogs import answer_to, confirm, escape, make_window, opened, write
from tests.kit.loops import CoroutineRunner

REFUSED = InputRefused(Field.REASON, InputProblem.CARD_NUMBER)


class Why(Asking[str]):
    """Asks for a reason."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "Why", "Ottoline", strip="Test", environment=Environment.TRAINING)
        self.line = fields.Field("Reason")
        self.body.addWidget(self.line)
        self.register(Field.REASON, self.line, self.line.edited)
        self.add_cancel()
        self.set_confirm("Tell")
        self.revise()

    @override
    def focus_first(self) -> None:
        self.line.setFocus()

    @override
    def compose(self) -> str | None:
        return self.read(Field.REASON, lambda: check_text(self.line.text(), Field.REASON, required=True))


@pytest.fixture
def why(qtbot: QtBot) -> Why:
    return Why(make_window(qtbot))


def gone(dialog: Asking[str]) -> bool:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return not isValid(dialog)


def test_what_is_confirmed_is_the_answer(why: Why, run: CoroutineRunner) -> None:
    def clerk() -> None:
        write(why.line, "a second room")
        confirm(why)

    assert run(answer_to(why, clerk)) == "a second room"
    why.finish()
    assert gone(why)


def test_confirming_twice_at_once_answers_once(why: Why, run: CoroutineRunner) -> None:
    async def clerk() -> list[str]:
        def twice() -> None:
            write(why.line, "first")
            confirm(why)
            write(why.line, "second")
            confirm(why)
            button = why.confirm_button
            assert button is not None
            button.click()

        answers = [await answer_to(why, twice)]
        async with side_by_side() as group:
            waiting = group.create_task(why.answer())
            for _ in range(5):
                await asyncio.sleep(0)
            assert not waiting.done()
            confirm(why)
        answers.append(waiting.result())
        return answers

    assert run(clerk()) == ["first", "second"]
    why.finish()


def test_enter_alone_confirms_nothing(why: Why, run: CoroutineRunner) -> None:
    def clerk() -> None:
        write(why.line, "reason")
        QTest.keyClick(why.line.editor, Qt.Key.Key_Return)
        QTest.keyClick(why, Qt.Key.Key_Return)
        assert why.asked
        escape(why)

    with pytest.raises(UserCancelled):
        run(answer_to(why, clerk))


def test_nothing_invalid_can_be_confirmed(why: Why, run: CoroutineRunner) -> None:
    def clerk() -> None:
        confirm(why)
        assert why.asked
        assert why.reason == "Say why, in a few words."
        assert "Say" not in why.line.message
        write(why.line, "4111 1111 1111 1111")
        confirm(why)
        assert why.asked
        assert "card number" in why.line.message
        write(why.line, "")
        assert why.line.message == "Say why, in a few words."
        escape(why)

    with pytest.raises(UserCancelled):
        run(answer_to(why, clerk))


@pytest.mark.parametrize("leave", [escape, Why.close, Why.reject])
def test_leaving_is_no_answer_and_takes_the_dialog_down(why: Why, run: CoroutineRunner, leave: object) -> None:
    assert callable(leave)
    with pytest.raises(UserCancelled):
        run(answer_to(why, lambda: leave(why)))
    assert gone(why)


def test_leaving_between_two_answers_is_not_forgotten(why: Why, run: CoroutineRunner) -> None:
    async def clerk() -> None:
        write(why.line, "reason")
        await answer_to(why, lambda: confirm(why))
        escape(why)
        await why.answer()

    with pytest.raises(UserCancelled):
        run(clerk())


def test_cancelling_who_asks_takes_the_dialog_down(why: Why, run: CoroutineRunner) -> None:
    async def clerk() -> None:
        async with side_by_side() as group:
            asking = group.create_task(why.answer())
            await opened(why)
            asking.cancel()

    run(clerk())
    assert gone(why)


def test_a_problem_keeps_what_was_typed_and_stands_beside_its_field(why: Why, run: CoroutineRunner) -> None:
    async def clerk() -> str:
        write(why.line, "reason")
        await answer_to(why, lambda: confirm(why))
        why.set_checking(True)
        why.show_problem(REFUSED)
        assert why.line.text() == "reason"
        assert "card number" in why.line.message
        assert why.line.editor.hasFocus()
        assert why.confirm_button is not None
        assert why.confirm_button.isEnabled()

        def correct() -> None:
            write(why.line, "another reason")
            assert not why.line.message
            confirm(why)

        return await answer_to(why, correct)

    assert run(clerk()) == "another reason"
    why.finish()


def test_a_problem_of_no_field_stands_on_top_until_the_clerk_goes_on(why: Why, run: CoroutineRunner) -> None:
    async def clerk() -> None:
        write(why.line, "reason")
        await answer_to(why, lambda: confirm(why))
        why.show_problem(HotelUnavailable(request_id="req-12"))
        assert why._problem.isVisible()
        assert "Nothing was sent" in why._problem.text
        assert "req-12" in why._problem.text
        assert why.line.text() == "reason"
        write(why.line, "more")
        assert not why._problem.isVisible()

    run(clerk())
    why.finish()


def test_while_checking_nothing_can_be_changed_or_confirmed(why: Why, run: CoroutineRunner) -> None:
    async def clerk() -> None:
        write(why.line, "reason")
        await answer_to(why, lambda: confirm(why))
        why.set_checking(True)
        assert not why.line.editor.isEnabled()
        assert why.confirm_button is not None
        assert why.confirm_button.busy
        confirm(why)
        why.set_checking(False)
        assert why.line.editor.isEnabled()
        assert why.confirm_button.isEnabled()
        assert why.line.editor.hasFocus()

    run(clerk())
    why.finish()


def test_checked_work_gives_its_result(why: Why, run: CoroutineRunner) -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        assert not why.line.editor.isEnabled()
        return 7

    async def clerk() -> int:
        write(why.line, "reason")
        await answer_to(why, lambda: confirm(why))
        return await why.checked(work())

    assert run(clerk()) == 7
    why.finish()


def test_leaving_while_checking_cancels_the_work(why: Why, run: CoroutineRunner) -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async def clerk() -> None:
        write(why.line, "reason")
        await answer_to(why, lambda: confirm(why))
        async with side_by_side() as group:
            group.create_task(why.checked(work()))
            await asyncio.sleep(0)
            escape(why)

    with pytest.raises(UserCancelled):
        run(clerk())
    assert ended == ["cancelled"]
    assert gone(why)


def test_a_timeout_of_the_work_itself_is_not_taken_for_leaving(why: Why, run: CoroutineRunner) -> None:
    async def work() -> None:
        raise TimeoutError

    async def clerk() -> None:
        write(why.line, "reason")
        await answer_to(why, lambda: confirm(why))
        await why.checked(work())

    with pytest.raises(TimeoutError):
        run(clerk())
    why.finish()


def test_work_is_not_begun_once_the_clerk_left(why: Why, run: CoroutineRunner) -> None:
    begun: list[bool] = []

    async def work() -> None:
        begun.append(True)

    async def clerk() -> None:
        write(why.line, "reason")
        await answer_to(why, lambda: confirm(why))
        escape(why)
        await why.checked(work())

    with pytest.raises(UserCancelled):
        run(clerk())
    assert not begun


def test_cancelling_who_checks_cancels_the_work_and_takes_the_dialog_down(why: Why, run: CoroutineRunner) -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append("ended")

    async def clerk() -> None:
        write(why.line, "reason")
        await answer_to(why, lambda: confirm(why))
        async with side_by_side() as group:
            checking = group.create_task(why.checked(work()))
            await asyncio.sleep(0)
            checking.cancel()

    run(clerk())
    assert ended == ["ended"]
    assert gone(why)


def test_a_dialog_without_words_of_its_own_asks_again_by_its_button(why: Why) -> None:
    assert why.confirm_words.again == "Tell"
    assert why.confirm_words.about == "Ottoline"
    why.finish()


def test_in_a_low_window_a_refused_input_is_seen_with_its_reason(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = make_window(qtbot)
    window.resize(1024, 420)
    dialog = Why(window)
    dialog.body.insertWidget(0, Skeleton(100, 400))
    with qtbot.waitExposed(dialog):
        dialog.open()
    area = dialog._area.viewport()

    def seen(part: QWidget) -> bool:
        place = part.mapTo(area, part.rect().bottomLeft())
        return part.isVisible() and place.y() <= area.height()

    dialog._area.verticalScrollBar().setValue(0)
    assert not seen(dialog.line)
    monkeypatch.setattr(dialog, "sentence", lambda _problem: "This looks like a card number. " * 12)
    dialog.show_problem(REFUSED)
    qtbot.waitUntil(lambda: seen(dialog.line._hint))
    dialog.reject()
