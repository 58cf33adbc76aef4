"""Asking for a printer, without holding up the loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtWidgets import QDialog, QWidget


def ask_printer(parent: QWidget, take: Callable[[QPagedPaintDevice], object]) -> bool:
    """Ask where to print; `take` hears the printer chosen, and nothing where the clerk leaves.

    Args:
        parent: over which the system's dialog lies.
        take: prints.

    Returns:
        False where this computer has no printer, so that nothing was asked.
    """
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

    if not QPrinterInfo.availablePrinterNames():
        return False
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    asking = QPrintDialog(printer, parent)
    asking.accepted.connect(lambda: take(printer))
    asking.finished.connect(asking.deleteLater)
    QDialog.open(asking)
    return True
