"""What leaves the audit as a file: tables for spreadsheets, reports as PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from babel import Locale
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from deskpay.domain.day_sheet import Entry
from deskpay.domain.spreadsheet import Cell, Separators, csv_text
from deskpay.services.run_night_queue import RowNews
from deskpay.ui.audit.columns import HouseWords
from deskpay.ui.audit.report import queue_cells
from deskpay.ui.audit.words import means_words, method_words, standing_chip


def _said(words: str) -> str:
    return QCoreApplication.translate("AuditExports", words)


def separators_of(locale: str) -> Separators:
    """Return how the hotel's region writes tables."""
    return Separators.of(str(Locale.parse(locale).number_symbols["latn"]["decimal"]))


def day_csv(entries: Sequence[Entry], house: HouseWords) -> str:
    """Return the rows of a day as a table: one row each, amount and currency in columns of their own."""
    head = (
        *(_said("Date"), _said("Time"), _said("Guest"), _said("Room"), _said("How it came"), _said("Method")),
        *(_said("Reference"), _said("Taken by"), _said("State"), _said("Counted"), _said("Amount"), _said("Currency")),
        _said("Mews payment"),
    )
    return csv_text(head, [_day_row(entry, house) for entry in entries], separators_of(house.money.locale))


def _day_row(entry: Entry, house: HouseWords) -> tuple[Cell, ...]:
    local = house.dates.local(entry.at_utc) if house.dates is not None else entry.at_utc
    moment = (f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}")
    names = (entry.guest, entry.room, means_words(entry.means), method_words(entry), entry.reference, entry.operator)
    worth = (standing_chip(entry).words, _said("yes") if entry.counted else _said("no"))
    payment_id = entry.payment.id if entry.payment is not None else ""
    return (*moment, *names, *worth, entry.amount, entry.amount.currency.code, payment_id)


def queue_csv(rows: Sequence[RowNews], guests: Mapping[str, str], cards: Mapping[str, str], house: HouseWords) -> str:
    """Return a queue as a table, each row with what came of it."""
    head = (
        _said("Guest"),
        _said("Why"),
        _said("Card"),
        _said("Reference"),
        _said("Result"),
        _said("Amount"),
        _said("Currency"),
    )
    cells = [
        (
            *queue_cells(news, guests.get(news.row.customer_id, ""), cards.get(news.row.credit_card_id, "")),
            news.row.amount,
            news.row.amount.currency.code,
        )
        for news in rows
    ]
    return csv_text(head, cells, separators_of(house.money.locale))


def ask_path(parent: QWidget, title: str, name: str, kind: str, take: Callable[[Path], None]) -> QFileDialog:
    """Ask where to put a file; `take` hears the place, and nothing where the clerk leaves.

    Args:
        parent: over which the dialog lies.
        title: what is saved.
        name: offered file name.
        kind: its ending.
        take: called with the place chosen.
    """
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(kind)
    dialog.setNameFilter(f"*.{kind}")
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda chosen: take(Path(chosen)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
