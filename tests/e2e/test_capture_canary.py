"""A canary: a test card is typed, and then everything of the pane that Python can see is searched for its digits."""

import asyncio
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
MANY = 1_000
MORE_PATIENCE_S = 120.0
"""How long so many may take on a busy machine."""

FILL = """(function (number) {
    var field = document.getElementById('field');
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, number);
    ['input', 'change'].forEach(function (type) { field.dispatchEvent(new Event(type, { bubbles: true })); });
    return field.autocomplete;
})"""
"""What a browser does that fills in a card it knows."""

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


def test_numbers_that_are_typed_pasted_dragged_or_filled_in_leave_no_trace(
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
            for number, way in zip(numbers, itertools.cycle(WAYS), strict=False):
                await way(stage, number)
                await stage.evaluate("1")  # the engine's process keeps up
            # The brand of the last that was typed: all before it have arrived.
            await stage.until("document.querySelector('.badge').textContent === 'MAE'", MORE_PATIENCE_S)
            assert await standing_in_field(stage) == numbers[-1]
            seen.append(written_by(stage.window))
            report_failure(RuntimeError(seen[-1]))
            engine = stage.pane._engine
            assert engine is not None
            profile = engine._profile
            storage = [Path(text) for text in (profile.persistentStoragePath(), profile.cachePath()) if text]
            stage.pane.close_pane()
            return storage

    with keeping_failures(tmp_path / "DeskPay"):
        storage = run(act(), timeout_s=MORE_PATIENCE_S)
    QGuiApplication.clipboard().clear()
    seen += [caplog.text, *capfd.readouterr(), bundle(Settings(data_folder=tmp_path / "DeskPay"))]
    output = "\n".join(seen)
    needles = [form for number in numbers for form in forms(number)]
    assert (tmp_path / "DeskPay" / LINES).exists()
    assert [needle for needle in needles if needle in output] == []
    assert files_with(needles, [tmp_path, *storage]) == []


async def typed(stage: Stage, number: str) -> None:
    """Type a number in place of what is in the field."""
    QTest.keyClick(stage.keyboard, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(stage.keyboard, number)


async def pasted(stage: Stage, number: str) -> None:
    """Put a number into the field by the clipboard, where the clerk had it."""
    QGuiApplication.clipboard().setText(number)
    QTest.keyClick(stage.keyboard, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(stage.keyboard, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


async def dragged(stage: Stage, number: str) -> None:
    """Let go of a number over the pane."""
    engine = stage.pane._engine
    assert engine is not None
    carried, middle = QMimeData(), QPointF(engine.view.rect().center())
    carried.setText(number)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(middle.toPoint(), copy, carried, left, none)
    QApplication.sendEvent(engine.view, enter)
    QApplication.sendEvent(engine.view, QDropEvent(middle, copy, carried, left, none))


async def filled(stage: Stage, number: str) -> None:
    """Fill a number into the vault's field at once and without a key, as a browser does that knows the guest's card."""
    assert await in_number_field(stage, f"{FILL}('{number}')") == "cc-number", "the field asks to be filled in"


async def standing_in_field(stage: Stage) -> str:
    """The digits in the vault's field."""
    return str(await in_number_field(stage, "document.getElementById('field').value.replace(/ /g, '')"))


async def in_number_field(stage: Stage, script: str) -> object:
    """Do as a program inside the vault's own frame could, which the pane's page cannot."""
    engine = stage.pane._engine
    assert engine is not None
    frames = engine._page.mainFrame().children()
    (frame,) = [frame for frame in frames if frame.name().endswith("--cardNumber")]
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    frame.runJavaScript(script, 0, answer.set_result)
    async with asyncio.timeout(PATIENCE_S):
        return await answer


WAYS = (typed, pasted, dragged, filled, pasted, dragged, filled, pasted, filled)
"""Typing is a ninth of it, for it takes the engine ten times as long; so every way meets every kind of card, and the
last of a thousand is typed."""


def test_the_engine_has_nothing_to_fill_in(run: CoroutineRunner, host: VaultHost) -> None:
    """A card was sent from a field that asks to be filled in; the next pane in the same program offers none."""

    async def act() -> None:
        async with Stage(host) as stage:
            await stage.capture()
        async with Stage(host) as stage:
            await stage.open()
            await stage.focus("number")
            assert await in_number_field(stage, "document.getElementById('field').autocomplete") == "cc-number"
            for key in (Qt.Key.Key_Down, Qt.Key.Key_4, Qt.Key.Key_Down, Qt.Key.Key_Return):
                QTest.keyClick(stage.keyboard, key)
                await stage.evaluate("1")
                assert QApplication.activePopupWidget() is None
            assert await standing_in_field(stage) in {"", "4"}
            engine = stage.pane._engine
            assert engine is not None
            profile = engine._profile
            assert profile.isOffTheRecord()
            stores = [Path(text) for text in (profile.persistentStoragePath(), profile.cachePath()) if text]
            assert [path for store in stores for path in store.rglob("* Data*")] == [], "no table to fill in from"

    run(act())


def test_the_canary_s_nose_works(tmp_path: Path) -> None:
    (tmp_path / "leak").write_bytes("x4242 4242 4242 4242x".encode("utf-16-le"))
    assert files_with(forms("4242424242424242"), [tmp_path]) == [tmp_path / "leak"]
