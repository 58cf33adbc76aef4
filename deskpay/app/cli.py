"""The command line. Heavy things are imported by the command that needs them."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path

from deskpay import __version__
from deskpay.app import diagnostics_command, doctor_command, journal_command, simulate_command, tokens_command
from deskpay.app.no_dumps import forbid_dumps

_COMMANDS = {
    "journal": journal_command.run,
    "doctor": doctor_command.run,
    "tokens": tokens_command.run,
    "diagnostics": diagnostics_command.run,
}
"""What opens no window and may read the settings."""


def main(argv: list[str] | None = None) -> int:
    """Run a command and return the exit code: 0, 1 when it failed, 2 for wrong words or settings."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["sandbox"]:
        from deskpay.sandbox.serve import main as sandbox

        return sandbox(arguments[1:])
    chosen = _parser().parse_args(arguments)
    if chosen.command == "simulate":
        return simulate_command.run(chosen)
    if chosen.command == "doctor":
        doctor_command.prepare(chosen)
    # Before Qt is imported: some variables of the environment could reach into the web engine.
    from deskpay.ui.cards.capture.environment import clean_environment

    clean_environment()
    forbid_dumps()
    from deskpay.settings import WrongSettings

    try:
        if chosen.command in _COMMANDS:
            return _COMMANDS[chosen.command](chosen)
        return _open_window(chosen)
    except WrongSettings as problem:
        sys.stderr.write(f"{problem}\n")
        return 2


def _open_window(chosen: argparse.Namespace) -> int:
    # What is loaded for the window stays for good: looking for garbage in it only delays the window. The loop collects.
    gc.disable()
    if chosen.command == "tour":
        from deskpay.app.tour import play

        return play(chosen.out, theme=chosen.theme, size=chosen.size, sandbox=chosen.sandbox)
    from deskpay.app.desk import start

    return start(training=chosen.command == "demo")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deskpay", description="Front-desk payments for hotels on Mews.")
    parser.add_argument("--version", action="version", version=f"DeskPay {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("demo", help="train on the embedded hotel; nothing to configure")
    tour = commands.add_parser("tour", help="play the desk's main job in the real window, with pictures")
    tour.add_argument("--out", type=Path, required=True, metavar="DIR", help="where pictures and tour.json go")
    tour.add_argument("--theme", choices=("light", "dark"), default="light")
    tour.add_argument(
        "--lang", choices=("en",), default="en", help="language of the interface; English is all there is"
    )
    tour.add_argument("--size", type=_size, default=(1280, 800), metavar="WxH")
    tour.add_argument("--sandbox", metavar="URL", help="a running training hotel's control address")
    doctor_command.add_to(commands)
    journal_command.add_to(commands)
    diagnostics_command.add_to(commands)
    simulate_command.add_to(commands)
    tokens_command.add_to(commands)
    commands.add_parser("sandbox", help="the training hotel alone; see its own --help")
    return parser


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    try:
        size = int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a size like 1280x800: {text}") from None
    if not (1024 <= size[0] <= 7680 and 700 <= size[1] <= 4320):
        raise argparse.ArgumentTypeError("the window is at least 1024x700")
    return size
