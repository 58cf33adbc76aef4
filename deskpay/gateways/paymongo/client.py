"""A connection to one PayMongo account."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from urllib.parse import urlencode

from typing_extensions import override

from deskpay.domain.acquirer import AcquirerCharge, AcquirerCustomer, AcquirerPayment, AcquirerRefund, VaultedCard
from deskpay.domain.customer import Customer
from deskpay.domain.errors import Field, HotelUnavailable, InputProblem, InputRefused, OutcomeUnknown, Rejected
from deskpay.domain.intent import Intent
from deskpay.domain.money import Money
from deskpay.gateways.http import (
    MONEY_DEADLINE_S,
    READ_DEADLINE_S,
    HttpDoor,
    PayMongoAddress,
    money_door,
    reading_door,
)
from deskpay.gateways.limiter import Limiter
from deskpay.gateways.paymongo.calls import BUDGET, Calls
from deskpay.gateways.paymongo.keys import Keys
from deskpay.gateways.paymongo.wire import charges, customers, refunds
from deskpay.gateways.paymongo.wire.base import PESO
from deskpay.services.acquirer import Acquirer, Terms
from deskpay.services.ports import Clock
from deskpay.services.scope import side_by_side

_PERHAPS_CHARGED = frozenset(
    {"resource_succeeded_state", "resource_processing_state", "resource_pending_state", "resource_failed_state"}
)
"""Refusals that speak of a charge which a card has come to already: no news of ours, so the charge itself is read."""

_GONE = "resource_not_found"

_FORGOTTEN_A_DAY = 5
"""How often in a day a guest may be forgotten and made known again."""

_NOT_GRANTED = "parameter_invalid"
"""What an account that may not save cards answers to the wish to save one; every other parameter was checked before.
Source: PayMongo, "Card vaulting", and the refusals seen in 2026."""

TERMS = Terms(least=Money(2_000, PESO), most=Money(999_999_999, PESO))
"""Source: PayMongo, "Payment intents", as of 2026; older pages name another least amount, which it refuses itself."""


class SavedList(Enum):
    """Which family of the list of saved cards the account is asked by; the sources recommend either."""

    V1 = "v1"
    V2 = "v2"


class PayMongo(Acquirer):
    """The account's customers, cards, charges and refunds.

    Args:
        calls: carries them.
        saved_list: which list of saved cards to use.
        terms: what can be charged.
    """

    def __init__(self, calls: Calls, saved_list: SavedList = SavedList.V1, terms: Terms = TERMS) -> None:
        self._calls = calls
        self._saved_list = saved_list
        self._terms = terms

    @property
    @override
    def terms(self) -> Terms:
        return self._terms

    @override
    async def find_customers(self, email: str) -> list[AcquirerCustomer]:
        path = f"/v1/customers?{urlencode({'email': email})}"
        page = await self._calls.read("customers.search", path, customers.decode_customers)
        return list(page.rows)

    @override
    async def create_customer(self, guest: Customer) -> AcquirerCustomer:
        if not guest.email:
            raise InputRefused(Field.EMAIL, InputProblem.EMPTY)
        first, last = guest.first_name or guest.last_name, guest.last_name or guest.first_name
        attributes = customers.encode_customer(first, last, guest.email, "")
        first = key = f"{guest.id}:{guest.email}"
        for _ in range(_FORGOTTEN_A_DAY):
            made = await self._calls.create(
                "customers.create", "/v1/customers", attributes, key, customers.decode_customer
            )
            if await self._is_there(made.id):
                return made
            key = f"{first}:{made.id}"
        raise HotelUnavailable("the customer is gone as soon as they are made", operation="customers.create")

    async def _is_there(self, customer_id: str) -> bool:
        """Tell whether a customer exists: for a day a key brings its first answer, of a customer deleted since, too."""
        try:
            await self._calls.read("customers.retrieve", f"/v1/customers/{customer_id}", customers.decode_customer)
        except Rejected as problem:
            if problem.code == _GONE:
                return False
            raise
        return True

    @override
    async def delete_customer(self, customer_id: str) -> None:
        path = f"/v1/customers/{customer_id}"
        await self._calls.act("customers.delete", "DELETE", path, None, customers.decode_deleted)

    @override
    async def cards(self, customer_id: str) -> list[VaultedCard] | None:
        try:
            ids = await self._saved_ids(customer_id)
        except Rejected as problem:
            if problem.code == _GONE:
                return None
            raise
        async with side_by_side() as group:
            reading = [group.create_task(self.card(card_id)) for card_id in ids]
        return [card.result() for card in reading]

    async def _saved_ids(self, customer_id: str) -> list[str]:
        if self._saved_list is SavedList.V2:
            path, decode = f"/v2/customer_payment_methods/{customer_id}", customers.decode_saved_v2
        else:
            path, decode = f"/v1/customers/{customer_id}/payment_methods", customers.decode_saved
        return await self._calls.read_all("customer_payment_methods.list", path, {}, decode)

    @override
    async def card(self, card_id: str) -> VaultedCard:
        return await self._calls.read(
            "payment_methods.retrieve", f"/v1/payment_methods/{card_id}", customers.decode_card
        )

    @override
    async def delete_card(self, customer_id: str, card_id: str) -> None:
        path = f"/v1/customers/{customer_id}/payment_methods/{card_id}"
        await self._calls.act("customer_payment_methods.delete", "DELETE", path, None, lambda _body: None)

    @override
    async def open_charge(self, intent: Intent, saved_for: str | None) -> AcquirerCharge:
        attributes = charges.encode_charge(intent, saved_for=saved_for)
        path, key = "/v1/payment_intents", f"{intent.id}:charge"
        try:
            return await self._calls.create("payment_intents.create", path, attributes, key, charges.decode_charge)
        except Rejected as problem:
            if saved_for is not None and problem.code == _NOT_GRANTED:
                raise InputRefused(Field.CARD, InputProblem.NOT_GRANTED) from problem
            raise

    @override
    async def attach(self, charge_id: str, card_id: str, return_address: str) -> AcquirerCharge:
        operation = "payment_intents.attach"
        attributes = charges.encode_attach(card_id, return_address)
        path = f"/v1/payment_intents/{charge_id}/attach"
        try:
            return await self._calls.act(operation, "POST", path, attributes, charges.decode_charge)
        except Rejected as problem:
            if problem.code not in _PERHAPS_CHARGED:
                raise
            raise OutcomeUnknown(
                f"{operation}: {problem.code}",
                operation=operation,
                server_message=problem.server_message,
                code=problem.code,
            ) from None

    @override
    async def charge(self, charge_id: str) -> AcquirerCharge:
        path = f"/v1/payment_intents/{charge_id}"
        return await self._calls.read("payment_intents.retrieve", path, charges.decode_charge)

    @override
    async def cancel(self, charge_id: str) -> AcquirerCharge:
        path = f"/v1/payment_intents/{charge_id}/cancel"
        return await self._calls.act("payment_intents.cancel", "POST", path, None, charges.decode_charge)

    @override
    async def payments_since(self, since_utc: datetime) -> list[AcquirerPayment]:
        every = await self._calls.read_all(
            "payments.list",
            "/v1/payments",
            {},
            charges.decode_payments,
            enough=lambda payment: payment.created_utc < since_utc,
        )
        return [payment for payment in every if payment.created_utc >= since_utc]

    @override
    async def refund(self, intent: Intent) -> AcquirerRefund:
        key = f"{intent.id}:refund"
        attributes = refunds.encode_refund(intent)
        return await self._calls.create("refunds.create", "/v1/refunds", attributes, key, refunds.decode_refund)

    @override
    async def refunds(self, payment_id: str) -> list[AcquirerRefund]:
        return await self._calls.read_all(
            "refunds.list", "/v1/refunds", {"payment_id": payment_id}, refunds.decode_refunds
        )

    async def aclose(self) -> None:
        """Close its connections; calls under way fail."""
        await self._calls.aclose()


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long calls may take, in seconds.

    Args:
        read_s: a read.
        money_s: everything else.
    """

    read_s: float = READ_DEADLINE_S
    money_s: float = MONEY_DEADLINE_S


async def connect_paymongo(
    address: PayMongoAddress,
    keys: Keys,
    clock: Clock,
    *,
    saved_list: SavedList = SavedList.V1,
    renews_codes: bool = True,
    tender: str = "",
    deadlines: Deadlines | None = None,
) -> PayMongo:
    """Return a connection. Nothing is sent.

    Args:
        address: where to; made by `paymongo_address`.
        keys: of the account; made by `keys_of`.
        clock: time.
        saved_list: which list of saved cards to use.
        renews_codes: False where the code of a saved card cannot be sent anew.
        tender: external type that charges are written down as; empty for a card payment.
        deadlines: longest times.
    """
    longest = deadlines or Deadlines()

    def doors() -> tuple[HttpDoor, HttpDoor]:
        return reading_door(address, deadline_s=longest.read_s), money_door(address, deadline_s=longest.money_s)

    reading, money = await asyncio.to_thread(doors)
    terms = replace(TERMS, renews_codes=renews_codes, tender=tender)
    return PayMongo(Calls(reading, money, Limiter(clock, BUDGET), clock, keys, address.environment), saved_list, terms)
