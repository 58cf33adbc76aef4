"""Everything that was done at the desk in one list, and what is wanted of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from deskpay.domain.security import SecurityEvent, SecurityKind
from deskpay.services.activity import Entry, Wanted, read_activity
from deskpay.services.save_card import save_card
from deskpay.services.staff import Staff
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, new_shift
from tests.kit.loops import VirtualRunner
from tests.kit.seats import MemoryLog, MemoryRoster, QuickHasher
from tests.kit.verbs import fresh_card


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


def test_acts_and_events_stand_in_one_list_and_are_found(shift: Shift) -> None:
    log = MemoryLog()

    async def story(desk: FakeDesk) -> None:
        front = desk.front
        staff = Staff(MemoryRoster(), QuickHasher(), log, front.clock)
        await desk.ends(await take_payment(front, a_charge()))
        await desk.ends(await save_card(front, fresh_card(desk)))
        await staff.note(SecurityKind.APPROVED, "Hattie", "DP-AAAA-0001")
        long_ago = front.clock.now() - timedelta(days=40)
        log.noted.append(SecurityEvent(long_ago, SecurityKind.SIGNED_IN, "Poppy"))
        today = front.clock.now().date()
        entries = await read_activity(front, staff, today - timedelta(days=7), today)
        kinds = [None if e.record is None else e.record.intent.kind.value for e in entries]
        assert sorted(map(str, kinds)) == ["None", "charge", "save_card"]
        assert [e.at_utc for e in entries] == sorted((e.at_utc for e in entries), reverse=True)
        assert len({e.key for e in entries}) == 3
        assert len(await read_activity(front, staff, today - timedelta(days=60), today)) == 4

        def found(wanted: Wanted) -> list[str]:
            return [e.who for e in entries if wanted.fits(e)]

        assert found(Wanted(text="anna 312.40")) == ["Dana"]
        assert sorted(found(Wanted(text="dp-aaaa-0001"))) == ["Dana", "Hattie"]
        assert found(Wanted(who="Hattie")) == ["Hattie"]
        assert found(Wanted(money_only=True)) == ["Dana", "Dana"]
        assert found(Wanted(text="nobody")) == []

    shift(story)


def test_an_entry_of_nothing_is_found_by_nothing(shift: Shift) -> None:
    entry = Entry(shift.clock.now(), "Poppy")
    assert (entry.words, entry.key.endswith("Poppy")) == ("poppy", True)
