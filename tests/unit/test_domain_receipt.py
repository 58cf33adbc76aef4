"""Receipts: of what, and when."""

import pytest

from deskpay.domain.errors import NotAllowed
from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.domain.receipt import ReceiptKind, has_receipt, receipt_of
from tests.kit.intents import gbp, make_intent, make_record

S = IntentState
DONE = (S.SENDING, S.ACCEPTED, S.CONFIRMED)


def done(kind: IntentKind = IntentKind.CHARGE, **changed: str) -> IntentRecord:
    return make_record(make_intent(1, kind=kind, **changed), *DONE)


@pytest.mark.parametrize(
    ("kind", "proves"),
    [
        (IntentKind.CHARGE, ReceiptKind.CHARGED),
        (IntentKind.PAY_LINK, ReceiptKind.CHARGED),
        (IntentKind.TERMINAL, ReceiptKind.CHARGED),
        (IntentKind.RECORD_CARD, ReceiptKind.RECORDED),
        (IntentKind.RECORD_EXTERNAL, ReceiptKind.RECORDED),
        (IntentKind.REFUND, ReceiptKind.REFUNDED),
    ],
)
def test_a_receipt_says_what_was_done(kind: IntentKind, proves: ReceiptKind) -> None:
    receipt = receipt_of(done(kind), "214", "48213", gbp(0))
    assert receipt.kind is proves
    assert receipt.saved_card is (kind is IntentKind.CHARGE)
    assert (receipt.card, receipt.tender) == ("Visa •••• 1111", "")
    assert (receipt.amount, receipt.room, receipt.confirmation) == (gbp(31_240), "214", "48213")


def test_money_that_came_without_a_card_names_its_way() -> None:
    receipt = receipt_of(done(IntentKind.RECORD_EXTERNAL, subject="Cash", tender="Cash"), "", "")
    assert (receipt.card, receipt.tender) == ("", "Cash")
    assert receipt_of(done(IntentKind.RECORD_EXTERNAL, subject="Voucher"), "", "").tender == "Voucher"


@pytest.mark.parametrize(
    "way",
    [
        (),
        (S.SENDING,),
        (S.SENDING, S.ACCEPTED),
        (S.SENDING, S.UNKNOWN),
        (S.SENDING, S.UNKNOWN, S.RESOLVED),
        (S.SENDING, S.ACCEPTED, S.DECLINED),
        (S.SENDING, S.NOT_SENT),
    ],
)
def test_a_receipt_waits_until_the_money_s_end_is_known(way: tuple[IntentState, ...]) -> None:
    record = make_record(make_intent(), *way)
    assert not has_receipt(record)
    with pytest.raises(NotAllowed):
        receipt_of(record, "", "")


def test_a_saved_card_has_no_receipt() -> None:
    record = done(IntentKind.SAVE_CARD)
    assert not has_receipt(record)
    with pytest.raises(NotAllowed):
        receipt_of(record, "", "")
