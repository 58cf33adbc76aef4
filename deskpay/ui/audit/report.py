"""The day report and the handover note as documents, and a document as a PDF file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMarginsF
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPdfWriter, QTextCursor, QTextDocument

from deskpay.domain.day_sheet import Entry
from deskpay.domain.day_totals import DayTotals
from deskpay.services.run_night_queue import RowNews
from deskpay.ui.audit.columns import HouseWords, MatterRow
from deskpay.ui.audit.words import (
    matter_chip,
    means_words,
    method_words,
    next_step,
    row_chip,
    row_words,
    standing_chip,
    standing_words,
    why_words,
)
from deskpay.ui.theme import tokens

_STYLE = """
body { color: #141821; } p, td, th { font-size: 8pt; }
.title { font-size: 15pt; font-weight: 600; } .part { font-size: 11pt; font-weight: 600; }
th { color: #5D6574; } .quiet { color: #5D6574; }
"""


def _said(words: str) -> str:
    return QCoreApplication.translate("AuditReport", words)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a report.

    Args:
        hotel: name.
        day: the business day or shift in words.
        made: when and by whom it was made.
        practice: True in training, so that nobody takes it for a real one.
    """

    hotel: str
    day: str
    made: str
    practice: bool


def _page(title: str, heading: Heading, parts: Sequence[str]) -> str:
    practice = f"<p><b>{escape(_said('PRACTICE, NOT A REPORT'))}</b></p>" if heading.practice else ""
    head = f"<p class='title'>{escape(title)}: {escape(heading.day)}</p>"
    below = f"<p class='quiet'>{escape(heading.hotel)} · {escape(heading.made)}</p>"
    return f"<html><body>{practice}{head}{below}{''.join(parts)}</body></html>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], amounts: frozenset[int]) -> str:
    def cell(tag: str, place: int, words: str) -> str:
        return f"<{tag} align='{'right' if place in amounts else 'left'}'>{escape(words) or '&nbsp;'}</{tag}>"

    head = "".join(cell("th", place, words) for place, words in enumerate(heads))
    body = "".join(f"<tr>{''.join(cell('td', place, words) for place, words in enumerate(row))}</tr>" for row in rows)
    return f"<table width='100%' cellspacing='0' cellpadding='3' border='0'><tr>{head}</tr>{body}</table>"


def day_report(
    heading: Heading, totals: Sequence[DayTotals], entries: Sequence[Entry], picked: str, house: HouseWords
) -> str:
    """Return the report of a day: totals of the rows shown, then the rows.

    Args:
        heading: what stands above it.
        totals: of exactly these rows.
        entries: the rows shown.
        picked: the filters in words; empty where everything is shown.
        house: how the hotel writes.
    """
    shown = _said("Only payments {filters}").format(filters=picked) if picked else _said("All payments")
    parts = [f"<p><b>{escape(shown)}</b></p>"]
    for of in totals:
        rows = [
            (means_words(means), str(heap.count), house.money.show(heap.amount)) for means, heap in of.received.items()
        ]
        rows.append((_said("Given back"), str(of.given_back.count), house.money.show(of.given_back.amount)))
        rows.append((_said("Net"), str(of.net.count), house.money.show(of.net.amount)))
        rows += [
            (
                _said("Not counted: {state}").format(state=standing_words(s)),
                str(heap.count),
                house.money.show(heap.amount),
            )
            for s, heap in of.not_counted.items()
        ]
        parts.append(f"<p class='part'>{escape(of.currency.code)}</p>")
        parts.append(_table((_said("Method"), _said("Count"), _said("Amount")), rows, frozenset({1, 2})))
    heads = (
        _said("Time"),
        _said("Guest"),
        _said("Room"),
        _said("Method"),
        _said("Reference"),
        _said("State"),
        _said("Amount"),
    )
    parts.append(f"<p class='part'>{escape(_said('Payments'))}</p>")
    parts.append(_table(heads, [_entry_cells(entry, house) for entry in entries], frozenset({6})))
    return _page(_said("Day report"), heading, parts)


def _entry_cells(entry: Entry, house: HouseWords) -> tuple[str, ...]:
    clock = house.dates.clock(entry.at_utc) if house.dates is not None else ""
    names = (clock, entry.guest, entry.room, method_words(entry), entry.reference)
    return (*names, standing_chip(entry).words, house.money.show(entry.amount))


def handover_note(heading: Heading, matters: Sequence[MatterRow], house: HouseWords) -> str:
    """Return the note for whoever comes in the morning: each open matter with its next step."""
    if not matters:
        return _page(_said("Handover note"), heading, [f"<p>{escape(_said('Nothing is open.'))}</p>"])
    rows = [
        (
            matter_chip(row.matter).words,
            row.guest,
            row.matter.reference,
            next_step(row.matter),
            house.money.show(row.matter.amount),
        )
        for row in matters
    ]
    heads = (_said("What is open"), _said("Guest"), _said("Reference"), _said("What to do next"), _said("Amount"))
    count = _said("{count} open, the most pressing first").format(count=len(rows))
    table = _table(heads, rows, frozenset({4}))
    return _page(_said("Handover note"), heading, [f"<p><b>{escape(count)}</b></p>", table])


def queue_cells(news: RowNews, guest: str, card: str) -> tuple[str, str, str, str, str]:
    """Return what a table of a queue says of a row, its amount apart."""
    reference = news.record.intent.reference if news.record is not None else ""
    return guest, why_words(news.row.why), card, reference, f"{row_chip(news).words}. {row_words(news)}".strip()


def write_pdf(html: str, path: Path, title: str) -> bool:
    """Write a document as an A4 PDF and tell whether it could be written.

    Args:
        html: of the functions above; what guests and hotels call themselves is escaped in it.
        path: of the file.
        title: of the document.
    """
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("DeskPay")
    print_report(html, writer)
    return path.is_file() and path.stat().st_size > 0


def print_report(html: str, device: QPagedPaintDevice) -> None:
    """Print a document on A4.

    Args:
        html: of the functions above.
        device: a printer or a file.
    """
    size = QPageSize(QPageSize.PageSizeId.A4)
    # The document keeps two centimetres free by itself, and numbers its pages there.
    device.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    document = QTextDocument()
    document.setDefaultFont(tokens().font("body"))
    document.setDefaultStyleSheet(_STYLE)
    QTextCursor(document).insertHtml(html)
    document.print_(device)
