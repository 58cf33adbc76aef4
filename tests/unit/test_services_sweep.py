"""After a journal was lost or restored: what stands in the hotel's books under a reference that it does not know."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from deskpay.domain.errors import HotelUnavailable
from deskpay.domain.payment import Payment, PaymentMethod
from deskpay.services.sweep import sweep
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, new_shift
from tests.kit.fake_hotel import BORIS, payment, pounds
from tests.kit.loops import VirtualRunner
from tests.kit.stays import stay


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


async def _swept(desk: FakeDesk, hours: int = 24) -> list[Payment]:
    return await sweep(desk.front, desk.front.records.server_now() - timedelta(hours=hours))


def test_only_payments_under_references_unknown_here_are_told_the_latest_first(shift: Shift) -> None:
    now = shift.hotel.server_now()
    external = PaymentMethod.EXTERNAL
    shift.hotel.stays = [stay("stay-1"), stay("stay-2", BORIS.id)]
    shift.hotel.rows += [
        payment("by a colleague", pounds(50), now - timedelta(hours=3), notes="Minibar"),
        payment("lost", pounds(60), now - timedelta(hours=2), notes="Dinner · DP-0000-0001"),
        payment("lost cash", pounds(9), now - timedelta(hours=1), method=external, external_identifier="DP-0000-0002"),
        payment("of Boris", pounds(70), now - timedelta(minutes=90), customer_id=BORIS.id, notes="DP-0000-0003"),
        payment("long ago", pounds(80), now - timedelta(days=3), notes="DP-0000-0004"),
        payment("of somebody without a stay", pounds(1), now, customer_id="nobody", notes="DP-0000-0005"),
    ]

    async def story(desk: FakeDesk) -> list[str]:
        await desk.ends(await take_payment(desk.front, a_charge()))
        return [row.id for row in await _swept(desk)]

    assert shift(story) == ["lost cash", "of Boris", "lost"]


def test_a_journal_that_knows_all_of_them_has_lost_none(shift: Shift) -> None:
    shift.hotel.stays = [stay("stay-1")]

    async def story(desk: FakeDesk) -> list[Payment]:
        await desk.ends(await take_payment(desk.front, a_charge()))
        return await _swept(desk)

    assert shift(story) == []


def test_books_that_cannot_be_read_prove_nothing(shift: Shift) -> None:
    shift.hotel.stays = [stay("stay-1")]
    shift.hotel.unread["payments"] = HotelUnavailable()

    async def story(desk: FakeDesk) -> None:
        with pytest.raises(HotelUnavailable):
            await _swept(desk)

    shift(story)
