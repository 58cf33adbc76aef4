"""Freeze DeskPay on this machine, whatever it is: `python freeze.py`. Windows, macOS and Linux alike."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from closure import licences
from icons import icons
from release import ROOT, Release, release
from windows_version import version_text

BUILD = ROOT / "build"


@dataclass(frozen=True)
class Frozen:
    """A frozen program.

    Attributes:
        folder: Where it lies.
        trimmed_bytes: What of all that PyInstaller collected was left out, or taken out of it.
    """

    folder: Path
    trimmed_bytes: int

    @property
    def program(self) -> Path:
        """What is started from a command line."""
        return self.folder / ("deskpay-cli.exe" if os.name == "nt" else "deskpay")

    @property
    def installed_bytes(self) -> int:
        """What its files take."""
        return sum(file.lstat().st_size for file in self.folder.rglob("*") if not file.is_dir())


def freeze(made: Release) -> Frozen:
    """Freeze this source; the same source, libraries and Python give the same files."""
    sizes = BUILD / "sizes.json"
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir()
    icons(BUILD / "icons", made.name)
    licences(BUILD / "licences")
    if os.name == "nt":
        (BUILD / "version.txt").write_text(version_text(made), encoding="utf-8")
    environment = {
        **os.environ,
        # Sets are written into byte code in the order of their hashes.
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(made.epoch),
        "DESKPAY_SIZES": str(sizes),
    }
    paths = ["--distpath", str(BUILD / "frozen"), "--workpath", str(BUILD / "work")]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *paths]
    subprocess.run([*command, str(ROOT / "packaging" / "deskpay.spec")], cwd=ROOT, env=environment, check=True)
    folder = BUILD / "frozen" / made.name
    stripped_bytes = _stripped(folder)
    for file in (folder, *folder.rglob("*")):
        if not file.is_symlink():
            if os.name == "posix":
                is_run = file.stat().st_mode & 0o100 and ".so" not in file.name
                file.chmod(0o755 if file.is_dir() or is_run else 0o644)
            os.utime(file, (made.epoch, made.epoch))
    return Frozen(folder, json.loads(sizes.read_text(encoding="utf-8"))["trimmed"] + stripped_bytes)


def _stripped(folder: Path) -> int:
    """Take out of Linux's libraries what only debuggers read, where it is left in them; return how many bytes went.

    The others are not written anew: some were made by tools whose work `strip` is known to spoil.
    """
    saved = 0
    for file in sorted(folder.rglob("*.so*")) if sys.platform.startswith("linux") else []:
        if not file.is_symlink() and b".symtab" in _sections(file):
            before = file.stat().st_size
            subprocess.run(["strip", "--strip-unneeded", str(file)], check=True)
            saved += before - file.stat().st_size
    return saved


def _sections(file: Path) -> bytes:
    return subprocess.run(["readelf", "--section-headers", "--wide", str(file)], capture_output=True, check=True).stdout


if __name__ == "__main__":
    print(freeze(release()).folder)
