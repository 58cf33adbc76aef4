"""`python -m tests.shots`: every screen and dialog, light and dark, wide and narrow; exit code 1 if one is cut off."""

import argparse
import shutil
import sys
import time
from pathlib import Path

from deskpay.ui.cards.capture.environment import clean_environment
from deskpay.ui.cards.capture.scheme import register_scheme

ROOT = Path(__file__).parents[2]
THEMES = ("light", "dark")
SIZES = ("1280x800", "1024x700")
README_PICTURE = ROOT / "docs" / "desk.png"


def main(argv: list[str] | None = None) -> int:
    """Take the pictures and say what is wrong with them."""
    chosen = _parser().parse_args(argv)
    began = time.monotonic()
    # Both are too late once Qt's application exists.
    clean_environment()
    register_scheme()
    from tests.shots.album import take_all

    taken, complaints = take_all(chosen.out, chosen.theme or THEMES, chosen.size or SIZES, chosen.only)
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    if chosen.readme:
        shutil.copyfile(chosen.out / "light-1280x800" / "01-desk.png", README_PICTURE)
    took_s = time.monotonic() - began
    sys.stdout.write(f"{taken} pictures in {took_s:.0f} s, {len(complaints)} complaints: {chosen.out / 'index.html'}\n")
    return 1 if complaints else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.shots", description="A picture of every screen and dialog.")
    parser.add_argument("--out", type=Path, default=ROOT / "shots", metavar="DIR", help="where the folders go")
    parser.add_argument("--theme", action="append", choices=THEMES, help="only this one")
    parser.add_argument("--size", action="append", choices=SIZES, help="only this one")
    parser.add_argument("--only", default="", metavar="WORD", help="only pictures with this word in their name")
    parser.add_argument("--readme", action="store_true", help="renew the picture in docs as well")
    return parser


if __name__ == "__main__":
    sys.exit(main())
