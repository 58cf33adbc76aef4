"""`deskpay diagnostics`: the bundle for whoever helps, shown, or written where it is wanted."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's words."""
    words = commands.add_parser("diagnostics", help="show what helps support: versions, health, Request-Ids; no guest")
    words.add_argument("--out", type=Path, metavar="F", help="write it there, after having looked at it without this")


def run(chosen: argparse.Namespace) -> int:
    """Show or write it; return 0, or 1 where it cannot be written."""
    from deskpay.app.diagnostics import bundle
    from deskpay.settings import read_settings

    text = bundle(read_settings())
    if chosen.out is None:
        sys.stdout.write(f"{text}\n")
        return 0
    try:
        chosen.out.write_text(text, encoding="utf-8")
    except OSError as problem:
        sys.stderr.write(f"deskpay diagnostics: {chosen.out.name} cannot be written: {problem.strerror}\n")
        return 1
    return 0
