"""A canary: a test card is typed, and then everything of the pane that Python can see is searched for its digits."""

import itertools
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QObject, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from deskpay.app.diagnostics import bundle
from deskpay.app.failures import LINES, keeping_failures
from deskpay.app.loop import report_failure
from deskpay.settings import Settings
from deskpay.ui.cards.capture.page import CapturePage
from tests.e2e.capture_stage import Stage, VaultHost, serve_vault
from tests.kit.canaries import card_numbers
from tests.kit.guards import LogWatch
from tests.kit.loops import CoroutineRunner

CARDS = {"4242424242424242": "737", "375811111111115": "7373", "4111111111111111": "737"}
"""A card the vault takes, one of another shape, and one it refuses."""

CODE_FIELD = "cvv=737"
PATIENCE_S = 30.0
MANY = 120
"""As many as the engine takes in a few seconds; the fields of the window get a thousand."""

TEXTS = ("QString", "QStringList", "QByteArray", "QUrl", "QVariant")


@pytest.fixture(scope="module")
def host() -> Iterator[VaultHost]:
    with serve_vault("deskpay://capture") as served:
        yield served


def forms(number: str) -> list[str]:
    """The number as digits and as the groups a field shows."""
    groups = [number[index : index + 4] for index in range(0, len(number), 4)]
    amex = [number[:4], number[4:10], number[10:]]
    return [number, " ".join(groups), "-".join(groups), " ".join(amex)]


def written_by(thing: QObject) -> str:
    """Everything a widget or object tells of itself and its children."""
    told = []
    for child in [thing, *thing.findChildren(QObject)]:
        told.append(child.objectName())
        meta = child.metaObject()
        told += [
            str(child.property(str(meta.property(index).name())))
            for index in range(meta.propertyCount())
            if str(meta.property(index).typeName()) in TEXTS
        ]
        values = vars(child).values() if hasattr(child, "__dict__") else ()
        told += [str(value) for value in values if not isinstance(value, QObject) or shiboken6.isValid(value)]
    return "\n".join(told)


def files_with(needles: list[str], folders: list[Path]) -> list[Path]:
    encoded = [needle.encode() for needle in needles] + [needle.encode("utf-16-le") for needle in needles]
    return [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
        and path.stat().st_size < 50_000_000
        and any(needle in path.read_bytes() for needle in encoded)
    ]


@pytest.mark.parametrize("number", CARDS)
def test_no_digit_reaches_anything_python_can_see(
    run: CoroutineRunner,
    host: VaultHost,
    number: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[str] = []
    judge = CapturePage.acceptNavigationRequest

    def watch(page: CapturePage, *arguments: object) -> bool:
        seen.append(str(arguments))
        return judge(page, *arguments)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(CapturePage, "acceptNavigationRequest", watch)

    async def act() -> list[Path]:
        async with Stage(host) as stage:
            await stage.open()
            await stage.type_card(number, CARDS[number])
            engine = stage.pane._engine
            assert engine is not None
            seen.append(written_by(stage.window))
            profile = engine._profile
            assert profile.isOffTheRecord()
            storage = [Path(text) for text in (profile.persistentStoragePath(), profile.cachePath()) if text]
            stage.pane.submit(4, 2028)
            await stage.outcome()
            seen.append(str(stage.said))
            seen.append(written_by(stage.window))
            return storage

    storage = run(act())
    needles = forms(number)
    output = "\n".join([*seen, caplog.text, *capfd.readouterr()])
    assert [needle for needle in needles if needle in output] == []
    assert CODE_FIELD not in output
    assert files_with(needles, [tmp_path, *storage]) == []
    vault_memory = str(vars(host.vault))
    assert [needle for needle in needles if needle in vault_memory] == []


def test_numbers_that_are_typed_pasted_or_dragged_leave_no_trace(
    run: CoroutineRunner,
    host: VaultHost,
    expect_log: LogWatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is dragged over the pane is not taken. At the end something fails, and is reported."""
    caplog.set_level(logging.DEBUG)
    expect_log("RuntimeError at")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    numbers = card_numbers(MANY)
    seen: list[str] = []
    judge = CapturePage.acceptNavigationRequest

    def watch(page: CapturePage, *arguments: object) -> bool:
        seen.append(str(arguments))
        return judge(page, *arguments)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(CapturePage, "acceptNavigationRequest", watch)

    async def act() -> list[Path]:
        async with Stage(host) as stage:
            await stage.open()
            await stage.focus("number")
            for number, way in zip(numbers, itertools.cycle((pasted, dragged, typed)), strict=False):
                way(stage, number)
                await stage.evaluate("1")  # the engine's process keeps up
            # The brand of the last that was typed: all before it have arrived.
            await stage.until("document.querySelector('.badge').textContent === 'MAE'", PATIENCE_S)
            seen.append(written_by(stage.window))
            report_failure(RuntimeError(seen[-1]))
            engine = stage.pane._engine
            assert engine is not None
            profile = engine._profile
            storage = [Path(text) for text in (profile.persistentStoragePath(), profile.cachePath()) if text]
            stage.pane.close_pane()
            return storage

    with keeping_failures(tmp_path / "DeskPay"):
        storage = run(act())
    QGuiApplication.clipboard().clear()
    seen += [caplog.text, *capfd.readouterr(), bundle(Settings(data_folder=tmp_path / "DeskPay"))]
    output = "\n".join(seen)
    needles = [form for number in numbers for form in forms(number)]
    assert (tmp_path / "DeskPay" / LINES).exists()
    assert [needle for needle in needles if needle in output] == []
    assert files_with(needles, [tmp_path, *storage]) == []


def typed(stage: Stage, number: str) -> None:
    """Type a number in place of what is in the field."""
    QTest.keyClick(stage.keyboard, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(stage.keyboard, number)


def pasted(stage: Stage, number: str) -> None:
    """Put a number into the field by the clipboard, where the clerk had it."""
    QGuiApplication.clipboard().setText(number)
    QTest.keyClick(stage.keyboard, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(stage.keyboard, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def dragged(stage: Stage, number: str) -> None:
    """Let go of a number over the pane."""
    engine = stage.pane._engine
    assert engine is not None
    carried, middle = QMimeData(), QPointF(engine.view.rect().center())
    carried.setText(number)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(middle.toPoint(), copy, carried, left, none)
    QApplication.sendEvent(engine.view, enter)
    QApplication.sendEvent(engine.view, QDropEvent(middle, copy, carried, left, none))


def test_the_canary_s_nose_works(tmp_path: Path) -> None:
    (tmp_path / "leak").write_bytes("x4242 4242 4242 4242x".encode("utf-16-le"))
    assert files_with(forms("4242424242424242"), [tmp_path]) == [tmp_path / "leak"]
