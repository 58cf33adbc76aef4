"""The docs' own samples, both ways, and every request we make against the docs' own tables."""

import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from deskpay.domain.bill import Bill, BillKind, OrderItem
from deskpay.domain.card import CardFormat, CardKind, CreditCard, Expiry
from deskpay.domain.customer import Customer, Reservation, ReservationState
from deskpay.domain.intent import CardSlip, IntentKind
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment import PaymentKind, PaymentMethod, PaymentState
from deskpay.domain.payment_request import LinkTerms, PaymentRequest, PaymentRequestState, PayReason
from deskpay.gateways.mews.client import MewsConnection
from deskpay.gateways.mews.wire import (
    acts,
    bills,
    cards,
    guests,
    money,
    payment_requests,
    payments,
)
from deskpay.gateways.mews.wire import hotel as property_
from deskpay.gateways.mews.wire.base import encode
from tests.kit.loops import CoroutineRunner
from tests.kit.mews import CURRENCIES, EUR, GBP, VECTORS, CannedMews, an_intent, connected, vector, vector_answer

SCHEMA: dict[str, Any] = json.loads((VECTORS / "_schema.json").read_text())


def _utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


# What comes in


def test_configuration_and_currencies() -> None:
    currencies = money.decode_currencies(vector_answer("currencies/getAll"))
    assert currencies == {"USD": Currency("USD", 2), "GBP": GBP}
    hotel, now = property_.decode_configuration(vector_answer("configuration/get"), currencies)
    assert (hotel.id, hotel.name) == ("851df8c8-90f2-4c4a-8e01-a4fc46b25178", "Connector API Hotel")
    assert hotel.zone.key == "Europe/Budapest"
    assert hotel.currencies == (GBP, Currency("USD", 2))
    assert hotel.gross_pricing
    assert hotel.tenders == ("Invoice", "Cash", "GiftCard")
    assert hotel.card_storage_key is None
    assert not hotel.is_portfolio
    assert now == _utc("2018-01-01 14:58:02")


def test_customers() -> None:
    john = Customer(
        id="fadd5bb6-b428-45d5-94f8-fd0d89fece6d",
        first_name="John",
        last_name="Smith",
        email="j.smith@example.com",
        phone="00420123456789",
        notes="",
        classifications=frozenset({"Returning"}),
        language="en-GB",
        second_last_name="Williams",
        loyalty_code="LL810213",
    )
    page = guests.decode_customers(vector_answer("customers/getAll"))
    assert (list(page.rows), page.cursor) == ([john], john.id)
    assert list(guests.decode_search(vector_answer("customers/search")).rows) == [john]


def test_companions_companies_and_groups() -> None:
    shared = guests.decode_companionships(vector_answer("companionships/getAll"))
    assert [(row.reservation_id, row.customer) for row in shared.rows] == [
        ("bfee2c44-1f84-4326-a862-5289598f6e2d", None)
    ]
    company, *_ = guests.decode_companies(vector_answer("companies/getAll")).rows
    assert (company.last_name, company.first_name, company.is_company) == ("Sample Company 1", "", True)
    group, *_ = guests.decode_groups(vector_answer("reservationGroups/getAll")).rows
    assert group.name == "Mr and Mrs smith wedding"


def test_reservations() -> None:
    page = guests.decode_reservations(vector_answer("reservations/getAll/2023-06-06"))
    assert list(page.rows) == [
        Reservation(
            id="0f515589-99b4-423d-b83a-b237009f0509",
            number="52",
            customer_id="fadd5bb6-b428-45d5-94f8-fd0d89fece6d",
            owned_by_company=False,
            state=ReservationState.CONFIRMED,
            room_id="20e00c32-d561-4008-8609-82d8aa525714",
            starts_utc=_utc("2023-04-23 14:00:00"),
            ends_utc=_utc("2023-04-25 12:00:00"),
            channel_number="TW48ZP",
            group_id="94843f6f-3be3-481b-a1c7-06458774c3df",
            payer_ids=("c021013e-4930-4592-8e32-91b0b1fc9663", "a793d381-65a2-4fa6-9514-00c4c5bfe607"),
            service_id="bd26d8db-86da-4f96-9efc-e5a4654a4a94",
        )
    ]


