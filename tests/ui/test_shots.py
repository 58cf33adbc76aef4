"""Every screen and dialog is pictured, in the narrowest window and in full, and nothing in it is cut off."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskpay.ui.components.button import Button
from deskpay.ui.components.text import Text
from deskpay.ui.theme import Scheme, apply_theme
from tests.kit.source import ROOT
from tests.shots.album import NAMES
from tests.shots.clipping import clipped
from tests.shots.contact_sheet import write_sheet
from tests.shots.stage import LEAST_COLOURS, colours

_PATIENCE_S = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("shots")
    # In a process of its own: the web engine of a hundred windows would outlive the tests beside it.
    done = subprocess.run(
        [sys.executable, "-m", "tests.shots", "--out", str(out), "--theme", "light", "--size", "1024x700"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
        timeout=_PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return out / "light-1024x700"


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> QWidget:
    apply_theme(qapp, Scheme.LIGHT)
    widget = QWidget()
    widget.resize(300, 200)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


@pytest.mark.timeout(_PATIENCE_S + 10)
def test_every_screen_and_dialog_is_pictured_with_nothing_cut_off(folder: Path) -> None:
    assert sorted(file.stem for file in folder.iterdir()) == sorted(NAMES)
    pictures = {file.stem: QImage(str(file)) for file in folder.iterdir()}
    assert {(picture.width(), picture.height()) for picture in pictures.values()} == {(1024, 700)}
    assert [name for name, picture in pictures.items() if colours(picture) < LEAST_COLOURS] == []


def test_no_two_states_look_alike(folder: Path) -> None:
    alike: dict[bytes, list[str]] = {}
    for file in sorted(folder.iterdir()):
        alike.setdefault(file.read_bytes(), []).append(file.stem)
    assert [names for names in alike.values() if len(names) > 1] == []


def test_a_blank_picture_has_few_colours() -> None:
    blank = QImage(1024, 700, QImage.Format.Format_RGB32)
    blank.fill(0xFFFFFF)
    assert colours(blank) == 1


def test_what_fits_is_no_complaint(window: QWidget) -> None:
    column = QVBoxLayout(window)
    text = Text("Most cards answer within 5 seconds. If no answer comes, DeskPay looks in Mews.", wrap=True)
    for part in (text, Button("Cancel", key="Esc")):
        column.addWidget(part)
        part.show()
    column.addStretch()
    column.activate()
    assert text.height() > 20
    assert clipped(window) == []


def test_what_stands_beyond_its_parent_is_told(window: QWidget) -> None:
    beyond = QWidget(window)
    beyond.setGeometry(250, 10, 60, 20)
    beyond.show()
    assert clipped(window) == ["QWidget: at 250, 10, 60 by 20, beyond its parent's 300 by 200"]


def test_words_without_room_are_told(window: QWidget) -> None:
    row = QHBoxLayout(window)
    button, text = Button("Charge £312.40 to Visa •••• 1111"), Text("Ottoline Pepperwick", "guest")
    low = Text("Most cards answer within 5 seconds.", wrap=True)
    for part in (button, text, low):
        part.setFixedWidth(60)
        row.addWidget(part)
        part.show()
    low.setFixedHeight(18)
    row.activate()
    told = [complaint.split(" “")[0] for complaint in clipped(window)]
    assert told == ["Button", "Text", "Text"]


def test_the_sheet_shows_every_picture(tmp_path: Path) -> None:
    write_sheet(tmp_path, ["light-1280x800", "dark-1024x700"], ["01-desk", "02-<b>"])
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("<img ") == 4
    assert 'src="dark-1024x700/01-desk.png"' in page
    assert "<b>" not in page
