"""A thousand card numbers typed where words belong: none is kept, sent or asked for, in whatever grouping."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import cast

import pytest

from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.operator import Role
from deskpay.services.change_setting import Setting, Source, change_setting
from deskpay.services.find_customer import FindElsewhere
from deskpay.services.people import People
from deskpay.services.ports import GuestRecords
from deskpay.services.record_payment import record_payment
from deskpay.services.refund_payment import refund_payment
from deskpay.services.staff import Staff
from deskpay.services.take_payment import take_payment
from tests.kit.canaries import canaries
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, a_record, a_refund, a_slip
from tests.kit.fake_hotel import TheHotel
from tests.kit.loops import VirtualRunner
from tests.kit.seats import MemoryLog, MemoryRoster, MemorySettings, QuickHasher
from tests.kit.verbs import shift_with_a_payment

CANARIES = canaries(1_000)


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from shift_with_a_payment(run_virtual)


def test_no_field_of_words_takes_one() -> None:
    for canary in CANARIES:
        for field in (
            Field.NOTE,
            Field.REASON,
            Field.RECEIPT,
            Field.HOLDER,
            Field.CARD,
            Field.NAME,
            Field.SETTING,
            Field.ACCOUNT,
        ):
            with pytest.raises(InputRefused) as caught:
                check_text(canary, field)
            assert caught.value.problem is InputProblem.CARD_NUMBER
            assert canary not in str(caught.value)


def test_no_act_and_no_search_carries_one(shift: Shift) -> None:
    log = MemoryLog()

    async def story(desk: FakeDesk) -> None:
        front = desk.front
        elsewhere = FindElsewhere(front, cast("GuestRecords", shift.hotel))
        people = People(front.today, TheHotel.zone)
        staff = Staff(MemoryRoster(), QuickHasher(), log, front.clock)
        own = MemorySettings([Setting("desk_id", "bar", Source.FILE)])
        ways: list[Callable[[str], Awaitable[object]]] = [
            lambda words: take_payment(front, a_charge(note=words)),
            lambda words: take_payment(front, replace(a_charge(), receipt_number=words)),
            lambda words: take_payment(front, a_charge(repeat_reason=words)),
            lambda words: record_payment(front, replace(a_record(), note=words)),
            lambda words: record_payment(front, a_record(external_identifier=words)),
            lambda words: record_payment(front, a_record(slip=a_slip(holder=words))),
            lambda words: record_payment(front, a_record(slip=a_slip(brand=words))),
            lambda words: refund_payment(front, a_refund("paid", reason=words)),
            lambda words: elsewhere.find(words, people),
            lambda words: staff.add(front.desk.seat, words, Role.CLERK, "135724", by_password=False),
            lambda words: staff.bind(front.desk.seat, "poppy", words),
            lambda words: change_setting(front.desk.seat, staff, own, "desk_id", words),
        ]
        asked = shift.hotel.asked.copy()
        for number, canary in enumerate(CANARIES):
            with pytest.raises(InputRefused) as caught:
                await ways[number % len(ways)](canary)
            assert caught.value.problem is InputProblem.CARD_NUMBER
        assert shift.hotel.asked == asked, "nothing was asked of the hotel"

    shift(story)
    assert not shift.journal.stories
    assert not log.noted
