"""Who a guest is at the acquirer, which cards they saved there, and forgetting them.

An acquirer knows people by their e-mail address, which couples and agencies share. So a guest is linked to one of its
customers only by a person who says that they are the same, or by making a new customer; the link is kept here.
"""

from __future__ import annotations

from dataclasses import dataclass

from deskpay.domain.acquirer import AcquirerCustomer, VaultedCard
from deskpay.domain.customer import Customer
from deskpay.domain.errors import Field, HotelUnavailable, InputProblem, InputRefused, NotAllowed
from deskpay.domain.operator import Right
from deskpay.services.acquirer import Acquirer, AcquirerLinks
from deskpay.services.front_desk import FrontDesk


@dataclass(frozen=True, slots=True)
class GuestThere:
    """A guest at the acquirer.

    Args:
        customer_id: theirs there; None while no link was made.
        cards: that they saved.
        alike: whoever has the guest's e-mail address there, while no link was made.
    """

    customer_id: str | None
    cards: tuple[VaultedCard, ...] = ()
    alike: tuple[AcquirerCustomer, ...] = ()


async def know_guest(front: FrontDesk, guest: Customer) -> GuestThere:
    """Return who the guest is at the acquirer. A link to a customer who is gone there is forgotten.

    Raises:
        NotAllowed: the connection has no acquirer.
        HotelUnavailable: the acquirer cannot be read.
        Refused: it may not be read.
        JournalError: the links cannot be read.
    """
    acquirer, links = _vault(front)
    known = await _linked(acquirer, links, guest)
    if known is not None or not guest.email:
        return known or GuestThere(None)
    return GuestThere(None, alike=tuple(await acquirer.find_customers(guest.email)))


async def saved_cards(front: FrontDesk, guest: Customer) -> tuple[VaultedCard, ...]:
    """Return the cards that a linked guest saved there; about others nothing is asked. Raises as `know_guest`."""
    acquirer, links = _vault(front)
    known = await _linked(acquirer, links, guest)
    return known.cards if known is not None else ()


async def link_guest(front: FrontDesk, guest: Customer, customer_id: str) -> GuestThere:
    """Keep that the guest is one of the acquirer's customers, as a person said, and return what is known of them.

    Raises:
        InputRefused: that customer has not the guest's e-mail address any more.
        NotAllowed: whoever is at the desk may not do this.
        DeskPayError: as `know_guest`.
    """
    front.desk.seat.check(Right.CHARGE)
    acquirer, links = _vault(front)
    if not any(found.id == customer_id for found in await acquirer.find_customers(guest.email)):
        raise InputRefused(Field.EMAIL, InputProblem.CHANGED)
    await links.keep(guest.id, customer_id)
    return await know_guest(front, guest)


async def customer_to_save_for(front: FrontDesk, guest: Customer) -> str:
    """Return the acquirer's customer that a card of the guest is saved for; one is made where there is none.

    Raises:
        InputRefused: the guest has no e-mail address, or somebody there has it and nobody said whether it is the guest.
        NotAllowed: the connection has no acquirer.
        HotelUnavailable: the acquirer cannot be read.
        Refused: it refuses.
        OutcomeUnknown: whether the customer was made is not known; asking again makes no second one.
        JournalError: the link cannot be kept.
    """
    acquirer, links = _vault(front)
    if not guest.email:
        raise InputRefused(Field.EMAIL, InputProblem.EMPTY)
    known = await know_guest(front, guest)
    if known.customer_id is not None:
        return known.customer_id
    if known.alike:
        raise InputRefused(Field.EMAIL, InputProblem.TAKEN)
    made = await acquirer.create_customer(guest)
    await links.keep(guest.id, made.id)
    return made.id


async def forget_card(front: FrontDesk, guest: Customer, card_id: str) -> GuestThere:
    """Have the acquirer forget one card of the guest, make sure that it did, and return what is left.

    Raises:
        InputRefused: it is no card of the guest's any more.
        NotAllowed: whoever is at the desk may not do this.
        HotelUnavailable: whether it is forgotten is not known.
        DeskPayError: as `know_guest`, and NotSent or OutcomeUnknown where the request may not have come through.
    """
    front.desk.seat.check(Right.CHARGE)
    acquirer, _ = _vault(front)
    known = await know_guest(front, guest)
    if known.customer_id is None or not any(card.id == card_id for card in known.cards):
        raise InputRefused(Field.CARD, InputProblem.GONE)
    await acquirer.delete_card(known.customer_id, card_id)
    left = await know_guest(front, guest)
    if any(card.id == card_id for card in left.cards):
        raise HotelUnavailable("the acquirer lists the card still", operation="delete_card")
    return left


async def forget_guest(front: FrontDesk, guest: Customer) -> None:
    """Have the acquirer forget the guest and all their cards, for good, and forget the link.

    Raises:
        InputRefused: the guest is not known there.
        DeskPayError: as `forget_card`.
    """
    front.desk.seat.check(Right.CHARGE)
    acquirer, links = _vault(front)
    customer_id = await links.customer_of(guest.id)
    if customer_id is None:
        raise InputRefused(Field.CARD, InputProblem.GONE)
    await acquirer.delete_customer(customer_id)
    await links.forget(guest.id)


async def _linked(acquirer: Acquirer, links: AcquirerLinks, guest: Customer) -> GuestThere | None:
    customer_id = await links.customer_of(guest.id)
    if customer_id is None:
        return None
    cards = await acquirer.cards(customer_id)
    if cards is not None:
        return GuestThere(customer_id, tuple(cards))
    await links.forget(guest.id)
    return None


def _vault(front: FrontDesk) -> tuple[Acquirer, AcquirerLinks]:
    if front.acquirer is None or front.acquirer_links is None:
        raise NotAllowed("this connection has no acquirer")
    return front.acquirer, front.acquirer_links
