"""A canary in the whole app: a test card is saved and charged, then everything DeskPay wrote is searched for it."""

import logging
import tempfile
from pathlib import Path

import pytest
from PySide6.QtWebEngineCore import QWebEngineProfile

from deskpay.domain.intent import IntentKind
from deskpay.ui.payments.charge_dialog import ChargeDialog
from tests.e2e.desk_stage import AtDesk, Key
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

NUMBER, CODE = "5200000000000007", "830"
"""On the training vault's list."""

NUMBERS = (NUMBER, "5200 0000 0000 0007", "5200-0000-0000-0007")
CODES = (f"cvv={CODE}", f'"cvv": "{CODE}"', f'"cvv":"{CODE}"')


def _everything(folders: list[Path]) -> bytes:
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return b"\n".join(path.read_bytes() for path in files)


def test_no_card_number_is_written_anywhere(
    run: CoroutineRunner,
    sandbox: Hotel,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    temporary, home = tmp_path / "temporary", tmp_path / "home"
    for folder in (temporary, home):
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))

    async def scene() -> list[Path]:
        async with AtDesk(sandbox, home) as desk:
            await desk.find("candlewax")
            await desk.save_card(NUMBER, CODE)
            await desk.outcome("The card was saved once")
            await desk.leave()
            dialog = await desk.ask(Key.Key_F2, ChargeDialog)
            await desk.clerk.type_over("10")
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once")
            await desk.leave()
            profile = QWebEngineProfile.defaultProfile()
            assert {record.intent.kind for record in await desk.acts()} == {IntentKind.CHARGE, IntentKind.SAVE_CARD}
            return [Path(text) for text in (profile.persistentStoragePath(), profile.cachePath()) if text]

    storage = run(scene())
    files = _everything([temporary, home, *(path for path in storage if path.exists())])
    assert b"SQLite format 3" in files, "the journal is among what was searched"
    said = caplog.text + "".join(capfd.readouterr())
    assert "creditCards/addTokenized" in said, "the log is among what was searched"
    written = said.encode() + files
    for needle in (*NUMBERS, *CODES):
        assert needle.encode() not in written
        assert needle.encode("utf-16-le") not in written
    assert NUMBER not in str(sandbox.ledger())
