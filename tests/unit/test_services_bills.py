"""Closing a bill once and for good, whatever becomes of the answer; and fetching its print."""

from collections.abc import Iterator

import pytest

from deskpay.domain.bill import Bill, BillKind
from deskpay.domain.errors import (
    DeskPayError,
    GuestBeingChecked,
    HotelUnavailable,
    InputProblem,
    InputRefused,
    NotSent,
    OutcomeUnknown,
    Rejected,
)
from deskpay.domain.intent import IntentState
from deskpay.domain.payment import PaymentState
from deskpay.services.close_bill import CloseOrder, close_bill
from deskpay.services.print_bill import print_bill
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_charge, new_shift
from tests.kit.fake_hotel import ANNA, Meets, payment, pounds
from tests.kit.fake_office import FakeOffice
from tests.kit.loops import VirtualRunner
from tests.kit.stays import item

LOST = OutcomeUnknown("the answer was lost")


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


@pytest.fixture
def office(shift: Shift) -> FakeOffice:
    shift.hotel.items = [item("night", pounds(12_000))]
    shift.hotel.rows = [payment("paid", pounds(12_000), shift.clock.now())]
    return FakeOffice(shift.hotel)


def order(kind: BillKind = BillKind.RECEIPT, owed: int = 0, *, bill_id: str = "bill", note: str = "") -> CloseOrder:
    return CloseOrder(customer=ANNA, bill_id=bill_id, kind=kind, owed=pounds(owed), note=note)


def close(shift: Shift, office: FakeOffice, asked: CloseOrder) -> Bill:
    async def story(desk: FakeDesk) -> Bill:
        return await close_bill(desk.front, office, asked)

    return shift(story)


def test_a_bill_is_closed_by_one_request_and_read_back(shift: Shift, office: FakeOffice) -> None:
    closed = close(shift, office, order(note=" Thank you "))
    assert (closed.is_open, closed.number) == (False, "R-1")
    assert office.asked == [("bill", BillKind.RECEIPT, "Thank you")]


def test_what_is_still_open_is_closed_as_an_invoice(shift: Shift, office: FakeOffice) -> None:
    shift.hotel.rows = []
    assert not close(shift, office, order(BillKind.INVOICE, 12_000)).is_open
    assert office.asked == [("bill", BillKind.INVOICE, "")]


def test_a_bill_that_is_closed_already_is_not_closed_again(shift: Shift, office: FakeOffice) -> None:
    first = close(shift, office, order())
    assert close(shift, office, order()) == first
    assert len(office.asked) == 1


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (order(bill_id="another"), InputProblem.GONE),
        (order(BillKind.INVOICE, 12_000), InputProblem.CHANGED),
        (order(BillKind.INVOICE, 0), InputProblem.CHANGED),
    ],
)
def test_a_bill_that_is_not_as_it_was_shown_stays_open(
    shift: Shift, office: FakeOffice, asked: CloseOrder, problem: InputProblem
) -> None:
    with pytest.raises(InputRefused) as refused:
        close(shift, office, asked)
    assert refused.value.problem is problem
    assert office.asked == []


def test_a_payment_under_way_keeps_the_bill_open(shift: Shift, office: FakeOffice) -> None:
    shift.hotel.settle("paid", PaymentState.VERIFYING)
    with pytest.raises(InputRefused) as refused:
        close(shift, office, order(BillKind.INVOICE, 12_000))
    assert refused.value.problem is InputProblem.UNFINISHED


def test_a_card_number_is_not_printed_on_a_bill(shift: Shift, office: FakeOffice) -> None:
    with pytest.raises(InputRefused) as refused:
        close(shift, office, order(note="4242 4242 4242 4242"))
    assert refused.value.problem is InputProblem.CARD_NUMBER
    assert office.asked == []


def test_no_bill_is_closed_while_money_of_the_guest_is_not_known(shift: Shift, office: FakeOffice) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        await desk.reaches(await take_payment(desk.front, a_charge()), IntentState.UNKNOWN)
        with pytest.raises(GuestBeingChecked):
            await close_bill(desk.front, office, order())

    shift(story)
    assert office.asked == []


@pytest.mark.parametrize("error", [LOST, Rejected("the bill is closed")])
def test_a_lost_answer_is_looked_for_and_nothing_is_sent_again(
    shift: Shift, office: FakeOffice, error: DeskPayError
) -> None:
    office.error = error
    assert not close(shift, office, order()).is_open
    assert len(office.asked) == 1


def test_without_a_trace_the_clerk_is_told_that_it_is_not_known(shift: Shift, office: FakeOffice) -> None:
    office.done, office.error = False, LOST
    began = shift.clock.time()
    with pytest.raises(OutcomeUnknown):
        close(shift, office, order())
    assert shift.clock.time() - began >= 14
    assert len(office.asked) == 1


def test_a_no_is_told_at_once(shift: Shift, office: FakeOffice) -> None:
    office.done, office.error = False, Rejected("no")
    began = shift.clock.time()
    with pytest.raises(Rejected):
        close(shift, office, order())
    assert shift.clock.time() - began < 1


def test_a_reading_that_fails_proves_nothing(shift: Shift, office: FakeOffice) -> None:
    office.error = LOST

    async def story(desk: FakeDesk) -> Bill:
        async def then_dark(bill_id: str, kind: BillKind, note: str) -> None:
            shift.hotel.failing.append(HotelUnavailable("dark"))
            await FakeOffice.close_bill(office, bill_id, kind, note)

        dark = FakeOffice(shift.hotel)
        dark.close_bill = then_dark  # type: ignore[method-assign]  # the books go dark in the moment of closing
        return await close_bill(desk.front, dark, order())

    assert not shift(story).is_open


def test_what_was_not_sent_closed_nothing(shift: Shift, office: FakeOffice) -> None:
    office.done, office.error = False, NotSent("no line")
    with pytest.raises(NotSent):
        close(shift, office, order())


def fetch(shift: Shift, office: FakeOffice) -> bytes:
    async def story(desk: FakeDesk) -> bytes:
        return await print_bill(desk.front, office, "bill")

    return shift(story)


def test_a_print_is_asked_for_again_by_its_event(shift: Shift, office: FakeOffice) -> None:
    office.prints.extend(["event", "event", b"%PDF-1.4"])
    assert fetch(shift, office) == b"%PDF-1.4"
    assert office.events == [None, "event", "event"]


@pytest.mark.parametrize("printed", [[b"<html>"], ["event"] * 9])
def test_what_is_no_print_in_time_is_told(shift: Shift, office: FakeOffice, printed: list[bytes | str]) -> None:
    office.prints.extend(printed)
    with pytest.raises(HotelUnavailable):
        fetch(shift, office)
