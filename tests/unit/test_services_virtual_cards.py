"""The board of virtual cards: each beside its stay, with what is guessed and what was tried."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deskpay.domain.business_day import Span
from deskpay.domain.card import CardFormat, CreditCard, Expiry
from deskpay.domain.payment import Payment, PaymentKind, PaymentState
from deskpay.domain.virtual_board import BoardRow, CardStanding
from deskpay.domain.virtual_card import Agency
from deskpay.services.see_virtual_cards import see_virtual_cards
from tests.kit.fake_desk import FakeDesk, Shift, new_shift
from tests.kit.fake_hotel import ANNA, BORIS, card, payment, pounds
from tests.kit.fake_night import night_desk
from tests.kit.loops import VirtualRunner
from tests.kit.stays import item, stay

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AGENCIES = (Agency("Local site", ("anna.example",), 2, 85), Agency("Any other", (), 0, 100))


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    for shift in new_shift(run_virtual):
        shift.hotel.stays = [stay("stay-1", starts_utc=shift.clock.now() - HOUR)]
        shift.hotel.cards = [virtual("virtual")]
        yield shift


def virtual(card_id: str, customer_id: str = ANNA.id, **changed: Any) -> CreditCard:
    return replace(card(card_id, customer_id), format=CardFormat.VIRTUAL, **changed)


def tried(shift: Shift, card_id: str = "virtual", hours_ago: int = 1, **changed: Any) -> Payment:
    made = shift.clock.now() - hours_ago * HOUR
    return payment(f"{card_id}-{hours_ago}", pounds(14_500), made, credit_card_id=card_id, **changed)


def board(shift: Shift) -> list[BoardRow]:
    async def story(desk: FakeDesk) -> list[BoardRow]:
        night = night_desk(desk, shift.hotel)
        at_night = replace(night, front=replace(desk.front, agencies=AGENCIES))
        return list(
            await see_virtual_cards(at_night, Span(shift.clock.now() - 6 * HOUR, shift.clock.now() + 18 * HOUR))
        )

    return shift(story)


def test_only_virtual_cards_of_guests_around_tonight_are_on_it(shift: Shift) -> None:
    far, company = shift.clock.now() + 30 * DAY, replace(stay("stay-3"), owned_by_company=True, customer_id="company")
    shift.hotel.stays += [stay("stay-2", BORIS.id, starts_utc=far), company]
    shift.hotel.cards += [card("physical"), virtual("of Boris", BORIS.id), virtual("the company's", "company")]
    (row,) = board(shift)
    assert (row.id, row.customer, row.stay.id, row.last) == ("virtual", ANNA, "stay-1", None)


def test_a_card_of_somebody_who_cannot_be_read_is_left_out(shift: Shift) -> None:
    shift.hotel.guests = [BORIS]
    assert board(shift) == []


def test_without_virtual_cards_it_is_empty(shift: Shift) -> None:
    shift.hotel.cards = [card("physical")]
    assert board(shift) == []


def test_what_is_guessed_comes_from_the_hotels_table(shift: Shift) -> None:
    shift.hotel.guests = [replace(ANNA, email="booking.1@anna.example")]
    shift.hotel.items = [replace(item("night", pounds(20_000)), reservation_id="stay-1")]
    (row,) = board(shift)
    assert row.guess is not None
    assert (row.guess.agency, row.guess.works_from, row.guess.limit) == (
        "Local site",
        row.arrival + 2 * DAY,
        pounds(17_000),
    )
    assert (row.standing, row.owed) == (CardStanding.TOO_EARLY, pounds(20_000))


@pytest.mark.parametrize(
    ("changed", "standing"),
    [
        ({"state": PaymentState.CHARGED}, CardStanding.CHARGED),
        ({"state": PaymentState.PENDING}, CardStanding.UNDER_WAY),
        ({"state": PaymentState.FAILED}, CardStanding.FAILED),
        ({"state": PaymentState.CANCELED}, CardStanding.FAILED),
        ({"kind": PaymentKind.CHARGEBACK}, CardStanding.OPEN),
        ({"credit_card_id": "another"}, CardStanding.OPEN),
    ],
)
def test_the_last_try_tells_where_a_card_stands(shift: Shift, changed: dict[str, Any], standing: CardStanding) -> None:
    shift.hotel.rows = [
        replace(tried(shift), **changed),
        replace(tried(shift, "another", hours_ago=5), state=PaymentState.FAILED),
    ]
    (row,) = board(shift)
    assert row.standing is standing


def test_an_older_try_is_not_the_last(shift: Shift) -> None:
    shift.hotel.rows = [tried(shift, hours_ago=9), tried(shift, hours_ago=2, state=PaymentState.FAILED)]
    (row,) = board(shift)
    assert row.last is not None
    assert (row.last.id, row.standing) == ("virtual-2", CardStanding.FAILED)


def test_what_needs_a_hand_comes_first(shift: Shift) -> None:
    shift.hotel.cards = [
        virtual("off", enabled=False),
        virtual("expired", expiry=Expiry(2026, 10)),
        virtual("charged"),
        virtual("open"),
        virtual("in vain"),
    ]
    shift.hotel.rows = [tried(shift, "charged"), tried(shift, "in vain", state=PaymentState.FAILED)]
    assert [row.id for row in board(shift)] == ["in vain", "open", "charged", "expired", "off"]


def test_a_card_stands_beside_the_stay_that_it_came_with(shift: Shift) -> None:
    later = replace(stay("stay-2", starts_utc=shift.clock.now() + DAY), credit_card_id="virtual")
    shift.hotel.stays.append(later)
    shift.hotel.cards.append(virtual("another"))
    assert {row.id: row.stay.id for row in board(shift)} == {"virtual": "stay-2", "another": "stay-1"}
