"""What does not fit: widgets beyond their parents, buttons too narrow for their words, texts without their lines."""

from collections.abc import Iterator

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLineEdit, QWidget

from deskpay.ui.components.focus_ring import FocusRing
from deskpay.ui.components.text import Text

_SLACK = 1
"""Pixels that rounding may take."""


def clipped(window: QWidget) -> list[str]:
    """Return a sentence for everything in `window` that is cut off. What scrolls may be longer, never wider."""
    return [
        f"{_name(widget)}: {problem}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and not widget.isWindow() and not isinstance(widget, FocusRing)
        for problem in _problems(widget)
    ]


def _problems(widget: QWidget) -> Iterator[str]:
    parent = widget.parentWidget()
    if parent is not None and not _inside(widget.geometry(), parent.rect(), scrolls=_scrolls(parent)):
        yield f"at {_numbers(widget.geometry())}, beyond its parent's {parent.width()} by {parent.height()}"
    if isinstance(widget, QAbstractButton):
        least = widget.minimumSizeHint().width()
        if widget.width() + _SLACK < least:
            yield f"{widget.width()} wide, its words need {least}"
    elif isinstance(widget, Text):
        yield from _of_text(widget)
    elif isinstance(widget, QLineEdit):
        words = widget.text() or widget.placeholderText()
        margins = widget.textMargins()
        room = widget.width() - margins.left() - margins.right()
        if QFontMetricsF(widget.font()).horizontalAdvance(words) > room:
            yield f"{room} wide inside, “{words}” is longer"


def _of_text(text: Text) -> Iterator[str]:
    if not text.text():
        return
    if text.hasHeightForWidth():
        wanted = text.heightForWidth(text.width())
        if text.height() + _SLACK < wanted:
            yield f"{text.height()} high, its lines need {wanted}"
    elif text.width() + _SLACK < text.sizeHint().width():
        yield f"{text.width()} wide, “{text.text()}” needs {text.sizeHint().width()}"


def _scrolls(parent: QWidget) -> bool:
    area = parent.parentWidget()
    return isinstance(area, QAbstractScrollArea) and area.viewport() is parent


def _inside(inner: QRect, outer: QRect, *, scrolls: bool) -> bool:
    if inner.isEmpty():
        return True
    if scrolls:
        return inner.left() >= outer.left() and inner.right() <= outer.right()
    return outer.adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(inner)


def _name(widget: QWidget) -> str:
    words = widget.accessibleName() or getattr(widget, "text", str)()
    return f"{type(widget).__name__} “{words[:40]}”" if words else type(widget).__name__


def _numbers(place: QRect) -> str:
    return f"{place.x()}, {place.y()}, {place.width()} by {place.height()}"
