"""The command line: what it prints, and the exit codes that scripts rely on."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from deskpay.app import cli
from deskpay.app.training import TrainingHotel
from deskpay.domain.errors import HotelUnavailable
from tests.kit.hotel import ROOT

TIMEOUT_S = 60


def deskpay(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "deskpay", *words],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **changes},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def test_the_version_is_the_package_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    done = deskpay("--version")
    assert (done.returncode, done.stdout) == (0, f"DeskPay {project['version']}\n")


def test_help_names_every_command() -> None:
    done = deskpay("--help")
    assert done.returncode == 0
    for command in ("demo", "tour", "sandbox"):
        assert f"    {command} " in done.stdout


def test_the_sandbox_prints_one_line_and_ends_with_its_input() -> None:
    done = deskpay("sandbox", "--die-with-stdin")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    said = json.loads(line)
    wanted = {"connector", "fields", "paymongo", "control", "websocket", "client_token", "access_token", "pid"}
    assert wanted <= set(said)
    assert TrainingHotel.from_line(line).connector == said["connector"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"DESKPAY_REQUEST_BUDGET": "9"}, "request_budget"),
        ({"DESKPAY_MONEY_DEADLINE_S": "soon"}, "money_deadline_s"),
        ({"DESKPAY_APPEARANCE": "pink", "DESKPAY_REQUEST_BUDGET": "999"}, "appearance, request_budget"),
    ],
    ids=["budget", "deadline", "two"],
)
def test_wrong_settings_are_named_in_a_sentence(changes: dict[str, str], named: str) -> None:
    done = deskpay(**changes)
    assert done.returncode == 2
    assert done.stderr == f"The settings cannot be used; please correct: {named}\n"
    assert not any(value in done.stderr for value in changes.values())


@pytest.mark.parametrize(
    ("text", "why"),
    [("1280", "not a size"), ("axb", "not a size"), ("800x600", "at least 1024x700"), ("9999x9999", "at least")],
)
def test_a_size_that_cannot_be_is_refused(text: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["tour", "--out", "x", "--size", text])
    assert ended.value.code == 2
    assert why in capsys.readouterr().err


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["charge"])
    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


def test_a_broken_settings_file_is_named_too(tmp_path: Path) -> None:
    folder = tmp_path / "DeskPay"
    folder.mkdir()
    (folder / "settings.toml").write_text("access_token = 'secret-words'\n", encoding="utf-8")
    done = deskpay(XDG_CONFIG_HOME=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == "The settings cannot be used; please correct: access_token\n"


def test_a_settings_file_that_is_no_toml_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "DeskPay"
    folder.mkdir()
    (folder / "settings.toml").write_text("appearance = \n", encoding="utf-8")
    done = deskpay("tour", "--out", str(tmp_path / "out"), XDG_CONFIG_HOME=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == "The settings cannot be used; please correct: settings.toml\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("module", ["app.desk", "app.tour", "app.assemble", "ui.money_flow", "gateways.mews.client"])
def test_a_module_can_be_the_first_one_loaded(module: str) -> None:
    """Qt's import hook looks into modules while they are half loaded; the order of imports must not matter."""
    done = subprocess.run(
        [sys.executable, "-c", f"import deskpay.{module}, deskpay.app.desk, deskpay.app.assemble"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


BRIEFLY = """
import asyncio, sys
from deskpay.app import desk
from deskpay.app.cli import main

run = desk.Program.run

async def briefly(self, process=None):
    async def close():
        guests, page = self.window.desk.guests, self.window.connect_page
        while guests.state != "guests" and not (process is None and page.isVisible()):
            await asyncio.sleep(0.02)
        self.window.close()
    self._scope.start(close(), name="close the window")
    return await run(self, process)

desk.Program.run = briefly
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("words", [["demo"], []], ids=["demo", "alone"])
def test_the_window_opens_and_closes_without_a_word(words: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BRIEFLY, *words],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "plugin does not support" not in line]
    assert (done.returncode, done.stdout, said) == (0, "", [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("line", [b"", b"not JSON", b'{"connector": "http://127.0.0.1:1"}', b"[]"])
def test_a_hotel_that_does_not_say_where_it_is(line: bytes) -> None:
    with pytest.raises(HotelUnavailable):
        TrainingHotel.from_line(line)
