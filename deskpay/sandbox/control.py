"""The control API: what really happened, and trouble on demand. For tests, the tour and training only.

| call | does |
|---|---|
| ``GET /_sandbox/ready`` | what was printed when it began to listen: addresses and tokens |
| ``GET /_sandbox/ledger`` | charges, declined, records, refunds, cards; counts of requests and of charge attempts |
| ``GET /_sandbox/mails`` | what was mailed to guests, newest last: address, subject, link, time |
| ``POST /_sandbox/faults`` | ``{"operation", "fault", "times", "seconds", "status", "retry_after"}``, see `faults` |
| ``GET /_sandbox/faults`` | those in force, and the operations that can be broken |
| ``DELETE /_sandbox/faults`` | lifts them all |
| ``POST /_sandbox/clock`` | ``{"now": ISO time with zone}`` or ``{"advance_s": seconds}``; answers the new time |
| ``POST /_sandbox/happenings`` | ``{"what", "customer_id"}``: makes it happen now; 409 where it can to nobody |
| ``POST /_sandbox/fields`` | ``{"script_available": bool}``: whether the Secure Fields script is served |
| ``POST /_sandbox/evil`` | ``{"attack": name}``: the vault turns against the desk, see `fields.evil`; "" ends it |
| ``GET /_sandbox/evil`` | the attack, and what reached the trap at ``/_sandbox/evil/trap/`` |
| ``POST /_sandbox/permissions`` | ``{"access_token", "operation", "granted": bool}``: grants an operation, or not |
| ``POST /_sandbox/reset`` | the first day again |

Moving the clock lets the business day go on until then: see `life.day`. What can be made to happen: `life.happenings`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deskpay.sandbox.clock import utc_text
from deskpay.sandbox.errors import Rejected
from deskpay.sandbox.faults import from_json
from deskpay.sandbox.fields.evil import ATTACKS
from deskpay.sandbox.jsontext import parse, render
from deskpay.sandbox.life.day import pass_time
from deskpay.sandbox.life.happenings import HAPPENINGS, NobodyThere, happen
from deskpay.sandbox.operations import OPERATIONS
from deskpay.sandbox.paymongo import routes as paymongo
from deskpay.sandbox.world import World

BREAKABLE = frozenset({*OPERATIONS, *paymongo.OPERATIONS})
"""What faults can be asked for."""

# Dates a calendar can still compute with after a jump.
_FARTHEST_JUMP = timedelta(days=36_500)


class ControlApi:
    """Handlers over one world.

    Args:
        world: What is shown and broken.
        ready: What was printed when the sandbox began to listen.
    """

    def __init__(self, world: World, ready: Mapping[str, str | int]) -> None:
        self._world = world
        self._ready = ready

    def routes(self) -> list[Route]:
        """The addresses served."""
        return [
            Route("/_sandbox/ready", self._say_ready, methods=["GET"]),
            Route("/_sandbox/ledger", self._ledger, methods=["GET"]),
            Route("/_sandbox/mails", self._mails, methods=["GET"]),
            Route("/_sandbox/faults", self._show_faults, methods=["GET"]),
            Route("/_sandbox/faults", self._add_fault, methods=["POST"]),
            Route("/_sandbox/faults", self._clear_faults, methods=["DELETE"]),
            Route("/_sandbox/clock", self._set_clock, methods=["POST"]),
            Route("/_sandbox/happenings", self._make_happen, methods=["POST"]),
            Route("/_sandbox/fields", self._set_fields, methods=["POST"]),
            Route("/_sandbox/evil", self._show_evil, methods=["GET"]),
            Route("/_sandbox/evil", self._turn_evil, methods=["POST"]),
            Route("/_sandbox/evil/trap/{what:path}", self._world.vault.evil.catch, methods=["GET", "POST"]),
            Route("/_sandbox/permissions", self._set_permission, methods=["POST"]),
            Route("/_sandbox/reset", self._reset, methods=["POST"]),
        ]

    async def _say_ready(self, _request: Request) -> Response:
        return _answer(dict(self._ready))

    async def _ledger(self, _request: Request) -> Response:
        return _answer(self._world.ledger_json())

    async def _mails(self, _request: Request) -> Response:
        mails = [mail for hotel in self._world.everything.members for mail in hotel.mails]
        return _answer(
            {
                "mails": [
                    {"to": mail.to, "subject": mail.subject, "link": self._world.origin + mail.path, "sent": mail.sent}
                    for mail in sorted(mails, key=lambda mail: mail.sent)
                ]
            }
        )

    async def _show_faults(self, _request: Request) -> Response:
        return _answer({"faults": self._world.faults.as_json(), "operations": sorted(BREAKABLE)})

    async def _add_fault(self, request: Request) -> Response:
        try:
            fault = from_json(parse(await request.body()), BREAKABLE)
        except ValueError as error:
            return _refusal(str(error))
        except Rejected as rejected:
            return _refusal(rejected.message)
        self._world.faults.add(fault)
        return _answer({})

    async def _clear_faults(self, _request: Request) -> Response:
        self._world.faults.clear()
        return _answer({})

    async def _set_clock(self, request: Request) -> Response:
        try:
            before = self._world.clock.now()
            self._move_clock(parse(await request.body()))
        except (ValueError, OverflowError):
            return _refusal('expected {"now": ISO time with zone} or {"advance_s": seconds}')
        except Rejected as rejected:
            return _refusal(rejected.message)
        now = self._world.clock.now()
        for hotel in self._world.everything.members:
            pass_time(hotel, before, now)
        self._world.settle()
        return _answer({"now": utc_text(now)})

    def _move_clock(self, asked: dict[str, Any]) -> None:
        match asked:
            case {"now": str(text), **rest} if not rest:
                moment = datetime.fromisoformat(text)
                if moment.tzinfo is None:
                    raise ValueError(text)
                self._world.clock.set(moment)
            case {"advance_s": int() | Decimal() as seconds, **rest} if not rest and not isinstance(seconds, bool):
                jump = timedelta(seconds=float(seconds))
                if abs(jump) > _FARTHEST_JUMP:
                    raise ValueError(seconds)
                self._world.clock.advance(jump.total_seconds())
            case _:
                raise ValueError(asked)

    async def _make_happen(self, request: Request) -> Response:
        try:
            asked = parse(await request.body())
        except Rejected as rejected:
            return _refusal(rejected.message)
        what, customer_id = asked.get("what"), asked.get("customer_id")
        if what not in HAPPENINGS or not isinstance(customer_id, str | None):
            return _refusal(f"what is one of {', '.join(HAPPENINGS)}; customer_id is an id, or null")
        try:
            happened = happen(self._world, what, customer_id)
        except NobodyThere:
            return _answer({"Message": "There is nobody it could happen to."}, 409)
        return _answer(happened | {"customer": _name(self._world, happened["customer_id"])})

    async def _set_fields(self, request: Request) -> Response:
        try:
            asked = parse(await request.body())
        except Rejected as rejected:
            return _refusal(rejected.message)
        if set(asked) != {"script_available"} or not isinstance(asked["script_available"], bool):
            return _refusal('expected {"script_available": true or false}')
        self._world.vault.script_available = asked["script_available"]
        return _answer({})

    async def _show_evil(self, _request: Request) -> Response:
        evil = self._world.vault.evil
        return _answer({"attack": evil.attack, "caught": evil.caught})

    async def _turn_evil(self, request: Request) -> Response:
        try:
            asked = parse(await request.body())
        except Rejected as rejected:
            return _refusal(rejected.message)
        if set(asked) != {"attack"} or asked["attack"] not in ("", *ATTACKS):
            return _refusal(f"attack is empty or one of {', '.join(sorted(ATTACKS))}")
        evil = self._world.vault.evil
        evil.reset()
        evil.attack, evil.trap = asked["attack"], f"{self._world.origin}/_sandbox/evil/trap"
        return _answer({})

    async def _set_permission(self, request: Request) -> Response:
        try:
            asked = parse(await request.body())
        except Rejected as rejected:
            return _refusal(rejected.message)
        access = self._world.accesses.get(str(asked.get("access_token")))
        operation, granted = str(asked.get("operation")), asked.get("granted")
        if access is None or operation not in OPERATIONS or not isinstance(granted, bool):
            return _refusal('expected {"access_token": one of ours, "operation": its name, "granted": true or false}')
        if granted:
            access.withheld.discard(operation)
        else:
            access.withheld.add(operation)
        return _answer({})

    async def _reset(self, _request: Request) -> Response:
        self._world.reset()
        return _answer({})


def _name(world: World, account_id: str) -> str:
    known = world.everything.account(account_id)
    assert known is not None  # noqa: S101 - nothing happens to anybody else
    kind, profile = known
    parts = (profile["Name"],) if kind == "Company" else (profile["FirstName"], profile["LastName"])
    return " ".join(filter(None, parts))


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(render(body), status, media_type="application/json", headers={"Cache-Control": "no-store"})


def _refusal(reason: str) -> Response:
    return _answer({"Message": reason}, 400)
