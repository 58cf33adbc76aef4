"""All pictures, in order, and the taking of them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication

from deskpay.app.loop import make_application
from deskpay.ui.theme import Scheme, apply_theme
from tests.e2e.capture_stage import serve_vault
from tests.shots import dialogs, outcomes, screens, sheet
from tests.shots.contact_sheet import write_sheet
from tests.shots.scene import Scene
from tests.shots.stage import Stage

SCENES: tuple[Scene, ...] = (*screens.SCENES, *dialogs.SCENES, *outcomes.SCENES, *sheet.SCENES)
NAMES = tuple(f"{number:02d}-{scene.name}" for number, scene in enumerate(SCENES, 1))


def take_all(out: Path, themes: Sequence[str], sizes: Sequence[str], only: str) -> tuple[int, list[str]]:
    """Take every picture and write the contact sheet.

    Args:
        out: Gets a folder for each theme and size.
        themes: "light", "dark".
        sizes: "1280x800" and so on.
        only: A word that the names must have.

    Returns:
        How many were taken, and what is wrong with them.
    """
    application = make_application()
    application.setCursorFlashTime(0)
    with (
        serve_vault("deskpay://capture") as vault,
        asyncio.Runner(loop_factory=lambda: qasync.QEventLoop(application)) as runner,
    ):
        return runner.run(_take(application, vault.address, out, (themes, sizes, only)))


async def _take(
    application: QApplication, vault: str, out: Path, wanted: tuple[Sequence[str], Sequence[str], str]
) -> tuple[int, list[str]]:
    themes, sizes, only = wanted
    shown = [(name, scene) for name, scene in zip(NAMES, SCENES, strict=True) if only in name]
    complaints: list[str] = []
    folders = []
    for theme in themes:
        apply_theme(application, Scheme(theme))
        for size in sizes:
            folders.append(f"{theme}-{size}")
            folder = out / folders[-1]
            folder.mkdir(parents=True, exist_ok=True)
            width, height = map(int, size.split("x"))
            for name, scene in shown:
                async with Stage((width, height), vault) as stage:
                    await scene.show(stage)
                    await stage.settle()
                    wrong = stage.take(folder / f"{name}.png")
                complaints += [f"{folders[-1]}/{complaint}" for complaint in wrong]
    write_sheet(out, folders, [name for name, _ in shown])
    return len(folders) * len(shown), complaints
