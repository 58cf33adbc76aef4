"""The wire is strict about what is needed, forgiving about the rest, and never takes an unknown word for a good one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from deskpay.domain.card import CardFormat, CardKind, Expiry
from deskpay.domain.customer import ReservationState
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment import PaymentKind, PaymentMethod, PaymentState
from deskpay.gateways.mews.wire import bills, cards, guests, money, payments
from deskpay.gateways.mews.wire import hotel as property_
from deskpay.gateways.mews.wire.base import (
    NotJsonError,
    Page,
    WireError,
    duration,
    encode,
    error_message,
    given,
    parse_json,
    utc_text,
)
from tests.kit.mews import CURRENCIES, GBP, vector_answer


def _changed(operation: str, name: str, **changes: Any) -> bytes:
    """The docs' sample answer with fields of its first row replaced; `DROP` leaves one out."""
    answer = json.loads(vector_answer(operation))
    row = {**answer[name][0], **changes}
    answer[name] = [{field: value for field, value in row.items() if value is not DROP}]
    return json.dumps(answer).encode()


DROP = object()


def _payment(**changes: Any) -> Any:
    (row,) = payments.decode_payments(_changed("payments/getAll", "Payments", **changes), CURRENCIES).rows
    return row


def _card(**changes: Any) -> Any:
    (row,) = cards.decode_credit_cards(_changed("creditCards/getAll", "CreditCards", **changes)).rows
    return row


def _stay(**changes: Any) -> Any:
    body = _changed("reservations/getAll/2023-06-06", "Reservations", **changes)
    (row,) = guests.decode_reservations(body).rows
    return row


def test_a_rate_of_nothing_is_none() -> None:
    rates = json.loads(vector_answer("exchangeRates/getAll"))
    rates["ExchangeRates"][0]["Value"] = 0
    (rate,) = money.decode_exchange_rates(json.dumps(rates).encode())
    assert (rate.source, rate.target, rate.value) == ("GBP", "EUR", Decimal("1.1757317"))


def test_unknown_words_are_unknown() -> None:
    row = _payment(State="Settled", Kind="Gift", Type="CryptoPayment", Data=None, PaymentOrigin=None)
    assert (row.state, row.kind, row.method) == (PaymentState.UNKNOWN, PaymentKind.UNTOLD, PaymentMethod.OTHER)
    assert (row.origin, row.credit_card_id, row.tender) == ("", None, "")
    assert not row.state.final
    card = _card(Kind="Cloud", Format="Ring", State="Paused", Type=None)
    assert (card.kind, card.format, card.enabled, card.brand) == (CardKind.UNKNOWN, CardFormat.UNKNOWN, False, "")
    assert _stay(State="Dreamt").state is ReservationState.UNKNOWN
    assert _stay(AccountType="Club").owned_by_company


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Charged", PaymentState.CHARGED),
        ("Pending", PaymentState.PENDING),
        ("Verifying", PaymentState.VERIFYING),
        ("Failed", PaymentState.FAILED),
        ("Canceled", PaymentState.CANCELED),
        ("charged", PaymentState.UNKNOWN),
    ],
)
def test_payment_states(word: str, state: PaymentState) -> None:
    assert _payment(State=word).state is state


def test_a_refund_is_money_going_out() -> None:
    amount = {"Currency": "GBP", "NetValue": 12.5, "GrossValue": 12.5}
    row = _payment(Kind="Refund", Amount=amount, OriginalAmount=amount)
    assert (row.kind, row.amount) == (PaymentKind.REFUND, Money(-1250, GBP))


def test_an_external_payment_tells_its_tender_and_slip() -> None:
    data = {"Discriminator": "External", "External": {"Type": "Voucher", "ExternalIdentifier": "V-17"}}
    row = _payment(Type="ExternalPayment", Data=data, Notes="Till 2 · DP-7K3Q-9XYZ")
    assert (row.method, row.tender, row.external_identifier) == (PaymentMethod.EXTERNAL, "Voucher", "V-17")
    assert row.notes == "Till 2 · DP-7K3Q-9XYZ"
    data["External"] = {"Type": "Voucher", "ExternalIdentifier": None}
    assert _payment(Data=data).external_identifier == ""


