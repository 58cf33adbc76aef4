"""A canary in the whole app: a card is saved and charged, then all that was written is searched for it and tokens."""

import logging
import tempfile
from pathlib import Path

import pytest
from PySide6.QtWebEngineCore import QWebEngineProfile

from deskpay.app.diagnostics import bundle
from deskpay.domain.intent import IntentKind
from deskpay.ui.cards.capture.page import CapturePage
from deskpay.ui.payments.charge_dialog import ChargeDialog
from tests.e2e.desk_stage import AtDesk, Key, make_settings
from tests.e2e.paymongo_stage import account_of, grant, open_form, type_code, type_new
from tests.e2e.test_capture_canary import forms, written_by
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

NUMBER, CODE = "5200000000000007", "830"
"""On the training vault's list."""

OWN_NUMBER = "5555444444444457"
"""On PayMongo's list: charged without asking the bank."""

NUMBERS = (NUMBER, "5200 0000 0000 0007", "5200-0000-0000-0007")
CODES = (f"cvv={CODE}", f'"cvv": "{CODE}"', f'"cvv":"{CODE}"')


def _everything(folders: list[Path]) -> bytes:
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return b"\n".join(path.read_bytes() for path in files)


@pytest.fixture
def folders(tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Where temporary files and the desk's own go; everything is logged."""
    caplog.set_level(logging.DEBUG)
    temporary, home = tmp_path / "temporary", tmp_path / "home"
    for folder in (temporary, home):
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    return temporary, home


def _storage() -> list[Path]:
    profile = QWebEngineProfile.defaultProfile()
    return [Path(text) for text in (profile.persistentStoragePath(), profile.cachePath()) if text]


def _none_written(said: str, searched: list[Path], needles: tuple[str, ...], logged: str) -> None:
    files = _everything([path for path in searched if path.exists()])
    assert b"SQLite format 3" in files, "the journal is among what was searched"
    assert logged in said, "the log is among what was searched"
    written = said.encode() + files
    for needle in needles:
        assert needle.encode() not in written
        assert needle.encode("utf-16-le") not in written


def test_no_card_number_and_no_token_is_written_anywhere(
    run: CoroutineRunner,
    sandbox: Hotel,
    folders: tuple[Path, Path],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, folders[1]) as desk:
            await desk.find("candlewax")
            await desk.save_card(NUMBER, CODE)
            await desk.outcome("The card was saved once")
            await desk.leave()
            dialog = await desk.ask(Key.Key_F2, ChargeDialog)
            await desk.clerk.type_over("10")
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once")
            await desk.leave()
            assert {record.intent.kind for record in await desk.acts()} == {IntentKind.CHARGE, IntentKind.SAVE_CARD}

    run(scene())
    said = caplog.text + "".join(capfd.readouterr()) + bundle(make_settings(folders[1]))
    tokens = (sandbox.access_token, sandbox.client_token)
    _none_written(said, [*folders, *_storage()], (*NUMBERS, *CODES, *tokens), "creditCards/addTokenized")
    assert NUMBER not in str(sandbox.ledger())


def test_no_number_or_code_typed_for_paymongo_is_written_or_seen(
    run: CoroutineRunner,
    sandbox: Hotel,
    folders: tuple[Path, Path],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []
    judge = CapturePage.acceptNavigationRequest

    def watch(page: CapturePage, *arguments: object) -> bool:
        seen.append(str(arguments))
        return judge(page, *arguments)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(CapturePage, "acceptNavigationRequest", watch)

    async def scene() -> None:
        # An answer that quotes the code, as one recording does, must be dropped too.
        await grant(sandbox, code_echoed=True)
        async with AtDesk(sandbox, folders[1], account=account_of(sandbox)) as desk:
            await desk.find("candlewax")
            dialog = await open_form(desk, "1500.50")
            await type_new(desk, dialog, OWN_NUMBER, CODE)
            await desk.clerk.tab_to(dialog.keep)
            await desk.clerk.press(Key.Key_Space)
            seen.append(written_by(desk.window))
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once and stands in Mews")
            await desk.leave()
            dialog = await open_form(desk, "2000")
            await desk.until("the saved card", lambda: bool(dialog.card_words(dialog.cards.current())))
            await type_code(desk, dialog, CODE)
            seen.append(written_by(desk.window))
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once and stands in Mews")
            await desk.leave()
            seen.extend(str(act) for act in await desk.acts())

    run(scene(), timeout_s=60)
    said = "\n".join([caplog.text, *capfd.readouterr(), *seen])
    assert "k=state" in said, "what the page told is among what was searched"
    needles = (*forms(OWN_NUMBER), *CODES, f'"cvc": "{CODE}"', f'"cvc":"{CODE}"', f"cvc={CODE}")
    _none_written(said, [*folders, *_storage()], needles, "paymongo payment_methods.retrieve")
    assert OWN_NUMBER not in str(sandbox.ask("GET", "paymongo"))
