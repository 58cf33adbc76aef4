"""The audit's board of virtual cards as it is read and heard, and its papers at a printer."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from deskpay.domain.virtual_board import CardStanding
from deskpay.ui.audit.audit_view import VIRTUAL, AuditView
from deskpay.ui.audit.columns import HouseWords
from deskpay.ui.audit.report import handover_note, print_report
from deskpay.ui.audit.virtual_columns import say_virtual, virtual_columns
from deskpay.ui.printing import ask_printer
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from tests.shots.house import HOTEL
from tests.shots.night import HEADING, board, matters

HOUSE = HouseWords(MoneyWords(), DateWords(HOTEL.zone))


@pytest.mark.usefixtures("qapp")
def test_a_guess_is_called_one_and_the_last_try_told() -> None:
    rows = {row.standing: row for row in board()}
    say = say_virtual(HOUSE)
    told = say(rows[CardStanding.FAILED])
    for words in ("Tried in vain", "a guess: works from Tue 10 Nov", "a guess: carries £220.00", "06:00, declined"):
        assert words in told
    nothing = say(replace(rows[CardStanding.OPEN], guess=None))
    assert "a guess" not in nothing
    assert "Never tried" in nothing
    cells = [column.words(replace(rows[CardStanding.OPEN], guess=None)) for column in virtual_columns(HOUSE)]
    assert cells[4:8] == ["Unknown", "", "", "Never tried"]
    assert [column.words(rows[CardStanding.OPEN]) for column in virtual_columns(HouseWords(MoneyWords()))][2] == ""


def test_the_guest_of_a_virtual_card_is_shown_by_enter(qtbot: QtBot) -> None:
    view = AuditView()
    qtbot.addWidget(view)
    asked: list[str] = []
    view.guest_requested.connect(asked.append)
    view.virtual_sheet.show_rows(board())
    view.show_page(VIRTUAL)
    assert not view.guest_button.isEnabled()
    view.virtual_sheet.selectRow(1)
    assert view.guest_button.isEnabled()
    view.virtual_sheet.opened.emit()
    assert asked == [board()[1].customer.id]


def test_a_report_goes_to_the_printer_that_is_chosen(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["Office"])
    printed: list[QPrinter] = []

    def take(printer: object) -> None:
        assert isinstance(printer, QPrinter)
        printer.setOutputFileName(str(tmp_path / "note.pdf"))
        print_report(handover_note(HEADING, matters(), HOUSE), printer)
        printed.append(printer)

    assert ask_printer(window, take)
    (asking,) = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QPrintDialog)]
    assert asking.isVisible()
    asking.accepted.emit(asking.printer())
    asking.done(0)
    assert len(printed) == 1
    assert (tmp_path / "note.pdf").read_bytes().startswith(b"%PDF")


def test_without_a_printer_nothing_is_asked(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    assert not ask_printer(window, lambda _printer: pytest.fail("printed"))
