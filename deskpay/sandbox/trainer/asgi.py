"""The page and the one thing it asks that the control API does not tell: how the business day stands.

Everything else on it is done through the control API, see `control`.
"""

from importlib import resources
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deskpay.sandbox.jsontext import render
from deskpay.sandbox.trainer.day import day_of
from deskpay.sandbox.world import World

_FILES = resources.files("deskpay.sandbox.trainer")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class TrainerPage:
    """Handlers over one world.

    Args:
        world: What is shown.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The addresses served."""
        return [
            Route("/_sandbox", _page, methods=["GET"]),
            Route("/_sandbox/trainer.css", _style, methods=["GET"]),
            Route("/_sandbox/trainer.js", _script, methods=["GET"]),
            Route("/_sandbox/day", self._day, methods=["GET"]),
        ]

    async def _day(self, _request: Request) -> Response:
        self._world.settle()
        told: dict[str, Any] = day_of(self._world.hotel, self._world.clock.now())
        return Response(render(told), media_type="application/json", headers={"Cache-Control": "no-store"})


async def _page(_request: Request) -> Response:
    return _file("page.html", "text/html")


async def _style(_request: Request) -> Response:
    return _file("trainer.css", "text/css")


async def _script(_request: Request) -> Response:
    return _file("trainer.js", "text/javascript")


def _file(name: str, media_type: str) -> Response:
    return Response(_FILES.joinpath(name).read_bytes(), media_type=media_type, headers=_HEADERS)
