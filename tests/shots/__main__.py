"""`python -m tests.shots`: every screen and dialog, light and dark, wide and narrow; exit code 1 if one is cut off."""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deskpay.ui.cards.capture.environment import clean_environment
from deskpay.ui.cards.capture.scheme import register_scheme

ROOT = Path(__file__).parents[2]
THEMES = ("light", "dark")
SIZES = ("1280x800", "1024x700")
README_PICTURE = ROOT / "docs" / "desk.png"


def main(argv: list[str] | None = None) -> int:
    """Take the pictures and say what is wrong with them."""
    arguments = sys.argv[1:] if argv is None else argv
    chosen = _parser().parse_args(arguments)
    began = time.monotonic()
    sizes = chosen.size or SIZES
    # Both are too late once Qt's application exists.
    clean_environment()
    register_scheme()
    from tests.shots.album import NAMES, take_all
    from tests.shots.contact_sheet import write_sheet

    if chosen.theme is not None:
        complaints = take_all(chosen.out, chosen.theme, sizes, chosen.only)
        sys.stderr.writelines(f"{complaint}\n" for complaint in complaints)
        return 1 if complaints else 0
    code = _each_theme(arguments)
    names = [name for name in NAMES if chosen.only in name]
    folders = [f"{theme}-{size}" for theme in THEMES for size in sizes]
    write_sheet(chosen.out, folders, names)
    if chosen.readme:
        shutil.copyfile(chosen.out / "light-1280x800" / "01-desk.png", README_PICTURE)
    took_s = time.monotonic() - began
    sys.stdout.write(f"{len(folders) * len(names)} pictures in {took_s:.0f} s: {chosen.out / 'index.html'}\n")
    return code


def _each_theme(arguments: Sequence[str]) -> int:
    """Take each theme in a process of its own, side by side; return the worst exit code."""
    command = [sys.executable, "-m", "tests.shots", *arguments]
    running = [subprocess.Popen([*command, "--theme", theme], cwd=ROOT) for theme in THEMES]
    return max(process.wait() for process in running)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.shots", description="A picture of every screen and dialog.")
    parser.add_argument("--out", type=_folder, default=ROOT / "shots", metavar="DIR", help="where the folders go")
    parser.add_argument("--theme", choices=THEMES, help="only this one, without the contact sheet")
    parser.add_argument("--size", action="append", choices=SIZES, help="only this one")
    parser.add_argument("--only", default="", metavar="WORD", help="only pictures with this word in their name")
    parser.add_argument("--readme", action="store_true", help="renew the picture in docs as well")
    return parser


def _folder(text: str) -> Path:
    return Path(text).resolve()


if __name__ == "__main__":
    sys.exit(main())
