"""The tour as scripts start it: a program of its own, its pictures and what it wrote down."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from tests.kit.hotel import ROOT, Hotel

TIMEOUT_S = 110
STEPS = [
    "desk",
    "search",
    "saved-cards",
    "add-card",
    "card-saved",
    "charge",
    "charged",
    "record",
    "recorded",
    "refund",
    "refund-approval",
    "refund-on-its-way",
    "refunded",
    "afterwards",
]


def tour(out: Path, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Play the tour offscreen in a program of its own."""
    return subprocess.run(
        [sys.executable, "-m", "deskpay", "tour", "--out", str(out), *words],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "DESKPAY_DATA_FOLDER": str(out / "records"), **changes},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def colours(picture: Path) -> set[int]:
    """The colours of a grid of points; a blank picture has one."""
    image = QImage(str(picture))
    assert not image.isNull(), picture
    return {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}


def told(out: Path) -> dict[str, Any]:
    """What the tour wrote down."""
    written: dict[str, Any] = json.loads((out / "tour.json").read_text(encoding="utf-8"))
    return written


@pytest.mark.parametrize(("size", "theme"), [((1280, 800), "light"), ((1024, 700), "dark")])
def test_the_tour_shows_each_outcome_and_reads_it_back(
    sandbox: Hotel, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    done = tour(tmp_path, "--size", f"{size[0]}x{size[1]}", "--theme", theme, "--sandbox", sandbox.control)
    assert done.returncode == 0, done.stderr
    story = told(tmp_path)
    assert story["ok"] is True
    assert [step["name"] for step in story["steps"]] == STEPS
    for step in story["steps"]:
        assert set(step) == {"name", "outcome", "picture", "ms"}
        assert step["outcome"]
        picture = tmp_path / step["picture"]
        assert QImage(str(picture)).size().toTuple() == size
        assert len(colours(picture)) > 20
    ledger = story["ledger"]
    assert {book: len(ledger[book]) for book in ("cards", "charges", "records", "refunds")} == {
        "cards": 1,
        "charges": 1,
        "records": 1,
        "refunds": 1,
    }
    for book in ("charges", "records", "refunds"):
        assert ledger[book][0]["reference"].startswith("DP-")
    assert ledger["charges"] == sandbox.ledger()["charges"]
    assert len(list((tmp_path / "records").rglob("*.sqlite"))) == 1, "a hotel started by hand keeps its journal"
    ground = QImage(str(tmp_path / story["steps"][0]["picture"])).pixelColor(size[0] // 2, size[1] // 2)
    assert (ground.lightness() < 128) == (theme == "dark")


def test_a_tour_that_cannot_go_on_says_where_it_stopped(sandbox: Hotel, tmp_path: Path) -> None:
    sandbox.fault("reservations/getAll/2023-06-06", "status_before", status=401, times=None)
    sandbox.fault("configuration/get", "status_before", status=401, times=None)
    done = tour(tmp_path, "--sandbox", sandbox.control)
    assert done.returncode == 1
    assert "The tour stopped" in done.stderr
    assert told(tmp_path)["ok"] is False
    assert told(tmp_path)["problem"]


def test_the_tour_plays_on_this_computer_only(tmp_path: Path) -> None:
    done = tour(tmp_path, "--sandbox", "http://example.com")
    assert done.returncode == 1
    assert "this computer only" in done.stderr
