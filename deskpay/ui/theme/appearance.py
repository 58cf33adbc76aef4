"""Dress the application: fonts, palette and the few style-sheet rules that painting does not cover.

The look belongs to the application as a whole, like Qt's own palette, so the active tokens are asked for with
`tokens()` at painting time. Changing the scheme repaints every widget and needs no bookkeeping.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from deskpay.ui.assets import resource_path
from deskpay.ui.theme.icons import app_icon
from deskpay.ui.theme.tokens import Scheme, Tokens, load_tokens

_log = logging.getLogger(__name__)

FONT_FILES = (
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "InterDisplay-Medium.ttf",
    "InterDisplay-SemiBold.ttf",
    "JetBrainsMono-Regular.ttf",
)


@dataclass(slots=True)
class _Appearance:
    tokens: Tokens | None = None
    reduced_motion: bool = False
    fonts_loaded: bool = False


_active = _Appearance()


def tokens() -> Tokens:
    """Return the active tokens: those of the last `apply_theme`, or the light ones before it."""
    if _active.tokens is None:
        _active.tokens = load_tokens(Scheme.LIGHT)
    return _active.tokens


def reduced_motion() -> bool:
    """Return True when nothing may move: spinners become an hourglass."""
    return _active.reduced_motion


def apply_theme(app: QApplication, scheme: Scheme, *, reduce_motion: bool = False) -> Tokens:
    """Dress `app` in `scheme`, and repaint what is on screen.

    Args:
        app: the running application.
        scheme: light or dark.
        reduce_motion: True keeps every picture still.
    """
    _load_fonts()
    _active.tokens = load_tokens(scheme)
    _active.reduced_motion = reduce_motion
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    # Without tabular figures: Qt lays the application's features under every format of a text layout.
    app.setFont(_active.tokens.font("body", tabular=False))
    app.setPalette(build_palette(_active.tokens))
    app.setStyleSheet(build_style_sheet(_active.tokens))
    app.setWindowIcon(app_icon())
    for widget in app.allWidgets():
        widget.update()
    return _active.tokens


def _load_fonts() -> None:
    """Register the bundled fonts once; without one of them the system's fallback family is used."""
    if _active.fonts_loaded:
        return
    for name in FONT_FILES:
        if QFontDatabase.addApplicationFont(str(resource_path("fonts", name))) < 0:
            _log.warning("a bundled font cannot be read: %s", name)
    _active.fonts_loaded = True


def build_palette(theme: Tokens) -> QPalette:
    """Return Qt's palette for `theme`."""
    role = QPalette.ColorRole
    palette = QPalette()
    plain = {
        role.Window: "bg.surface",
        role.WindowText: "text.primary",
        role.Base: "bg.surface",
        role.AlternateBase: "bg.hover",
        role.Text: "text.primary",
        role.PlaceholderText: "text.tertiary",
        role.Button: "bg.surface",
        role.ButtonText: "text.primary",
        role.BrightText: "accent.on",
        role.Highlight: "bg.selected",
        role.HighlightedText: "text.primary",
        role.ToolTipBase: "bg.raised",
        role.ToolTipText: "text.primary",
        role.Link: "accent.text",
        role.LinkVisited: "accent.text",
        role.Accent: "accent.fill",
        role.Light: "bg.hover",
        role.Midlight: "border.subtle",
        role.Mid: "border.default",
        role.Dark: "border.control",
        role.Shadow: "bg.scrim",
    }
    for where, name in plain.items():
        palette.setColor(where, theme.color(name))
    for where in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText, role.PlaceholderText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, theme.color("text.disabled"))
    return palette


def build_style_sheet(theme: Tokens) -> str:
    """Return the rules for what Qt draws by itself: scroll bars, tool tips and lists; inputs paint their own frame."""
    color = theme.colors
    small = theme.styles["small"]
    handle = QColor(color["border.control"])
    handle.setAlpha(150)
    return f"""
QToolTip {{
    background: {color["bg.raised"]}; color: {color["text.primary"]}; font-size: {small.size}px;
    border: 1px solid {color["border.default"]}; padding: 4px 6px;
}}
QLineEdit {{ background: transparent; border: 0; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar::handle:vertical {{
    background: {handle.name(QColor.NameFormat.HexArgb)}; border-radius: 2px; min-height: 32px; margin: 2px;
}}
QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical {{ height: 0; }}
QScrollBar::add-page:vertical, QScrollBar::sub-page:vertical {{ background: transparent; }}
QComboBox QAbstractItemView {{
    background: {color["bg.raised"]}; color: {color["text.primary"]}; outline: 0;
    border: 1px solid {color["border.default"]}; padding: 4px;
    selection-background-color: {color["bg.selected"]}; selection-color: {color["text.primary"]};
}}
QComboBox QAbstractItemView::item {{ min-height: 28px; padding: 0 6px; }}
"""
