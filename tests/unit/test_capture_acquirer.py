"""The page of card fields of our own, and the pane with a bank's page: where each may go, and what each may tell."""

import json
import re

import pytest

from deskpay.domain.environment import Environment
from deskpay.ui.cards.capture.bank_policy import RETURN_ADDRESS, is_return, may_open, may_visit
from deskpay.ui.cards.capture.code_call import CodeCall
from deskpay.ui.cards.capture.host_page import HostPage
from deskpay.ui.cards.capture.origin import ForbiddenPayHost, PayHost, acquirer_origin
from deskpay.ui.cards.capture.own_page import METHOD_REFERENCE, OwnFields
from deskpay.ui.cards.capture.policy import NavigationPolicy
from deskpay.ui.cards.capture.returns import Done, parse

LIVE, TRAINING = Environment.LIVE, Environment.TRAINING
HERE = PayHost("http", "127.0.0.1", 41234)
NONCE = "n" * 32
DONE = f"deskpay://capture/done?n={NONCE}&"


def page(card_id: str = "", fields: OwnFields | None = None) -> HostPage:
    render = (fields or OwnFields("/paymongo", CodeCall.PATCH)).of(card_id)
    return render(HERE, "pk_test_1", look={"surface": "#fff"}, words={"card": "Card"}, language="en")


def setup_of(rendered: HostPage) -> dict[str, object]:
    block = re.search(r'<script type="application/json" id="setup">(.*?)</script>', rendered.body.decode(), re.DOTALL)
    assert block is not None
    told: dict[str, object] = json.loads(block[1])
    return told


def test_a_connection_sends_cards_to_its_own_place_alone() -> None:
    assert acquirer_origin(LIVE) == PayHost("https", "api.paymongo.com", 443, live=True)
    assert not acquirer_origin(Environment.DEMO).live
    assert acquirer_origin(TRAINING, "http://127.0.0.1:41234") == HERE
    for environment, address in (
        (LIVE, "http://127.0.0.1:1"),
        (TRAINING, None),
        (TRAINING, "https://api.paymongo.com"),
    ):
        with pytest.raises(ForbiddenPayHost):
            acquirer_origin(environment, address)


def test_the_page_speaks_to_payment_methods_and_to_nothing_else() -> None:
    methods = "http://127.0.0.1:41234/paymongo/v1/payment_methods"
    policy = page().policy.split("; ")
    assert f"connect-src {methods} {methods}/" in policy
    assert "frame-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert "unsafe" not in page().policy


@pytest.mark.parametrize("card_id", ["", "pm_saved"])
def test_the_page_is_told_the_public_key_the_card_and_how_codes_are_sent(card_id: str) -> None:
    told = setup_of(page(card_id))
    assert (told["publicKey"], told["cardId"], told["codeCall"]) == ("pk_test_1", card_id, "patch")
    assert "sk_" not in page(card_id).body.decode().replace("task_", "")


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("t=pm_AbC123&b=VIS", Done("pm_AbC123", "VIS")),
        ("t=pm_AbC123&b=", Done("pm_AbC123", "")),
        ("t=pm_&b=VIS", None),
        ("t=cus_AbC&b=VIS", None),
        ("t=201028230732590232&b=VIS", None),
        ("t=pm_AbC123&b=VISA", None),
    ],
)
def test_the_page_tells_the_id_of_a_payment_method_and_no_other(rest: str, told: Done | None) -> None:
    assert parse(DONE + rest, NONCE, METHOD_REFERENCE) == told
    assert NavigationPolicy(HERE, NONCE, METHOD_REFERENCE).judge(DONE + rest, main_frame=True).told == told


def test_a_page_of_the_vault_may_not_tell_a_payment_method() -> None:
    assert parse(f"{DONE}t=pm_AbC123&b=VIS", NONCE) is None


@pytest.mark.parametrize("query", ["", "?payment_intent_id=pi_1", "?payment_intent_id=pi_1&status=succeeded"])
def test_the_way_back_is_known_whatever_was_added_to_it(query: str) -> None:
    assert is_return(RETURN_ADDRESS + query)
    assert is_return(RETURN_ADDRESS.rstrip("/") + query)


@pytest.mark.parametrize(
    "url",
    [
        "http://return.deskpay.invalid/",
        "https://return.deskpay.invalid.evil.example/",
        "https://return.deskpay.invalid@evil.example/",
        "https://evil.example/?https://return.deskpay.invalid/",
        "https://return.deskpay.invalid/more",
        "https://[return",
    ],
)
def test_nothing_else_is_the_way_back(url: str) -> None:
    assert not is_return(url)


@pytest.mark.parametrize(
    ("environment", "url", "may"),
    [
        (LIVE, "https://secure-authentication.paymongo.com/sources?id=src_1", True),
        (LIVE, "https://acs.some-bank.example:8443/3ds", True),
        (LIVE, "data:image/png;base64,x", True),
        (LIVE, "http://acs.some-bank.example/", False),
        (LIVE, "http://127.0.0.1:41234/", False),
        (LIVE, "file:///etc/passwd", False),
        (LIVE, "deskpay://capture/", False),
        (LIVE, RETURN_ADDRESS, False),
        (LIVE, "https://[x", False),
        (TRAINING, "http://127.0.0.1:41234/paymongo/sources?id=src_1", True),
        (TRAINING, "https://some-bank.example/", False),
        (TRAINING, "http://127.0.0.1:41235/", False),
    ],
)
def test_a_bank_s_page_goes_anywhere_over_tls_and_in_training_nowhere_else(
    environment: Environment, url: str, may: bool
) -> None:
    assert may_visit(environment, HERE, url) is may


def test_what_is_no_address_of_a_bank_is_not_opened() -> None:
    assert may_open(LIVE, HERE, "https://secure-authentication.paymongo.com/sources?id=src_1")
    assert not may_open(LIVE, HERE, "data:text/html,<h1>Your bank</h1>")
