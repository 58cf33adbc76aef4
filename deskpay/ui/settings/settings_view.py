"""The page of the settings: sections at the left, the rows of one at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from deskpay.services.change_setting import Setting
from deskpay.ui.components.message import Message
from deskpay.ui.components.painting import draw_box, draw_text
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.components.text import Text
from deskpay.ui.settings.framed import Framed
from deskpay.ui.settings.limit_editor import LimitEditor, LimitsSeen
from deskpay.ui.settings.rules_table import RulesTable
from deskpay.ui.settings.setting_row import SettingRow
from deskpay.ui.settings.words import sections, setting_words
from deskpay.ui.theme import paint_icon, tokens
from deskpay.ui.words.money import MoneyWords

_SIDE = 220
_WIDEST = 860
_ENTRY = 36


class SectionEntry(QAbstractButton):
    """The name of a section in the list at the left.

    Args:
        words: its name.
        icon: its outline.
    """

    def __init__(self, words: str, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_SIDE - 16, _ENTRY)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, box = tokens(), QRectF(self.rect())
        on = self.isChecked()
        if on:
            draw_box(painter, box, theme.radius("control"), theme.color("bg.selected"))
            draw_box(painter, QRectF(0, 8, 3, box.height() - 16), 1.5, theme.color("accent.fill"))
        ink = theme.color("text.primary" if on else "text.secondary")
        paint_icon(painter, self._icon, QRectF(10, (box.height() - 16) / 2, 16, 16), ink)
        draw_text(painter, box.adjusted(36, 0, -6, 0), self.text(), color=ink, weight=600 if on else 500)
        if self.hasFocus():
            draw_box(painter, box, theme.radius("control"), None, theme.color("focus.ring"), width=2)
        painter.end()


class _Side(QFrame):
    """The list of sections and what else there is to look after."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_SIDE)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(8, 16, 8, 16)
        self.column.setSpacing(2)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens()
        painter.fillRect(self.rect(), theme.color("bg.window"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.color("border.default"))
        painter.end()


class SettingsView(QWidget):
    """The page.

    Signals:
        changed: name of a setting, and what was typed or chosen for it.
        people_requested: who works here is to be looked at or changed.
        support_requested: what helps whoever helps is to be shown.
    """

    changed = Signal(str, str)
    people_requested = Signal()
    support_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, SettingRow] = {}
        self.rules = RulesTable()
        self.limit = LimitEditor()
        self.entries: dict[str, SectionEntry] = {}
        self._message = Message(Tone.DANGER)
        self._message.hide()
        self._pages = QStackedWidget()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._build_side())
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._message)
        right.addWidget(self._pages, 1)
        row.addLayout(right, 1)
        for key, title, _icon in sections():
            self._pages.addWidget(self._build_page(key, title))
        self.show_section("look")

    def _build_side(self) -> QWidget:
        side, group = _Side(), QButtonGroup(self)
        for key, words, icon in sections():
            entry = SectionEntry(words, icon)
            entry.clicked.connect(lambda _on=False, chosen=key: self.show_section(chosen))
            group.addButton(entry)
            side.column.addWidget(entry)
            self.entries[key] = entry
        side.column.addSpacing(12)
        for words, icon, asked in (
            (self.tr("Operators and PINs"), "users", self.people_requested),
            (self.tr("Diagnostics"), "info", self.support_requested),
        ):
            entry = SectionEntry(words, icon)
            entry.setCheckable(False)
            entry.clicked.connect(asked)
            side.column.addWidget(entry)
        side.column.addStretch(1)
        saved = self.tr("Changes are saved at once and written to the journal.")
        below = QVBoxLayout()
        below.setContentsMargins(10, 0, 0, 0)
        below.addWidget(Text(saved, "small", "text.tertiary", wrap=True))
        side.column.addLayout(below)
        return side

    def _build_page(self, section: str, title: str) -> QWidget:
        inner = QWidget()
        inner.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Text(title, "title", weight=600))
        if section == "rules":
            column.addWidget(Text(self.tr("What each role may do alone"), "strong"))
            column.addWidget(self.rules)
            beyond = self.tr("Beyond it a second person signs in place, never for themselves.")
            column.addWidget(Text(beyond, "small", "text.tertiary", wrap=True))
            column.addWidget(Text(self.tr("Set a limit"), "strong"))
            column.addWidget(self.limit)
            column.addWidget(Text(self.tr("At this computer"), "strong"))
        rows = Framed()
        for name, words in setting_words().items():
            if words.section == section:
                self.rows[name] = SettingRow(name, words)
                self.rows[name].changed.connect(self.changed)
                rows.column.addWidget(self.rows[name])
        column.addWidget(rows)
        column.addStretch(1)
        page = QWidget()
        outer = QHBoxLayout(page)
        outer.setContentsMargins(32, 20, 32, 20)
        outer.addWidget(inner, 1)
        outer.addStretch(0)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(page)
        return area

    def show_section(self, key: str) -> None:
        """Bring a section into view."""
        self.entries[key].setChecked(True)
        self._pages.setCurrentIndex(list(self.entries).index(key))

    def show_settings(self, settings: Sequence[tuple[Setting, bool]]) -> None:
        """Show what is set, and for each whether whoever is at the desk may change it."""
        self._message.hide()
        for setting, may_change in settings:
            if setting.name in self.rows:
                self.rows[setting.name].show_setting(setting, may_change=may_change)

    def show_limits(self, seen: LimitsSeen) -> None:
        """Show what each role does alone, and what of it whoever is at the desk may set."""
        self.rules.show_rules(seen.rules, seen.currencies, MoneyWords())
        self.limit.show_limits(seen)

    def say(self, sentence: str, text: str) -> None:
        """Say above everything that the settings cannot be read."""
        self._message.say(Tone.DANGER, sentence, text)
        self._message.setVisible(True)

    def take_focus(self) -> None:
        """Put the keyboard on the section in view."""
        for entry in self.entries.values():
            if entry.isChecked():
                entry.setFocus(Qt.FocusReason.ShortcutFocusReason)
