"""Pictures of receipts: three papers, three kinds, and a copy in another language."""

from dataclasses import replace

from deskpay.domain.receipt import Receipt, ReceiptKind
from deskpay.ui.receipts.paper import Paper
from deskpay.ui.receipts.receipt_dialog import ReceiptDialog
from deskpay.ui.receipts.receipt_document import Look
from deskpay.ui.words.guest_language import guest_language
from deskpay.ui.words.money import MoneyWords
from tests.kit.intents import gbp
from tests.shots.house import CLERK, HOTEL, REFERENCE, at
from tests.shots.scene import Scene
from tests.shots.stage import Stage

CHARGED = Receipt(
    kind=ReceiptKind.CHARGED,
    amount=gbp(31_240),
    card="Visa •••• 1111",
    tender="",
    saved_card=True,
    at_utc=at(14, 32),
    guest="Ottoline Pepperwick",
    room="214",
    confirmation="48213",
    reference=REFERENCE,
    payment_id="98f677ab-2d53-4c1e-9d1e-4c7b0c2f9a11",
    served_by=CLERK,
    still_open=gbp(0),
)
_RECORDED = replace(CHARGED, kind=ReceiptKind.RECORDED, card="Mastercard •••• 4444", saved_card=False)
_REFUNDED = replace(CHARGED, kind=ReceiptKind.REFUNDED, amount=gbp(18_000), saved_card=False, still_open=None)


def _show(stage: Stage, receipt: Receipt, paper: Paper, language: str = "en", copy: int = 0) -> None:
    stage.show_desk()
    look = Look(guest_language(language), paper, HOTEL.name, HOTEL.zone, copy=copy, practice=True)
    ReceiptDialog(stage.window, receipt, look, stage.environment, MoneyWords()).open()


async def _roll(stage: Stage) -> None:
    _show(stage, CHARGED, Paper.ROLL)


async def _a6(stage: Stage) -> None:
    _show(stage, CHARGED, Paper.A6, "de", copy=1)


async def _a4(stage: Stage) -> None:
    _show(stage, _REFUNDED, Paper.A4)


async def _recorded(stage: Stage) -> None:
    _show(stage, _RECORDED, Paper.ROLL)


SCENES = (
    Scene("receipt-roll", _roll),
    Scene("receipt-a6-copy", _a6),
    Scene("receipt-refund-a4", _a4),
    Scene("receipt-recorded", _recorded),
)