@pytest.mark.parametrize(
    ("text", "expiry"),
    [
        ("11/2027", Expiry(2027, 11)),
        ("2027-11", Expiry(2027, 11)),
        ("2027-13", None),
        ("00/2027", None),
        ("11/27", None),
        ("2027", None),
        ("", None),
    ],
)
def test_expiries_in_both_spellings(text: str, expiry: Expiry | None) -> None:
    assert _card(Expiration=text).expiry == expiry


def test_a_guest_of_whom_little_is_told_is_a_guest() -> None:
    bare = {"Id": "c-1", "LastName": "Smith", "Classifications": None}
    (guest,) = guests.decode_customers(json.dumps({"Customers": [bare]}).encode()).rows
    assert (guest.full_name, guest.email, guest.classifications) == ("Smith", "", frozenset())


def test_a_card_without_number_or_expiry_is_a_card() -> None:
    card = _card(Expiration=None, ObfuscatedNumber=None)
    assert (card.expiry, card.obfuscated_number, card.last_four) == (None, "", "")


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("411111******1111", "411111******1111"),
        ("1111", "1111"),
        ("4111111111111111", "************1111"),
        ("4111 1111 1111 1111", "***************1111"),
    ],
)
def test_a_number_that_shows_too_much_is_hidden_before_anyone_sees_it(number: str, kept: str) -> None:
    assert _card(ObfuscatedNumber=number).obfuscated_number == kept


def test_a_stay_that_began_tells_when_it_did() -> None:
    stay = _stay(ActualStartUtc="2023-04-23T15:02:03.000Z", ActualEndUtc="2023-04-25T08:00:00Z", ChannelNumber=None)
    assert stay.starts_utc == datetime(2023, 4, 23, 15, 2, 3, tzinfo=UTC)
    assert stay.ends_utc == datetime(2023, 4, 25, 8, tzinfo=UTC)
    assert stay.channel_number == ""


