"""The words of the command line, and what does the commands that open no window."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from deskpay import __version__
from deskpay.app import diagnostics_command, doctor_command, journal_command, simulate_command, tokens_command

Work = Callable[[argparse.Namespace], int]
"""Does a command and returns the exit code."""

_COMMANDS: dict[str, Work] = {
    "journal": journal_command.run,
    "doctor": doctor_command.run,
    "tokens": tokens_command.run,
    "diagnostics": diagnostics_command.run,
}
"""What opens no window and may read the settings."""


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what the words ask for.

    Raises:
        SystemExit: they ask for help or the version, or cannot be understood (2).
    """
    chosen = _parser().parse_args(arguments)
    if chosen.command == "doctor":
        doctor_command.prepare(chosen)
    return chosen


def needs_no_settings(chosen: argparse.Namespace) -> Work | None:
    """Return what does a command that reads no settings, None for others."""
    return simulate_command.run if chosen.command == "simulate" else None


def opens_no_window(chosen: argparse.Namespace) -> Work | None:
    """Return what does a command that opens no window, None for others."""
    return _COMMANDS.get(chosen.command)


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
