"""The test vault over HTTP and in memory: exact paths, refusals, lifetimes, and nothing kept of a card."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from deskpay.sandbox.fields import Redeemed, Vault, fields_app
from deskpay.sandbox.fields.cards import CARDS, Trigger

ORIGIN = "http://localhost:4242"
FIELD = "/upp/payment/SecureFields/paymentField"
MERCHANT = "1100007006"
NUMBER = "4242424242424242"
FORM_HEADERS = {
    "Origin": ORIGIN,
    "Sec-Fetch-Site": "same-origin",
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
}


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 20, 18, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Host:
    vault: Vault
    clock: Clock
    web: TestClient
    slept_s: list[float] = field(default_factory=list)

    def post(
        self, number: str = NUMBER, /, headers: dict[str, str] | None = None, **changes: str
    ) -> tuple[int, object]:
        entry = {
            "mode": "TOKENIZE",
            "formId": changes.pop("formId", None) or self.vault.open_form(MERCHANT),
            "cardNumber": number,
            "cvv": "123",
            "paymentMethod": "VIS",
            "merchantId": MERCHANT,
            "expm": "4",
            "expy": "28",
        } | changes
        answer = self.web.post(FIELD, content=urlencode(entry), headers=FORM_HEADERS | (headers or {}))
        is_json = answer.headers.get("content-type") == "application/json"
        return answer.status_code, answer.json() if is_json else answer.text

    def tokenize(self, number: str = NUMBER, **changes: str) -> str:
        status, answer = self.post(number, None, **changes)
        assert status == 200
        assert isinstance(answer, dict)
        return str(answer["transactionId"])

    def redeem(self, token: str, merchant_id: str = MERCHANT) -> Redeemed:
        return self.vault.redeem(token, merchant_id, self.clock())


@contextmanager
def hosted() -> Iterator[Host]:
    clock = Clock()
    vault = Vault(clock=clock)
    slept_s: list[float] = []

    async def sleep(seconds: float) -> None:
        slept_s.append(seconds)

    with TestClient(fields_app(vault, ["deskpay://capture"], sleep=sleep), base_url=ORIGIN) as web:
        yield Host(vault, clock, web, slept_s)


@pytest.fixture
def host() -> Iterator[Host]:
    with hosted() as made:
        yield made


def test_a_card_is_tokenized_and_redeemed_once(host: Host) -> None:
    token = host.tokenize()
    assert re.fullmatch(r"261120180000\d{6}", token)
    assert host.redeem(token) == Redeemed("ok", "VIS", "424242xxxxxx4242", (4, 2028))
    assert host.redeem(token) == Redeemed("consumed")


def test_another_hotel_and_an_unknown_id_find_nothing(host: Host) -> None:
    token = host.tokenize()
    assert host.redeem(token, "1100000003") == Redeemed("not_found")
    assert host.redeem("0" * 18) == Redeemed("not_found")
    assert host.redeem(token).outcome == "ok"


def test_an_id_lives_for_thirty_minutes(host: Host) -> None:
    first, second = host.tokenize(), host.tokenize()
    host.clock.now += timedelta(minutes=30, seconds=-1)
    assert host.redeem(first).outcome == "ok"
    host.clock.now += timedelta(seconds=1)
    assert host.redeem(second) == Redeemed("expired")


def test_a_form_lives_for_thirty_minutes_and_takes_one_card(host: Host) -> None:
    expired = {"result": "error", "error": "Form expired"}
    form_id = host.vault.open_form(MERCHANT)
    host.tokenize(formId=form_id)
    assert host.post(formId=form_id) == (200, expired)
    old = host.vault.open_form(MERCHANT)
    host.clock.now += timedelta(minutes=30)
    assert host.post(formId=old) == (200, expired)


def test_a_form_belongs_to_its_hotel(host: Host) -> None:
    assert host.post(merchantId="1100000003")[1] == {"result": "error", "error": "Form expired"}


@pytest.mark.parametrize("number", ["4111111111111111", "4242424242424241", "", "4242 4242 4242 4242"])
def test_a_number_that_is_not_published_is_refused_and_forgotten(host: Host, number: str) -> None:
    status, answer = host.post(number)
    assert status == 200
    assert isinstance(answer, dict)
    assert "test vault" in answer["error"]
    assert "transactionId" not in answer
    assert host.vault._tokens == {}


@pytest.mark.parametrize(("number", "card"), [pair for pair in CARDS.items() if pair[1].trigger is None])
def test_every_published_card_is_taken_and_neither_number_nor_code_kept(host: Host, number: str, card: object) -> None:
    token = host.tokenize(number, cvv="7373")
    kept = str(host.vault._tokens) + str(host.vault._forms)
    assert number not in kept
    assert "7373" not in kept.replace(token, "")
    assert host.redeem(token).brand == getattr(card, "brand", None)


def test_the_published_bank_accounts_are_taken_and_no_other(host: Host) -> None:
    def post(**account: str) -> dict[str, str]:
        form = {"formId": host.vault.open_form("1000001115"), "merchantId": "1000001115"}
        return dict(host.vault.tokenize(form | account).body)  # type: ignore[arg-type]  # of texts

    for account in ({"iban": "DE85123456781234512345"}, {"accountNumber": "31510604", "branchCode": "100000"}):
        token = post(**account)["transactionId"]
        assert host.redeem(token, "1000001115") == Redeemed("not_found")
    for account in ({"iban": "GB33BUKB20201555555555"}, {"accountNumber": "31510604"}, {"iban": ""}):
        assert "test vault" in post(**account)["error"]
    assert host.vault._tokens == {}


def test_every_number_passes_luhn() -> None:
    for number in CARDS:
        doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
        assert sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0, number


@pytest.mark.parametrize(
    ("trigger", "outcome"),
    [(Trigger.NOT_FOUND, "not_found"), (Trigger.EXPIRED, "expired"), (Trigger.TWICE, "ok"), (Trigger.NO_FACTS, "ok")],
)
def test_triggers_that_tokenize(host: Host, trigger: Trigger, outcome: str) -> None:
    assert host.redeem(host.tokenize(number_of(trigger))).outcome == outcome


def test_triggers_that_answer_oddly(host: Host) -> None:
    assert host.post(number_of(Trigger.REFUSED))[1] == {"result": "error", "error": "Card refused"}
    assert host.post(number_of(Trigger.FORM_EXPIRED))[1] == {"result": "error", "error": "Form expired"}
    assert host.post(number_of(Trigger.SERVER_ERROR)) == (500, "<h1>Internal error</h1>")
    no_id = host.post(number_of(Trigger.NO_ID))[1]
    assert isinstance(no_id, dict)
    assert "transactionId" not in no_id
    assert no_id["error"]
    assert not host.tokenize(number_of(Trigger.MALFORMED_ID)).isdigit()
    facts = host.post(number_of(Trigger.MARKUP_FACTS))[1]
    assert isinstance(facts, dict)
    assert len(facts["cardInfo"]["brand"]) > 10_000
    host.tokenize(number_of(Trigger.SLOW))
    assert host.slept_s == [8.0]


def number_of(trigger: Trigger) -> str:
    return next(number for number, card in CARDS.items() if card.trigger is trigger)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 415),
        ({"Origin": "deskpay://capture"}, 403),
        ({"Origin": "http://127.0.0.1:4242"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "evil.example"}, 404),
    ],
)
def test_a_post_from_anywhere_but_the_own_frame_is_refused(host: Host, headers: dict[str, str], status: int) -> None:
    assert host.post(headers=headers)[0] == status
    assert host.vault._tokens == {}


def test_a_post_without_a_known_form_or_too_long_is_refused(host: Host) -> None:
    assert host.post(formId="261120180000000000")[0] == 400
    assert host.post(cvv="1" * 10_000)[0] == 413


def test_the_expiry_is_kept_only_when_it_is_one(host: Host) -> None:
    for month, year in (("13", "28"), ("0", "28"), ("", ""), ("4", "2028"), ("x", "28"), ("٤", "28")):
        assert host.redeem(host.tokenize(expm=month, expy=year)).expiry is None


def test_only_the_documented_paths_answer(host: Host) -> None:
    assert host.web.get("/upp/payment/js/secure-fields-2.0.0.js").status_code == 200
    assert host.web.get("/upp/payment/js/secure-fields-2.0.0.min.js").status_code == 200
    for path in ("/", "/upp/payment/js/secure-fields-1.0.0.js", "/_sandbox/ledger", FIELD + "/", "/favicon.ico"):
        answer = host.web.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["cache-control"] == "no-store"
    assert host.web.put(FIELD).status_code == 404


def test_the_script_can_be_switched_off(host: Host) -> None:
    host.vault.script_available = False
    assert host.web.get("/upp/payment/js/secure-fields-2.0.0.min.js").status_code == 503
    host.vault.reset()
    assert host.web.get("/upp/payment/js/secure-fields-2.0.0.min.js").status_code == 200


def test_a_frame_has_a_strict_policy_and_cannot_be_injected(host: Host) -> None:
    query = {
        "mode": "TOKENIZE",
        "merchantId": MERCHANT,
        "fieldName": "cardNumber",
        "fieldNames": "cardNumber,cvv",
        "placeholder": "</script><script>alert(1)</script>",
    }
    answer = host.web.get(FIELD, params=query)
    policy = answer.headers["content-security-policy"].split("; ")
    assert "connect-src 'self'" in policy
    assert "frame-ancestors deskpay://capture" in policy
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>alert" not in answer.text
    assert host.web.get(FIELD, params=query | {"merchantId": "1100000001"}).status_code == 404
    assert host.web.get(FIELD, params=query | {"fieldName": "other"}).status_code == 404


def test_old_forms_and_cards_are_forgotten(host: Host) -> None:
    token = host.tokenize()
    host.clock.now += timedelta(hours=3)
    host.vault.open_form(MERCHANT)
    assert host.redeem(token) == Redeemed("not_found")
    assert len(host.vault._forms) == 1