@pytest.mark.parametrize(
    "time",
    ["2023-03-06T07:31:51Z", "2023-03-06T07:31:51.000Z", "2023-03-06T07:31:51.1234567Z", "2023-03-06T08:31:51+01:00"],
)
def test_times_in_every_spelling(time: str) -> None:
    assert _payment(CreatedUtc=time).created_utc.replace(microsecond=0) == datetime(2023, 3, 6, 7, 31, 51, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"CreatedUtc": "2023-03-06T07:31:51"},
        {"CreatedUtc": "yesterday"},
        {"CreatedUtc": 1678087911},
        {"CreatedUtc": "0001-01-01T00:00:00+14:00"},
        {"CreatedUtc": None},
        {"Id": None},
        {"Id": ""},
        {"Id": "a b"},
        {"Id": "\ud800"},
        {"Id": 7},
        {"State": None},
        {"State": 1},
        {"Amount": None},
        {"Amount": -3700},
        {"Amount": {"Currency": "GBP", "GrossValue": "1"}},
        {"Amount": {"Currency": "GBP", "GrossValue": True}},
        {"Amount": {"Currency": "GBP", "GrossValue": 10**18}},
        {"Amount": {"Currency": "GBP", "GrossValue": 1e300}},
        {"Amount": {"Currency": "GBP", "GrossValue": 1e-300}},
        {"Amount": {"Currency": "GBP", "GrossValue": 1.005}},
        {"Amount": {"Currency": "XXX", "GrossValue": 1}},
        {"Amount": {"GrossValue": 1}},
        {"Data": "none"},
    ],
)
def test_what_is_needed_must_be_there_and_of_its_kind(changes: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        _payment(**changes)


def test_what_is_not_needed_may_be_missing_and_what_is_new_may_come() -> None:
    row = _payment(Notes=DROP, BillId=DROP, Kind=DROP, Data=DROP, ChargedUtc=DROP, BrandNew={"x": [1]})
    assert (row.notes, row.bill_id, row.kind) == ("", None, PaymentKind.UNTOLD)


def test_what_no_database_takes_does_not_come_through() -> None:
    assert _payment(Notes="a\0b \ud83d c").notes == "ab ? c"


def test_the_place_is_named_and_the_value_is_not() -> None:
    with pytest.raises(WireError) as error:
        _payment(CreatedUtc="CANARY", State=None)
    assert "CreatedUtc" in str(error.value)
    assert "CANARY" not in str(error.value)
    assert error.value.__cause__ is None


@pytest.mark.parametrize("value", ["312.40", "312.4", "312.400000", "312.39999999999998", "3.124E2"])
def test_an_amount_is_exact_and_a_doubles_dust_is_none_of_it(value: str) -> None:
    text = vector_answer("payments/getAll").replace(b"-3700", f"-{value}".encode())
    assert payments.decode_payments(text, CURRENCIES).rows[0].amount.minor == 31240


def test_an_amount_that_no_double_holds_is_exact() -> None:
    text = vector_answer("payments/getAll").replace(b"-3700", b"-123456789012345.67")
    assert payments.decode_payments(text, CURRENCIES).rows[0].amount.minor == 12_345_678_901_234_567


def test_two_amounts_of_a_payment_are_told_apart() -> None:
    row = _payment(OriginalAmount={"Currency": "GBP", "GrossValue": -3700.0})
    assert (row.amount, row.original_amount) == (Money(370_000, Currency("EUR", 2)), Money(370_000, GBP))


@pytest.mark.parametrize(("value", "minor"), [(10.005, 1000), (10.015, 1002), (-0.125, -12), (0.0051, 1)])
def test_the_price_of_an_item_is_rounded_to_what_can_be_paid(value: float, minor: int) -> None:
    amount = {"Currency": "EUR", "GrossValue": value}
    (row,) = bills.decode_order_items(_changed("orderItems/getAll", "OrderItems", Amount=amount), CURRENCIES).rows
    assert row.amount.minor == minor


def test_items_that_are_closed_or_canceled_are_not_open() -> None:
    def item(**changes: Any) -> Any:
        (row,) = bills.decode_order_items(_changed("orderItems/getAll", "OrderItems", **changes), CURRENCIES).rows
        return row

    assert item().is_open
    assert not item(AccountingState="Closed").is_open
    assert not item(CanceledUtc="2023-03-31T00:00:00Z").is_open
    assert item(AccountId=None).customer_id == ""


def test_an_open_bill_has_no_number_yet() -> None:
    body = _changed("bills/getAll", "Bills", State="Open", Number=None, Name=None)
    (bill,) = bills.decode_bills(body).rows
    assert (bill.is_open, bill.number, bill.name) == (True, "", "")


def test_odd_currencies_are_left_out() -> None:
    told = [{"Code": "BTC", "Precision": 8}, {"Code": "gbp", "Precision": 2}, {"Code": "JPY", "Precision": 0}]
    assert money.decode_currencies(json.dumps({"Currencies": told}).encode()) == {"JPY": Currency("JPY", 0)}


def test_a_payment_category_is_one_that_is_active_and_classified_so() -> None:
    def found(**changes: Any) -> bool:
        body = _changed("accountingCategories/getAll", "AccountingCategories", **changes)
        return property_.decode_categories(body).rows[0].for_payments

    assert found(Classification="Payments")
    assert not found(Classification="Payments", IsActive=False)
    assert not found(Classification=None)


Decode = Callable[[bytes], Page[Any]]


@pytest.mark.parametrize(
    "decode",
    [
        guests.decode_customers,
        guests.decode_search,
        guests.decode_reservations,
        cards.decode_credit_cards,
        bills.decode_bills,
        property_.decode_services,
        property_.decode_categories,
    ],
)
@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b"7", b"null", b'{"Message": "x"}', b"<html>", b"{", b"\xff\xfe\xfd", b"NaN", b"[" * 100_000],
)
def test_a_missing_list_is_an_error_and_no_empty_list(decode: Decode, body: bytes) -> None:
    with pytest.raises(WireError):
        decode(body)


def test_a_list_that_is_null_or_none_is_an_error_except_where_the_contract_lets_it() -> None:
    for value in (b"null", b'"x"', b"{}"):
        with pytest.raises(WireError):
            cards.decode_credit_cards(b'{"CreditCards": ' + value + b"}")
    assert list(property_.decode_resources(b'{"Resources": null}').rows) == []


def test_an_empty_body_is_an_empty_list() -> None:
    assert cards.decode_credit_cards(b"") == Page((), None)


@pytest.mark.parametrize("cursor", ["7", "[]", '"not an id!"'])
def test_a_cursor_is_an_id_or_nothing(cursor: str) -> None:
    with pytest.raises(WireError):
        cards.decode_credit_cards(f'{{"CreditCards": [], "Cursor": {cursor}}}'.encode())


