"""A thousand card numbers for every single field of words, where the daily tests share them out."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.test_card_numbers_in_fields import CANARIES, REFUSING, Build, refuses_all


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("module", "name", "build"), REFUSING)
def test_every_field_refuses_a_thousand_card_numbers(
    qtbot: QtBot,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    name: str,
    build: Build,
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    refuses_all(build(qtbot), name, CANARIES)
    assert [canary for canary in CANARIES if canary in caplog.text] == [], module
    assert list(tmp_path.iterdir()) == []