def test_resources_services_and_categories() -> None:
    rooms = property_.decode_resources(vector_answer("resources/getAll"))
    assert [room.name for room in rooms.rows] == ["101", "101A", "Suite 1"]
    services = property_.decode_services(vector_answer("services/getAll"))
    assert [(service.id[:8], service.bookable) for service in services.rows] == [
        ("fc79a518", False),
        ("bd26d8db", True),
    ]
    categories = property_.decode_categories(vector_answer("accountingCategories/getAll"))
    assert [(category.name, category.for_payments) for category in categories.rows] == [
        ("Accommodation", False),
        ("Alcoholic Beverage", False),
    ]


def test_credit_cards() -> None:
    page = cards.decode_credit_cards(vector_answer("creditCards/getAll"))
    assert list(page.rows) == [
        CreditCard(
            id="f1d94a32-b4be-479b-9e47-a9fcb03d5196",
            customer_id="a3c90426-43f2-4b53-8482-446dfc724bd2",
            brand="Visa",
            obfuscated_number="************1111",
            expiry=Expiry(2020, 11),
            enabled=True,
            active=True,
            kind=CardKind.GATEWAY,
            format=CardFormat.PHYSICAL,
            created_utc=_utc("2023-10-01 11:48:57"),
        )
    ]


def test_bills_and_order_items() -> None:
    assert list(bills.decode_bills(vector_answer("bills/getAll")).rows) == [
        Bill(
            id="ea087d64-3901-4eee-b0b7-9fce4c58a005",
            customer_id="c6f5c82d-621a-4c8a-903b-1b0a9a23b71f",
            name="Accommodation Charges",
            number="29",
            is_open=False,
            created_utc=_utc("2017-01-31 10:48:06"),
            associated_ids=tuple(json.loads(vector_answer("bills/getAll"))["Bills"][0]["AssociatedAccountIds"] or ()),
        )
    ]
    first, second = bills.decode_order_items(vector_answer("orderItems/getAll"), CURRENCIES).rows
    assert first == OrderItem(
        id="53896156-f25b-4949-b55b-afd3007b1146",
        customer_id="c173bb22-6ff8-4ffd-875f-afb900c92865",
        bill_id="d27ffe99-ff92-4afb-ac03-9268f24f0556",
        reservation_id="ac5ef5eb-c5b2-4083-879f-83f04a5ebda5",
        name="",
        amount=Money(500, EUR),
        unit_count=1,
        consumed_utc=_utc("2023-03-31 00:00:00"),
        is_open=True,
        service_id="294c7859-63ba-46ad-a8bf-34fad2019383",
    )
    assert second.amount == Money(10000, EUR)


def test_payments_are_turned_round_once() -> None:
    page = payments.decode_payments(vector_answer("payments/getAll"), CURRENCIES)
    by_card, in_cash, by_wire = page.rows
    assert by_card.amount == Money(370000, EUR)
    assert by_card.original_amount == Money(370000, GBP)
    assert (by_card.state, by_card.kind, by_card.method) == (
        PaymentState.CHARGED,
        PaymentKind.PAYMENT,
        PaymentMethod.CREDIT_CARD,
    )
    assert by_card.credit_card_id == "c922266b-291d-4e25-9df7-afbd007c1991"
    assert (by_card.origin, by_card.notes, by_card.open_on_bill) == ("Terminal", "", True)
    assert by_card.charged_utc == _utc("2023-03-06 07:31:52")
    assert (in_cash.method, in_cash.open_on_bill, in_cash.credit_card_id) == (PaymentMethod.CASH, False, None)
    assert (by_wire.state, by_wire.method) == (PaymentState.PENDING, PaymentMethod.ALTERNATIVE)
    assert by_wire.charged_utc is None


