"""One person in the list of those who may sign in."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy
from typing_extensions import override

from deskpay.domain.operator import Operator
from deskpay.ui.components.key_cap import HEIGHT, key_cap_width, paint_key_cap
from deskpay.ui.components.painting import draw_box, draw_text
from deskpay.ui.staff.face import paint_face
from deskpay.ui.staff.words import role_words
from deskpay.ui.theme import tokens

_HEIGHT = 58
_FACE = 36


class PersonRow(QAbstractButton):
    """A person: face, name, role, and the key that chooses them.

    Args:
        operator: who.
        key: such as "Alt 1"; may be empty.
    """

    def __init__(self, operator: Operator, key: str) -> None:
        super().__init__()
        self.operator = operator
        self._key = key
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{operator.name}, {role_words(operator.role)}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = tokens()
        box = QRectF(self.rect())
        if self.isChecked():
            draw_box(painter, box, theme.radius("control"), theme.color("bg.selected"))
            draw_box(painter, QRectF(0, 10, 3, box.height() - 20), 1.5, theme.color("accent.fill"))
        face = QRectF(12, (box.height() - _FACE) / 2, _FACE, _FACE)
        paint_face(painter, face, self.operator.name, chosen=self.isChecked())
        room = QRectF(face.right() + 12, 10, box.width() - face.right() - 80, 20)
        draw_text(painter, room, self.operator.name, weight=600 if self.isChecked() else 500)
        draw_text(painter, room.translated(0, 19), role_words(self.operator.role), "small", "text.secondary")
        wide = key_cap_width(self._key)
        if wide:
            cap = QRectF(box.width() - 12 - wide, (box.height() - HEIGHT) / 2, wide, HEIGHT)
            paint_key_cap(painter, cap, self._key)
        if self.hasFocus():
            ring = box.adjusted(1, 1, -1, -1)
            draw_box(painter, ring, theme.radius("control"), None, theme.color("focus.ring"), width=2)
        painter.end()
