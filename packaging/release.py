"""What a release is called, when it was made, and the source that it is made from."""

from __future__ import annotations

import os
import subprocess
import time
import tomllib
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"


@dataclass(frozen=True)
class Release:
    """A release, as `pyproject.toml` and the last commit tell.

    Attributes:
        name: Of the program and its package.
        version: Its version.
        summary: One line.
        epoch: Seconds since 1970 of the commit: the time on every file, so that the same commit makes the same bytes.
    """

    name: str
    version: str
    summary: str
    epoch: int

    @property
    def date(self) -> str:
        """The day of the release, as AppStream and man pages write it."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.epoch))

    @property
    def mail_date(self) -> str:
        """The moment of the release, as Debian's changelogs write it."""
        return formatdate(self.epoch)


def release() -> Release:
    """Return the release that this source makes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct").decode()
    return Release(project["name"], project["version"], project["description"], int(told))


def export(folder: Path) -> None:
    """Lay the committed source into `folder`: what is not committed is not released."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=_git("archive", "HEAD"), check=True)


def is_changed() -> bool:
    """Tell whether the work tree holds what the last commit does not."""
    return bool(_git("status", "--porcelain").strip())


def _git(*words: str) -> bytes:
    return subprocess.run(["git", "-C", str(ROOT), *words], stdout=subprocess.PIPE, check=True).stdout


if __name__ == "__main__":
    print(release().version)