def test_payment_requests_are_positive_already() -> None:
    page = payment_requests.decode_payment_requests(vector_answer("paymentRequests/getAll"), CURRENCIES)
    assert list(page.rows) == [
        PaymentRequest(
            id="bcc76295-4e47-4cf1-a7cb-afae00bd1c35",
            customer_id="fadd5bb6-b428-45d5-94f8-fd0d89fece6d",
            reservation_id="0f515589-99b4-423d-b83a-b237009f0509",
            amount=Money(1040, EUR),
            state=PaymentRequestState.PENDING,
            takes_money=True,
            notes="",
            created_utc=_utc("2023-10-01 11:48:57"),
            expires_utc=_utc("2023-02-23 23:00:00"),
            description="Payment required.",
        )
    ]


def test_answers_to_acts() -> None:
    assert acts.decode_charge(vector_answer("creditCards/charge")) == "98753f51-5b8b-4e8f-a3af-5b8476865983"
    assert acts.decode_refund(vector_answer("payments/refund")) == "1d65c488-111a-4719-b3ea-e1a9969c6069"
    assert acts.decode_card_added(vector_answer("payments/addCreditCard")) == "ee2209ce-71c6-4e3a-978f-aac700c82c7b"
    assert acts.decode_record_external(vector_answer("payments/addExternal")) == "4ee05b77-ae21-46e8-8418-ac1c009dfb2b"
    assert acts.decode_card_added(vector_answer("creditCards/addTokenized")) == "e417dfe8-c813-4938-837b-36081199ce88"
    acts.decode_nothing(vector_answer("creditCards/disable"))


# What goes out


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


REFERENCE = an_intent().reference


def test_charge_is_the_sample_with_reference_and_tax_codes() -> None:
    sample = _sample("creditCards/charge")
    intent = an_intent(amount=Money(500, EUR), credit_card_id=sample["CreditCardId"])
    sample["Amount"]["TaxCodes"] = []  # the sample's own fault
    assert _out(acts.encode_charge(intent, gross_pricing=True)) == {
        **sample,
        "Notes": REFERENCE,
        "ReceiptIdentifier": REFERENCE,
    }


def test_refund_is_the_sample_with_reference() -> None:
    sample = _sample("payments/refund")
    intent = an_intent(
        IntentKind.REFUND,
        payment_id=sample["PaymentId"],
        customer_id=sample["AccountId"],
        enterprise_id=sample["EnterpriseId"],
        reason=sample["Reason"],
        amount=Money(11050, GBP),
    )
    assert _out(acts.encode_refund(intent)) == {**sample, "Reason": f"{sample['Reason']} · {REFERENCE}"}


def test_record_card_is_the_sample_with_reference_and_tax_codes() -> None:
    sample = _sample("payments/addCreditCard")
    intent = an_intent(
        IntentKind.RECORD_CARD,
        customer_id=sample["CustomerId"],
        amount=Money(10000, GBP),
        slip=CardSlip("Visa", "1111", "John Smith", Expiry(2016, 12)),
        external_identifier=sample["ReceiptIdentifier"],
        note=sample["Notes"],
    )
    sample["Amount"]["TaxCodes"] = []
    sample["CreditCard"]["Number"] = "1111"  # a slip tells no more; the docs allow "just last four"
    assert _out(acts.encode_record_card(intent, gross_pricing=True)) == {
        **sample,
        "Notes": f"{sample['Notes']} · {REFERENCE}",
    }


def test_record_external_is_the_sample_with_reference_and_tax_codes() -> None:
    sample = _sample("payments/addExternal")
    intent = an_intent(
        IntentKind.RECORD_EXTERNAL,
        customer_id=sample["AccountId"],
        enterprise_id=sample["EnterpriseId"],
        amount=Money(10000, GBP),
        tender=sample["Type"],
        external_identifier=sample["ExternalIdentifier"],
    )
    sample["Amount"]["TaxCodes"] = []
    assert _out(acts.encode_record_external(intent, gross_pricing=True)) == {**sample, "Notes": REFERENCE}


