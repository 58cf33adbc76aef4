"""Which row in the hotel's books is the one that a lost answer was about: proven, or a person judges."""

import pytest

from deskpay.domain.adoption import Finding, find_card, find_payment, find_recorded, payment_candidates
from deskpay.domain.card import CardKind
from deskpay.domain.intent import Intent, IntentKind
from deskpay.domain.money import Money
from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod, PaymentState
from tests.kit.intents import EUR, gbp, make_card, make_intent, make_payment

CHARGE = make_intent(baseline=frozenset({"payment-9"}))
MINE = f"Minibar · {CHARGE.reference}"
EXTERNAL = make_intent(kind=IntentKind.RECORD_EXTERNAL, credit_card_id=None)
SLIP = make_intent(kind=IntentKind.RECORD_CARD, credit_card_id=None)
REFUND = make_intent(kind=IntentKind.REFUND, payment_id="p", amount=gbp(500), credit_card_id=None)
BACK = {"kind": PaymentKind.REFUND, "amount": gbp(-500)}
CASH = {"method": PaymentMethod.CASH, "credit_card_id": None}

LOOKS: dict[str, tuple[Intent, list[Payment], Finding]] = {
    "an empty account": (CHARGE, [], Finding.NOTHING),
    "one with our reference": (CHARGE, [make_payment(1, notes=MINE)], Finding.ONE),
    "one that failed, with our reference": (
        CHARGE,
        [make_payment(1, notes=MINE, state=PaymentState.FAILED)],
        Finding.ONE,
    ),
    "one among strangers' references": (
        CHARGE,
        [make_payment(1, notes=MINE), make_payment(2, notes="DP-AAAA-AAAA")],
        Finding.ONE,
    ),
    "two with our reference": (CHARGE, [make_payment(n, notes=MINE) for n in (1, 2)], Finding.UNCLEAR),
    "one that was there before": (CHARGE, [make_payment(9, notes=MINE)], Finding.NOTHING),
    "one without a reference": (CHARGE, [make_payment(1)], Finding.UNCLEAR),
    "one of another intent": (CHARGE, [make_payment(1, notes="DP-AAAA-AAAA")], Finding.NOTHING),
    "one of another guest": (CHARGE, [make_payment(1, customer_id="else", notes=MINE)], Finding.NOTHING),
    "another amount without a reference": (CHARGE, [make_payment(1, amount=gbp(1))], Finding.NOTHING),
    "another currency without a reference": (CHARGE, [make_payment(1, amount=Money(31_240, EUR))], Finding.NOTHING),
    "another card without a reference": (CHARGE, [make_payment(1, credit_card_id="c2")], Finding.NOTHING),
    "cash in place of a card": (CHARGE, [make_payment(1, **CASH)], Finding.NOTHING),
    "a slip": (SLIP, [make_payment(1, notes=MINE, credit_card_id="terminal")], Finding.ONE),
    "an external one by its notes": (EXTERNAL, [make_payment(1, notes=MINE, **CASH)], Finding.ONE),
    "an external one by its identifier": (
        EXTERNAL,
        [make_payment(1, external_identifier=CHARGE.reference, **CASH)],
        Finding.ONE,
    ),
    "a card in place of an external one": (EXTERNAL, [make_payment(1)], Finding.NOTHING),
    "one refund": (REFUND, [make_payment(1, **BACK)], Finding.ONE),
    "one refund through the API": (REFUND, [make_payment(1, origin="Api", **BACK)], Finding.ONE),
    "one refund by a colleague": (REFUND, [make_payment(1, origin="Operations", **BACK)], Finding.UNCLEAR),
    "one refund with another reference": (REFUND, [make_payment(1, notes="DP-AAAA-AAAA", **BACK)], Finding.UNCLEAR),
    "two equal refunds": (REFUND, [make_payment(n, **BACK) for n in (1, 2)], Finding.UNCLEAR),
    "no refund but a payment": (REFUND, [make_payment(1, amount=gbp(500))], Finding.NOTHING),
    "a refund of another amount": (REFUND, [make_payment(1, **(BACK | {"amount": gbp(-501)}))], Finding.NOTHING),
    "one with our reference and a surcharge": (CHARGE, [make_payment(1, notes=MINE, amount=gbp(1))], Finding.UNCLEAR),
    "one with our reference, converted": (
        CHARGE,
        [make_payment(1, notes=MINE, amount=Money(31_240, EUR))],
        Finding.UNCLEAR,
    ),
    "one that failed, without a reference": (CHARGE, [make_payment(1, state=PaymentState.FAILED)], Finding.NOTHING),
    "a refund to the card that paid": (
        make_intent(kind=IntentKind.REFUND, amount=gbp(500)),
        [make_payment(1, **BACK)],
        Finding.ONE,
    ),
    "a refund to another card": (
        make_intent(kind=IntentKind.REFUND, amount=gbp(500)),
        [make_payment(1, **BACK, credit_card_id="c2")],
        Finding.UNCLEAR,
    ),
}


