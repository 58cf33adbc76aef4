"""Pictures of the night audit, and of the papers and the table that it gives."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QLabel

from deskpay.domain.acquirer import VaultedCard
from deskpay.domain.card import CardFormat, CreditCard, Expiry
from deskpay.domain.day_sheet import Entry, entry_of_intent, entry_of_payment
from deskpay.domain.day_totals import totals_of
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.domain.matters import Matter, MatterKind
from deskpay.domain.night_queue import Candidate, Obstacle, Why
from deskpay.domain.payment import PaymentKind, PaymentMethod, PaymentState
from deskpay.domain.virtual_board import BoardRow, CardStanding, in_order
from deskpay.domain.virtual_card import Guess
from deskpay.ui.audit.audit_view import DIFFERENCES, MATTERS, PAYMENTS, VIRTUAL, AuditView
from deskpay.ui.audit.columns import HouseWords, MatterRow
from deskpay.ui.audit.exports import day_csv
from deskpay.ui.audit.pick_dialog import PickDialog
from deskpay.ui.audit.report import Heading, day_report, handover_note, write_pdf
from deskpay.ui.audit.summary import footer_words, tiles_of
from deskpay.ui.theme import tokens
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords
from tests.kit.intents import GBP, gbp, make_card, make_intent, make_payment, make_record
from tests.shots.house import DAY, HOTEL, MASTERCARD, NOW, at
from tests.shots.scene import Scene
from tests.shots.stage import Stage

WREN = "Wren Copperpot"
_VISA = make_card()
HEADING = Heading(HOTEL.name, "Thu 12 Nov 2026", f"Made Thu 12 Nov 2026, 23:58 by {WREN}", practice=True)
_METHODS = (
    (PaymentMethod.CREDIT_CARD, "", ""),
    (PaymentMethod.CASH, "", ""),
    (PaymentMethod.CREDIT_CARD, "", "Terminal"),
    (PaymentMethod.EXTERNAL, "WireTransfer", ""),
    (PaymentMethod.ALTERNATIVE, "", "PaymentRequest"),
)
_STATES = (PaymentState.CHARGED, PaymentState.CHARGED, PaymentState.CHARGED, PaymentState.FAILED, PaymentState.PENDING)


def _house() -> HouseWords:
    return HouseWords(MoneyWords(), DateWords(HOTEL.zone))


def _ours(number: int) -> IntentRecord:
    intent = replace(make_intent(), reference=f"DP-{number:04d}-VV3K", operator=WREN)
    return make_record(intent, IntentState.SENDING, IntentState.ACCEPTED, IntentState.CONFIRMED)


def day() -> list[Entry]:
    """A day of every way to pay and every state."""
    rows: list[Entry] = []
    for number, guest in enumerate(DAY.in_house):
        method, tender, origin = _METHODS[number % len(_METHODS)]
        moment = at(13 + number // 2, 7 * number % 60)
        back = number == 7
        payment = make_payment(
            id=f"payment-{number}",
            customer_id=guest.customer.id,
            original_amount=gbp(-7_200 if back else 3_100 + 8_125 * number),
            state=PaymentState.PENDING if back else _STATES[number % len(_STATES)],
            kind=PaymentKind.REFUND if back else PaymentKind.PAYMENT,
            method=PaymentMethod.CREDIT_CARD if back else method,
            tender="" if back else tender,
            origin="" if back else origin,
            notes="",
            created_utc=moment,
            charged_utc=moment,
        )
        card = _VISA if payment.method is PaymentMethod.CREDIT_CARD else None
        ours = _ours(number) if number % 2 == 0 else None
        rows.append(entry_of_payment(payment, card, guest.customer.full_name, guest.room, ours))
    unknown = make_record(replace(make_intent(), operator=WREN), IntentState.SENDING, IntentState.UNKNOWN)
    rows.append(entry_of_intent(unknown, gbp(6_400), "312"))
    return sorted(rows, key=lambda row: row.at_utc, reverse=True)


def matters() -> list[MatterRow]:
    """An open matter of every kind."""
    return [
        MatterRow(
            Matter(
                kind=kind,
                id=kind.value,
                customer_id="guest",
                amount=gbp(-7_200 if "refund" in kind.value else 6_400 + 2_150 * number),
                since_utc=at(22 - number, 31, days_ago=number % 3),
                days_left=4 if kind is MatterKind.CHARGEBACK else None,
                reference=f"DP-4R9Y-{number}CFV" if number % 2 == 0 else "",
            ),
            DAY.in_house[number].customer.full_name,
        )
        for number, kind in enumerate(MatterKind)
    ]


def _virtual(number: int) -> CreditCard:
    return make_card(id=f"virtual-{number}", brand=MASTERCARD, format=CardFormat.VIRTUAL)


def board() -> tuple[BoardRow, ...]:
    """A virtual card in every standing."""
    rows: list[BoardRow] = []
    sites = ("Booking.com", "Expedia", "", "Agoda", "Trip.com", "Booking.com", "Expedia")
    for number, standing in enumerate(CardStanding):
        guest = DAY.in_house[number]
        assert guest.reservation is not None
        arrival = NOW.date() + timedelta(days=number - 2)
        tried = standing in {CardStanding.FAILED, CardStanding.UNDER_WAY, CardStanding.CHARGED}
        state = {CardStanding.FAILED: PaymentState.FAILED, CardStanding.UNDER_WAY: PaymentState.PENDING}
        last = (
            make_payment(state=state.get(standing, PaymentState.CHARGED), created_utc=at(6, number)) if tried else None
        )
        guess = Guess(sites[number], arrival + timedelta(days=number % 2), gbp(22_000 + 1_900 * number))
        rows.append(
            BoardRow(
                _virtual(number), guest.customer, guest.reservation, arrival, guess, gbp(1_900 * number), last, standing
            )
        )
    return in_order(rows)


_AGAINST = (
    Obstacle.EXPIRED,
    Obstacle.VIRTUAL_TOO_EARLY,
    Obstacle.NO_CARD,
    Obstacle.GUEST_AWAY,
    Obstacle.LINK_OPEN,
)
_KEPT = VaultedCard("pm_1", "Visa", "0007", Expiry(2030, 12), "")


def candidates() -> Sequence[Candidate]:
    """Somebody who can be charged for each reason, and one for each of the commonest obstacles."""
    against = (None, None, None, *_AGAINST)
    found: list[Candidate] = []
    for number, obstacle in enumerate(against):
        guest = DAY.in_house[number]
        assert guest.reservation is not None
        found.append(
            Candidate(
                why=tuple(Why)[number % 3],
                stay=guest.reservation,
                customer=guest.customer,
                card=None if obstacle in {Obstacle.NO_CARD, Obstacle.GUEST_AWAY} else _VISA,
                kept_elsewhere=_KEPT if obstacle is Obstacle.GUEST_AWAY else None,
                proposed=gbp(14_500 + 2_000 * number),
                obstacles=() if obstacle is None else (obstacle,),
            )
        )
    return found


def _opened(stage: Stage, page: str) -> AuditView:
    stage.show_desk(guest=False)
    stage.desk.set_operator(WREN, "Night auditor")
    stage.desk.show_audit()
    view = stage.desk.audit
    view.house.money, view.house.dates = MoneyWords(), DateWords(HOTEL.zone)
    view.show_day("Thu 12 Nov 2026", "Open until 03:00", ["Whole day", "03:00 to 07:00"], 0, has_next=False)
    rows = day()
    totals = totals_of(rows, GBP)
    view.day_sheet.show_rows(rows)
    view.tiles.show_tiles(tiles_of(totals[0], view.house.money))
    left, net = footer_words(totals, view.house.money)
    view.footer.setText(left)
    view.net.setText(net)
    view.filters.offer(["GBP"], [WREN], gbp(50_000), view.house.money)
    view.filters.count(len(rows))
    view.show_page(page)
    return view


async def _payments(stage: Stage) -> None:
    view = _opened(stage, PAYMENTS)
    view.day_sheet.selectRow(2)
    view.day_sheet.show_order("time", descending=True)


async def _narrowed(stage: Stage) -> None:
    filters = _opened(stage, PAYMENTS).filters
    filters.more.click()
    filters.kind.setCurrentIndex(1)
    filters.least.setText("10")
    filters.most.setText("ten")
    filters.wanted()


async def _calendar(stage: Stage) -> None:
    view = _opened(stage, PAYMENTS)
    view.days.show_day(NOW.date(), NOW.date())
    view.choose_day.click()


async def _matters(stage: Stage) -> None:
    view = _opened(stage, MATTERS)
    view.matter_sheet.show_rows(matters())
    view.progress.setText(f"{len(matters())} open")


async def _board(stage: Stage) -> None:
    view = _opened(stage, VIRTUAL)
    view.virtual_sheet.show_rows(board())
    view.virtual_sheet.selectRow(0)
    view.progress.setText(f"{len(board())} cards around this day")


async def _agreed(stage: Stage) -> None:
    view = _opened(stage, DIFFERENCES)
    view.show_state("Journal and Mews agree", "Every payment of this desk is in Mews as written.")


async def _picking(stage: Stage) -> None:
    view = _opened(stage, PAYMENTS)
    PickDialog(view, candidates(), "Thu 12 Nov 2026", stage.environment, view.house).open()


def _show(stage: Stage, picture: QPixmap) -> None:
    stage.show_desk(guest=False)
    sheet = QLabel(stage.window)
    sheet.setPixmap(picture.scaledToHeight(stage.size[1], Qt.TransformationMode.SmoothTransformation))
    sheet.setAlignment(Qt.AlignmentFlag.AlignCenter)
    sheet.setAutoFillBackground(True)
    sheet.setGeometry(0, 0, *stage.size)
    sheet.show()


def _page_of(html: str, title: str) -> QPixmap:
    """The first page of a report as the file that is written shows it."""
    with tempfile.TemporaryDirectory(prefix="shots-") as folder:
        path = Path(folder) / "report.pdf"
        assert write_pdf(html, path, title)
        pdf = QPdfDocument()
        pdf.load(str(path))
        size = pdf.pagePointSize(0) * 2
        page = pdf.render(0, QSize(round(size.width()), round(size.height())))
        pdf.close()
    paper = QImage(page.size(), QImage.Format.Format_RGB32)
    paper.fill(Qt.GlobalColor.white)
    with QPainter(paper) as painter:
        painter.drawImage(0, 0, page)
    return QPixmap.fromImage(paper)


async def _day_report(stage: Stage) -> None:
    rows = day()
    _show(stage, _page_of(day_report(HEADING, totals_of(rows, GBP), rows, "", _house()), "Day report"))


async def _handover(stage: Stage) -> None:
    _show(stage, _page_of(handover_note(HEADING, matters(), _house()), "Handover note"))


async def _csv(stage: Stage) -> None:
    stage.show_desk(guest=False)
    text = QLabel(day_csv(day(), _house()).replace("\r\n", "\n"), stage.window)
    text.setTextFormat(Qt.TextFormat.PlainText)
    text.setFont(tokens().font("mono"))
    text.setAlignment(Qt.AlignmentFlag.AlignTop)
    text.setMargin(12)
    text.setAutoFillBackground(True)
    text.setGeometry(0, 0, *stage.size)
    text.show()


SCENES = (
    Scene("audit-payments", _payments),
    Scene("audit-narrowed", _narrowed),
    Scene("audit-calendar", _calendar),
    Scene("audit-matters", _matters),
    Scene("audit-virtual-cards", _board),
    Scene("audit-agreed", _agreed),
    Scene("audit-picking", _picking),
    Scene("audit-day-report", _day_report),
    Scene("audit-handover-note", _handover),
    Scene("audit-csv", _csv),
)