def test_save_card_is_the_sample_with_what_it_forgets() -> None:
    sample = _sample("creditCards/addTokenized")
    intent = an_intent(IntentKind.SAVE_CARD, customer_id=sample["CustomerId"], enterprise_id=sample["EnterpriseId"])
    sample["CreditCardData"]["StorageData"] = "180803185209190342"
    assert _out(acts.encode_save_card(intent, "180803185209190342", Expiry(2025, 10))) == sample


def test_disable_card_is_the_sample() -> None:
    sample = _sample("creditCards/disable")
    assert _out(acts.encode_disable_card(sample["EnterpriseId"], sample["CreditCardId"])) == sample


def test_net_hotels_are_sent_net_values() -> None:
    amount = _out(acts.encode_charge(an_intent(), gross_pricing=False))["Amount"]
    assert amount == {"Currency": "GBP", "NetValue": Decimal("312.40"), "TaxCodes": []}


def test_where_there_is_no_slip_number_the_reference_stands_in() -> None:
    external = an_intent(IntentKind.RECORD_EXTERNAL, note="Till 2", bill_id="b-1", reservation_id="r-1")
    sent = _out(acts.encode_record_external(external, gross_pricing=True))
    assert (sent["ExternalIdentifier"], sent["BillId"], sent["ReservationId"]) == (REFERENCE, "b-1", "r-1")
    assert "Type" not in sent
    by_card = an_intent(IntentKind.RECORD_CARD, slip=CardSlip("Visa", "1111", "J", None))
    sent = _out(acts.encode_record_card(by_card, gross_pricing=True))
    assert sent["ReceiptIdentifier"] == REFERENCE
    assert "Expiration" not in sent["CreditCard"]


@pytest.mark.parametrize(
    ("encode_it", "changes"),
    [
        (lambda intent: acts.encode_charge(intent, gross_pricing=True), {"credit_card_id": None}),
        (lambda intent: acts.encode_charge(intent, gross_pricing=True), {"credit_card_id": ""}),
        (acts.encode_refund, {"payment_id": None}),
        (lambda intent: acts.encode_record_card(intent, gross_pricing=True), {"slip": None}),
        (lambda intent: acts.encode_save_card(intent, "", Expiry(2027, 1)), {}),
    ],
)
def test_an_intent_that_lacks_something_is_not_encoded(
    encode_it: Callable[[Any], object], changes: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="the intent has no"):
        encode_it(an_intent(**changes))


# Every request of ours against the docs' tables

Ask = Callable[[MewsConnection], Awaitable[object]]

_IDS = ["fadd5bb6-b428-45d5-94f8-fd0d89fece6d"]
_FROM, _TO = _utc("2023-03-01 00:00:00"), _utc("2023-03-31 00:00:00")
_SLIP = CardSlip("Visa", "1111", "J. Smith", Expiry(2027, 1))

_LINK = LinkTerms(PayReason.OTHER, _TO, "Please pay", by_email=False)

