"""One call: envelope, turn, door, judgment, log line. Reads are tried again, acts never.

The log holds four allow-listed facts of each call and nothing else; bodies carry the tokens. The time that it tells
begins with the question, so that waiting for a turn shows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import stamina
import stamina.instrumentation
from pydantic import SecretStr

from deskpay import __version__
from deskpay.domain.errors import DeskPayError, HotelUnavailable, NotMews, NotSent, RateLimited
from deskpay.gateways.http import HttpDoor, NoAnswer, Sent
from deskpay.gateways.limiter import WINDOW_S, Limiter, NoTurn
from deskpay.gateways.mews import classify
from deskpay.gateways.mews.wire.base import Fields, NotJsonError, WireError, encode
from deskpay.services.ports import Clock
from deskpay.services.server_clock import ServerClock

T = TypeVar("T")

CLIENT = f"DeskPay {__version__}"
"""How Mews finds the traffic of this program."""

PATH = "/api/connector/v1/"

READ_TRIES = 3
_ACT_PATIENCE_S = 15.0
_READ_PATIENCE_S = WINDOW_S + 5.0  # a spent budget comes back within one window
_PARSED_BESIDE_BYTES = 200_000
"""Larger bodies hold the loop long enough to be seen in the window, so a thread parses them."""

_LOG = logging.getLogger("deskpay.calls")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What identifies the connection; shown nowhere.

    Args:
        client: of the program.
        access: of the property.
    """

    client: SecretStr
    access: SecretStr


class Calls:
    """Makes calls on behalf of one token.

    Args:
        reading: door for reads.
        money: door for acts.
        limiter: budget of the token.
        clock: time.
        tokens: of the connection.
    """

    def __init__(self, reading: HttpDoor, money: HttpDoor, limiter: Limiter, clock: Clock, tokens: Tokens) -> None:
        stamina.instrumentation.set_on_retry_hooks(())  # every attempt has a line of its own below
        self._reading = reading
        self._money = money
        self._limiter = limiter
        self._clock = clock
        self._tokens = tokens
        self._server_clock = ServerClock(clock)

    def server_now(self) -> datetime:
        """Return the server's UTC time as far as its last answers tell."""
        return self._server_clock.now()

    def learn_time(self, server_now: datetime) -> None:
        """Take `server_now` for the server's clock at this moment, unless it cannot be meant seriously."""
        self._server_clock.learn(server_now)

    async def read(
        self,
        operation: str,
        fields: Fields,
        decode: Callable[[bytes], T],
        *,
        misread: type[HotelUnavailable] = HotelUnavailable,
    ) -> T:
        """Ask, up to three times, and return what `decode` makes of the answer.

        Args:
            operation: resource and action, such as ``payments/getAll``.
            fields: of the request, without tokens.
            decode: pure; raises WireError for an answer that is not what the contract says.
            misread: raised for such an answer, unless it is no JSON at all and may have been cut off.

        Raises:
            HotelUnavailable: no usable answer; NotMews where something else answered.
            Refused: Rejected, Unauthorized or RateLimited.
        """
        body = self._envelope(fields)
        once = stamina.AsyncRetryingCaller(
            attempts=READ_TRIES, timeout=None, wait_initial=0.25, wait_max=4.0, wait_jitter=0.5
        ).on(_worth_another_try)
        try:
            return await once(self._read_once, operation, body, decode, misread)
        except NoTurn as problem:
            raise RateLimited(f"{operation}: {problem}", retry_after_s=problem.wait_s, operation=operation) from None

    async def _read_once(
        self, operation: str, body: bytes, decode: Callable[[bytes], T], misread: type[HotelUnavailable]
    ) -> T:
        began_s = self._clock.monotonic_s()
        try:
            sent = await self._reading.post(PATH + operation, body, self._reading_turn)
        except NoAnswer as failure:
            self._log(operation, None, began_s)
            raise classify.unanswered_read(operation, failure) from None
        self._note(operation, sent, began_s)
        error = classify.read_error(operation, sent)
        if error is not None:
            raise error
        try:
            if len(sent.body) > _PARSED_BESIDE_BYTES:
                return await asyncio.to_thread(decode, sent.body)
            return decode(sent.body)
        except NotJsonError as problem:
            raise classify.unreadable_read(operation, sent, str(problem), HotelUnavailable) from None
        except WireError as problem:
            raise classify.unreadable_read(operation, sent, str(problem), misread) from None

    async def _reading_turn(self) -> None:
        await self._limiter.turn(urgent=False, patience_s=_READ_PATIENCE_S)

    async def act(self, operation: str, fields: Fields, decode: Callable[[bytes], T]) -> T:
        """Send once, whatever happens, and return what `decode` makes of the answer.

        Args:
            operation: resource and action, such as ``creditCards/charge``.
            fields: of the request, without tokens.
            decode: pure; raises WireError for an answer that is not what the contract says.

        Raises:
            NotSent: no byte left.
            Refused: a definite no, of the kind that fits.
            OutcomeUnknown: everything else.
        """
        body = self._envelope(fields)
        began_s = self._clock.monotonic_s()
        try:
            sent = await self._money.post(PATH + operation, body, self._paying_turn)
        except NoTurn as problem:
            self._log(operation, None, began_s)
            raise NotSent(f"{operation}: {problem}", operation=operation) from None
        except NoAnswer as failure:
            self._log(operation, None, began_s)
            raise classify.unanswered_act(operation, failure) from None
        self._note(operation, sent, began_s)
        error = classify.act_error(operation, sent)
        if error is not None:
            raise error
        try:
            return decode(sent.body)
        except WireError as problem:
            raise classify.unreadable_act(operation, sent, str(problem)) from None

    async def _paying_turn(self) -> None:
        await self._limiter.turn(urgent=True, patience_s=_ACT_PATIENCE_S)

    def _envelope(self, fields: Fields) -> bytes:
        identity = {
            "ClientToken": self._tokens.client.get_secret_value(),
            "AccessToken": self._tokens.access.get_secret_value(),
            "Client": CLIENT,
        }
        return encode({**identity, **fields})

    def _note(self, operation: str, sent: Sent, began_s: float) -> None:
        """Learn from an answer what concerns all calls, and log it."""
        if sent.status == 429:
            self._limiter.refused(sent.retry_after_s)
        else:
            self._limiter.answered()
        if sent.date is not None:
            self.learn_time(sent.date)
        self._log(operation, sent, began_s)

    def _log(self, operation: str, sent: Sent | None, began_s: float) -> None:
        status = sent.status if sent else None
        request_id = sent.request_id if sent else None
        elapsed_ms = round((self._clock.monotonic_s() - began_s) * 1000)
        _LOG.info("%s status=%s request_id=%s elapsed_ms=%d", operation, status, request_id, elapsed_ms)

    async def aclose(self) -> None:
        """Close the doors."""
        await self._reading.aclose()
        await self._money.aclose()


def _worth_another_try(problem: Exception) -> bool:
    if isinstance(problem, DeskPayError):
        return isinstance(problem, HotelUnavailable | RateLimited) and not isinstance(problem, NotMews)
    return False
