"""Requests to pay, alternative payments and terminals, against the docs' own samples."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from deskpay.domain.intent import IntentKind
from deskpay.domain.money import Money
from deskpay.domain.payment_request import LinkTerms, PayReason
from deskpay.domain.terminal import Command, CommandState, Terminal
from deskpay.gateways.mews.wire import alternative, payment_requests, terminals
from deskpay.gateways.mews.wire.base import WireError, encode
from tests.kit.fake_hotel import EUR, GBP
from tests.kit.mews import an_intent, vector, vector_answer

REFERENCE = an_intent().reference


def _sample(operation: str) -> dict[str, Any]:
    """The docs' request without identity and without fields that say nothing."""
    request = vector(operation)["request"]
    return {
        name: value
        for name, value in request.items()
        if value is not None and name not in {"ClientToken", "AccessToken", "Client"}
    }


def _out(fields: Any) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(encode(fields), parse_float=Decimal)
    return decoded


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_terminals_are_told_from_other_devices() -> None:
    assert terminals.decode_terminals(vector_answer("devices/getAll")) == []
    devices = {"Devices": [{"Id": "d", "Name": "Reception", "Type": "PaymentTerminal"}]}
    assert terminals.decode_terminals(json.dumps(devices).encode()) == [Terminal("d", "Reception")]


def test_commands_are_under_way_until_a_known_word_ends_them() -> None:
    (row,) = terminals.decode_commands(vector_answer("commands/getAllByIds")).rows
    assert row == Command("aa20961f-6d9e-4b35-ad25-071213530aec", CommandState.UNDER_WAY)
    for word, state in (
        ("Processed", CommandState.PROCESSED),
        ("Cancelled", CommandState.CANCELLED),
        ("Error", CommandState.ERROR),
        ("Rebooting", CommandState.UNDER_WAY),
    ):
        body = json.dumps({"Commands": [{"Id": "c", "State": word}]}).encode()
        assert terminals.decode_commands(body).rows == [Command("c", state)]


def test_an_alternative_payment_tells_where_to_go_on() -> None:
    assert alternative.decode_alternative(vector_answer("payments/addAlternative")) == (
        "3ae3976f-8f22-4936-a4e8-abf800bd7278",
        "https://sample-payment-gateway.com/redirect/authenticate/unFR1tjshd9OGDaSSyCeVEbO",
    )
    for action in (None, {"Discriminator": "CallSomebody", "Value": "x"}):
        body = json.dumps({"PaymentId": "p", "NextAction": action}).encode()
        assert alternative.decode_alternative(body) == ("p", "")


def test_a_pay_link_is_the_sample_with_reference_and_language() -> None:
    sample = _sample("paymentRequests/add")
    (asked,) = sample["PaymentRequests"]
    link = LinkTerms(
        PayReason.CARD_MISSING, _utc("2023-02-20 12:00:00"), asked["Description"], by_email=True, language="de-DE"
    )
    intent = an_intent(
        IntentKind.PAY_LINK,
        customer_id=asked["AccountId"],
        enterprise_id=sample["EnterpriseId"],
        amount=Money(1040, EUR),
        note=asked["Notes"],
        reservation_id=asked["ReservationId"],
        bill_id=asked["BillId"],
        link=link,
    )
    asked["Notes"] += f" · {REFERENCE}"
    sample |= {"LanguageCode": "de-DE", "CultureCode": "de-DE"}
    assert _out(payment_requests.encode_pay_link(intent)) == sample


def test_a_withdrawal_is_the_sample() -> None:
    sample = _sample("paymentRequests/cancel")
    assert _out(payment_requests.encode_cancel(sample["PaymentRequestIds"][0])) == sample


def test_an_alternative_payment_is_the_sample_in_the_form_of_today() -> None:
    sample = _sample("payments/addAlternative")
    intent = an_intent(
        IntentKind.ALTERNATIVE, customer_id=sample["CustomerId"], amount=Money(10000, GBP), tender=sample.pop("Method")
    )
    sample["Amount"]["TaxCodes"] = []
    sample["Data"] = {"Discriminator": "Ideal", "Ideal": {"RedirectUrl": sample.pop("RedirectUrl")}}
    assert _out(alternative.encode_alternative(intent, "https://mews.com", gross_pricing=True)) == sample
    plain = an_intent(IntentKind.ALTERNATIVE, tender="ApplePay")
    sent = _out(alternative.encode_alternative(plain, "https://mews.com", gross_pricing=True))
    assert sent["Data"] == {"Discriminator": "ApplePay"}


def test_an_order_to_a_terminal_is_the_sample() -> None:
    sample = _sample("commands/addPaymentTerminal")
    intent = an_intent(
        IntentKind.TERMINAL,
        customer_id=sample["CustomerId"],
        amount=Money(23000, EUR),
        terminal_id=sample["TerminalId"],
    )
    assert _out(terminals.encode_order(intent)) == sample


def test_answers_name_what_was_made() -> None:
    link_id = payment_requests.decode_pay_link(vector_answer("paymentRequests/add"))
    assert link_id == "6282d17b-a068-4a9f-83d3-afae00c39bfb"
    assert terminals.decode_order(vector_answer("commands/addPaymentTerminal")).startswith("2391a3df")
    with pytest.raises(WireError):
        payment_requests.decode_pay_link(b'{"PaymentRequests": []}')


def test_an_intent_that_lacks_something_is_not_encoded() -> None:
    bare = an_intent()
    with pytest.raises(ValueError, match="the intent has no"):
        payment_requests.encode_pay_link(bare)
    with pytest.raises(ValueError, match="the intent has no"):
        alternative.encode_alternative(bare, "", gross_pricing=True)
    with pytest.raises(ValueError, match="the intent has no"):
        terminals.encode_order(bare)