ASKS: list[tuple[str, Ask]] = [
    ("configuration/get", lambda mews: mews.records.hotel()),
    ("currencies/getAll", lambda mews: mews.records.hotel()),
    ("resources/getAll", lambda mews: mews.records.rooms()),
    ("accountingCategories/getAll", lambda mews: mews.records.accounting_categories()),
    ("exchangeRates/getAll", lambda mews: mews.records.exchange_rates()),
    ("reservations/getAll/2023-06-06", lambda mews: mews.records.stays_touching(_FROM, _TO)),
    ("reservations/getAll/2023-06-06", lambda mews: mews.records.stays_numbered("52")),
    ("reservations/getAll/2023-06-06", lambda mews: mews.records.stays_of(_IDS)),
    ("customers/getAll", lambda mews: mews.records.customers(_IDS)),
    ("customers/getAll", lambda mews: mews.records.customers_named(["Smith"])),
    ("customers/getAll", lambda mews: mews.records.customers_with_email("j.smith@example.com")),
    ("customers/search", lambda mews: mews.records.customers_in_house("Smith")),
    ("customers/getAll", lambda mews: mews.records.customers_changed(_FROM, _TO)),
    ("customers/getAll", lambda mews: mews.records.customers_first_named(["John"])),
    ("customers/getAll", lambda mews: mews.records.customers_with_loyalty("GOLD")),
    ("reservations/getAll/2023-06-06", lambda mews: mews.records.stays_departed(_FROM, _TO)),
    ("reservations/getAll/2023-06-06", lambda mews: mews.records.stays_changed(_FROM, _TO)),
    ("reservations/getAll/2023-06-06", lambda mews: mews.records.stays_booked_as("TW48ZP")),
    ("reservations/getAll/2023-06-06", lambda mews: mews.records.stays_in_room(_IDS[0], _FROM, _TO)),
    ("companionships/getAll", lambda mews: mews.records.companions(_IDS)),
    ("companies/getAll", lambda mews: mews.records.companies(_IDS)),
    ("companies/getAll", lambda mews: mews.records.companies_named(["Umbrella"])),
    ("reservationGroups/getAll", lambda mews: mews.records.group_names(_IDS)),
    ("creditCards/getAll", lambda mews: mews.records.cards_of(_IDS)),
    ("orderItems/getAll", lambda mews: mews.records.accounts_changed(_FROM, _TO)),
    ("payments/getAll", lambda mews: mews.records.accounts_changed(_FROM, _TO)),
    ("creditCards/getAll", lambda mews: mews.records.credit_cards(_IDS[0])),
    ("creditCards/getAll", lambda mews: mews.records.credit_cards_by_id(_IDS)),
    ("bills/getAll", lambda mews: mews.records.bills(_IDS[0])),
    ("orderItems/getAll", lambda mews: mews.records.open_items(_IDS)),
    ("orderItems/getAll", lambda mews: mews.records.items_of_stay(_IDS[0])),
    ("preauthorizations/getAllByCustomers", lambda mews: mews.records.preauthorizations(_IDS[0])),
    ("bills/close", lambda mews: mews.office.close_bill("b", BillKind.INVOICE, "Thank you")),
    ("bills/getPdf", lambda mews: mews.office.bill_pdf("b", "event")),
    ("payments/getAll", lambda mews: mews.records.payments(_IDS)),
    (
        "payments/getAll",
        lambda mews: mews.records.payments(_IDS, created_from_utc=_FROM, created_to_utc=_TO),
    ),
    ("payments/getAll", lambda mews: mews.records.payments_by_id(_IDS)),
    ("payments/getAll", lambda mews: mews.records.payments_of_stay(_IDS[0], created_from_utc=_FROM)),
    ("paymentRequests/getAll", lambda mews: mews.records.open_payment_requests(_IDS[0], None)),
    ("paymentRequests/getAll", lambda mews: mews.records.payment_requests(_IDS[0])),
    ("paymentRequests/getAll", lambda mews: mews.records.payment_requests_by_id(_IDS)),
    ("paymentRequests/add", lambda mews: mews.gateway.send_pay_link(an_intent(IntentKind.PAY_LINK, link=_LINK))),
    ("paymentRequests/cancel", lambda mews: mews.gateway.cancel_pay_link(_IDS[0])),
    (
        "payments/addAlternative",
        lambda mews: mews.gateway.begin_alternative(an_intent(IntentKind.ALTERNATIVE, tender="Ideal"), "https://m.com"),
    ),
    ("devices/getAll", lambda mews: mews.records.terminals()),
    ("commands/getAllByIds", lambda mews: mews.records.commands(_IDS)),
    (
        "commands/addPaymentTerminal",
        lambda mews: mews.gateway.order_terminal(an_intent(IntentKind.TERMINAL, terminal_id="t")),
    ),
    ("creditCards/charge", lambda mews: mews.gateway.charge(an_intent(note="n", reservation_id="r"))),
    ("payments/refund", lambda mews: mews.gateway.refund(an_intent(IntentKind.REFUND))),
    ("payments/addCreditCard", lambda mews: mews.gateway.record_card(an_intent(IntentKind.RECORD_CARD, slip=_SLIP))),
    (
        "payments/addExternal",
        lambda mews: mews.gateway.record_external(an_intent(IntentKind.RECORD_EXTERNAL, tender="Cash", bill_id="b")),
    ),
    (
        "creditCards/addTokenized",
        lambda mews: mews.gateway.save_card(an_intent(IntentKind.SAVE_CARD), "1808", Expiry(2027, 1)),
    ),
    ("creditCards/disable", lambda mews: mews.gateway.disable_card("e", "c")),
]


