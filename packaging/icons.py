"""Draw the program's icon in the formats that systems want."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from release import ROOT

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def drawn(size: int) -> QImage:
    """Return the icon, `size` pixels wide."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(ROOT / "resources" / "deskpay.svg")).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def icons(folder: Path, name: str) -> None:
    """Write `name.ico`, `name.icns` and one PNG for each size into `folder`.

    Raises:
        OSError: Qt cannot write one of them.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([name])
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{name}-{size}.png": size for size in SIZES} | {f"{name}.ico": 256, f"{name}.icns": 512}
    for file, size in files.items():
        if not drawn(size).save(str(folder / file)):
            raise OSError(f"{file} could not be written")
    del application
