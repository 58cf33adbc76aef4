"""What the night audit reads: the day's payments, open matters, our journal beside the books, and whom to charge."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deskpay.domain.business_day import Span
from deskpay.domain.card import CardFormat, CardKind, Expiry
from deskpay.domain.comparison import Comparison, Difference
from deskpay.domain.customer import Reservation, ReservationState
from deskpay.domain.day_sheet import Entry, Standing
from deskpay.domain.errors import HotelUnavailable, OutcomeUnknown, Rejected
from deskpay.domain.intent import Evidence, IntentState
from deskpay.domain.matters import Matter, MatterKind
from deskpay.domain.night_queue import Candidate, Obstacle, Why
from deskpay.domain.payment import Payment, PaymentKind, PaymentMethod, PaymentState
from deskpay.domain.virtual_card import Agency
from deskpay.services.charge_acquirer import charge_acquirer
from deskpay.services.close_day import close_day
from deskpay.services.find_candidates import find_candidates
from deskpay.services.open_matters import Handover, open_matters
from deskpay.services.reconcile import reconcile
from deskpay.services.record_payment import record_payment
from deskpay.services.save_card import save_card
from deskpay.services.take_payment import take_payment
from tests.kit.fake_desk import FakeDesk, Shift, a_card, a_charge, a_record, a_slip, an_acquirer_charge, new_shift
from tests.kit.fake_hotel import ANNA, BORIS, EUR, Meets, card, pay_request, payment, pounds
from tests.kit.fake_night import FakeBooks, night_desk
from tests.kit.loops import VirtualRunner
from tests.kit.stays import item, stay

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


def today(shift: Shift) -> Span:
    return Span(shift.clock.now() - 6 * HOUR, shift.clock.now() + 18 * HOUR)


def read_day(shift: Shift, *, after_a_charge: bool = False, lost: bool = False) -> list[Entry]:
    async def story(desk: FakeDesk) -> list[Entry]:
        if after_a_charge:
            begun = await take_payment(desk.front, a_charge())
            await desk.until(lambda: not desk.now(begun).awaits_answer)
        entries: list[Entry] = []
        parts = [part async for part in close_day(night_desk(desk, shift.hotel), today(shift))]
        assert [part.complete for part in parts] == [False] * (len(parts) - 1) + [True]
        for part in parts:
            entries += part.entries
        return entries

    if lost:
        shift.hotel.coming.append(Meets(error=OutcomeUnknown("gone"), done=False))
    return shift(story)


def test_a_day_comes_page_by_page_with_names_rooms_and_cards(shift: Shift) -> None:
    now = shift.clock.now()
    shift.hotel.stays = [stay("stay-52")]
    shift.hotel.rows = [
        payment("a", pounds(100), now - HOUR, reservation_id="stay-52"),
        payment("b", pounds(200), now - HOUR, method=PaymentMethod.CASH, customer_id="gone"),
        payment("c", pounds(300), now - 2 * HOUR, credit_card_id="no longer there"),
        payment("yesterday", pounds(900), now - DAY),
    ]
    rows = {entry.id: entry for entry in read_day(shift)}
    assert rows.keys() == {"a", "b", "c"}
    assert (rows["a"].guest, rows["a"].room, rows["a"].subject) == (ANNA.full_name, "312", "Visa •••• 1111")
    assert (rows["b"].guest, rows["b"].standing) == ("", Standing.RECORDED)
    assert rows["c"].subject == ""


def test_money_stands_on_the_day_it_was_taken(shift: Shift) -> None:
    now = shift.clock.now()
    shift.hotel.rows = [
        replace(payment("verified today", pounds(100), now - DAY), charged_utc=now - HOUR),
        replace(payment("charged tomorrow", pounds(100), now - HOUR), charged_utc=now + 2 * DAY),
    ]
    assert [entry.id for entry in read_day(shift)] == ["verified today"]


def test_our_acts_name_their_operator_and_what_is_not_known_stands_beside(shift: Shift) -> None:
    (made,) = read_day(shift, after_a_charge=True)
    assert (made.operator, made.reference, made.standing) == ("Dana", "DP-AAAA-0001", Standing.CHARGED)


def test_an_act_whose_answer_was_lost_is_a_row_of_its_own(shift: Shift) -> None:
    (unknown,) = read_day(shift, after_a_charge=True, lost=True)
    assert (unknown.standing, unknown.payment, unknown.amount) == (Standing.NOT_KNOWN, None, pounds(31_240))


def test_an_act_whose_payment_is_found_in_the_books_stands_once(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(error=OutcomeUnknown("gone")))
    (found,) = read_day(shift, after_a_charge=True)
    assert (found.standing, found.reference) == (Standing.CHARGED, "DP-AAAA-0001")


def test_a_day_that_breaks_off_is_never_complete(shift: Shift) -> None:
    shift.hotel.rows = [payment(f"p{n}", pounds(100 + n), shift.clock.now() - HOUR) for n in range(5)]

    async def story(desk: FakeDesk) -> int:
        night = night_desk(desk, shift.hotel)
        broken = replace(night, books=FakeBooks(shift.hotel, breaks_at=1, problem=HotelUnavailable("away")))
        seen = 0
        try:
            async for part in close_day(broken, today(shift)):
                assert not part.complete
                seen += len(part.entries)
        except HotelUnavailable:
            return seen
        raise AssertionError("a part passed for the whole")

    assert shift(story) == 2


# Open matters


def handover(shift: Shift, *, with_charge: bool = False) -> Handover:
    async def story(desk: FakeDesk) -> Handover:
        if with_charge:
            begun = await take_payment(desk.front, a_charge())
            await desk.until(lambda: not desk.now(begun).awaits_answer)
        return await open_matters(night_desk(desk, shift.hotel), today(shift))

    return shift(story)


def kinds(matters: tuple[Matter, ...]) -> list[tuple[MatterKind, str]]:
    return [(matter.kind, matter.id) for matter in matters]


def test_everything_open_is_told_the_most_pressing_first(shift: Shift) -> None:
    now, hotel = shift.clock.now(), shift.hotel
    external, back = PaymentMethod.EXTERNAL, PaymentKind.REFUND
    voucher = replace(payment("voucher", pounds(70), now - HOUR, method=external), tender="Voucher")
    proven = replace(voucher, id="proven", external_identifier="V-1")
    cash = replace(voucher, id="cash", tender="Cash")
    hotel.stays = [stay("left", BORIS.id, state=ReservationState.PROCESSED, ends_utc=now - HOUR)]
    hotel.items = [item("bar", pounds(900), BORIS.id)]
    hotel.pay_requests = [
        pay_request("link", pounds(300), now - DAY),
        pay_request("hold", pounds(1), now - DAY, takes_money=False),
    ]
    hotel.rows = [
        payment("pending", pounds(100), now - HOUR, state=PaymentState.PENDING),
        payment("back", pounds(-50), now - HOUR, state=PaymentState.PENDING, kind=back),
        payment("back failed", pounds(-60), now - HOUR, state=PaymentState.FAILED, kind=back),
        payment("disputed", pounds(-70), now - 3 * DAY, kind=PaymentKind.CHARGEBACK),
        payment("auto", pounds(80), now - HOUR, state=PaymentState.FAILED, origin="AutomaticPayment"),
        payment("auto before", pounds(80), now - DAY, state=PaymentState.FAILED, origin="AutomaticPayment"),
        payment("of Boris", pounds(8), now - DAY, state=PaymentState.FAILED, origin="System", customer_id=BORIS.id),
        *(voucher, proven, cash),
    ]
    told = handover(shift)
    assert kinds(told.matters) == [
        (MatterKind.CHARGEBACK, "disputed"),
        (MatterKind.REFUND_FAILED, "back failed"),
        (MatterKind.AUTOMATION_FAILED, "auto"),
        (MatterKind.BILL_UNEVEN, BORIS.id),
        (MatterKind.WAITING, "pending"),
        (MatterKind.REFUND_UNDER_WAY, "back"),
        (MatterKind.LINK_OPEN, "link"),
        (MatterKind.NO_PROOF, "voucher"),
    ]
    assert told.matters[0].days_left == 4
    assert told.matters[2].subject == "Visa •••• 1111"
    assert told.guests == {ANNA.id: ANNA.full_name, BORIS.id: BORIS.full_name}


def test_a_chargeback_that_was_reversed_is_over(shift: Shift) -> None:
    now, reversal = shift.clock.now(), PaymentKind.CHARGEBACK_REVERSAL
    shift.hotel.rows = [
        payment("won", pounds(-70), now - DAY, kind=PaymentKind.CHARGEBACK),
        payment("won back", pounds(70), now - HOUR, kind=reversal),
        payment("second", pounds(-40), now - DAY, kind=PaymentKind.CHARGEBACK),
        payment("withdrawn", pounds(-4), now - DAY, kind=PaymentKind.CHARGEBACK, state=PaymentState.CANCELED),
    ]
    assert kinds(handover(shift).matters) == [(MatterKind.CHARGEBACK, "second")]


def test_our_own_acts_are_told_once(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(state=PaymentState.VERIFYING))
    told = handover(shift, with_charge=True)
    assert [(matter.kind, matter.reference) for matter in told.matters] == [(MatterKind.WAITING, "DP-AAAA-0001")]


def test_what_was_charged_and_is_not_in_the_books_is_told_as_that(shift: Shift) -> None:
    shift.hotel.coming.extend([Meets(done=False, error=Rejected("Invalid CreditCard"))] * 50)

    async def story(desk: FakeDesk) -> Handover:
        record = await charge_acquirer(desk.front, an_acquirer_charge(), "https://return.deskpay.invalid/")
        await desk.until(lambda: desk.now(record).events[-1].evidence is Evidence.REFUSED)
        return await open_matters(night_desk(desk, shift.hotel), today(shift))

    told = shift(story)
    assert [(matter.kind, matter.reference) for matter in told.matters] == [
        (MatterKind.NOT_IN_BOOKS, an_acquirer_charge().reference)
    ]


def test_an_act_without_an_answer_is_the_first_of_them(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(error=OutcomeUnknown("gone"), done=False))
    shift.hotel.stays = [stay("left", state=ReservationState.PROCESSED, ends_utc=shift.clock.now() - HOUR)]

    async def story(desk: FakeDesk) -> list[MatterKind]:
        begun = await take_payment(desk.front, a_charge())
        await desk.until(lambda: not desk.now(begun).awaits_answer)
        shift.hotel.coming.append(Meets(error=OutcomeUnknown("gone"), done=False))
        saving = await save_card(desk.front, a_card(desk.front.clock.monotonic_s()))
        await desk.until(lambda: not desk.now(saving).awaits_answer)
        return [matter.kind for matter in (await open_matters(night_desk(desk, shift.hotel), today(shift))).matters]

    assert shift(story) == [MatterKind.NOT_KNOWN]


# Our journal and the books


def compared(shift: Shift, change: Any = None) -> Comparison:
    async def story(desk: FakeDesk) -> Comparison:
        await desk.ends(await take_payment(desk.front, a_charge()))
        slip = await record_payment(desk.front, a_record(pounds(2_000), reference="DP-BBBB-0001", slip=a_slip()))
        await desk.ends(slip)
        if change is not None:
            shift.hotel.rows = change(shift.hotel.rows)
        return await reconcile(night_desk(desk, shift.hotel), today(shift))

    return shift(story)


def differences(found: Comparison) -> list[tuple[Difference, str, str]]:
    return [
        (d.difference, d.ours.intent.reference if d.ours else "", d.theirs.id if d.theirs else "")
        for d in found.disagreements
    ]


def test_what_both_know_agrees_and_other_hands_are_counted(shift: Shift) -> None:
    shift.hotel.rows = [payment("by hand", pounds(9_900), shift.clock.now() - HOUR, origin="Operations")]
    found = compared(shift)
    assert (found.agreed, found.elsewhere, found.disagreements) == (2, 1, ())


def test_an_act_that_the_books_do_not_hold_is_told(shift: Shift) -> None:
    found = compared(shift, lambda rows: rows[1:])
    assert differences(found) == [(Difference.MISSING_THERE, "DP-AAAA-0001", "")]


def test_a_payment_under_an_unknown_reference_is_told(shift: Shift) -> None:
    stray = payment("stray", pounds(5), shift.clock.now() - HOUR, notes="DP-ZZZZ-0009")
    found = compared(shift, lambda rows: [*rows, stray])
    assert differences(found) == [(Difference.UNKNOWN_HERE, "", "stray")]


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        ({"original_amount": pounds(31_000)}, Difference.AMOUNT_DIFFERS),
        ({"state": PaymentState.FAILED}, Difference.FAILED_THERE),
    ],
)
def test_a_payment_that_is_not_what_we_made_is_told(
    shift: Shift, changed: dict[str, Any], difference: Difference
) -> None:
    def change(rows: list[Payment]) -> list[Payment]:
        return [replace(rows[0], **changed), *rows[1:]]

    ((told, reference, _),) = differences(compared(shift, change))
    assert (told, reference) == (difference, "DP-AAAA-0001")


def test_a_charge_that_we_call_declined_and_that_lives_is_told(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(state=PaymentState.PENDING))

    async def story(desk: FakeDesk) -> Comparison:
        begun = await take_payment(desk.front, a_charge())
        await desk.until(lambda: desk.now(begun).outcome_id is not None)
        shift.hotel.settle(shift.hotel.rows[0].id, PaymentState.FAILED)
        await desk.ends(begun)
        failed = await reconcile(night_desk(desk, shift.hotel), today(shift))
        assert (failed.agreed, failed.disagreements) == (0, ())
        shift.hotel.settle(shift.hotel.rows[0].id, PaymentState.CHARGED)
        return await reconcile(night_desk(desk, shift.hotel), today(shift))

    ((told, _, _),) = differences(shift(story))
    assert told is Difference.LIVES_THERE


def test_a_slip_is_found_by_the_card_row_that_its_answer_named(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> Comparison:
        begun = await record_payment(desk.front, a_record(pounds(2_000), reference="DP-BBBB-0001", slip=a_slip()))
        waiting = await desk.reaches(begun, IntentState.ACCEPTED)
        shift.hotel.rows = [replace(row, notes="") for row in shift.hotel.rows]
        assert waiting.outcome_id in {row.credit_card_id for row in shift.hotel.rows}
        return await reconcile(night_desk(desk, shift.hotel), today(shift))

    assert shift(story).agreed == 1


def test_a_payment_beyond_the_day_is_asked_for_by_its_id(shift: Shift) -> None:
    def change(rows: list[Payment]) -> list[Payment]:
        return [replace(rows[0], created_utc=rows[0].created_utc + 2 * DAY), *rows[1:]]

    assert compared(shift, change).agreed == 2


# Whom to charge


def arrival(number: str, customer_id: str = ANNA.id, **changed: Any) -> Reservation:
    return replace(stay(f"stay-{number}", customer_id, state=ReservationState.CONFIRMED), **changed)


def candidates(shift: Shift, *agencies: Agency) -> list[Candidate]:
    async def story(desk: FakeDesk) -> list[Candidate]:
        night = night_desk(desk, shift.hotel)
        return list(await find_candidates(replace(night, front=replace(night.front, agencies=agencies)), today(shift)))

    return shift(story)


def of_stay(shift: Shift, minor: int, number: str = "1", customer_id: str = ANNA.id) -> None:
    shift.hotel.items.append(
        replace(item(f"night-{number}", pounds(minor), customer_id), reservation_id=f"stay-{number}")
    )


def test_a_quiet_night_has_nobody(shift: Shift) -> None:
    assert candidates(shift) == []


def test_a_guest_who_did_not_come_is_proposed_with_what_is_billed(shift: Shift) -> None:
    shift.hotel.stays = [arrival("1", starts_utc=shift.clock.now() - HOUR)]
    of_stay(shift, 14_500)
    (one,) = candidates(shift)
    assert (one.why, one.proposed, one.obstacles) == (Why.NO_SHOW, pounds(14_500), ())
    assert one.card is not None
    assert one.customer == ANNA


def test_who_is_and_who_is_not_a_matter_of_the_night(shift: Shift) -> None:
    now = shift.clock.now()
    due: dict[str, Any] = {"starts_utc": now - HOUR, "ends_utc": now + DAY}
    gone: dict[str, Any] = {"starts_utc": now - 3 * DAY, "ends_utc": now - HOUR}
    canceled = ReservationState.CANCELED
    shift.hotel.stays = [
        arrival("1", **due),
        replace(arrival("2", **due), state=canceled, no_show=True),
        replace(arrival("3", **due), state=canceled, canceled_utc=now - 2 * HOUR),
        replace(arrival("4", **due), state=canceled, canceled_utc=now - 9 * DAY),
        replace(arrival("5", **due), state=ReservationState.STARTED),
        replace(arrival("6", BORIS.id, **gone), state=ReservationState.PROCESSED),
        replace(arrival("7", **gone), state=ReservationState.STARTED),
        replace(arrival("8", **gone), state=ReservationState.PROCESSED),
    ]
    of_stay(shift, 900, "6", BORIS.id)
    told = {one.stay.number: one.why for one in candidates(shift)}
    assert told == {"1": Why.NO_SHOW, "2": Why.NO_SHOW, "3": Why.CANCELED_LATE, "6": Why.DEPARTED_UNPAID}


@pytest.mark.parametrize(
    ("cards", "changed", "obstacles"),
    [
        ([], {}, [Obstacle.NO_CARD]),
        ([card("visa", expiry=Expiry(2026, 10))], {}, [Obstacle.EXPIRED]),
        ([card("visa", enabled=False)], {}, [Obstacle.DISABLED]),
        ([card("visa", kind=CardKind.TERMINAL)], {}, [Obstacle.NOT_HERE]),
        ([card("visa", kind=CardKind.TERMINAL), card("other")], {"credit_card_id": "visa"}, []),
        ([replace(card("virtual"), format=CardFormat.VIRTUAL)], {}, []),
        (
            [card("visa")],
            {"owned_by_company": True, "customer_id": "company"},
            [Obstacle.PAID_BY_COMPANY, Obstacle.NO_CARD],
        ),
        ([card("visa")], {"payer_ids": ("agency",)}, []),
    ],
)
def test_why_a_guest_cannot_be_charged_by_the_card(
    shift: Shift, cards: list[Any], changed: dict[str, Any], obstacles: list[Obstacle]
) -> None:
    shift.hotel.cards = cards
    shift.hotel.stays = [arrival("1", **({"starts_utc": shift.clock.now() - HOUR} | changed))]
    of_stay(shift, 14_500)
    (one,) = candidates(shift)
    assert list(one.obstacles) == obstacles


def test_a_virtual_card_before_its_arrival_is_too_early(shift: Shift) -> None:
    shift.hotel.cards = [replace(card("virtual"), format=CardFormat.VIRTUAL)]
    tomorrow = arrival("1", starts_utc=shift.clock.now() + 17 * HOUR, canceled_utc=shift.clock.now())
    shift.hotel.stays = [replace(tomorrow, state=ReservationState.CANCELED)]
    (one,) = candidates(shift)
    assert one.obstacles == (Obstacle.VIRTUAL_TOO_EARLY,)
    assert one.proposed == pounds(0)


@pytest.mark.parametrize(("days", "obstacles"), [(1, (Obstacle.VIRTUAL_TOO_EARLY,)), (0, ()), (-2, ())])
def test_the_hotels_table_tells_when_an_agencys_card_works(
    shift: Shift, days: int, obstacles: tuple[Obstacle, ...]
) -> None:
    shift.hotel.cards = [replace(card("virtual"), format=CardFormat.VIRTUAL)]
    shift.hotel.stays = [arrival("1", starts_utc=shift.clock.now() - HOUR)]

    (one,) = candidates(shift, Agency("Any other", (), days, 100))
    assert one.obstacles == obstacles


def test_an_agency_guest_without_a_bill_is_the_agencys(shift: Shift) -> None:
    shift.hotel.stays = [arrival("1", starts_utc=shift.clock.now() - HOUR, payer_ids=("agency",))]
    (one,) = candidates(shift)
    assert one.obstacles == (Obstacle.PAID_BY_COMPANY,)


@pytest.mark.parametrize(
    ("state", "obstacles"),
    [
        (PaymentState.CHARGED, (Obstacle.PAID_ALREADY,)),
        (PaymentState.VERIFYING, (Obstacle.UNDER_WAY,)),
        (PaymentState.FAILED, ()),
    ],
)
def test_money_that_came_already_or_is_coming(
    shift: Shift, state: PaymentState, obstacles: tuple[Obstacle, ...]
) -> None:
    shift.hotel.stays = [arrival("1", starts_utc=shift.clock.now() - HOUR)]
    of_stay(shift, 14_500)
    paid = payment("deposit", pounds(14_500), shift.clock.now() - 9 * DAY, reservation_id="stay-1", state=state)
    shift.hotel.rows = [paid, payment("other money", pounds(1), shift.clock.now(), reservation_id="stay-9")]
    shift.hotel.items.append(
        replace(item("euros", pounds(1)), amount=replace(pounds(100), currency=EUR), reservation_id="stay-1")
    )
    (one,) = candidates(shift)
    assert one.obstacles == obstacles


def test_an_open_link_or_an_act_under_way_stands_against_it(shift: Shift) -> None:
    shift.hotel.stays = [
        arrival("1", starts_utc=shift.clock.now() - HOUR),
        arrival("2", BORIS.id, starts_utc=shift.clock.now()),
    ]
    shift.hotel.pay_requests = [pay_request("link", pounds(100), shift.clock.now() - DAY, customer_id=BORIS.id)]
    shift.hotel.coming.append(Meets(error=OutcomeUnknown("gone"), done=False))

    async def story(desk: FakeDesk) -> dict[str, tuple[Obstacle, ...]]:
        begun = await take_payment(desk.front, a_charge(pounds(777)))
        await desk.until(lambda: not desk.now(begun).awaits_answer)
        found = await find_candidates(night_desk(desk, shift.hotel), today(shift))
        return {one.stay.number: one.obstacles for one in found}

    told = shift(story)
    assert told["1"] == (Obstacle.BEING_CHECKED,)
    assert told["2"][0] is Obstacle.LINK_OPEN
