"""One call to PayMongo: key, turn, door, judgment, log line.

Reads are tried again. A creation carries an Idempotency-Key, so it may be sent again with the same key and makes one
object all the same; an action on an object (attach, cancel) is sent once. Source: PayMongo, "Idempotent requests",
which promises that for creations alone.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

import stamina
import stamina.instrumentation

from deskpay.domain.environment import Environment
from deskpay.domain.errors import (
    DeskPayError,
    HotelUnavailable,
    NotMews,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Unauthorized,
)
from deskpay.gateways.http import HttpDoor, NoAnswer, Sent
from deskpay.gateways.limiter import Limiter, NoTurn
from deskpay.gateways.mews.wire.base import Fields, Page, WireError
from deskpay.gateways.paymongo import classify
from deskpay.gateways.paymongo.keys import Keys
from deskpay.gateways.paymongo.wire.base import body_of
from deskpay.services.ports import Clock

T = TypeVar("T")

BUDGET = 60
"""Calls in any 30 s; PayMongo blocks above 100 a second, and one desk never needs this many."""

_TRIES = 3
_PATIENCE_S = 15.0
_LONGEST_LIST = 40

_LOG = logging.getLogger("deskpay.calls")


@dataclass(frozen=True, slots=True)
class _Call:
    operation: str
    method: str
    path: str
    body: bytes | None = None
    key: str = ""


class Calls:
    """Makes calls on behalf of one account.

    Args:
        reading: door for reads.
        money: door for everything else.
        limiter: our own budget.
        clock: time.
        keys: of the account.
        environment: of the connection; the training hotel serves this API below a path of its own.
    """

    def __init__(
        self, reading: HttpDoor, money: HttpDoor, limiter: Limiter, clock: Clock, keys: Keys, environment: Environment
    ) -> None:
        stamina.instrumentation.set_on_retry_hooks(())  # every attempt has a line of its own below
        self._reading = reading
        self._money = money
        self._limiter = limiter
        self._clock = clock
        self._keys = keys
        self._root = "/paymongo" if environment is Environment.TRAINING else ""
        self._key_refused = False

    async def read(self, operation: str, path: str, decode: Callable[[bytes], T]) -> T:
        """Ask, up to three times, and return what `decode` makes of the answer.

        Args:
            operation: for logs and errors, such as ``payment_intents.retrieve``.
            path: with version and query.
            decode: pure; raises WireError for an answer that is not what the contract says.

        Raises:
            HotelUnavailable: no usable answer.
            Refused: Rejected, Unauthorized or RateLimited.
        """
        return await _again(_worth_reading_again)(self._read_once, _Call(operation, "GET", path), decode)

    async def read_all(
        self,
        operation: str,
        path: str,
        query: Mapping[str, str],
        decode: Callable[[bytes], Page[T]],
        enough: Callable[[T], bool] = lambda _row: False,
    ) -> list[T]:
        """Return the rows of a list, newest first.

        Args:
            operation: for logs and errors.
            path: with version.
            query: what is asked for.
            decode: as for `read`.
            enough: tells of the last row of a page whether the ones after it are not wanted.

        Raises:
            HotelUnavailable: as for `read`, or the list has no end.
            Refused: as for `read`.
        """
        rows: list[T] = []
        cursor: str | None = None
        for _ in range(_LONGEST_LIST):
            asked = {**query, "limit": "100", **({"after": cursor} if cursor else {})}
            page = await self.read(operation, f"{path}?{urlencode(asked)}", decode)
            rows += page.rows
            if page.cursor is None or (page.rows and enough(page.rows[-1])):
                return rows
            if page.cursor == cursor:
                break
            cursor = page.cursor
        raise HotelUnavailable(f"{operation}: a list without end", operation=operation)

    async def create(self, operation: str, path: str, attributes: Fields, key: str, decode: Callable[[bytes], T]) -> T:
        """Make one object, and return what `decode` makes of the answer; sent again with its key after a lost answer.

        A no to a later sending is none to the first one, whose effect may stand: the doubt stays.

        Args:
            operation: for logs and errors.
            path: with version.
            attributes: of the object.
            key: the same for the same object, made and on record before.
            decode: as for `read`.

        Raises:
            NotSent: no byte left.
            Refused: a definite no, of the kind that fits.
            OutcomeUnknown: everything else.
        """
        call = _Call(operation, "POST", path, body_of(attributes), key)
        lost: list[OutcomeUnknown] = []

        async def send_once() -> T:
            try:
                return await self._act_once(call, decode)
            except OutcomeUnknown as doubt:
                lost.append(doubt)
                raise
            except (NotSent, Refused) as refusal:
                if lost:
                    raise lost[0] from refusal
                raise

        return await _again(_worth_sending_again)(send_once)

    async def act(
        self, operation: str, method: str, path: str, attributes: Fields | None, decode: Callable[[bytes], T]
    ) -> T:
        """Send once, whatever happens, and return what `decode` makes of the answer. Raises as `create`."""
        body = None if attributes is None else body_of(attributes)
        return await self._act_once(_Call(operation, method, path, body), decode)

    async def _read_once(self, call: _Call, decode: Callable[[bytes], T]) -> T:
        try:
            sent = await self._sent(self._reading, call, urgent=False)
        except NoTurn as problem:
            raise RateLimited(
                f"{call.operation}: {problem}", retry_after_s=problem.wait_s, operation=call.operation
            ) from None
        except NoAnswer as failure:
            raise classify.unanswered_read(call.operation, failure) from None
        error = classify.read_error(call.operation, sent)
        if error is not None:
            raise self._noted(error)
        try:
            return decode(sent.body)
        except WireError as problem:
            raise classify.unreadable_read(call.operation, str(problem)) from None

    async def _act_once(self, call: _Call, decode: Callable[[bytes], T]) -> T:
        try:
            sent = await self._sent(self._money, call, urgent=True)
        except NoTurn as problem:
            raise NotSent(f"{call.operation}: {problem}", operation=call.operation) from None
        except NoAnswer as failure:
            raise classify.unanswered_act(call.operation, failure) from None
        error = classify.act_error(call.operation, sent)
        if error is not None:
            raise self._noted(error)
        try:
            return decode(sent.body)
        except WireError as problem:
            raise classify.unreadable_act(call.operation, str(problem)) from None

    async def _sent(self, door: HttpDoor, call: _Call, *, urgent: bool) -> Sent:
        if self._key_refused:
            raise Unauthorized(f"{call.operation}: the key was refused before", operation=call.operation)
        headers = {"Authorization": self._authorization()}
        if call.key:
            headers["Idempotency-Key"] = call.key

        async def turn() -> None:
            await self._limiter.turn(urgent=urgent, patience_s=_PATIENCE_S)

        began_s = self._clock.monotonic_s()
        try:
            sent = await door.send(call.method, self._root + call.path, call.body, headers, turn)
        except (NoTurn, NoAnswer):
            self._log(call, None, began_s)
            raise
        self._log(call, sent.status, began_s)
        if sent.status == 429:
            self._limiter.refused(sent.retry_after_s)
        else:
            self._limiter.answered()
        return sent

    def _log(self, call: _Call, status: int | None, began_s: float) -> None:
        elapsed_ms = round((self._clock.monotonic_s() - began_s) * 1000)
        _LOG.info("paymongo %s status=%s elapsed_ms=%d", call.operation, status, elapsed_ms)

    def _noted(self, error: DeskPayError) -> DeskPayError:
        """Take note of a refused key: ten refusals within a minute block the caller for thirty days."""
        self._key_refused = self._key_refused or isinstance(error, Unauthorized)
        return error

    def _authorization(self) -> str:
        named = f"{self._keys.secret.get_secret_value()}:"
        return f"Basic {base64.b64encode(named.encode('ascii')).decode('ascii')}"

    async def aclose(self) -> None:
        """Close the doors."""
        await self._reading.aclose()
        await self._money.aclose()


def _again(worth: Callable[[Exception], bool]) -> stamina.BoundAsyncRetryingCaller:
    return stamina.AsyncRetryingCaller(
        attempts=_TRIES, timeout=None, wait_initial=0.25, wait_max=4.0, wait_jitter=0.5
    ).on(worth)


def _worth_reading_again(problem: Exception) -> bool:
    return isinstance(problem, HotelUnavailable) and not isinstance(problem, NotMews)


def _worth_sending_again(problem: Exception) -> bool:
    return isinstance(problem, OutcomeUnknown)
