"""What helps whoever helps: everything by name, nothing of a guest; and crash reports that stay here."""

import json
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from deskpay.app.cli import main
from deskpay.app.diagnostics import bundle
from deskpay.app.failures import CRASH, LINES, kept_failures
from deskpay.domain.intent import IntentState
from deskpay.journal.store import open_store
from deskpay.settings import Settings
from tests.kit.hotel import ROOT
from tests.kit.intents import make_event, make_intent, make_record

FAILS = """
import asyncio, os, signal, sys
from pathlib import Path
from deskpay.app.failures import keeping_failures
from deskpay.app.loop import report_failure
with keeping_failures(Path(sys.argv[1])):
    secret = "Ottoline Pepperwick 4111111111111111 ACCESS-TOKEN"
    try:
        raise ValueError(secret)
    except ValueError as problem:
        report_failure(problem)
    os.kill(os.getpid(), signal.SIGSEGV)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A desk's folder with a journal, a story in it, and one that is damaged."""
    with closing(open_store(tmp_path / "training" / "hotel.sqlite")) as store:
        intent = make_intent(1, note="allergic", customer_name="Ottoline Pepperwick")
        store.draft(make_record(intent))
        store.append("intent-1", make_event(IntentState.SENDING))
        lost = make_event(IntentState.UNKNOWN, request_id="req-77", message="Dear Ottoline, 4111 1111 1111 1111")
        store.append("intent-1", lost)
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "other.sqlite").write_bytes(b"no journal" * 1_000)
    return tmp_path


def test_the_bundle_names_what_helps_and_nobody(folder: Path) -> None:
    (folder / LINES).write_text("2026-11-26 boom at 4111111111111111\n", encoding="utf-8")
    text = bundle(Settings(data_folder=folder))
    told = json.loads(text)
    assert told["failures"] == ["2026-11-26 boom at …"]
    damaged, whole = told["journals"]
    assert (damaged["environment"], damaged["problem"]) == ("live", "JournalCorrupt")
    assert (whole["problem"], whole["intents"], whole["events"]) == (None, 1, 3)
    (act,) = whole["acts"]
    assert [step[1] for step in act["story"]] == ["drafted", "sending", "unknown"]
    assert act["story"][-1][3] == "req-77"
    for never in ("Ottoline", "Pepperwick", "allergic", "guest-1", "4111111111111111", "Ada"):
        assert never not in text


def test_it_is_shown_first_and_written_where_it_is_wanted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DESKPAY_DATA_FOLDER", str(folder))
    assert main(["diagnostics"]) == 0
    assert json.loads(capsys.readouterr().out)["journals"]
    assert main(["diagnostics", "--out", str(folder / "bundle.json")]) == 0
    assert json.loads((folder / "bundle.json").read_text(encoding="utf-8"))["journals"]
    assert main(["diagnostics", "--out", str(folder)]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_failures_and_crashes_are_kept_with_places_and_without_values(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAILS, str(tmp_path)], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGSEGV
    kept = "\n".join(kept_failures(tmp_path))
    assert "ValueError at" in kept
    assert "Segmentation fault" in kept
    for never in ("Ottoline", "4111", "ACCESS-TOKEN"):
        assert never not in kept + done.stderr.decode()
    assert (tmp_path / CRASH).stat().st_mode & 0o077 == 0 or tmp_path.stat().st_mode & 0o077 == 0
    assert kept_failures(tmp_path / "nothing") == []


def test_where_nothing_can_be_written_the_app_goes_on(tmp_path: Path) -> None:
    wall = tmp_path / "wall"
    wall.write_text("no folder", encoding="utf-8")
    ends = FAILS.replace("os.kill(os.getpid(), signal.SIGSEGV)", "pass")
    done = subprocess.run(
        [sys.executable, "-c", ends, str(wall)], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, kept_failures(wall)) == (0, [])