def _complaints(fields: dict[str, Any], table: list[dict[str, Any]], place: str) -> Iterator[str]:
    columns = {column["name"]: column for column in table}
    for column in table:
        if column["contract"] == "required" and not column.get("deprecated") and column["name"] not in fields:
            yield f"{place}.{column['name']} is required"
    for name, value in fields.items():
        if name not in columns or columns[name].get("deprecated"):
            yield f"{place}.{name} is unknown or deprecated"
        else:
            yield from _value_complaints(value, columns[name], f"{place}.{name}")


def _value_complaints(value: Any, column: dict[str, Any], place: str) -> Iterator[str]:
    if column["type"].startswith("array of"):
        limit = column.get("limitsParsed", {}).get("maxItems", 1000)
        needed = column.get("openapi", {}).get("minItems", 0)
        if not (isinstance(value, list) and needed <= len(value) <= limit):
            yield f"{place} has a wrong number of elements"
        items = value
    else:
        items = [value]
    for item in items:
        if column.get("refKind") == "object" and column["ref"] in SCHEMA["objects"]:
            yield from _complaints(item, SCHEMA["objects"][column["ref"]]["properties"], place)
        elif column.get("refKind") == "enum":
            if item not in {word["value"] for word in SCHEMA["enums"][column["ref"]]["values"]}:
                yield f"{place}: {item} is no word of the list"
        elif column["type"].endswith("string") and not isinstance(item, str):
            yield f"{place} is no string"
        elif column["type"] == "boolean" and not isinstance(item, bool):
            yield f"{place} is no boolean"


@pytest.mark.parametrize(("operation", "ask"), ASKS)
def test_every_request_fits_the_table_and_the_samples_answer(
    run_plain: CoroutineRunner, operation: str, ask: Ask
) -> None:
    names = {operation for operation, _ in ASKS} - {"currencies/getAll"}
    mews = CannedMews({name: vector_answer(name) for name in names})
    mews.answers["currencies/getAll"] = {
        "Currencies": [{"Code": currency.code, "Precision": 2} for currency in CURRENCIES.values()]
    }

    # The sample is cut short with three dots, which no file is.
    mews.answers["bills/getPdf"] = mews.answers["bills/getPdf"].replace(b"JVBERi0xLj...", b"JVBERi0=")

    async def scene() -> None:
        async with connected(mews) as connection:
            await ask(connection)

    run_plain(scene())
    table = SCHEMA["operations"][operation]
    sent = [fields for asked, fields in mews.asked if asked == operation]
    assert len(sent) == 1
    assert list(_complaints(sent[0], table["request"], operation)) == []


def test_the_checker_itself_complains() -> None:
    table = SCHEMA["operations"]["payments/getAll"]["request"]
    bad = {"AccountIds": [], "States": ["Paid"], "Notes": "x", "Currency": 3, "Limitation": {}}
    assert len(list(_complaints(bad, table, "payments"))) == 8


def test_filters_carry_the_samples_values(run_plain: CoroutineRunner) -> None:
    sample = _sample("payments/getAll")
    mews = CannedMews(
        {"payments/getAll": {"Payments": [], "Cursor": None}, "currencies/getAll": vector_answer("currencies/getAll")}
    )

    async def scene() -> None:
        async with connected(mews) as connection:
            await connection.records.payments(sample["AccountIds"], created_from_utc=_FROM, created_to_utc=_TO)

    run_plain(scene())
    (sent,) = mews.of("payments/getAll")
    assert sent == {
        "AccountIds": sample["AccountIds"],
        "CreatedUtc": sample["CreatedUtc"],
        "Limitation": {"Count": 1000},
    }
