"""The frame of every dialog: environment strip, title, scrolling body, and a footer that never leaves the screen.

Money goes out only by Ctrl+Enter or a click on the confirming button. Ctrl+Enter is ignored for the first 400 ms,
for it may still belong to the window below, and while something on the dialog is invalid. Plain Enter does nothing.
A dialog closes by `accept` and `reject` as any QDialog; whoever shows it opens it with `open()` and awaits `finished`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from deskpay.ui.components.button import Button, ButtonKind, ButtonSize
from deskpay.ui.components.disc import Disc
from deskpay.ui.components.environment_bar import Environment, EnvironmentBar
from deskpay.ui.components.field import Hint
from deskpay.ui.components.painting import draw_box
from deskpay.ui.components.scrim import Scrim, bar_of, room_for_dialogs
from deskpay.ui.components.spinner import Spinner
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.theme import tokens

SETTLE_S = 0.4
_MARGIN = 64
_KEEP_OFF = 16
_SIDE = 20


class _Card(QFrame):
    """The dialog's own surface, with its rounded border and the tinted footer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.footer_top = 0
        self.unknown = False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        box = QRectF(self.rect())
        radius = theme.radius("dialog")
        draw_box(painter, box, radius, theme.color("bg.raised"))
        if self.footer_top:
            path = QPainterPath()
            path.addRoundedRect(box, radius, radius)
            painter.setClipPath(path)
            dark = theme.scheme.value == "dark"
            foot = QRectF(0, self.footer_top, box.width(), box.height() - self.footer_top)
            painter.fillRect(foot, theme.color("bg.surface" if dark else "bg.window"))
            painter.fillRect(QRectF(0, self.footer_top, box.width(), 1), theme.color("border.subtle"))
            painter.setClipping(False)
        border = theme.color("unknown.fill" if self.unknown else "border.default")
        draw_box(painter, box, radius, None, border, dashed=self.unknown)
        painter.end()


