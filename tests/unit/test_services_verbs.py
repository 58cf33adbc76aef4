"""Recording, refunding, saving a card, and what every verb refuses before anything is sent."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from deskpay.domain.card import CardKind, Expiry
from deskpay.domain.errors import (
    Declined,
    DeskPayError,
    Field,
    GuestBeingChecked,
    HotelUnavailable,
    InputProblem,
    InputRefused,
    JournalUnavailable,
    LooksRepeated,
    NotAllowed,
    OutcomeUnknown,
    Rejected,
    Unauthorized,
)
from deskpay.domain.intent import Evidence, IntentKind, IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.payment import PaymentKind, PaymentMethod, PaymentState
from deskpay.services.record_payment import RecordOrder, record_payment
from deskpay.services.refund_payment import RefundOrder, refund_payment
from deskpay.services.save_card import LIFE_S, SaveCardOrder, save_card
from deskpay.services.take_payment import ChargeOrder, take_payment
from tests.kit.fake_desk import CAPTURE, FakeDesk, Shift, a_card, a_charge, a_record, a_refund, a_slip, new_shift
from tests.kit.fake_hotel import ANNA, EUR, JPY, Meets, bill, card, payment, pounds
from tests.kit.loops import VirtualRunner

LOST = OutcomeUnknown("the answer was lost")
PAN = "4111 1111 1111 1111"

Verb = Callable[[FakeDesk], Awaitable[IntentRecord]]


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    shifts = new_shift(run_virtual)
    shift = next(shifts)
    paid = payment("paid", pounds(5000), shift.clock.now() - timedelta(days=2))
    shift.hotel.rows.append(paid)
    yield shift
    yield from shifts


def fresh_card(desk: FakeDesk, transaction_id: str = CAPTURE) -> SaveCardOrder:
    return a_card(desk.front.clock.monotonic_s(), transaction_id=transaction_id)


async def charge(desk: FakeDesk) -> IntentRecord:
    return await take_payment(desk.front, a_charge())


async def record(desk: FakeDesk) -> IntentRecord:
    return await record_payment(desk.front, a_record())


async def record_slip(desk: FakeDesk) -> IntentRecord:
    return await record_payment(desk.front, a_record(slip=a_slip()))


async def refund(desk: FakeDesk) -> IntentRecord:
    return await refund_payment(desk.front, a_refund("paid"))


async def save(desk: FakeDesk) -> IntentRecord:
    return await save_card(desk.front, fresh_card(desk))


VERBS = [charge, record, record_slip, refund, save]
MONEY = VERBS[:4]


def refused(shift: Shift, verb: Verb, error: type[DeskPayError]) -> DeskPayError:
    """Play `verb`, which is refused with nothing sent and no claim left."""

    async def story(desk: FakeDesk) -> DeskPayError:
        with pytest.raises(error) as caught:
            await verb(desk)
        assert not desk.runner.unfinished
        return caught.value

    problem = shift(story)
    assert not shift.hotel.requests
    assert not any(record.holds_claim for record in shift.journal.stories.values())
    return problem


def refused_input(shift: Shift, verb: Verb) -> tuple[Field, InputProblem]:
    problem = refused(shift, verb, InputRefused)
    assert isinstance(problem, InputRefused)
    assert PAN.replace(" ", "") not in str(problem)
    return problem.field, problem.problem


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_writes_sends_once_and_reads_back(shift: Shift, verb: Verb) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await verb(desk))

    done = shift(story)
    assert [event.evidence for event in done.events] == [
        Evidence.DECIDED,
        Evidence.ABOUT_TO_SEND,
        Evidence.ANSWERED,
        Evidence.READ_BACK,
    ]
    assert done.state is IntentState.CONFIRMED
    assert shift.hotel.requests == shift.hotel.effects == {done.intent.reference: 1}
    rows = {row.id for row in shift.hotel.rows} | {card.id for card in shift.hotel.cards}
    assert done.outcome_id in rows - {"paid", "visa"}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_adopts_what_a_lost_answer_did(shift: Shift, verb: Verb) -> None:
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await verb(desk))

    done = shift(story)
    assert done.state is IntentState.CONFIRMED
    assert Evidence.FOUND in [event.evidence for event in done.events]
    assert shift.hotel.requests == {done.intent.reference: 1}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_leaves_open_what_a_lost_answer_did_not_do(shift: Shift, verb: Verb) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await verb(desk)
        await asyncio.sleep(24 * 3600)
        with pytest.raises(GuestBeingChecked):
            await again(desk, begun)
        return await desk.on_record(begun)

    left = shift(story)
    assert left.state is IntentState.UNKNOWN
    assert {event.evidence for event in left.events[3:]} == {Evidence.NOT_FOUND}
    assert shift.hotel.requests == {left.intent.reference: 1}


async def again(desk: FakeDesk, begun: IntentRecord) -> IntentRecord:
    """Try another act on what `begun` holds."""
    if begun.intent.kind is IntentKind.SAVE_CARD:
        return await save_card(desk.front, replace(fresh_card(desk), reference="DP-DDDD-0002"))
    return await take_payment(desk.front, a_charge(pounds(1), reference="DP-AAAA-0009"))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("problem", [HotelUnavailable("down"), Unauthorized("401")], ids=repr)
def test_books_that_cannot_be_read_stop_every_verb(shift: Shift, verb: Verb, problem: DeskPayError) -> None:
    shift.hotel.closed = problem
    assert refused(shift, verb, type(problem)) is problem


@pytest.mark.parametrize("verb", VERBS)
def test_a_journal_that_cannot_be_read_stops_every_verb(shift: Shift, verb: Verb) -> None:
    shift.journal.unreadable = JournalUnavailable("locked")
    refused(shift, verb, JournalUnavailable)


@pytest.mark.parametrize("verb", VERBS)
def test_a_journal_that_cannot_be_written_stops_every_verb_and_the_form_may_be_sent_again(
    shift: Shift, verb: Verb
) -> None:
    shift.journal.failures[1] = (JournalUnavailable("locked"), False)
    refused(shift, verb, JournalUnavailable)

    async def story(desk: FakeDesk) -> IntentRecord:
        shift.journal.failures[shift.journal.writes + 1] = (JournalUnavailable("locked"), False)
        with pytest.raises(JournalUnavailable):
            await verb(desk)
        return await desk.ends(await verb(desk))

    assert shift(story).state is IntentState.CONFIRMED


@pytest.mark.parametrize("verb", VERBS)
def test_a_reading_that_is_cancelled_sends_nothing(shift: Shift, verb: Verb) -> None:
    shift.hotel.slow_s = {"payments": 100, "cards": 100}

    async def story(desk: FakeDesk) -> None:
        window = asyncio.gather(verb(desk))
        await asyncio.sleep(1)
        window.cancel()
        with pytest.raises(asyncio.CancelledError):
            await window

    shift(story)
    assert not shift.journal.stories
    assert not shift.hotel.requests


@pytest.mark.parametrize("first", MONEY)
@pytest.mark.parametrize("second", MONEY)
def test_no_act_with_the_guests_money_begins_beside_an_open_one(shift: Shift, first: Verb, second: Verb) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> None:
        begun = await desk.reaches(await first(desk), IntentState.UNKNOWN)
        with pytest.raises(GuestBeingChecked) as caught:
            await second(desk)
        assert caught.value.reference == begun.intent.reference

    shift(story)
    assert sum(shift.hotel.requests.values()) == 1


@pytest.mark.parametrize(
    ("amount", "field", "problem"),
    [
        (pounds(0), Field.AMOUNT, InputProblem.ZERO),
        (pounds(-1), Field.AMOUNT, InputProblem.NEGATIVE),
        (pounds(10**11 + 1), Field.AMOUNT, InputProblem.TOO_LARGE),
        (Money(100, JPY), Field.CURRENCY, InputProblem.NOT_TAKEN),
    ],
    ids=lambda value: value.name if isinstance(value, InputProblem) else "",
)
def test_no_verb_takes_an_amount_that_cannot_be(
    shift: Shift, amount: Money, field: Field, problem: InputProblem
) -> None:
    for verb in (
        lambda desk: take_payment(desk.front, a_charge(amount)),
        lambda desk: record_payment(desk.front, a_record(amount)),
        lambda desk: refund_payment(desk.front, a_refund("paid", amount)),
    ):
        assert refused_input(shift, verb) == (field, problem)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"enabled": False}, InputProblem.DISABLED),
        ({"active": False}, InputProblem.DISABLED),
        ({"kind": CardKind.TERMINAL}, InputProblem.TERMINAL),
        ({"kind": CardKind.UNKNOWN}, InputProblem.NOT_ALLOWED),
        ({"expiry": Expiry(2026, 10)}, InputProblem.EXPIRED),
        (None, InputProblem.GONE),
    ],
    ids=str,
)
def test_a_card_that_cannot_be_charged_is_not(
    shift: Shift, changes: dict[str, object] | None, problem: InputProblem
) -> None:
    shift.hotel.cards = [] if changes is None else [replace(card("visa"), **changes)]  # type: ignore[arg-type]  # one field differs
    assert refused_input(shift, charge) == (Field.CARD, problem)


def test_a_card_is_good_to_the_last_day_of_its_month_and_without_a_month(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        for number, expiry in enumerate((Expiry(2026, 11), None)):
            shift.hotel.cards = [card("visa", expiry=expiry)]
            order = a_charge(pounds(100 + number), reference=f"DP-AAAA-000{number}")
            await desk.ends(await take_payment(desk.front, order))

    shift(story)
    assert len(shift.hotel.effects) == 2


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (a_charge(note=PAN), (Field.NOTE, InputProblem.CARD_NUMBER)),
        (a_charge(note="x" * 501), (Field.NOTE, InputProblem.TOO_LONG)),
        (a_charge(repeat_reason=PAN), (Field.REASON, InputProblem.CARD_NUMBER)),
    ],
)
def test_a_charge_with_a_text_that_may_not_be_sent_is_refused(
    shift: Shift, order: ChargeOrder, found: tuple[Field, InputProblem]
) -> None:
    assert refused_input(shift, lambda desk: take_payment(desk.front, order)) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (a_record(tender="Bitcoin"), (Field.TENDER, InputProblem.NOT_TAKEN)),
        (a_record(tender=""), (Field.TENDER, InputProblem.NOT_TAKEN)),
        (a_record(external_identifier=PAN), (Field.RECEIPT, InputProblem.CARD_NUMBER)),
        (a_record(external_identifier="SLIP-1"), (Field.RECEIPT, InputProblem.RECORDED)),
        (a_record(bill_id="closed"), (Field.BILL, InputProblem.GONE)),
        (a_record(bill_id="no such bill"), (Field.BILL, InputProblem.GONE)),
        (a_record(slip=a_slip(last_four="")), (Field.LAST_FOUR, InputProblem.EMPTY)),
        (a_record(slip=a_slip(holder=" ")), (Field.HOLDER, InputProblem.EMPTY)),
        (a_record(slip=a_slip(holder=PAN)), (Field.HOLDER, InputProblem.CARD_NUMBER)),
        (a_record(slip=a_slip(brand=PAN)), (Field.CARD, InputProblem.CARD_NUMBER)),
        (a_record(slip=replace(a_slip(), expiry=Expiry(2026, 10))), (Field.EXPIRY, InputProblem.PAST)),
    ],
)
def test_a_record_that_cannot_stand_is_refused(
    shift: Shift, order: RecordOrder, found: tuple[Field, InputProblem]
) -> None:
    shift.hotel.bill_rows.append(bill("closed", is_open=False))
    shift.hotel.rows.append(payment("slip", pounds(1), shift.clock.now(), external_identifier="SLIP-1"))
    assert refused_input(shift, lambda desk: record_payment(desk.front, order)) == found


def test_a_record_keeps_what_was_checked(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        slip = replace(a_slip(holder=" A Odegard "), expiry=Expiry(2026, 11))
        order = a_record(slip=slip, external_identifier=" 77 ", tender="Bitcoin", bill_id=None)
        return await desk.ends(await record_payment(desk.front, order))

    intent = shift(story).intent
    assert intent.slip is not None
    assert (intent.slip.holder, intent.external_identifier, intent.tender) == ("A Odegard", "77", "")
    assert (intent.kind, intent.subject) == (IntentKind.RECORD_CARD, "Visa •••• 1111")


def test_a_record_of_what_is_on_the_books_needs_a_reason(shift: Shift) -> None:
    shift.hotel.rows.append(payment("cash", pounds(5000), shift.clock.now(), method=PaymentMethod.CASH))
    refused(shift, record, LooksRepeated)

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await record_payment(desk.front, a_record(repeat_reason="paid twice in cash")))

    assert shift(story).state is IntentState.CONFIRMED


def test_a_recorded_slip_is_not_confirmed_by_an_older_row_of_the_same_card(shift: Shift) -> None:
    """The property system may keep one card row for all slips of one card."""
    shift.hotel.rows.append(payment("older", pounds(700), shift.clock.now(), credit_card_id="card-1"))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await record_slip(desk)
        await desk.reaches(begun, IntentState.ACCEPTED)
        rows = shift.hotel.rows
        shift.hotel.rows = [row for row in rows if row.id == "older"]
        await asyncio.sleep(600)
        assert (await desk.on_record(begun)).state is IntentState.ACCEPTED
        twin = payment("twin", pounds(700), shift.clock.now(), credit_card_id="card-1")
        shift.hotel.rows = [*rows, twin]
        return await desk.ends(begun)

    done = shift(story)
    (ours,) = shift.hotel.made(done.intent.reference)
    assert done.outcome_id == ours.id


def test_a_slip_is_found_again_among_the_payments_with_that_card(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await record_slip(desk)
        await desk.reaches(begun, IntentState.ACCEPTED)
        shift.hotel.rows = [replace(row, notes="") for row in shift.hotel.rows]
        shift.hotel.rows.append(payment("twin", pounds(700), shift.clock.now(), credit_card_id="card-1"))
        await asyncio.sleep(600)
        return await desk.on_record(begun)

    assert shift(story).state is IntentState.ACCEPTED


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (a_refund("gone"), (Field.PAYMENT, InputProblem.GONE)),
        (a_refund("cash"), (Field.PAYMENT, InputProblem.RECORDED)),
        (a_refund("terminal"), (Field.PAYMENT, InputProblem.RECORDED)),
        (a_refund("pending"), (Field.PAYMENT, InputProblem.NOT_ALLOWED)),
        (a_refund("back"), (Field.PAYMENT, InputProblem.NOT_ALLOWED)),
        (a_refund("paid", pounds(4001)), (Field.AMOUNT, InputProblem.MORE_THAN_LEFT)),
        (a_refund("spent"), (Field.PAYMENT, InputProblem.MORE_THAN_LEFT)),
        (a_refund("paid", Money(100, EUR)), (Field.CURRENCY, InputProblem.NOT_TAKEN)),
        (a_refund("paid", reason=" "), (Field.REASON, InputProblem.EMPTY)),
        (a_refund("paid", reason=PAN), (Field.REASON, InputProblem.CARD_NUMBER)),
    ],
)
def test_a_refund_that_cannot_be_is_refused(
    shift: Shift, order: RefundOrder, found: tuple[Field, InputProblem]
) -> None:
    then = shift.clock.now() - timedelta(days=1)
    shift.hotel.cards.append(card("slip", kind=CardKind.TERMINAL))
    shift.hotel.rows += [
        payment("cash", pounds(3000), then, method=PaymentMethod.CASH),
        payment("terminal", pounds(3000), then, credit_card_id="slip"),
        payment("pending", pounds(3000), then, state=PaymentState.PENDING),
        payment("back", pounds(-1000), then, kind=PaymentKind.REFUND),
        payment("spent", pounds(1000), then),
    ]
    assert refused_input(shift, lambda desk: refund_payment(desk.front, order)) == found


def test_parts_may_be_given_back_until_nothing_is_left(shift: Shift) -> None:
    shift.hotel.coming.extend([Meets(state=PaymentState.PENDING), Meets(state=PaymentState.PENDING)])

    async def story(desk: FakeDesk) -> None:
        for number in (1, 2):
            order = a_refund("paid", pounds(2000), reference=f"DP-CCCC-000{number}")
            await desk.reaches(await refund_payment(desk.front, order), IntentState.ACCEPTED)
        with pytest.raises(InputRefused) as caught:
            await refund_payment(desk.front, a_refund("paid", pounds(1001), reference="DP-CCCC-0003"))
        assert caught.value.problem is InputProblem.MORE_THAN_LEFT

    shift(story)
    assert sum(-row.amount.minor for row in shift.hotel.rows if not row.amount.positive) == 4000


def test_a_second_refund_whose_reading_was_slow_is_not_sent(shift: Shift) -> None:
    """The first one was accepted meanwhile and holds no claim while it lands."""
    shift.hotel.coming.append(Meets(state=PaymentState.PENDING))

    async def story(desk: FakeDesk) -> None:
        shift.hotel.slow_s["payments"] = 10
        slow = refund_payment(desk.front, a_refund("paid", reference="DP-CCCC-0002"))
        second = asyncio.gather(slow, return_exceptions=True)
        await asyncio.sleep(1)
        first = await refund_payment(desk.front, a_refund("paid"))
        await desk.reaches(first, IntentState.ACCEPTED)
        (result,) = await second
        assert isinstance(result, GuestBeingChecked)
        assert result.reference == first.intent.reference

    shift(story)
    assert shift.hotel.requests == {"DP-CCCC-0001": 1}


@pytest.mark.parametrize(
    "others",
    [[{}], [{"credit_card_id": "other"}]],
    ids=["two alike", "to another card"],
)
def test_refunds_that_cannot_be_told_apart_go_to_a_person(shift: Shift, others: list[dict[str, str]]) -> None:
    alone = bool(others[0])
    shift.hotel.coming.append(Meets(done=not alone, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await refund(desk)
        for number, changes in enumerate(others):
            theirs = payment(f"theirs-{number}", pounds(-1000), shift.clock.now(), kind=PaymentKind.REFUND, **changes)  # type: ignore[arg-type]  # one field differs
            shift.hotel.rows.append(theirs)
        await asyncio.sleep(3600)
        return await desk.on_record(begun)

    left = shift(story)
    assert left.state is IntentState.UNKNOWN
    assert {event.evidence for event in left.events[3:]} == {Evidence.SEVERAL_FOUND}


def test_a_lost_refund_does_not_adopt_our_own_one_before_it(shift: Shift) -> None:
    shift.hotel.coming.extend([Meets(state=PaymentState.PENDING), Meets(done=False, error=LOST)])

    async def story(desk: FakeDesk) -> IntentRecord:
        first = await desk.reaches(await refund(desk), IntentState.ACCEPTED)
        rows = shift.hotel.rows
        # The reading before the second does not show the first yet.
        shift.hotel.rows = [row for row in rows if row.id != first.outcome_id]
        second = await refund_payment(desk.front, a_refund("paid", reference="DP-CCCC-0002"))
        shift.hotel.rows = rows
        await asyncio.sleep(3600)
        return await desk.on_record(second)

    left = shift(story)
    assert {event.evidence for event in left.events[3:]} == {Evidence.NOT_FOUND}


def test_a_refund_that_names_our_reference_is_told_from_an_equal_one(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await refund(desk)
        for name, notes in (("theirs", ""), ("ours", "minibar · DP-CCCC-0001")):
            row = payment(name, pounds(-1000), shift.clock.now(), kind=PaymentKind.REFUND, notes=notes)
            shift.hotel.rows.append(row)
        return await desk.ends(begun)

    assert shift(story).outcome_id == "ours"


def test_a_refused_refund_beside_none_is_a_decline(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=Declined("403", server_message="Balance too low")))

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await refund(desk))

    assert shift(story).message == "Balance too low"


def test_an_alternative_payment_is_refunded_without_a_card(shift: Shift) -> None:
    then = shift.clock.now() - timedelta(days=1)
    shift.hotel.rows.append(payment("ideal", pounds(3000), then, method=PaymentMethod.ALTERNATIVE))
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        return await desk.ends(await refund_payment(desk.front, a_refund("ideal")))

    done = shift(story)
    assert (done.state, done.intent.subject) == (IntentState.CONFIRMED, "alternative")


@pytest.mark.parametrize("transaction_id", ["", "4111111111111111", "26091509141412345x", CAPTURE + "7"])
def test_a_capture_of_another_form_is_refused_and_not_quoted(shift: Shift, transaction_id: str) -> None:
    problem = refused(shift, lambda desk: save_card(desk.front, fresh_card(desk, transaction_id)), InputRefused)
    assert isinstance(problem, InputRefused)
    assert (problem.field, problem.problem) == (Field.CARD, InputProblem.BAD_FORM)
    assert not transaction_id or transaction_id not in str(problem)


def test_a_capture_that_grew_old_is_not_sent(shift: Shift) -> None:
    async def late(desk: FakeDesk) -> IntentRecord:
        order = fresh_card(desk)
        await asyncio.sleep(LIFE_S - 1)
        shift.hotel.slow_s["cards"] = 2
        return await save_card(desk.front, order)

    assert refused_input(shift, late) == (Field.CARD, InputProblem.GONE)


def test_a_captured_card_that_is_past_is_not_sent(shift: Shift) -> None:
    async def past(desk: FakeDesk) -> IntentRecord:
        return await save_card(desk.front, replace(fresh_card(desk), expiry=Expiry(2026, 10)))

    assert refused_input(shift, past) == (Field.EXPIRY, InputProblem.PAST)


def test_the_capture_reaches_the_hotel_and_nothing_else(shift: Shift) -> None:
    said = f"Invalid StorageData {CAPTURE}"
    shift.hotel.coming.append(Meets(done=False, error=Rejected("400", server_message=said)))

    async def story(desk: FakeDesk) -> IntentRecord:
        assert CAPTURE not in repr(fresh_card(desk))
        done = await desk.ends(await save(desk))
        assert CAPTURE not in repr(desk.news)
        return done

    done = shift(story)
    assert shift.hotel.captures == [CAPTURE]
    assert done.message == "Invalid StorageData …"
    assert CAPTURE not in repr(shift.journal.stories)


def test_two_new_cards_after_a_lost_answer_are_for_a_person(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await save(desk)
        shift.hotel.cards.append(card("theirs"))
        await asyncio.sleep(60)
        return await desk.on_record(begun)

    assert shift(story).events[-1].evidence is Evidence.SEVERAL_FOUND


def test_a_terminals_row_is_not_the_card_that_was_saved(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await save(desk)
        await desk.ends(await record_slip(desk))
        await asyncio.sleep(60)
        return await desk.on_record(begun)

    left = shift(story)
    assert {event.evidence for event in left.events[3:]} == {Evidence.NOT_FOUND}


def test_a_card_that_is_not_shown_yet_is_waited_for(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> IntentRecord:
        begun = await desk.reaches(await save(desk), IntentState.ACCEPTED)
        cards, shift.hotel.cards = shift.hotel.cards, []
        await asyncio.sleep(600)
        assert (await desk.on_record(begun)).state is IntentState.ACCEPTED
        shift.hotel.cards = cards
        return await desk.ends(begun)

    assert shift(story).state is IntentState.CONFIRMED


def test_a_captured_card_is_saved_once_however_often_it_is_clicked(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        order = fresh_card(desk)
        shift.hotel.slow_s["cards"] = 10
        slow = asyncio.gather(save_card(desk.front, replace(order, reference="DP-DDDD-0002")), return_exceptions=True)
        await asyncio.sleep(1)
        await desk.ends(await save_card(desk.front, order))
        (result,) = await slow
        assert isinstance(result, NotAllowed)

    shift(story)
    assert shift.hotel.captures == [CAPTURE]


def test_saving_a_card_does_not_wait_for_the_guests_money(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(done=False, error=LOST))

    async def story(desk: FakeDesk) -> IntentRecord:
        await desk.reaches(await charge(desk), IntentState.UNKNOWN)
        return await desk.ends(await save(desk))

    assert shift(story).intent.customer_id == ANNA.id


def test_a_card_that_was_being_saved_when_the_books_were_read_stops_the_next(shift: Shift) -> None:
    shift.hotel.coming.append(Meets(before_s=5))

    async def story(desk: FakeDesk) -> None:
        order = fresh_card(desk)
        first = await desk.reaches(await save_card(desk.front, order), IntentState.SENDING)
        shift.hotel.slow_s["cards"] = 20
        slow = asyncio.gather(save_card(desk.front, replace(order, reference="DP-DDDD-0002")), return_exceptions=True)
        await desk.ends(first)
        (result,) = await slow
        assert isinstance(result, GuestBeingChecked)
        assert result.reference == first.intent.reference

    shift(story)
    assert shift.hotel.captures == [CAPTURE]
