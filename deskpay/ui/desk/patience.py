"""A short wait before showing that something is waited for: a quick answer then shows no shape first."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

PATIENCE_MS = 300


class Patience(QObject):
    """One wait at a time. `ended` is emitted when it ran out before `stop`. No timer exists outside of a wait."""

    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer: QTimer | None = None

    @property
    def waiting(self) -> bool:
        """True between `begin` and `stop` or the end."""
        return self._timer is not None

    def begin(self) -> None:
        """Wait anew, from now on."""
        self.stop()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start(PATIENCE_MS)

    def stop(self) -> None:
        """End the wait without a word."""
        if self._timer is not None:
            self._timer.stop()
            self._timer.deleteLater()
            self._timer = None

    def _on_timeout(self) -> None:
        self.stop()
        self.ended.emit()
