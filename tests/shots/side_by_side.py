"""Money taken beside money written down: the question, what came of it, and the receipt of each, on one page."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from deskpay.ui.components.text import Text
from tests.shots import dialogs, outcomes, receipts
from tests.shots.scene import Scene
from tests.shots.stage import Stage, over

_MARGIN = 16
_Show = Callable[[Stage], Awaitable[None]]


def _scene(scenes: tuple[Scene, ...], name: str) -> _Show:
    return next(scene.show for scene in scenes if scene.name == name)


TAKEN: tuple[_Show, ...] = (
    _scene(dialogs.SCENES, "charge"),
    _scene(outcomes.SCENES, "outcome-charged"),
    _scene(receipts.SCENES, "receipt-roll"),
)
WRITTEN_DOWN: tuple[_Show, ...] = (
    _scene(dialogs.SCENES, "record-terminal"),
    _scene(outcomes.SCENES, "outcome-recorded-terminal"),
    _scene(receipts.SCENES, "receipt-recorded"),
)


async def dialogs_of(stage: Stage, shows: tuple[_Show, ...]) -> list[QDialog]:
    """Open what `shows` open, one after another, and return the dialogs, hidden again."""
    opened = []
    for show in shows:
        await show(stage)
        await stage.settle()
        dialog = next(widget for widget in reversed(over(stage.window)) if isinstance(widget, QDialog))
        dialog.hide()
        opened.append(dialog)
    return opened


async def _both(stage: Stage) -> None:
    page = QWidget(stage.window)
    page.setAutoFillBackground(True)
    page.setGeometry(stage.window.rect())
    grid = QGridLayout(page)
    grid.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    for row, (name, shows) in enumerate((("Taken", TAKEN), ("Written down", WRITTEN_DOWN))):
        grid.addWidget(Text(name, "title"), 2 * row, 0)
        for column, dialog in enumerate(await dialogs_of(stage, shows)):
            picture = QLabel()
            picture.setPixmap(_small(dialog.grab(), stage))
            grid.addWidget(picture, 2 * row + 1, column, Qt.AlignmentFlag.AlignTop)
    page.show()
    page.raise_()


def _small(picture: QPixmap, stage: Stage) -> QPixmap:
    width, height = stage.size
    return picture.scaled(
        width // 3 - 2 * _MARGIN,
        height // 2 - 4 * _MARGIN,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


SCENES = (Scene("taken-beside-written-down", _both),)
