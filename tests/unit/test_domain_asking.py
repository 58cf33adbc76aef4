"""Asking a guest to pay: what a lost answer was about, what warns before other acts, and where guests may be sent."""

from datetime import timedelta
from typing import Any

import pytest

from deskpay.domain.adoption import Finding, find_payment, find_request, find_taken, request_candidates
from deskpay.domain.environment import Environment
from deskpay.domain.errors import Hand
from deskpay.domain.guest_address import MAX_LENGTH, guest_address
from deskpay.domain.intent import IntentKind, IntentState
from deskpay.domain.payment import Payment, PaymentMethod
from deskpay.domain.payment_request import PaymentRequest, PaymentRequestState
from deskpay.domain.repeat import find_repeats
from tests.kit.intents import NOW, gbp, make_intent, make_payment, make_record

S = IntentState
LINK = make_intent(kind=IntentKind.PAY_LINK, baseline=frozenset({"request-9"}))
OURS = f"· {LINK.reference}"
IDEAL = make_intent(kind=IntentKind.ALTERNATIVE, tender="Ideal", credit_card_id=None)
TERMINAL = make_intent(kind=IntentKind.TERMINAL, credit_card_id=None)
AT_TERMINAL = {"origin": "Terminal", "credit_card_id": None}
BY_IDEAL = {"method": PaymentMethod.ALTERNATIVE, "credit_card_id": None}


def a_request(number: int = 1, **changed: Any) -> PaymentRequest:
    fields: dict[str, Any] = {
        "id": f"request-{number}",
        "customer_id": "guest-1",
        "reservation_id": None,
        "amount": gbp(31_240),
        "state": PaymentRequestState.PENDING,
        "takes_money": True,
        "notes": "",
        "created_utc": NOW,
        "expires_utc": NOW + timedelta(days=2),
    }
    return PaymentRequest(**(fields | changed))


@pytest.mark.parametrize(
    ("requests", "finding"),
    [
        ([], Finding.NOTHING),
        ([a_request(1, notes=OURS)], Finding.ONE),
        ([a_request(1, notes=OURS, state=PaymentRequestState.CANCELED)], Finding.ONE),
        ([a_request(1, notes=OURS), a_request(2, notes="DP-AAAA-AAAA"), a_request(3)], Finding.ONE),
        ([a_request(1, notes=OURS), a_request(2, notes=OURS)], Finding.UNCLEAR),
        ([a_request(1, notes=OURS, amount=gbp(1))], Finding.UNCLEAR),
        ([a_request(9, notes=OURS)], Finding.NOTHING),
        ([a_request(1)], Finding.UNCLEAR),
        ([a_request(1, state=PaymentRequestState.EXPIRED)], Finding.NOTHING),
        ([a_request(1, amount=gbp(1))], Finding.NOTHING),
        ([a_request(1, notes="DP-AAAA-AAAA")], Finding.NOTHING),
        ([a_request(1, customer_id="else", notes=OURS)], Finding.NOTHING),
    ],
)
def test_a_lost_link_is_found_by_its_reference_or_judged(requests: list[PaymentRequest], finding: Finding) -> None:
    verdict = find_request(LINK, requests)
    assert verdict.finding is finding
    assert verdict.outcome_id == ("request-1" if finding is Finding.ONE else None)
    assert verdict.lives


def test_people_choose_among_requests_that_could_be_it() -> None:
    rows = [a_request(1, notes=OURS), a_request(2), a_request(3, notes="DP-AAAA-AAAA"), a_request(4, amount=gbp(1))]
    assert [(found.id, found.ours) for found in request_candidates(LINK, rows)] == [
        ("request-1", True),
        ("request-2", False),
    ]


@pytest.mark.parametrize(
    ("payments", "finding"),
    [
        ([make_payment(1, **BY_IDEAL)], Finding.ONE),
        ([make_payment(1, origin="Api", **BY_IDEAL)], Finding.ONE),
        ([make_payment(1, origin="OnlineCheckout", **BY_IDEAL)], Finding.UNCLEAR),
        ([make_payment(n, **BY_IDEAL) for n in (1, 2)], Finding.UNCLEAR),
        ([make_payment(1, amount=gbp(1), **BY_IDEAL)], Finding.NOTHING),
        ([make_payment(1)], Finding.NOTHING),
    ],
)
def test_an_alternative_payment_has_no_reference_so_exactly_one_equal_is_it(
    payments: list[Payment], finding: Finding
) -> None:
    assert find_payment(IDEAL, payments).finding is finding


