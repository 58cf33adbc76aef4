"""How this very program is started once more, frozen or from source."""

from __future__ import annotations

import sys


def own_program() -> list[str]:
    """Return the beginning of a command line that starts DeskPay as it runs now."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "deskpay"]