@pytest.mark.parametrize("case", LOOKS)
def test_only_a_proven_match_is_adopted(case: str) -> None:
    intent, payments, finding = LOOKS[case]
    verdict = find_payment(intent, payments)
    assert verdict.finding is finding
    assert verdict.payment == (payments[0] if finding is Finding.ONE else None)
    assert verdict.credit_card_id is None


def test_a_refund_that_bears_another_reference_is_for_people_to_judge() -> None:
    theirs = make_payment(1, notes="DP-AAAA-AAAA", **BACK)
    assert [candidate.payment for candidate in payment_candidates(REFUND, [theirs])] == [theirs]
    assert payment_candidates(CHARGE, [make_payment(1, notes="DP-AAAA-AAAA")]) == ()


def test_a_new_card_is_the_one_that_was_saved() -> None:
    intent = make_intent(kind=IntentKind.SAVE_CARD, baseline=frozenset({"card-1"}))
    old, new, other, deleted = make_card(1), make_card(2), make_card(3), make_card(4, active=False)
    found = find_card(intent, [old, new, deleted])
    assert (found.finding, found.credit_card_id, found.payment) == (Finding.ONE, "card-2", None)
    assert find_card(intent, [old, deleted]).finding is Finding.NOTHING
    unclear = find_card(intent, [old, new, other])
    assert (unclear.finding, unclear.credit_card_id) == (Finding.UNCLEAR, None)
    assert find_card(intent, [make_card(5, kind=CardKind.UNKNOWN)]).finding is Finding.ONE
    assert find_card(intent, [old, new, make_card(6, kind=CardKind.TERMINAL)]).credit_card_id == "card-2"


def test_looking_for_the_payment_of_a_saved_card_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="no payment"):
        find_payment(make_intent(kind=IntentKind.SAVE_CARD), [make_payment(1)])


def test_a_recorded_payment_is_told_by_its_card_row_or_by_its_own_id() -> None:
    mine, other = make_payment(1, credit_card_id="row"), make_payment(2, credit_card_id="row")
    assert find_recorded(SLIP, "row", [mine, make_payment(3)]) is mine
    assert find_recorded(SLIP, "payment-1", [mine, other]) is mine
    assert find_recorded(SLIP, "row", [mine, other]) is None
    theirs = make_payment(2, credit_card_id="row", notes="DP-AAAA-AAAA")
    assert find_recorded(SLIP, "row", [theirs]) is None
    assert find_recorded(SLIP, "row", [mine, theirs]) is mine
    marked = make_payment(4, credit_card_id="row", notes=MINE)
    assert find_recorded(SLIP, "row", [mine, marked, other]) is marked
    assert find_recorded(SLIP, "row", [make_payment(1, credit_card_id="row", customer_id="else")]) is None
    assert find_recorded(make_intent(baseline=frozenset({"payment-1"})), "row", [mine]) is None
