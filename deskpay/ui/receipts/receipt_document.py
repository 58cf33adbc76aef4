"""A receipt as a document, in the guest's language, for a preview, a printer or a PDF file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QTextCursor,
    QTextDocument,
)

from deskpay.domain.receipt import Receipt, ReceiptKind
from deskpay.ui.receipts.paper import Paper
from deskpay.ui.theme import tokens
from deskpay.ui.words.guest_language import GuestLanguage

_MM_PER_POINT = 25.4 / 72
_INK, _QUIET = "#141821", "#5D6574"
_TITLES = {
    ReceiptKind.CHARGED: "receipt",
    ReceiptKind.RECORDED: "recorded_receipt",
    ReceiptKind.REFUNDED: "refund_receipt",
}
_AMOUNTS = {
    ReceiptKind.CHARGED: "paid_title",
    ReceiptKind.RECORDED: "recorded_title",
    ReceiptKind.REFUNDED: "refunded_title",
}
_NOTES = {ReceiptKind.RECORDED: "recorded_note", ReceiptKind.REFUNDED: "refund_note"}
_TENDERS = {"Cash": "cash", "WireTransfer": "transfer"}


@dataclass(frozen=True, slots=True)
class Look:
    """How one receipt is to look.

    Args:
        language: of the guest.
        paper: what it is printed on.
        hotel: name.
        zone: of the hotel.
        with_open: says what is still open.
        with_server: says who served the guest.
        copy: number of the copy, 0 for the first print.
        practice: True outside live connections, so that nobody takes it for a real one.
    """

    language: GuestLanguage
    paper: Paper
    hotel: str
    zone: ZoneInfo
    with_open: bool = True
    with_server: bool = True
    copy: int = 0
    practice: bool = False


def receipt_html(receipt: Receipt, look: Look) -> str:
    """Return the receipt; what guests and hotels call themselves is escaped."""
    say, money = look.language.say, look.language.money
    marks = [say("practice")] if look.practice else []
    marks += [say("copy", number=str(look.copy))] if look.copy else []
    stay = [(say("date"), look.language.moment(receipt.at_utc, look.zone)), (say("guest"), receipt.guest)]
    stay += [(say("room"), receipt.room)] if receipt.room else []
    stay += [(say("confirmation"), receipt.confirmation)] if receipt.confirmation else []
    to = say("refunded_to") if receipt.kind is ReceiptKind.REFUNDED else say("paid_with")
    paid = [(to, _means(receipt, look.language))]
    if look.with_open and receipt.still_open is not None:
        paid.append((say("still_open"), money(receipt.still_open)))
    proof = [(say("receipt_number"), receipt.reference)]
    proof += [(say("payment_id"), receipt.payment_id[:8])] if receipt.payment_id else []
    proof += [(say("served_by"), receipt.served_by)] if look.with_server and receipt.served_by else []
    notes = [say(_NOTES[receipt.kind])] if receipt.kind in _NOTES else []
    notes += [say("not_invoice"), say("thank_you")]
    return "".join(
        (
            *(f"<p align='center'><b>{escape(mark)}</b></p>" for mark in marks),
            f"<p align='center' class='hotel'>{escape(look.hotel)}</p>",
            f"<p align='center'><b>{escape(say(_TITLES[receipt.kind]))}</b></p><hr/>",
            _lines(stay),
            "<hr/>",
            _amount(say(_AMOUNTS[receipt.kind]), money(receipt.amount)),
            _lines(paid),
            "<hr/>",
            _lines(proof),
            "<hr/>",
            *(f"<p align='center' class='quiet'>{escape(note)}</p>" for note in notes),
        )
    )


def _means(receipt: Receipt, language: GuestLanguage) -> str:
    if not receipt.card:
        return language.say(_TENDERS[receipt.tender]) if receipt.tender in _TENDERS else receipt.tender
    if receipt.kind is ReceiptKind.RECORDED:
        return f"{language.say('terminal')} {receipt.card}"
    return f"{receipt.card}, {language.say('card_on_file')}" if receipt.saved_card else receipt.card


def _lines(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td class='quiet'>{escape(name)}</td><td align='right'>{escape(told)}</td></tr>" for name, told in rows
    )
    return f"<table width='100%' cellspacing='0' cellpadding='1'>{cells}</table>"


def _amount(name: str, amount: str) -> str:
    row = f"<tr><td class='sum'>{escape(name)}</td><td class='sum' align='right'>{escape(amount)}</td></tr>"
    return f"<table width='100%' cellspacing='0' cellpadding='1'>{row}</table>"


class ReceiptPage:
    """A receipt laid out on its paper.

    Args:
        receipt: what it says.
        look: how.
    """

    def __init__(self, receipt: Receipt, look: Look) -> None:
        self.words = receipt_html(receipt, look)
        self._paper = look.paper
        self._document = QTextDocument()
        self._document.setDocumentMargin(0)
        self._document.setDefaultFont(tokens().font("body"))
        large = look.paper is Paper.A4
        self._document.setDefaultStyleSheet(
            f"p, td {{ font-size: {9 if large else 8}pt; color: {_INK}; }} .quiet {{ color: {_QUIET}; }} "
            f".hotel {{ font-size: 12pt; font-weight: 600; }} .sum {{ font-size: 13pt; font-weight: 600; }}"
        )
        QTextCursor(self._document).insertHtml(self.words)
        self._document.setTextWidth(self._content_points)

    @property
    def _content_points(self) -> float:
        return (self._paper.width_mm - 2 * self._paper.margin_mm) / _MM_PER_POINT

    @property
    def size_mm(self) -> QSizeF:
        """Of the page."""
        return self._paper.size_mm(self._document.size().height() * _MM_PER_POINT)

    def preview(self, width: int, ratio: float) -> QImage:
        """Return a picture of the page.

        Args:
            width: in device-independent pixels.
            ratio: device pixels in one of them.
        """
        size = self.size_mm
        height = round(width * size.height() / size.width())
        image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(Qt.GlobalColor.white))
        painter = QPainter(image)
        self._paint(painter, width / (size.width() / _MM_PER_POINT))
        painter.end()
        return image

    def print_on(self, device: QPagedPaintDevice) -> bool:
        """Print the page, and tell whether the device took it."""
        size = QPageSize(self.size_mm, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
        device.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Point))
        painter = QPainter()
        if not painter.begin(device):
            return False
        self._paint(painter, device.logicalDpiX() / 72)
        return painter.end()

    def _paint(self, painter: QPainter, pixels_per_point: float) -> None:
        margin = self._paper.margin_mm / _MM_PER_POINT
        height = self._document.size().height()
        room = self.size_mm.height() / _MM_PER_POINT - 2 * margin
        # What a small page has no room for is written smaller rather than cut off.
        fitting = min(1.0, room / height)
        painter.scale(pixels_per_point, pixels_per_point)
        painter.translate(margin + self._content_points * (1 - fitting) / 2, margin)
        painter.scale(fitting, fitting)
        self._document.drawContents(painter, QRectF(0, 0, self._content_points, height))
