"""A connection to one hotel: records and acts that share tokens, budget and clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pydantic import SecretStr

from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.gateways.http import (
    MONEY_DEADLINE_S,
    READ_DEADLINE_S,
    ConnectorAddress,
    HttpDoor,
    money_door,
    reading_door,
)
from deskpay.gateways.limiter import DEFAULT_BUDGET, Limiter
from deskpay.gateways.mews.acts import MewsGateway
from deskpay.gateways.mews.audit import MewsAuditBooks
from deskpay.gateways.mews.calls import Calls, Tokens
from deskpay.gateways.mews.events import EventStream
from deskpay.gateways.mews.office import MewsOffice
from deskpay.gateways.mews.reads import MewsRecords
from deskpay.services.ports import Clock


@dataclass(frozen=True, slots=True)
class MewsConnection:
    """What a connection offers.

    Args:
        records: the hotel's books.
        gateway: the acts.
        office: the bills.
        calls: what carries both.
        events: what the hotel tells by itself, once `events.run` runs.
    """

    records: MewsRecords
    audit: MewsAuditBooks
    gateway: MewsGateway
    office: MewsOffice
    calls: Calls
    events: EventStream

    async def aclose(self) -> None:
        """Close its connections; calls under way fail."""
        await self.calls.aclose()


async def connect(
    address: ConnectorAddress,
    client_token: str,
    access_token: str,
    clock: Clock,
    budget: int = DEFAULT_BUDGET,
    *,
    read_deadline_s: float = READ_DEADLINE_S,
    money_deadline_s: float = MONEY_DEADLINE_S,
) -> MewsConnection:
    """Return a connection. Nothing is sent; `records.hotel()` is the first thing to ask.

    Args:
        address: where to; made by `connector_address`.
        client_token: of the program.
        access_token: of the property.
        clock: time.
        budget: requests in any 30 s, all of this workstation's.
        read_deadline_s: longest time of a read.
        money_deadline_s: longest time of an act.

    Raises:
        InputRefused: a token is empty.
    """
    for field, token in ((Field.CLIENT_TOKEN, client_token), (Field.ACCESS_TOKEN, access_token)):
        if not token.strip():
            raise InputRefused(field, InputProblem.EMPTY)

    def doors() -> tuple[HttpDoor, HttpDoor]:
        return (
            reading_door(address, deadline_s=read_deadline_s),
            money_door(address, deadline_s=money_deadline_s),
        )

    reading, money = await asyncio.to_thread(doors)
    tokens = Tokens(SecretStr(client_token.strip()), SecretStr(access_token.strip()))
    calls = Calls(reading, money, Limiter(clock, budget), clock, tokens)
    records = MewsRecords(calls)
    gateway, office = MewsGateway(calls, records), MewsOffice(calls, records)
    return MewsConnection(
        records, MewsAuditBooks(calls, records), gateway, office, calls, EventStream(address, tokens, clock)
    )