class _Plate(QWidget):
    """What casts the shadow. It lies behind the card, so that the effect touches no live content."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_box(painter, QRectF(self.rect()), tokens().radius("dialog"), tokens().color("bg.raised"))
        painter.end()


class _Body(QScrollArea):
    """The part that scrolls when the window is low. It asks for the height its content wants at its width.

    `content_changed` is emitted when that height may be another: a scrolling area does not pass such a wish on.
    """

    content_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        content = QWidget()
        content.setAutoFillBackground(False)
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(_SIDE, 4, _SIDE, 18)
        self.column.setSpacing(14)
        self.setWidget(content)
        content.setAutoFillBackground(False)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        handled = super().eventFilter(watched, event)
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.content_changed.emit()
        return handled

    def wanted_height(self, width: int) -> int:
        """Return the pixels its content needs at `width` pixels."""
        self.column.activate()
        wanted = self.column.totalHeightForWidth(width) if self.column.hasHeightForWidth() else -1
        return max(wanted, self.column.totalSizeHint().height()) if wanted < 0 else wanted


class DialogShell(QDialog):
    """A frameless window-modal dialog over its window's scrim.

    Args:
        window: the window it belongs to.
        title: what it does, or what happened.
        subtitle: whom it is about.
        strip: the word at the end of the environment strip, for example "Charge".
        environment: where a charge would go; by default what the window's own bar says.
        width: pixels of its surface.
        closable: True shows a close button and lets Esc reject.
        clock: seconds that only grow, for the 400 ms.

    `confirmed` is emitted by the confirming button and by Ctrl+Enter, only while the dialog is valid.
    `hidden_by_key` is emitted by Esc while the dialog is not closable: what was sent goes on.
    """

    confirmed = Signal()
    hidden_by_key = Signal()

    def __init__(
        self,
        window: QWidget,
        title: str,
        subtitle: str = "",
        *,
        strip: str = "",
        environment: Environment | None = None,
        width: int = 600,
        closable: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window.window(), Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._window = window.window()
        self._clock = clock
        self._opened_s = 0.0
        self._width = width
        self._closable = closable
        self._confirm: Button | None = None
        self._valid = True
        self._scrim: Scrim | None = None
        self._plate = _Plate(self)
        self._card = _Card(self)
        self._shadow()
        if environment is None:
            bar = bar_of(self._window)
            environment = bar.environment if bar is not None else Environment.NOT_CONNECTED
        self._strip = EnvironmentBar(environment, strip=True, top_radius=tokens().radius("dialog") - 1)
        self._strip.set_right(strip)
        self._area = _Body()
        self._area.content_changed.connect(self.fit)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._strip)
        column.addWidget(self._build_head(title, subtitle))
        column.addWidget(self._area, 1)
        column.addWidget(self._build_footer())
        self._shortcuts()
        self.set_title(title, subtitle)

    # Building

    def _shadow(self) -> None:
        shadow = tokens().shadows["2"]
        effect = QGraphicsDropShadowEffect(self._plate)
        effect.setBlurRadius(shadow.blur)
        effect.setOffset(0, shadow.dy)
        color = QColor(10, 14, 24)
        color.setAlphaF(shadow.alpha)
        effect.setColor(color)
        self._plate.setGraphicsEffect(effect)

    def _build_head(self, title: str, subtitle: str) -> QWidget:
        self._title = Text(title, "title", wrap=True)
        self._subtitle = Text(subtitle, "body", "text.secondary", wrap=True)
        self._disc = Disc(Tone.NEUTRAL, "circle")
        self._disc.hide()
        self._spinner = Spinner(28)
        self._spinner.hide()
        self._close = Button("", ButtonKind.GHOST, size=ButtonSize.DENSE, icon="x", spoken=self.tr("Close"))
        self._close.setVisible(self._closable)
        self._close.clicked.connect(self.reject)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(_SIDE, 18, _SIDE - 6, 10)
        row.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self._disc, 0, top)
        row.addWidget(self._spinner)
        row.addLayout(words, 1)
        row.addWidget(self._close, 0, top)
        return head

    def _build_footer(self) -> QWidget:
        self._reference = Text("", "mono", "text.tertiary")
        self._note = Text("", "small", "text.secondary", wrap=True)
        self._left = QHBoxLayout()
        self._left.setSpacing(8)
        self._right = QHBoxLayout()
        self._right.setSpacing(8)
        self._reason = Hint(wrap=False)
        self._footer = QWidget()
        self._footer.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self._footer)
        column.setContentsMargins(_SIDE, 13, _SIDE, 12)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(12)
        column.addWidget(self._reason, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(row)
        row.addWidget(self._reference)
        row.addLayout(self._left)
        row.addWidget(self._note, 1)
        row.addStretch()
        row.addLayout(self._right)
        # A reference is read out on the telephone: it is never shortened. An empty note takes none of its room.
        self._reference.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._reference.hide()
        self._note.hide()
        self._footer.hide()
        return self._footer

    def _shortcuts(self) -> None:
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self._on_confirm_key)

    # What a dialog calls

    @property
    def body(self) -> QVBoxLayout:
        """Where the dialog's content goes."""
        return self._area.column

    @property
    def confirm_button(self) -> Button | None:
        """The button that moves money, once it was set."""
        return self._confirm

    @property
    def reference(self) -> str:
        """The reference shown in the footer."""
        return self._reference.text()

    @property
    def note(self) -> str:
        """The small words in the footer."""
        return self._note.text()

    @property
    def reason(self) -> str:
        """Why the dialog cannot be confirmed, as shown above its actions; empty when it can."""
        return self._reason.text

    def set_title(self, title: str, subtitle: str = "", *, subtitle_color: str = "text.secondary") -> None:
        """Change the title, and whom or what it is about."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.set_color(subtitle_color)
        self._subtitle.setVisible(bool(subtitle))
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(subtitle)
        self.fit()

    def set_result(self, tone: Tone, icon: str) -> None:
        """Put a result's disc before the title; what is not known also dashes the dialog's border."""
        self._spinner.hide()
        self._disc.set_mark(tone, icon)
        self._disc.show()
        self._card.unknown = tone is Tone.UNKNOWN
        self._card.update()
        self.fit()

    def set_working(self) -> None:
        """Put a spinner before the title."""
        self._disc.hide()
        self._spinner.show()

    def set_reference(self, reference: str) -> None:
        """Show the reference of the intent at the footer's left."""
        self._reference.setText(reference)
        self._reference.setVisible(bool(reference))
        self._footer.show()

    def set_note(self, note: str, *, at_right: bool = False) -> None:
        """Show small words in the footer, beside the reference or beside the actions."""
        self._note.set_align(Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._footer.show()

    def add_action(self, button: Button) -> Button:
        """Put `button` at the footer's right, after those already there, and return it."""
        self._right.addWidget(button)
        self._footer.show()
        return button

    def add_left_action(self, button: Button) -> Button:
        """Put `button` at the footer's left and return it."""
        self._left.addWidget(button)
        self._footer.show()
        return button

    def add_cancel(self, label: str = "") -> Button:
        """Put the button that rejects, with its Esc cap, at the footer's right."""
        button = Button(label or self.tr("Cancel"), size=ButtonSize.ACTION, key="Esc")
        button.clicked.connect(self.reject)
        return self.add_action(button)

    def set_confirm(self, label: str, spoken: str = "", kind: ButtonKind = ButtonKind.PRIMARY) -> Button:
        """Name the confirming button, making it at the footer's right the first time.

        Args:
            label: what will happen, with the amount.
            spoken: the same for a screen reader, with the amount in words.
            kind: primary, or danger for a repeat.
        """
        if self._confirm is None:
            self._confirm = Button(label, kind, size=ButtonSize.ACTION, key="Ctrl ↵", spoken=spoken)
            self._confirm.clicked.connect(self._on_confirm_clicked)
            self.add_action(self._confirm)
        self._confirm.set_kind(kind)
        self._confirm.set_label(label, spoken)
        self._confirm.setEnabled(self._valid)
        return self._confirm

    def set_valid(self, valid: bool, reason: str = "") -> None:
        """Allow confirming, or forbid it and say why above the buttons."""
        self._valid = valid
        if self._confirm is not None:
            self._confirm.setEnabled(valid)
            self._confirm.setAccessibleDescription(reason)
        self._reason.say("" if valid else reason, color="text.secondary")

    # Confirming and closing

    def _on_confirm_clicked(self) -> None:
        if self._valid:
            self.confirmed.emit()

    @property
    def settled(self) -> bool:
        """True once it has been open for so long that confirming it is meant."""
        return self._clock() - self._opened_s >= SETTLE_S

    def _on_confirm_key(self) -> None:
        if self.settled and self._valid and self._confirm is not None and self._confirm.isEnabled():
            self.confirmed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._closable:
                self.reject()
            else:
                self.hidden_by_key.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        super().keyPressEvent(event)

    # Size and place

    def fit(self) -> None:
        """Take the height the content wants, no more than the window leaves, and stand in its middle."""
        window = self._window
        if not self.isVisible():
            return
        room = room_for_dialogs(window)
        width = min(self._width, room.width() - 2 * _KEEP_OFF)
        layout = self._card.layout()
        if layout is None:
            return
        rest = self._strip.sizeHint().height() + 2
        for at in range(layout.count()):
            item = layout.itemAt(at)
            part = item.widget() if item is not None else None
            if part is None or part in (self._strip, self._area) or part.isHidden():
                continue
            inner = part.layout()
            if inner is not None:
                # A part whose own layout is still waiting would be given the room that it took before.
                inner.activate()
            rest += max(part.heightForWidth(width - 2), part.sizeHint().height())
        height = min(rest + self._area.wanted_height(width - 2), room.height() - 2 * _KEEP_OFF)
        corner = window.mapToGlobal(
            QPoint(room.left() + (room.width() - width) // 2, room.top() + (room.height() - height) // 2)
        )
        self.setGeometry(corner.x() - _MARGIN, corner.y() - _MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inner = self.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        self._plate.setGeometry(inner)
        self._card.setGeometry(inner)
        self._place_footer()

    def _place_footer(self) -> None:
        layout = self._card.layout()
        if layout is not None:
            layout.activate()
        self._card.footer_top = 0 if self._footer.isHidden() else self._footer.geometry().top()
        self._card.update()

    @override
    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
            self._place_footer()
        return handled

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self.fit()
        return False

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._opened_s = self._clock()
        if self._scrim is None:
            self._scrim = Scrim(self._window)
            self._window.installEventFilter(self)
        super().showEvent(event)
        self.fit()
        self._place_footer()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._scrim is not None:
            self._scrim.hide()
            self._scrim.deleteLater()
            self._scrim = None
