"""Asking the clerk: a dialog that is awaited, answers once for every confirming, and keeps what was typed.

A dialog is a lifetime. `answer` opens it and waits; leaving it raises `UserCancelled`; cancelling whoever waits takes
it down. No loop is nested and nothing is sent from here: what the clerk confirmed is returned to the caller, who may
show a problem and wait for the next answer on the same dialog.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QSignalBlocker, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid
from typing_extensions import override

from deskpay.domain.errors import DeskPayError, Field, InputProblem, InputRefused, UserCancelled
from deskpay.ui.components.dialog_shell import DialogShell
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import Labelled
from deskpay.ui.components.message import Message
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.present_error import input_words, words_for

T = TypeVar("T")
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmWords:
    """What was confirmed, in words, for a dialog that asks about it once more.

    Args:
        about: whom it is about.
        amount: how much.
        what: amount and card or tender.
        badge: of the card or tender.
        title: that it seems to be done already.
        question: why it is done twice.
        again: the button that does it all the same.
        leave: the button that does not.
        reference: of the form.
    """

    about: str
    amount: str
    what: str
    badge: str
    title: str
    question: str
    again: str
    leave: str
    reference: str


class Asking(DialogShell, Generic[T]):
    """A dialog that asks for a `T`.

    A subclass builds its body, names its inputs with `register`, and says in `compose` what they come to; `revise` has
    to be called once they are all there.

    Args:
        window: the window it belongs to.
        title: what it does.
        subtitle: whom it is about.
        strip: the word at the end of the environment strip.
        environment: where a charge would go.
        width: pixels of its surface.
    """

    def __init__(
        self, window: QWidget, title: str, subtitle: str, *, strip: str, environment: Environment, width: int = 600
    ) -> None:
        super().__init__(window, title, subtitle, strip=strip, environment=environment, width=width)
        self._waiting: asyncio.Future[T] | None = None
        self._gone = False
        self._checking = False
        self._focus_before: QWidget | None = None
        self._patience: asyncio.Timeout | None = None
        self._fields: dict[Field, Labelled] = {}
        self._touched: set[Field] = set()
        self._told: dict[Field, str] = {}
        self._refusals: list[tuple[Field, str]] = []
        self._to_reveal: Labelled | None = None
        self._area.content_changed.connect(self._on_content_changed)
        self._problem = Message(Tone.DANGER)
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.confirmed.connect(self.on_confirmed)
        self.rejected.connect(self._on_rejected)

    # For whoever asks

    async def answer(self) -> T:
        """Open the dialog where it is not open yet, wait for the next confirming, and return what was confirmed.

        Raises:
            UserCancelled: the clerk left; the dialog is gone.
        """
        waiting: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        try:
            if self._gone:
                waiting.set_exception(UserCancelled())
            elif not self.isVisible():
                self.open()
            return await waiting
        except (asyncio.CancelledError, UserCancelled):
            self.finish()
            raise
        finally:
            self._waiting = None

    async def until_done(self, act: Callable[[T], Coroutine[Any, Any, V]]) -> V:
        """Wait for answers until `act` takes one, and return what came of it; why one was not taken is said each time.

        Args:
            act: checks what was confirmed and does it.

        Raises:
            UserCancelled: the clerk left; the dialog is gone.
        """
        while True:
            answered = await self.answer()
            try:
                return await self.checked(act(answered))
            except UserCancelled:
                raise
            except DeskPayError as problem:
                self.show_problem(problem)

    async def checked(self, work: Coroutine[Any, Any, V]) -> V:
        """Run `work`, which checks before anything is sent, while the dialog says so; leaving cancels it.

        Raises:
            UserCancelled: the clerk left and `work` was cancelled; the dialog is gone.
        """
        if self._gone:
            work.close()
            self.finish()
            raise UserCancelled
        self.set_checking(True)
        try:
            async with asyncio.timeout(None) as self._patience:
                return await work
        except TimeoutError:
            if not self._gone:
                raise
            self.finish()
            raise UserCancelled from None
        except asyncio.CancelledError:
            self.finish()
            raise
        finally:
            self._patience = None
            if isValid(self):
                self.set_checking(False)

    def show_problem(self, problem: DeskPayError) -> None:
        """Say why the last answer was not taken; what was typed stays, and it may be confirmed again."""
        self.set_checking(False)
        words = words_for(problem)
        if isinstance(problem, InputRefused) and problem.field in self._fields:
            sentence = self.sentence(problem)
            self._told[problem.field] = sentence
            self._fields[problem.field].set_error(sentence)
            self._fields[problem.field].setFocus()
            self._reveal(problem.field)
            return
        self.tell(words.sentence, words.text)
        self.focus_first()

    def tell(self, sentence: str, text: str = "") -> None:
        """Say at the top of the dialog what is wrong with more than one input."""
        self._problem.say(Tone.DANGER, sentence, text)
        self._problem.show()
        self._area.ensureWidgetVisible(self._problem)

    def set_checking(self, on: bool) -> None:
        """Say that the answer is being checked before it is sent; nothing can be changed meanwhile, but it can be left.

        Args:
            on: False gives the dialog back to the clerk.
        """
        if on == self._checking:
            return
        self._checking = on
        focused = self.focusWidget()
        content = self.body.parentWidget()
        if content is not None:
            content.setEnabled(not on)
        button = self.confirm_button
        if button is None:
            return
        if on:
            self._problem.hide()
            button.set_busy(self.tr("Checking"))
            self._focus_before = focused
            # What is disabled hears no keys, and Esc has to work.
            self.setFocus()
        else:
            button.set_ready()
            self.revise()
            if self._focus_before is not None and isValid(self._focus_before):
                self._focus_before.setFocus()

    def finish(self) -> None:
        """Close the dialog; it is deleted as soon as the loop turns."""
        if not isValid(self):
            return
        with QSignalBlocker(self):
            self.done(int(self.DialogCode.Accepted))
        self.deleteLater()

    @property
    def confirm_words(self) -> ConfirmWords:
        """What the confirming button says now, in words for a dialog that asks once more."""
        label = self.confirm_button.label if self.confirm_button is not None else ""
        return ConfirmWords(
            about=self.accessibleDescription(),
            amount="",
            what=label,
            badge="",
            title=self.tr("This looks like the same payment again"),
            question=self.tr("Why is it done twice?"),
            again=label,
            leave=self.tr("Go back"),
            reference=self.reference,
        )

    # For subclasses

    @abstractmethod
    def compose(self) -> T | None:
        """Return what the inputs come to, reading each by `read`; None while one of them cannot be used."""

    def focus_first(self) -> None:
        """Put the keyboard where the clerk goes on; by default it stays."""

    def sentence(self, problem: InputRefused) -> str:
        """Return what to say beside the field; a subclass that knows a limit names it."""
        return input_words(problem)

    def register(self, field: Field, labelled: Labelled, edited: SignalInstance) -> None:
        """Name an input.

        Args:
            field: what it is to the services.
            labelled: where its error is shown.
            edited: emitted whenever the clerk changed it.
        """
        self._fields[field] = labelled
        edited.connect(lambda *_: self.touch(field))

    def touch(self, field: Field) -> None:
        """Take note that the clerk changed `field`: what was said about it is over."""
        self._told.pop(field, None)
        self._touched.add(field)
        self._problem.hide()
        self.revise()
        self._reveal(field)

    def _reveal(self, field: Field) -> None:
        """Scroll until `field` is seen with what is said below it, now and once that has taken its room."""
        self._to_reveal = self._fields[field]
        self.body.activate()
        self._area.ensureWidgetVisible(self._to_reveal, 0, 8)

    def _on_content_changed(self) -> None:
        place, self._to_reveal = self._to_reveal, None
        if place is not None and place.isVisible():
            self.body.activate()
            self._area.ensureWidgetVisible(place, 0, 8)

    def told_about(self, field: Field) -> bool:
        """Tell whether the last answer was refused because of `field`, which was not changed since."""
        return field in self._told

    def untouch(self, field: Field) -> None:
        """Take note that `field` was emptied for the clerk to type into; being empty is no error there yet."""
        self._told.pop(field, None)
        self._touched.discard(field)
        self.revise()

    def read(self, field: Field, reading: Callable[[], V]) -> V | None:
        """Return what `reading` makes of `field`, or None and say beside the field why it cannot be used.

        Nothing is said beside a field that is merely still empty; the reason then stands at the buttons.
        """
        labelled = self._fields.get(field)
        try:
            value = reading()
        except InputRefused as problem:
            sentence = self.sentence(problem)
            quiet = problem.problem is InputProblem.EMPTY and field not in self._touched
            beside = labelled is not None and not quiet
            self._refusals.append((field, "" if beside else sentence))
            if labelled is not None:
                labelled.set_error("" if quiet else sentence)
            return None
        if labelled is not None:
            labelled.set_error(self._told.get(field, ""))
        return value

    def hold(self, reason: str) -> None:
        """Say, while composing, why nothing can be confirmed yet for a reason that belongs to no input."""
        self._refusals.append((Field.REASON, reason))

    def deliver(self, composed: T) -> None:
        """Answer with `composed`, unless nobody waits for an answer now."""
        self._problem.hide()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(composed)

    @property
    def gone(self) -> bool:
        """True once it was left or finished."""
        return self._gone or not isValid(self)

    @property
    def asked(self) -> bool:
        """True while somebody waits for an answer."""
        return self._waiting is not None and not self._waiting.done()

    def revise(self) -> T | None:
        """Read the inputs anew, allow or forbid confirming, and return what they come to."""
        self._refusals = []
        composed = self.compose()
        reason = next((sentence for _, sentence in self._refusals if sentence), "")
        self.set_valid(composed is not None and not self._checking, reason)
        return composed

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.focus_first()

    # Confirming and leaving

    def on_confirmed(self) -> None:
        """Answer with what the inputs come to; a dialog that has to do something first takes this over."""
        if not self.asked:
            return
        composed = self.revise()
        if composed is not None:
            self.deliver(composed)

    def _on_rejected(self) -> None:
        self._gone = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(UserCancelled())
        if self._patience is not None:
            self._patience.reschedule(asyncio.get_running_loop().time())

    @override
    def reject(self) -> None:
        # Hidden is left: a second Esc or a late click changes nothing.
        if not self._gone:
            super().reject()