def test_broken_json_is_told_from_json_that_says_something_else() -> None:
    with pytest.raises(NotJsonError):
        parse_json(b'{"Payments": [')
    with pytest.raises(WireError) as error:
        cards.decode_credit_cards(b'{"x": 1}')
    assert not isinstance(error.value, NotJsonError)


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity"])
def test_constants_that_are_no_json_are_refused(constant: bytes) -> None:
    with pytest.raises(NotJsonError):
        parse_json(b'{"x": ' + constant + b"}")


def _configuration(**changes: Any) -> bytes:
    answer = json.loads(vector_answer("configuration/get"))
    answer["Enterprise"].update(changes)
    return json.dumps(answer).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"TimeZoneIdentifier": "Mars/Olympus"},
        {"TimeZoneIdentifier": "../etc/passwd"},
        {"TimeZoneIdentifier": ""},
        {"BusinessDayClosingOffset": "3 hours"},
        {"BusinessDayClosingOffset": "P1M"},
        {"Pricing": "Both"},
        {"Currencies": []},
        {"Currencies": [{"Currency": "GBP", "IsDefault": False, "IsEnabled": True}]},
        {"Currencies": [{"Currency": "XXX", "IsDefault": True, "IsEnabled": True}]},
    ],
)
def test_a_hotel_that_cannot_be_served_is_an_error(changes: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        property_.decode_configuration(_configuration(**changes), CURRENCIES)


def test_the_accounting_currency_comes_first_and_the_disabled_not_at_all() -> None:
    currencies = [
        {"Currency": "USD", "IsDefault": False, "IsEnabled": True},
        {"Currency": "EUR", "IsDefault": False, "IsEnabled": False},
        {"Currency": "GBP", "IsDefault": True, "IsEnabled": True},
        {"Currency": "XXX", "IsDefault": False, "IsEnabled": True},
    ]
    body = _configuration(Currencies=currencies, Pricing="Net", AccountingConfiguration=None)
    hotel, _ = property_.decode_configuration(body, CURRENCIES)
    assert [currency.code for currency in hotel.currencies] == ["GBP", "USD"]
    assert (hotel.gross_pricing, hotel.tenders) == (False, ())


def test_the_key_for_card_fields_is_told() -> None:
    answer = json.loads(vector_answer("configuration/get"))
    answer["PaymentCardStorage"] = {"PublicKey": "1100007006"}
    hotel, _ = property_.decode_configuration(json.dumps(answer).encode(), CURRENCIES)
    assert hotel.card_storage_key == "1100007006"


def test_requests_are_written_digit_by_digit() -> None:
    fields = {"A": Decimal("312.40"), "B": Decimal("1E+3"), "C": [True, None, 7], "D": {"é": 'q"\ud800'}}
    assert encode(fields) == b'{"A":312.40,"B":1000,"C":[true,null,7],"D":{"\\u00e9":"q\\"\\ud800"}}'


@pytest.mark.parametrize("value", [1.5, b"x", object()])
def test_what_has_no_exact_form_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        encode({"X": value})


def test_fields_that_say_nothing_are_left_out() -> None:
    assert given(a_b=None, c="", d=[], e=(), f=False, g=0, h="x") == {"F": False, "G": 0, "H": "x"}


def test_times_are_sent_in_whole_seconds_of_utc() -> None:
    moment = datetime.fromisoformat("2026-11-20T09:14:05.999+02:00")
    assert utc_text(moment) == "2026-11-20T07:14:05Z"


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b'{"Message": 3}', b'{"Message": null}'])
def test_a_body_that_is_no_error_body_has_no_sentence(body: bytes) -> None:
    assert error_message(body) == ("", None)


@pytest.mark.parametrize(("request_id", "kept"), [('"abc-1"', "abc-1"), ("null", None), ('"a\\nb"', None), ("7", None)])
def test_the_request_id_of_an_error_body_is_kept_if_it_is_fit_for_a_log(request_id: str, kept: str | None) -> None:
    assert error_message(f'{{"Message": "m", "RequestId": {request_id}}}'.encode()) == ("m", kept)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("P0M0DT3H0M0S", timedelta(hours=3)),
        ("P0M7DT0H0M0S", timedelta(days=7)),
        ("P2DT23H", timedelta(days=2, hours=23)),
        ("PT2H30M15.000S", timedelta(hours=2, minutes=30, seconds=15)),
        ("-PT2H", timedelta(hours=-2)),
    ],
)
def test_durations_come_short_or_written_out(text: str, meant: timedelta) -> None:
    assert duration(text) == meant