@pytest.mark.parametrize(
    ("payment", "fits"),
    [
        (make_payment(1, **AT_TERMINAL), True),
        (make_payment(1, origin="", credit_card_id=None), True),
        (make_payment(1, origin="Operations"), False),
        (make_payment(1, origin="Terminal", amount=gbp(1)), False),
    ],
)
def test_what_a_terminal_took_after_a_lost_answer_is_for_people_to_judge(payment: Payment, *, fits: bool) -> None:
    assert find_payment(TERMINAL, [payment]).finding is (Finding.UNCLEAR if fits else Finding.NOTHING)
    assert find_taken(TERMINAL, [payment]) == ((payment,) if fits else ())


def test_the_oldest_comes_first() -> None:
    late, early = make_payment(1, **AT_TERMINAL), make_payment(2, created_utc=NOW, **AT_TERMINAL)
    assert find_taken(TERMINAL, [late, early]) == (early, late)
    charged = make_payment(3, notes="DP-AAAA-AAAA")
    assert find_taken(TERMINAL, [charged]) == (), "what bears a reference is another act of ours"


@pytest.mark.parametrize("kind", [kind for kind in IntentKind if kind.asks_guest])
def test_what_waits_for_the_guest_warns_and_blocks_nothing(kind: IntentKind) -> None:
    sent, waiting = (make_record(make_intent(kind=kind), *states) for states in ((S.SENDING,), (S.SENDING, S.ACCEPTED)))
    assert sent.holds_claim
    assert not waiting.holds_claim

    def repeats(amount: int, guest: str = "guest-1", **seen: Any) -> list[tuple[Hand, bool, bool, int]]:
        found = find_repeats(gbp(amount), (), seen.get("requests", ()), (sent, waiting), guest, NOW)
        return [(r.hand, r.open_request, r.final, r.minutes_ago) for r in found]

    hand = Hand.TERMINAL if kind is IntentKind.TERMINAL else Hand.LINK
    assert repeats(31_240) == [(hand, True, False, 0)]
    assert repeats(500) == []
    assert repeats(31_240, "else") == []


def test_an_open_link_that_the_books_show_is_told_once() -> None:
    record = make_record(make_intent(kind=IntentKind.PAY_LINK), S.SENDING)
    link = record.moved(make_record(record.intent, S.SENDING, S.ACCEPTED).events[-1])
    known = type(link)(
        link.intent,
        (
            *link.events[:-1],
            type(link.events[-1])(
                state=S.ACCEPTED, at_utc=NOW, evidence=link.events[-1].evidence, outcome_id="request-1"
            ),
        ),
    )
    assert len(find_repeats(gbp(31_240), (), [a_request(1)], [known], "guest-1", NOW)) == 1


@pytest.mark.parametrize(
    ("text", "live", "training"),
    [
        ("https://pay.example.com/r/unFR1tjs?x=1", True, False),
        ("http://pay.example.com/r", False, False),
        ("https://pay.example.com:8443/r", True, False),
        ("https://pay.example.com:port/r", False, False),
        ("https://user@pay.example.com/", False, False),
        ("https://10.0.0.1/r", False, False),
        ("https://2130706433/r", False, False),
        ("https://0177.1/r", False, False),
        ("https://intranet/r", False, False),
        ("https://x.localhost/r", False, False),
        ("https:///r", False, False),
        ("https://[::1]/r", False, True),
        ("https://[bad/r", False, False),
        ("http://127.0.0.1:4123/pay/1", False, True),
        ("http://localhost:4123/pay/1", False, True),
        ("javascript:alert(1)", False, False),
        ("file:///etc/passwd", False, False),
        ("https://pay.example.com/a b", False, False),
        ("https://pay.example.com/\u202etxt", False, False),
        ("https://pay.example.com/" + "x" * MAX_LENGTH, False, False),
        ("", False, False),
    ],
)
def test_guests_are_sent_nowhere_but_to_a_safe_address(text: str, *, live: bool, training: bool) -> None:
    assert guest_address(text, Environment.LIVE) == (text if live else None)
    assert guest_address(text, Environment.DEMO) == (text if live else None)
    assert guest_address(text, Environment.TRAINING) == (text if training else None)
