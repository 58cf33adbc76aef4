"""The process attacked from its environment: no debugging port, no keys on the disk, no dumps, no tokens told."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deskpay.app.training import TrainingProcess
from tests.kit.hotel import ROOT
from tests.kit.loops import CoroutineRunner

UNGUARDED = """
import sys
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWidgets import QApplication
application = QApplication(sys.argv)
page = QWebEnginePage()
page.load(QUrl("about:blank"))
QTimer.singleShot(6000, application.quit)
getattr(application, "exec")()
"""
"""A browser as Qt makes it, which shows that the attack would work."""

PATIENCE_S = 60.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.2):
            return True
    except OSError:
        return False


def attacked(command: list[str], port: int, keys: Path, *, until_open: bool) -> tuple[bool, list[str], int]:
    """Run `command` in a hostile environment; return whether the port opened, what its core limit was, and its end."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QTWEBENGINE_REMOTE_DEBUGGING": str(port),
        "QTWEBENGINE_CHROMIUM_FLAGS": f"--remote-debugging-port={port} --disable-gpu",
        "SSLKEYLOGFILE": str(keys),
        "QT_PLUGIN_PATH": str(keys.parent),
    }
    opened, limits = False, set[str]()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        end_s = time.monotonic() + PATIENCE_S
        while process.poll() is None and time.monotonic() < end_s and not (opened and until_open):
            opened = opened or answers(port)
            limits |= core_limits(process.pid)
            os.sched_yield()
        process.kill()
    return opened, sorted(limits), process.returncode


def core_limits(pid: int) -> set[str]:
    try:
        lines = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    return {" ".join(line.split()[4:6]) for line in lines if line.startswith("Max core file size")}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_variable_opens_a_debugging_port_or_logs_keys(tmp_path: Path) -> None:
    port = free_port()
    opened, _, _ = attacked([sys.executable, "-c", UNGUARDED], port, tmp_path / "unguarded", until_open=True)
    assert opened, "without the guard the same environment opens the port"
    port = free_port()
    guarded = [sys.executable, "-m", "deskpay", "doctor", "--engine"]
    opened, limits, code = attacked(guarded, port, tmp_path / "keys", until_open=False)
    assert (opened, code) == (False, 0)
    assert limits[0] == "0 0"
    assert not (tmp_path / "keys").exists()
    # Qt reads arguments too; ours do not reach it.
    refused = [sys.executable, "-m", "deskpay", "demo", "--webEngineArgs", f"--remote-debugging-port={port}"]
    opened, _, code = attacked(refused, port, tmp_path / "keys", until_open=False)
    assert (opened, code) == (False, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_token_stands_in_the_list_of_processes(run_plain: CoroutineRunner) -> None:
    async def story() -> tuple[str, bytes]:
        process = TrainingProcess()
        try:
            hotel = await process.ready()
            told = Path(f"/proc/{process._process.pid}")
            return hotel.access_token, (told / "cmdline").read_bytes() + (told / "environ").read_bytes()
        finally:
            await process.stop()

    token, told = run_plain(story())
    assert b"sandbox" in told
    assert token.encode() not in told
