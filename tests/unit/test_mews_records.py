"""Every read brings all pages or fails, within the API's limits."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from deskpay.domain.errors import HotelUnavailable, NotMews, NotSent, Rejected, Unauthorized
from deskpay.domain.hotel import AccountingCategory
from deskpay.domain.intent import CardSlip, IntentKind
from deskpay.gateways.mews.client import MewsConnection
from deskpay.gateways.mews.paging import MAX_PAGES, PAGE_ROWS
from tests.kit.loops import VirtualRunner
from tests.kit.mews import NOW, CannedMews, an_intent, connected, error_answer, vector_answer

CARDS = "creditCards/getAll"
PAYMENTS = "payments/getAll"


def _card(number: int, created: str = "2026-11-01T00:00:00Z") -> dict[str, Any]:
    return {
        "Id": f"card-{number}",
        "CustomerId": "c",
        "IsActive": True,
        "State": "Enabled",
        "Kind": "Gateway",
        "Format": "Physical",
        "CreatedUtc": created,
    }


def _payment(number: int, created: datetime = NOW) -> dict[str, Any]:
    amount = {"Currency": "GBP", "GrossValue": -1}
    return {
        "Id": f"pay-{number}",
        "AccountId": "c",
        "Amount": amount,
        "OriginalAmount": amount,
        "CreatedUtc": created.isoformat(),
        "AccountingState": "Open",
        "State": "Charged",
        "Type": "CashPayment",
    }


def _pages(*pages: tuple[int, str | None]) -> Callable[[dict[str, Any]], Any]:
    """Cards in pages of the given sizes, each with its cursor; the page is chosen by the cursor asked for."""
    bounds = [0]
    for size, _ in pages:
        bounds.append(bounds[-1] + size)
    by_cursor: dict[str | None, int] = {None: 0}
    for index, (_, cursor) in enumerate(pages[:-1]):
        by_cursor.setdefault(cursor, index + 1)

    def answer(fields: dict[str, Any]) -> Any:
        index = by_cursor[fields["Limitation"].get("Cursor")]
        rows = [_card(number) for number in range(bounds[index], bounds[index + 1])]
        return {"CreditCards": rows, "Cursor": pages[index][1]}

    return answer


def _ask(run: VirtualRunner, mews: CannedMews, question: Callable[[MewsConnection], Awaitable[Any]]) -> Any:
    async def scene() -> Any:
        async with connected(mews) as connection:
            return await question(connection)

    return run(scene(), timeout_s=1000)


@pytest.mark.parametrize(
    ("pages", "calls", "rows"),
    [
        ([(0, None)], 1, 0),
        ([(3, None)], 1, 3),
        ([(3, "a")], 1, 3),
        ([(PAGE_ROWS, None)], 1, PAGE_ROWS),
        ([(PAGE_ROWS, "a"), (0, None)], 2, PAGE_ROWS),
        ([(PAGE_ROWS, "a"), (PAGE_ROWS, "b"), (7, "c")], 3, 2 * PAGE_ROWS + 7),
    ],
)
def test_all_pages_are_read(
    run_virtual: VirtualRunner, pages: list[tuple[int, str | None]], calls: int, rows: int
) -> None:
    mews = CannedMews({CARDS: _pages(*pages)})
    found = _ask(run_virtual, mews, lambda connection: connection.records.credit_cards("c"))
    assert len({card.id for card in found}) == len(found) == rows
    assert len(mews.of(CARDS)) == calls
    assert all(asked["Limitation"]["Count"] == PAGE_ROWS for asked in mews.of(CARDS))


@pytest.mark.parametrize(
    ("pages", "calls"),
    [
        ([(PAGE_ROWS, "a"), (PAGE_ROWS, "a"), (0, None)], 2),
        ([(PAGE_ROWS, "a"), (PAGE_ROWS, "b"), (PAGE_ROWS, "a"), (0, None)], 3),
        ([(PAGE_ROWS + 1, None)], 1),
        ([(PAGE_ROWS, f"cursor-{number}") for number in range(MAX_PAGES + 1)], MAX_PAGES),
    ],
    ids=["same again", "a-b-a", "too full", "endless"],
)
def test_a_list_that_cannot_be_whole_is_a_failure(
    run_virtual: VirtualRunner, pages: list[tuple[int, str | None]], calls: int
) -> None:
    mews = CannedMews({CARDS: _pages(*pages)})
    with pytest.raises(HotelUnavailable):
        _ask(run_virtual, mews, lambda connection: connection.records.credit_cards("c"))
    assert len(mews.of(CARDS)) == calls


def test_a_page_that_fails_fails_the_list(run_virtual: VirtualRunner) -> None:
    first = _pages((PAGE_ROWS, "a"), (0, None))
    mews = CannedMews({CARDS: lambda fields: error_answer(500) if "Cursor" in fields["Limitation"] else first(fields)})
    with pytest.raises(HotelUnavailable):
        _ask(run_virtual, mews, lambda connection: connection.records.credit_cards("c"))


def test_a_row_told_twice_is_one_row(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({CARDS: {"CreditCards": [_card(1), _card(1), _card(2)], "Cursor": None}})
    found = _ask(run_virtual, mews, lambda connection: connection.records.credit_cards("c"))
    assert [card.id for card in found] == ["card-1", "card-2"]


def test_rows_come_newest_first(run_virtual: VirtualRunner) -> None:
    rows = [_card(1, "2026-01-01T00:00:00Z"), _card(2, "2026-03-01T00:00:00Z"), _card(3, "2026-02-01T00:00:00Z")]
    mews = CannedMews({CARDS: {"CreditCards": rows, "Cursor": None}})
    found = _ask(run_virtual, mews, lambda connection: connection.records.credit_cards("c"))
    assert [card.id for card in found] == ["card-2", "card-3", "card-1"]


def test_stays_of_a_guest_come_newest_first(run_virtual: VirtualRunner) -> None:
    def stay(name: str, start: str) -> dict[str, Any]:
        return {
            "Id": name,
            "Number": "1",
            "AccountId": "c",
            "AccountType": "Customer",
            "State": "Started",
            "ScheduledStartUtc": start,
            "ScheduledEndUtc": "2026-12-01T00:00:00Z",
        }

    rows = [stay("old", "2025-01-01T00:00:00Z"), stay("new", "2026-11-01T00:00:00Z")]
    mews = CannedMews({"reservations/getAll/2023-06-06": {"Reservations": rows, "Cursor": None}})
    found = _ask(run_virtual, mews, lambda connection: connection.records.stays_of(["c"]))
    assert [row.id for row in found] == ["new", "old"]


_LISTS: list[tuple[str, str, str, int, Callable[[MewsConnection, list[str]], Awaitable[Any]]]] = [
    (PAYMENTS, "Payments", "AccountIds", 100, lambda mews, ids: mews.records.payments(ids)),
    (PAYMENTS, "Payments", "PaymentIds", 1000, lambda mews, ids: mews.records.payments_by_id(ids)),
    ("orderItems/getAll", "OrderItems", "AccountIds", 100, lambda mews, ids: mews.records.open_items(ids)),
    (CARDS, "CreditCards", "CreditCardIds", 1000, lambda mews, ids: mews.records.credit_cards_by_id(ids)),
    ("customers/getAll", "Customers", "CustomerIds", 1000, lambda mews, ids: mews.records.customers(ids)),
    ("customers/getAll", "Customers", "LastNames", 1000, lambda mews, ids: mews.records.customers_named(ids)),
]


@pytest.mark.parametrize(("operation", "name", "filter_name", "most", "ask"), _LISTS)
def test_many_ids_go_out_in_portions_and_none_go_out_not_at_all(
    run_virtual: VirtualRunner,
    operation: str,
    name: str,
    filter_name: str,
    most: int,
    ask: Callable[[MewsConnection, list[str]], Awaitable[Any]],
) -> None:
    ids = [f"id-{number}" for number in range(2 * most + 1)]
    mews = CannedMews({operation: {name: [], "Cursor": None}})
    assert _ask(run_virtual, mews, lambda connection: ask(connection, [*ids, ids[0]])) == []
    portions = [asked[filter_name] for asked in mews.of(operation)]
    sizes = [len(portion) for portion in portions]
    assert len(sizes) == 3
    assert max(sizes) - min(sizes) <= 1  # none fills a page, after which another would be asked for
    assert [one for portion in portions for one in portion] == ids
    nobody = CannedMews({operation: {name: [], "Cursor": None}})
    assert _ask(run_virtual, nobody, lambda connection: ask(connection, [])) == []
    assert nobody.of(operation) == []


_START = datetime(2026, 11, 20, 9, 0, 0, 400_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "sent"),
    [
        (None, None, None),
        (_START, None, ("2026-11-20T09:00:00Z", "2026-11-21T09:14:00Z")),
        (_START, _START + timedelta(minutes=10), ("2026-11-20T09:00:00Z", "2026-11-20T09:10:01Z")),
        (_START, _START.replace(microsecond=0) + timedelta(days=89), ("2026-11-20T09:00:00Z", "2027-02-17T09:00:00Z")),
        (_START, _START + timedelta(days=90), None),
        (_START - timedelta(days=200), None, None),
        (None, _START, None),
        (_START, _START - timedelta(days=1), None),
    ],
)
def test_a_span_of_payments_goes_out_where_the_api_takes_it(
    run_virtual: VirtualRunner, start: datetime | None, end: datetime | None, sent: tuple[str, str] | None
) -> None:
    mews = CannedMews({PAYMENTS: {"Payments": [], "Cursor": None}})
    _ask(
        run_virtual,
        mews,
        lambda connection: connection.records.payments(["c"], created_from_utc=start, created_to_utc=end),
    )
    (asked,) = mews.of(PAYMENTS)
    assert asked.get("CreatedUtc") == (sent and {"StartUtc": sent[0], "EndUtc": sent[1]})
    assert "States" not in asked
    assert "AccountingStates" not in asked


def test_a_span_that_cannot_go_out_is_applied_here(run_virtual: VirtualRunner) -> None:
    rows = [_payment(number, NOW - timedelta(days=100 * number)) for number in range(4)]
    mews = CannedMews({PAYMENTS: {"Payments": rows, "Cursor": None}})
    found = _ask(
        run_virtual,
        mews,
        lambda connection: connection.records.payments(
            ["c"], created_from_utc=NOW - timedelta(days=250), created_to_utc=NOW
        ),
    )
    assert [payment.id for payment in found] == ["pay-1", "pay-2"]


def test_a_payment_of_the_first_second_is_within_the_span(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({PAYMENTS: {"Payments": [_payment(1, _START.replace(microsecond=0))], "Cursor": None}})
    found = _ask(run_virtual, mews, lambda connection: connection.records.payments(["c"], created_from_utc=_START))
    assert [payment.id for payment in found] == ["pay-1"]


def test_currencies_are_asked_for_once(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({PAYMENTS: {"Payments": [_payment(1)], "Cursor": None}})

    async def twice(connection: MewsConnection) -> None:
        await connection.records.payments(["c"])
        await connection.records.payments(["c"])

    _ask(run_virtual, mews, twice)
    assert len(mews.of("currencies/getAll")) == 1


def test_a_guest_found_twice_in_the_house_is_one_guest(run_virtual: VirtualRunner) -> None:
    hit = {"Customer": {"Id": "c", "LastName": "Smith", "Classifications": []}, "Reservation": None}
    mews = CannedMews({"customers/search": {"Customers": [hit, hit]}})
    found = _ask(run_virtual, mews, lambda connection: connection.records.customers_in_house("Smith"))
    assert [customer.id for customer in found] == ["c"]


def _configuration(**changes: Any) -> dict[str, Any]:
    import json

    answer: dict[str, Any] = json.loads(vector_answer("configuration/get"))
    answer["Enterprise"].update(changes)
    return answer


def test_only_categories_for_payments_are_offered(run_virtual: VirtualRunner) -> None:
    operation = "accountingCategories/getAll"
    rows = [
        {"Id": "a", "Name": "Card payments", "IsActive": True, "Classification": "Payments"},
        {"Id": "b", "Name": "Breakfast", "IsActive": True, "Classification": "FoodAndBeverage"},
    ]
    mews = CannedMews({operation: {"AccountingCategories": rows, "Cursor": None}})
    found = _ask(run_virtual, mews, lambda connection: connection.records.accounting_categories())
    assert found == [AccountingCategory("a", "Card payments")]


def test_a_portfolio_token_is_refused(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({"configuration/get": _configuration(IsPortfolio=True)})
    with pytest.raises(Rejected, match="portfolio"):
        _ask(run_virtual, mews, lambda connection: connection.records.hotel())


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"configuration/get": {"hello": "world"}}, NotMews),
        ({"currencies/getAll": {"hello": "world"}}, NotMews),
        ({"configuration/get": _configuration(TimeZoneIdentifier="Mars/Olympus")}, NotMews),
        ({"currencies/getAll": error_answer(401)}, Unauthorized),
        ({"configuration/get": error_answer(401)}, Unauthorized),
        ({"currencies/getAll": httpx2.Response(404, content=b"<html>")}, NotMews),
        ({"currencies/getAll": b"{"}, HotelUnavailable),
    ],
)
def test_what_is_wrong_with_an_address_or_its_tokens_is_told_apart(
    run_virtual: VirtualRunner, answers: dict[str, Any], kind: type[Exception]
) -> None:
    with pytest.raises(kind) as error:
        _ask(run_virtual, CannedMews(answers), lambda connection: connection.records.hotel())
    assert type(error.value) is kind


def test_the_configuration_tells_the_time(run_virtual: VirtualRunner) -> None:
    later = NOW + timedelta(hours=3)
    mews = CannedMews({"configuration/get": {**_configuration(), "NowUtc": later.isoformat()}})

    async def question(connection: MewsConnection) -> datetime:
        await connection.records.hotel()
        return connection.records.server_now()

    assert _ask(run_virtual, mews, question) == later


@pytest.mark.parametrize("pricing", ["Gross", "Net"])
def test_amounts_go_out_by_the_hotels_pricing_which_is_asked_for_once(run_virtual: VirtualRunner, pricing: str) -> None:
    mews = CannedMews(
        {
            "configuration/get": _configuration(Pricing=pricing),
            "creditCards/charge": {"PaymentId": "pay-1"},
            "payments/addCreditCard": {"CreditCardId": "card-1"},
            "payments/addExternal": {"ExternalPaymentId": "pay-2"},
        }
    )

    async def acts(connection: MewsConnection) -> list[str]:
        gateway = connection.gateway
        slip = CardSlip("Visa", "1111", "J. Smith", None)
        return [
            await gateway.charge(an_intent()),
            await gateway.record_card(an_intent(IntentKind.RECORD_CARD, slip=slip)),
            await gateway.record_external(an_intent(IntentKind.RECORD_EXTERNAL)),
        ]

    assert _ask(run_virtual, mews, acts) == ["pay-1", "card-1", "pay-2"]
    for operation in ("creditCards/charge", "payments/addCreditCard", "payments/addExternal"):
        (asked,) = mews.of(operation)
        assert set(asked["Amount"]) == {"Currency", f"{pricing}Value", "TaxCodes"}
    assert len(mews.of("configuration/get")) == 1


def test_a_charge_whose_pricing_cannot_be_learnt_was_not_sent(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({"configuration/get": error_answer(500)})
    with pytest.raises(NotSent):
        _ask(run_virtual, mews, lambda connection: connection.gateway.charge(an_intent()))
    assert mews.of("creditCards/charge") == []


def test_disabling_a_card_takes_an_empty_answer_for_a_yes(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({"creditCards/disable": httpx2.Response(204)})
    _ask(run_virtual, mews, lambda connection: connection.gateway.disable_card("e", "card-1"))
    assert mews.of("creditCards/disable") == [{"EnterpriseId": "e", "CreditCardId": "card-1"}]


def test_reads_side_by_side_stay_within_the_budget(run_virtual: VirtualRunner) -> None:
    mews = CannedMews({CARDS: {"CreditCards": [], "Cursor": None}})

    async def scene() -> float:
        async with connected(mews, budget=10) as connection:
            before = run_virtual.clock.time()
            await asyncio.gather(*(connection.records.credit_cards(f"c-{number}") for number in range(25)))
            return run_virtual.clock.time() - before

    assert run_virtual(scene(), timeout_s=1000) == pytest.approx(60, abs=0.1)
