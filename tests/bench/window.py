"""From the start of the process to the first picture of the window, against a window of Qt with nothing in it.

Both find their byte code ready, as an installed program does.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from tests.kit.source import ROOT

ROUNDS = 5

WATCH = """
import os, sys, time
from PySide6.QtCore import QEvent, QObject
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            sys.stdout.write(str(time.monotonic()))
            sys.stdout.flush()
            os._exit(0)
        return False
watch = Watch()
"""

EMPTY = (
    WATCH
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication(["empty"])
window = QMainWindow()
window.resize(1280, 800)
window.installEventFilter(watch)
window.show()
application.exec()
"""
)

OURS = (
    """
from deskpay.app import cli
from deskpay.ui.cards.capture.environment import clean_environment
clean_environment()
import deskpay.settings
"""
    + WATCH
    + """
from deskpay.ui import main_window
class Watched(main_window.MainWindow):
    def __init__(self, *words):
        super().__init__(*words)
        self.installEventFilter(watch)
main_window.MainWindow = Watched
sys.exit(cli.main([]))
"""
)


def first_window() -> tuple[float, float]:
    """Return seconds to DeskPay's window and to an empty one: medians of runs that take turns."""
    ours, empty = list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "DESKPAY_DATA_FOLDER": folder,
            "PYTHONPYCACHEPREFIX": folder,
            "PYTHONDONTWRITEBYTECODE": "",
        }
        for _ in range(1 + ROUNDS):
            empty.append(_took(EMPTY, environment))
            ours.append(_took(OURS, environment))
    return statistics.median(ours[1:]), statistics.median(empty[1:])


def _took(code: str, environment: dict[str, str]) -> float:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, timeout=60
    )
    return float(done.stdout) - began
