"""All pictures, in order, and the taking of them."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import qasync
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from deskpay.app.loop import make_application
from deskpay.ui.theme import Scheme, apply_theme
from tests.e2e.capture_stage import serve_vault
from tests.shots import (
    acquirer,
    asking,
    bills,
    dialogs,
    night,
    outcomes,
    receipts,
    screens,
    settings,
    sheet,
    side_by_side,
    staff,
)
from tests.shots.scene import Scene
from tests.shots.stage import Stage

SCENES: tuple[Scene, ...] = (
    *screens.SCENES,
    *dialogs.SCENES,
    *asking.SCENES,
    *acquirer.SCENES,
    *bills.SCENES,
    *outcomes.SCENES,
    *receipts.SCENES,
    *night.SCENES,
    *side_by_side.SCENES,
    *staff.SCENES,
    *settings.SCENES,
    *sheet.SCENES,
)
NAMES = tuple(f"{number:02d}-{scene.name}" for number, scene in enumerate(SCENES, 1))


def take_all(out: Path, theme: str, sizes: Sequence[str], only: str) -> list[str]:
    """Take every picture of one theme.

    Args:
        out: Gets a folder for each size.
        theme: "light" or "dark".
        sizes: "1280x800" and so on.
        only: A word that the names must have.

    Returns:
        What is wrong with them.
    """
    qInstallMessageHandler(_hear)
    application = make_application()
    # A cursor that never blinks.
    application.setCursorFlashTime(0)
    apply_theme(application, Scheme(theme))
    shown = [(name, scene) for name, scene in zip(NAMES, SCENES, strict=True) if only in name]
    complaints: list[str] = []
    with (
        serve_vault("deskpay://capture") as vault,
        asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner,
    ):
        for size in sizes:
            folder = out / f"{theme}-{size}"
            folder.mkdir(parents=True, exist_ok=True)
            complaints += runner.run(_take(shown, vault.address, folder, size))
    return complaints


def _hear(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says, but for what the platform without a screen says of every window."""
    if "propagateSizeHints" not in message:
        sys.stderr.write(f"{message}\n")


async def _take(shown: Sequence[tuple[str, Scene]], vault: str, folder: Path, size: str) -> list[str]:
    width, height = map(int, size.split("x"))
    complaints: list[str] = []
    for name, scene in shown:
        async with Stage((width, height), vault) as stage:
            await scene.show(stage)
            await stage.settle()
            complaints += [f"{folder.name}/{complaint}" for complaint in stage.take(folder / f"{name}.png")]
    return complaints
