"""Who a guest is at the acquirer: linked by a person or made anew, saved by paying, forgotten for good."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest

from deskpay.domain.acquirer import AcquirerCustomer
from deskpay.domain.errors import Field, HotelUnavailable, InputProblem, InputRefused, NotAllowed, NotSignedIn
from deskpay.domain.intent import IntentState
from deskpay.services.acquirer_guest import (
    GuestThere,
    customer_to_save_for,
    forget_card,
    forget_guest,
    know_guest,
    link_guest,
)
from deskpay.services.charge_acquirer import charge_acquirer
from deskpay.services.front_desk import FrontDesk
from deskpay.services.read_guest import read_guest
from tests.kit.fake_acquirer import VAULTED
from tests.kit.fake_desk import FakeDesk, Shift, an_acquirer_charge, new_shift
from tests.kit.fake_hotel import ANNA as NAMED
from tests.kit.loops import VirtualRunner

ANNA = replace(NAMED, email="anna@example.com")
TWIN = AcquirerCustomer("cus-other", "Anna Odegard", "anna@example.com", "")
RETURN = "https://return.deskpay.invalid/"


@pytest.fixture
def shift(run_virtual: VirtualRunner) -> Iterator[Shift]:
    yield from new_shift(run_virtual)


def known(shift: Shift) -> None:
    """Anna is linked and has saved a card."""
    shift.acquirer.customers[TWIN.id] = TWIN
    shift.acquirer.saved[TWIN.id] = [VAULTED]
    shift.acquirer.links.held["anna"] = TWIN.id


async def refused(work: Awaitable[object], field: Field, problem: InputProblem) -> None:
    with pytest.raises(InputRefused) as refusal:
        await work
    assert (refusal.value.field, refusal.value.problem) == (field, problem)


def test_a_guest_nobody_there_has_the_address_of_is_made_and_linked_once(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        assert await know_guest(desk.front, ANNA) == GuestThere(None)
        assert await customer_to_save_for(desk.front, ANNA) == "cus-anna"
        assert await customer_to_save_for(desk.front, ANNA) == "cus-anna"
        assert await know_guest(desk.front, ANNA) == GuestThere("cus-anna")

    shift(story)
    assert shift.acquirer.links.held == {"anna": "cus-anna"}


def test_whoever_has_the_address_is_linked_by_a_person_alone(shift: Shift) -> None:
    shift.acquirer.customers[TWIN.id] = TWIN
    shift.acquirer.saved[TWIN.id] = [VAULTED]

    async def story(desk: FakeDesk) -> None:
        assert await know_guest(desk.front, ANNA) == GuestThere(None, alike=(TWIN,))
        await refused(customer_to_save_for(desk.front, ANNA), Field.EMAIL, InputProblem.TAKEN)
        await refused(link_guest(desk.front, ANNA, "cus-third"), Field.EMAIL, InputProblem.CHANGED)
        assert shift.acquirer.links.held == {}
        assert await link_guest(desk.front, ANNA, TWIN.id) == GuestThere(TWIN.id, (VAULTED,))
        assert await customer_to_save_for(desk.front, ANNA) == TWIN.id

    shift(story)


@pytest.mark.parametrize(
    "act",
    [
        lambda front: link_guest(front, ANNA, TWIN.id),
        lambda front: forget_card(front, ANNA, VAULTED.id),
        lambda front: forget_guest(front, ANNA),
    ],
    ids=["link", "forget a card", "forget the guest"],
)
def test_nothing_is_changed_there_from_a_locked_desk(
    shift: Shift, act: Callable[[FrontDesk], Awaitable[object]]
) -> None:
    known(shift)

    async def story(desk: FakeDesk) -> None:
        desk.front.desk.seat.leave()
        with pytest.raises(NotSignedIn):
            await act(desk.front)

    shift(story)
    assert shift.acquirer.saved == {TWIN.id: [VAULTED]}
    assert shift.acquirer.links.held == {"anna": TWIN.id}


def test_a_guest_without_an_address_is_not_asked_about_and_not_made(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        nameless = replace(ANNA, email="")
        assert await know_guest(desk.front, nameless) == GuestThere(None)
        await refused(customer_to_save_for(desk.front, nameless), Field.EMAIL, InputProblem.EMPTY)

    shift(story)
    assert shift.acquirer.customers == {}


def test_a_link_to_somebody_who_is_gone_is_forgotten(shift: Shift) -> None:
    shift.acquirer.links.held["anna"] = "cus-gone"
    assert shift(lambda desk: know_guest(desk.front, ANNA)) == GuestThere(None)
    assert shift.acquirer.links.held == {}


def test_one_card_is_forgotten_and_it_is_made_sure(shift: Shift) -> None:
    known(shift)
    other = replace(VAULTED, id="pm-other")
    shift.acquirer.saved[TWIN.id].append(other)

    async def story(desk: FakeDesk) -> None:
        assert await forget_card(desk.front, ANNA, VAULTED.id) == GuestThere(TWIN.id, (other,))
        await refused(forget_card(desk.front, ANNA, VAULTED.id), Field.CARD, InputProblem.GONE)
        shift.acquirer.forgets = False
        with pytest.raises(HotelUnavailable, match="lists the card still"):
            await forget_card(desk.front, ANNA, other.id)

    shift(story)


def test_the_guest_is_forgotten_with_the_link(shift: Shift) -> None:
    known(shift)

    async def story(desk: FakeDesk) -> None:
        await forget_guest(desk.front, ANNA)
        await refused(forget_guest(desk.front, ANNA), Field.CARD, InputProblem.GONE)

    shift(story)
    assert (shift.acquirer.customers, shift.acquirer.links.held) == ({}, {})


def test_a_charge_that_is_to_keep_the_card_names_the_customer_and_reads_what_may_be_shown(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        order = replace(an_acquirer_charge(), customer=ANNA, keep=True, card=replace(VAULTED, last_four=""))
        record = await desk.ends(await charge_acquirer(desk.front, order, RETURN))
        assert record.state is IntentState.CONFIRMED
        assert record.intent.subject == "Card •••• 4345"

    shift(story)
    assert shift.acquirer.saving == ["cus-anna"]


def test_a_charge_that_keeps_nothing_makes_no_customer(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> None:
        await desk.ends(await charge_acquirer(desk.front, replace(an_acquirer_charge(), customer=ANNA), RETURN))

    shift(story)
    assert shift.acquirer.saving == [None]
    assert shift.acquirer.customers == {}


def test_without_an_acquirer_nobody_is_known(shift: Shift) -> None:
    shift.has_acquirer = False

    async def story(desk: FakeDesk) -> None:
        with pytest.raises(NotAllowed):
            await know_guest(desk.front, ANNA)

    shift(story)


def test_a_guest_s_page_lists_what_the_acquirer_keeps_and_does_without(shift: Shift) -> None:
    async def story(desk: FakeDesk) -> list[int]:
        unlinked = await read_guest(desk.front, ANNA, None)
        known(shift)
        linked = await read_guest(desk.front, ANNA, None)
        shift.acquirer.reading.append(HotelUnavailable("down"))
        away = await read_guest(desk.front, ANNA, None)
        without = await read_guest(replace(desk.front, acquirer=None), ANNA, None)
        assert linked.vaulted == (VAULTED,)
        return [len(file.vaulted) for file in (unlinked, linked, away, without)]

    assert shift(story) == [0, 1, 0, 0]
