"""Asking a guest to pay by an act of their own: by a link, by an alternative method, at a terminal.

The request takes nothing by itself. It is guarded like a charge all the same, for the guest may follow it at once, and
a second one invites to pay twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from deskpay.domain.customer import Customer
from deskpay.domain.entry import check_text
from deskpay.domain.errors import (
    DeskPayError,
    Field,
    GuestBeingChecked,
    InputProblem,
    InputRefused,
    OutcomeUnknown,
    Refused,
)
from deskpay.domain.intent import Intent, IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.domain.operator import Right
from deskpay.domain.payment_request import LinkTerms, PaymentRequest
from deskpay.domain.terminal import Terminal
from deskpay.services.checks import baseline_of, check_amount, check_not_repeated, check_not_waiting, see_money
from deskpay.services.front_desk import FrontDesk

LONGEST = timedelta(days=90)
"""A link that works longer is a slip of the keyboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOrder:
    """What the clerk confirmed: exactly one of `link`, `method` and `terminal`.

    Args:
        reference: drawn when the form opened.
        customer: who is to pay.
        reservation_id: the stay, where there is one.
        amount: how much.
        link: for a link.
        method: code of an alternative method; empty for the other ways.
        terminal: where the guest is to pay by card.
        repeat_reason: why this is another payment, where it looks like a repeat.
        repeat_of: ids of what it looked like, as shown to whoever gave the reason.
    """

    reference: str
    customer: Customer
    reservation_id: str | None
    amount: Money
    link: LinkTerms | None = None
    method: str = ""
    terminal: Terminal | None = None
    repeat_reason: str = ""
    repeat_of: frozenset[str] = frozenset()


async def ask_guest(front: FrontDesk, order: AskOrder) -> IntentRecord:
    """Check everything afresh, make the intent durable and start it; return before the answer is there.

    Raises:
        InputRefused: something typed cannot be used; nothing was sent.
        LooksRepeated: the same money seems to be taken or asked for already, and a person has not seen all of that;
            nothing was sent.
        GuestBeingChecked: an earlier act for this guest has no known outcome, or another came first; nothing was sent.
        NotAllowed: the form was used already, DeskPay is closing, or whoever is at the desk may not do this, or not
            alone; nothing was sent.
        HotelUnavailable: the books could not be read before; nothing was sent.
        Refused: the books may not be read; nothing was sent.
        JournalError: the intent could not be written; nothing was sent.
    """
    check_amount(order.amount, front.hotel)
    reason = check_text(order.repeat_reason, Field.REASON)
    link = _check_link(order.link, order.customer, front) if order.link else None
    if link is None and order.terminal is None and order.method not in front.guest_pages.offered(_code(order)):
        raise InputRefused(Field.TENDER, InputProblem.NOT_TAKEN)
    known = await front.journal.of_customer(order.customer.id)
    check_not_waiting(known)
    if order.terminal is not None:
        _check_terminal_free(known)
    seen = await see_money(front.records, order.customer.id, order.reservation_id)
    repeat_of = check_not_repeated(order.amount, seen, order.customer.id, known, reason, order.repeat_of)
    intent = replace(
        front.intent(_kind(order), order.reference, order.customer, _subject(order), order.amount),
        reservation_id=order.reservation_id,
        tender=order.method,
        link=link,
        terminal_id=order.terminal.id if order.terminal else None,
        reason=reason,
        repeat_of=repeat_of,
        baseline=baseline_of((*seen.ids, *(request.id for request in seen.requests)), known),
    )
    return await _begun(front, intent, known)


async def _begun(front: FrontDesk, intent: Intent, known: Sequence[IntentRecord]) -> IntentRecord:
    if intent.kind is IntentKind.PAY_LINK:
        return await front.begin(intent, lambda: front.gateway.send_pay_link(intent), known)
    if intent.kind is IntentKind.TERMINAL:
        return await front.begin(intent, lambda: front.gateway.order_terminal(intent), known)

    async def send() -> str:
        begun = await front.gateway.begin_alternative(intent, front.guest_pages.return_address)
        front.guest_pages.keep(intent.id, begun.address, front.environment)
        return begun.payment_id

    return await front.begin(intent, send, known)


async def cancel_link(front: FrontDesk, request_id: str) -> PaymentRequest | None:
    """Withdraw a request to pay that is still open, and return what became of it; None where it is not there.

    This moves no money, so it needs no intent: whatever the answer, or none, the books tell. One of ours that is
    followed is looked at too.

    Raises:
        NotSent: nothing left this computer.
        Refused: the property system said no; where it was paid meanwhile, that is returned instead.
        HotelUnavailable: what became of it could not be read.
        NotSignedIn: nobody is at the desk; nothing was sent.
        NotYourRight: whoever is may not do this; nothing was sent.
    """
    front.desk.seat.check(Right.CHARGE)
    refusal: DeskPayError | None = None
    try:
        await front.gateway.cancel_pay_link(request_id)
    except OutcomeUnknown:
        pass
    except Refused as problem:
        refusal = problem
    found = await front.records.payment_requests_by_id([request_id])
    for news in front.runner.unfinished:
        if news.record.outcome_id == request_id:
            front.runner.check_now(news.record.intent.id)
    request = found[0] if len(found) == 1 else None
    if refusal is not None and (request is None or request.state.open):
        raise refusal
    return request


def _check_link(link: LinkTerms, customer: Customer, front: FrontDesk) -> LinkTerms:
    now = front.records.server_now()
    if not now < link.expires_utc <= now + LONGEST:
        raise InputRefused(Field.UNTIL, InputProblem.PAST if link.expires_utc <= now else InputProblem.TOO_LARGE)
    if link.by_email and not customer.email:
        raise InputRefused(Field.EMAIL, InputProblem.EMPTY)
    return replace(link, description=check_text(link.description, Field.NOTE, required=True))


def _check_terminal_free(known: Sequence[IntentRecord]) -> None:
    """Refuse a second order to a terminal while the guest has one: what they pay bears no reference.

    Raises:
        GuestBeingChecked: there is one.
    """
    for record in known:
        if record.intent.kind is IntentKind.TERMINAL and not record.state.final:
            raise GuestBeingChecked(record.intent.reference)


def _code(order: AskOrder) -> str:
    return order.amount.currency.code


def _kind(order: AskOrder) -> IntentKind:
    if order.link is not None:
        return IntentKind.PAY_LINK
    return IntentKind.TERMINAL if order.terminal is not None else IntentKind.ALTERNATIVE


def _subject(order: AskOrder) -> str:
    if order.link is not None:
        return order.customer.email if order.link.by_email else ""
    return order.terminal.name if order.terminal is not None else order.method
