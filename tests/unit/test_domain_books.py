"""The hotel's books as the desk reads them: cards, payments, bills, guests, days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deskpay.domain.bill import OrderItem, balance, charges_total, paid_total
from deskpay.domain.card import CardFormat, CardKind, Expiry, NotChargeable, not_chargeable
from deskpay.domain.customer import Customer, Reservation, ReservationState
from deskpay.domain.hotel import AccountingCategory, Hotel
from deskpay.domain.money import Currency, CurrencyMismatchError, InexactAmountError, Money, total
from deskpay.domain.payment import (
    NotRefundable,
    OwnRefund,
    PaymentKind,
    PaymentMethod,
    PaymentState,
    is_recorded,
    not_refundable,
    refundable_remainder,
)
from tests.kit.intents import EUR, GBP, NOW, gbp, make_card, make_payment

TODAY = NOW.date()
LONDON, SYDNEY = ZoneInfo("Europe/London"), ZoneInfo("Australia/Sydney")


def test_an_expiry_is_good_to_the_last_day_of_its_month() -> None:
    assert not Expiry(2028, 2).past(date(2028, 2, 29))
    assert Expiry(2028, 2).past(date(2028, 3, 1))
    assert Expiry(2028, 2).label == "02/28"
    assert Expiry(2028, 2).months_left(date(2026, 11, 30)) == 15
    assert Expiry(2026, 10).months_left(TODAY) == -1
    assert Expiry(2027, 12) < Expiry(2028, 1)


@pytest.mark.parametrize(("year", "month"), [(2028, 0), (2028, 13), (1999, 1), (2100, 1), (28, 4)])
def test_what_is_no_expiry_cannot_be_one(year: int, month: int) -> None:
    with pytest.raises(ValueError, match="not an expiry"):
        Expiry(year, month)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"format": CardFormat.VIRTUAL}, None),
        ({"expiry": None}, None),
        ({"expiry": Expiry(TODAY.year, TODAY.month)}, None),
        ({"expiry": Expiry(2026, 10)}, NotChargeable.EXPIRED),
        ({"enabled": False}, NotChargeable.DISABLED),
        ({"active": False}, NotChargeable.DISABLED),
        ({"kind": CardKind.TERMINAL}, NotChargeable.TERMINAL),
        ({"kind": CardKind.TERMINAL, "active": False}, NotChargeable.TERMINAL),
        ({"kind": CardKind.UNKNOWN}, NotChargeable.UNKNOWN_KIND),
        ({"kind": CardKind.TERMINAL, "expiry": Expiry(2026, 10)}, NotChargeable.TERMINAL),
    ],
)
def test_only_a_live_gateway_card_can_be_charged(changed: dict[str, Any], why: NotChargeable | None) -> None:
    assert not_chargeable(make_card(**changed), TODAY) is why


def test_of_a_card_only_brand_and_last_four_are_shown() -> None:
    assert make_card().label == "Visa •••• 1111"
    assert make_card(obfuscated_number="", brand="").last_four == ""
    assert make_card(obfuscated_number="****11*1").last_four == ""
    assert make_card(format=CardFormat.VIRTUAL).virtual
    assert not make_card().virtual


@pytest.mark.parametrize(
    ("state", "final", "live"),
    [
        (PaymentState.CHARGED, True, True),
        (PaymentState.FAILED, True, False),
        (PaymentState.CANCELED, True, False),
        (PaymentState.PENDING, False, True),
        (PaymentState.VERIFYING, False, True),
        (PaymentState.UNKNOWN, False, True),
    ],
)
def test_money_moves_until_it_is_certain_that_it_does_not(state: PaymentState, final: bool, live: bool) -> None:
    assert (state.final, state.live) == (final, live)


def test_recorded_is_not_charged() -> None:
    charged = make_payment()
    assert not is_recorded(charged, make_card())
    assert not is_recorded(charged, None)
    assert is_recorded(charged, make_card(kind=CardKind.TERMINAL))
    assert not is_recorded(make_payment(method=PaymentMethod.ALTERNATIVE), None)
    for method in (PaymentMethod.CASH, PaymentMethod.EXTERNAL, PaymentMethod.INVOICE, PaymentMethod.OTHER):
        assert is_recorded(make_payment(method=method), None)


@pytest.mark.parametrize(
    ("changed", "terminal", "left", "why"),
    [
        ({}, False, 1, None),
        ({"method": PaymentMethod.ALTERNATIVE}, False, 1, None),
        ({}, False, 0, NotRefundable.NOTHING_LEFT),
        ({"kind": PaymentKind.REFUND}, False, 1, NotRefundable.IS_REFUND),
        ({"kind": PaymentKind.CHARGEBACK}, False, 1, NotRefundable.IS_REFUND),
        ({"method": PaymentMethod.CASH}, False, 1, NotRefundable.RECORDED),
        ({}, True, 1, NotRefundable.RECORDED),
        ({"state": PaymentState.PENDING}, False, 1, NotRefundable.NOT_CHARGED),
        ({"state": PaymentState.FAILED}, False, 1, NotRefundable.NOT_CHARGED),
        ({"amount": gbp(-5)}, False, 1, NotRefundable.NOT_CHARGED),
    ],
)
def test_only_money_that_came_through_the_property_system_goes_back_through_it(
    changed: dict[str, Any], terminal: bool, left: int, why: NotRefundable | None
) -> None:
    card = make_card(kind=CardKind.TERMINAL) if terminal else make_card()
    assert not_refundable(make_payment(**changed), card, gbp(left)) is why


def _given_back(number: int, minor: int, **changed: Any) -> Any:
    return make_payment(number, **({"amount": gbp(minor), "kind": PaymentKind.REFUND} | changed))


REVERSAL = {"kind": PaymentKind.CHARGEBACK_REVERSAL}


@pytest.mark.parametrize(
    ("others", "own", "left"),
    [
        ([], [], 31_240),
        ([make_payment(2)], [], 31_240),
        ([], [OwnRefund("payment-1", "r", gbp(240))], 31_000),
        ([], [OwnRefund("payment-1", None, gbp(240))], 31_000),
        ([], [OwnRefund("payment-2", "r", gbp(240))], 31_240),
        ([_given_back(3, -240)], [OwnRefund("payment-1", "payment-3", gbp(240))], 31_000),
        ([_given_back(3, -240)], [OwnRefund("payment-2", "payment-3", gbp(240))], 31_240),
        ([_given_back(3, -240)], [], 31_000),
        ([_given_back(3, -240, state=PaymentState.PENDING)], [], 31_000),
        ([_given_back(3, -240, state=PaymentState.FAILED)], [], 31_240),
        ([_given_back(3, -240, amount=Money(-240, EUR))], [], 31_240),
        ([_given_back(3, -240, kind=PaymentKind.CHARGEBACK)], [], 31_000),
        ([_given_back(3, -240, kind=PaymentKind.CHARGEBACK), _given_back(4, 240, **REVERSAL)], [], 31_240),
        (
            [
                _given_back(3, -240, kind=PaymentKind.CHARGEBACK),
                _given_back(4, 240, **REVERSAL, state=PaymentState.PENDING),
            ],
            [],
            31_000,
        ),
        ([_given_back(4, 240, **REVERSAL)], [OwnRefund("payment-1", "r", gbp(31_240))], 0),
        ([_given_back(3, -99_999)], [], 0),
        ([], [OwnRefund("payment-1", "r", gbp(99_999))], 0),
    ],
)
def test_what_is_left_to_refund_counts_all_that_may_have_gone_back(
    others: list[Any], own: list[OwnRefund], left: int
) -> None:
    payment = make_payment()
    assert refundable_remainder(payment, [payment, *others], own) == gbp(left)


def test_a_converted_payment_goes_back_in_the_currency_it_was_taken_in() -> None:
    payment = make_payment(original_amount=Money(36_000, EUR))
    refund = make_payment(2, amount=gbp(-870), original_amount=Money(-1_000, EUR), kind=PaymentKind.REFUND)
    assert refundable_remainder(payment, [payment, refund], []) == Money(35_000, EUR)


def _item(minor: int, *, is_open: bool = True, currency: Currency = GBP) -> OrderItem:
    return OrderItem("i", "guest-1", None, None, "Night", Money(minor, currency), 1, NOW, is_open)


def test_the_balance_is_what_is_open_less_what_was_charged() -> None:
    items = [_item(10_000), _item(-500), _item(70_000, is_open=False), _item(900, currency=EUR)]
    payments = [
        make_payment(1, amount=gbp(4_000)),
        make_payment(2, amount=gbp(-1_000), kind=PaymentKind.REFUND),
        make_payment(3, amount=gbp(2_000), state=PaymentState.PENDING),
        make_payment(4, amount=gbp(2_000), state=PaymentState.FAILED),
        make_payment(5, amount=gbp(2_000), open_on_bill=False),
        make_payment(6, amount=Money(100, EUR)),
    ]
    assert charges_total(items, GBP) == gbp(9_500)
    assert paid_total(payments, GBP) == gbp(3_000)
    assert balance(items, payments, GBP) == gbp(6_500)
    assert balance(items, payments, EUR) == Money(800, EUR)
    assert balance([], payments, GBP) == gbp(-3_000)


def _stay(state: ReservationState = ReservationState.STARTED, *, hours: int = 60) -> Reservation:
    starts = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    return Reservation("s", "14", "guest-1", False, state, "204", starts, starts + timedelta(hours=hours), "")


def test_arrivals_and_departures_are_of_the_hotels_own_day() -> None:
    expected = _stay(ReservationState.CONFIRMED)
    assert expected.arrives_on(date(2026, 11, 18), LONDON)
    assert expected.arrives_on(date(2026, 11, 19), SYDNEY)
    assert not expected.arrives_on(date(2026, 11, 18), SYDNEY)
    assert not _stay().arrives_on(date(2026, 11, 18), LONDON)
    assert _stay().leaves_on(date(2026, 11, 21), LONDON)
    assert _stay().leaves_on(date(2026, 11, 22), LONDON)  # overstayed
    assert not _stay().leaves_on(date(2026, 11, 20), LONDON)
    assert not expected.leaves_on(date(2026, 11, 21), LONDON)
    assert (_stay().in_house, expected.in_house) == (True, False)
    assert _stay().nights(LONDON) == 3
    assert _stay(hours=20).nights(SYDNEY) == 1


def test_a_guest_has_the_name_that_is_spoken() -> None:
    guest = Customer("g", "", "王", "", "", "", frozenset())
    assert guest.full_name == "王"
    assert Customer("g", "Zoë", "Łukasz", "", "", "", frozenset()).full_name == "Zoë Łukasz"


def test_a_hotels_day_has_as_many_hours_as_its_clocks() -> None:
    hotel = Hotel("h", "Hotel", LONDON, (GBP, EUR), True, ("Gift",), None, False)
    assert hotel.currency is GBP
    assert (hotel.accepts(EUR), hotel.accepts(Currency("USD", 2))) == (True, False)
    assert hotel.today(datetime(2026, 6, 20, 23, 30, tzinfo=UTC)) == date(2026, 6, 21)
    lengths = []
    for day in (date(2026, 11, 20), date(2026, 3, 29), date(2026, 10, 25)):
        start, end = (moment.astimezone(UTC) for moment in hotel.day_utc(day))
        assert hotel.today(start) == day
        assert hotel.today(end - timedelta(microseconds=1)) == day
        lengths.append((end - start) / timedelta(hours=1))
    assert lengths == [24, 23, 25]
    assert AccountingCategory("c", "Rooms").name == "Rooms"


@pytest.mark.parametrize(
    ("code", "precision"), [("GB", 2), ("gbp", 2), ("G1P", 2), ("ÄÖÜ", 2), ("GBP", -1), ("GBP", 5)]
)
def test_what_is_no_currency_cannot_be_one(code: str, precision: int) -> None:
    with pytest.raises(ValueError, match="not a "):
        Currency(code, precision)


@pytest.mark.parametrize("act", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a <= b])
def test_currencies_never_mix(act: Any) -> None:
    for other in (Money(1, EUR), Money(1, Currency("GBP", 3))):
        for pair in ((gbp(1), other), (other, gbp(1))):
            with pytest.raises(CurrencyMismatchError):
                act(*pair)
    with pytest.raises(CurrencyMismatchError):
        total([gbp(1), Money(1, EUR)], GBP)
    assert gbp(1) != Money(1, EUR)


def test_an_amount_that_does_not_fit_is_refused() -> None:
    from decimal import Decimal

    for text in ("0.001", "1e-9", "NaN", "Infinity", "-Infinity", "sNaN"):
        with pytest.raises(InexactAmountError):
            Money.from_decimal(Decimal(text), GBP)
