"""A clerk's hands and eyes for the tour: keys into the window that has the focus, and reading what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE_S = 30.0
_LOOK_EVERY_S = 0.02
_SETTLE_S = 0.4
_Widget = TypeVar("_Widget", bound=QWidget)


class NothingHappened(Exception):
    """What the clerk waited for did not come."""


class Clerk:
    """Works at one window by keyboard.

    Args:
        window: the main window.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window

    @property
    def in_front(self) -> QWidget:
        """The dialog that lies over everything, or the window itself."""
        return QApplication.activeModalWidget() or self._window

    async def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is now."""
        QTest.keyClick(self._focused(), key, modifier)
        await asyncio.sleep(0)

    async def write(self, text: str) -> None:
        """Type `text` where the keyboard is now."""
        QTest.keyClicks(self._focused(), text)
        await asyncio.sleep(0)

    async def repeat_until(self, letter: str, seen: Callable[[], bool]) -> None:
        """Type `letter` once more every second until it shows.

        Raises:
            NothingHappened: it did not arrive in ten tries.
        """
        for _ in range(10):
            await self.write(letter)
            try:
                await self.until(f"{letter} to arrive", seen, patience_s=1)
            except NothingHappened:
                continue
            return
        raise NothingHappened("the field takes no keys")

    async def type_over(self, text: str) -> None:
        """Replace what stands in the focused field by `text`."""
        await self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        await self.write(text)

    async def tab_to(self, wanted: QWidget, most: int = 30) -> None:
        """Press Tab until `wanted`, or something inside it, has the keyboard.

        Raises:
            NothingHappened: it is not reached by Tab.
        """
        for _ in range(most):
            focused = self.in_front.focusWidget()
            if focused is not None and (focused is wanted or wanted.isAncestorOf(focused)):
                return
            await self.press(Qt.Key.Key_Tab)
            await asyncio.sleep(_LOOK_EVERY_S)
        raise NothingHappened(f"Tab does not lead to {wanted.accessibleName() or type(wanted).__name__}")

    async def settled(self) -> None:
        """Let what was just asked for be painted."""
        await asyncio.sleep(_SETTLE_S)

    async def until(self, what: str, seen: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        """Wait until `seen` is true.

        Args:
            what: what is waited for, for the error.
            seen: looks once.
            patience_s: how long to wait.

        Raises:
            NothingHappened: it did not become true in time.
        """
        try:
            async with asyncio.timeout(patience_s):
                while not seen():  # noqa: ASYNC110 - no signal tells when words on a screen change
                    await asyncio.sleep(_LOOK_EVERY_S)
        except TimeoutError:
            raise NothingHappened(f"waited {patience_s:.0f} s for {what}") from None

    async def back_at_the_window(self) -> None:
        """Wait until no dialog is left, and give the window the keyboard as a window manager would.

        Raises:
            NothingHappened: a dialog stays.
        """
        await self.until("the window", lambda: self.in_front is self._window)
        if not self._window.isActiveWindow():
            self._window.activateWindow()
            await self.until("the window's activation", self._window.isActiveWindow)

    async def see(self, kind: type[_Widget]) -> _Widget:
        """Wait for a dialog of `kind` in front and return it.

        Raises:
            NothingHappened: it did not come in time.
        """
        await self.until(kind.__name__, lambda: isinstance(self.in_front, kind))
        dialog = self.in_front
        if not isinstance(dialog, kind):
            raise NothingHappened(f"{kind.__name__} went away again")
        return dialog

    def _focused(self) -> QWidget:
        front = self.in_front
        focused = front.focusWidget()
        return front if focused is None else focused
