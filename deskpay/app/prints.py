"""Where prints go: into the person's own folder of downloads, opened by what the system has for them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices


def keep_pdf(pdf: bytes, name: str) -> Path:
    """Write a PDF among the downloads and return where it is; an older print of the same name is replaced.

    Raises:
        OSError: it cannot be written.
    """
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    aside = path.with_suffix(".part")
    aside.write_bytes(pdf)
    return aside.replace(path)


def open_with_system(path: Path) -> None:
    """Open a file by what the system has for it. Without such a program nothing happens; the file is there."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
