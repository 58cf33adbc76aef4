"""The program's door. Heavy things are imported by the command that needs them, and most starts are a bare icon's."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from deskpay.app.no_dumps import forbid_dumps

if TYPE_CHECKING:
    from argparse import Namespace


def main(argv: list[str] | None = None) -> int:
    """Run a command and return the exit code: 0, 1 when it failed, 2 for wrong words or settings."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["sandbox"]:
        from deskpay.sandbox.serve import main as sandbox

        return sandbox(arguments[1:])
    chosen = None
    if arguments:
        from deskpay.app.command_line import needs_no_settings, read

        chosen = read(arguments)
        if (work := needs_no_settings(chosen)) is not None:
            return work(chosen)
    # Before Qt is imported: some variables of the environment could reach into the web engine.
    from deskpay.ui.cards.capture.environment import clean_environment

    clean_environment()
    forbid_dumps()
    from deskpay.settings import WrongSettings

    try:
        return _opened(chosen)
    except WrongSettings as problem:
        sys.stderr.write(f"{problem}\n")
        return 2


def _opened(chosen: Namespace | None) -> int:
    if chosen is not None:
        from deskpay.app.command_line import opens_no_window

        if (work := opens_no_window(chosen)) is not None:
            return work(chosen)
    # What is loaded for the window stays for good: looking for garbage in it only delays the window. The loop collects.
    gc.disable()
    if chosen is not None and chosen.command == "tour":
        from deskpay.app.tour import play

        return play(chosen.out, theme=chosen.theme, size=chosen.size, sandbox=chosen.sandbox)
    from deskpay.app.desk import start

    return start(training=chosen is not None and chosen.command == "demo")
