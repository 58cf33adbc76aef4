"""A canary: a test card is typed, and then everything of the pane that Python can see is searched for its digits."""

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject

from deskpay.ui.cards.capture.page import CapturePage
from tests.e2e.capture_stage import Stage, VaultHost, serve_vault
from tests.kit.loops import CoroutineRunner

CARDS = {"4242424242424242": "737", "375811111111115": "7373", "4111111111111111": "737"}
"""A card the vault takes, one of another shape, and one it refuses."""

CODE_FIELD = "cvv=737"
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


def test_the_canary_s_nose_works(tmp_path: Path) -> None:
    (tmp_path / "leak").write_bytes("x4242 4242 4242 4242x".encode("utf-16-le"))
    assert files_with(forms("4242424242424242"), [tmp_path]) == [tmp_path / "leak"]
