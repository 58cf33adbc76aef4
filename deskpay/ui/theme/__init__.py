"""The look: tokens, fonts, icons and the palette."""

from deskpay.ui.theme.appearance import apply_theme, reduced_motion, tokens
from deskpay.ui.theme.icons import app_icon, icon_pixmap, paint_icon, paint_logo
from deskpay.ui.theme.tokens import Scheme, Tokens, load_tokens

__all__ = [
    "Scheme",
    "Tokens",
    "app_icon",
    "apply_theme",
    "icon_pixmap",
    "load_tokens",
    "paint_icon",
    "paint_logo",
    "reduced_motion",
    "tokens",
]
