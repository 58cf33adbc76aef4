"""What a test or a trainer may see and switch of PayMongo's stand-in.

| call | does |
|---|---|
| ``GET /_sandbox/paymongo`` | payments, refunds, intents and saved cards |
| ``POST /_sandbox/paymongo`` | turns switches, by the names in `account.Switches` |
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deskpay.sandbox.errors import Rejected
from deskpay.sandbox.jsontext import parse, render
from deskpay.sandbox.world import World


class PayMongoControl:
    """Handlers over one world.

    Args:
        world: What is shown and switched.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The addresses served."""
        return [
            Route("/_sandbox/paymongo", self._show, methods=["GET"]),
            Route("/_sandbox/paymongo", self._switch, methods=["POST"]),
        ]

    async def _show(self, _request: Request) -> Response:
        return _answer(self._world.paymongo.ledger_json())

    async def _switch(self, request: Request) -> Response:
        account = self._world.paymongo
        try:
            account.switches = account.switches.turned(parse(await request.body()))
        except ValueError as wrong:
            return _answer({"Message": f"no such switch, or no value for it: {wrong}"}, 400)
        except Rejected as rejected:
            return _answer({"Message": rejected.message}, 400)
        return _answer({})


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(render(body), status, media_type="application/json", headers={"Cache-Control": "no-store"})
