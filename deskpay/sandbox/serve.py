"""The sandbox process: two loopback listeners, one line of JSON when they listen, a clean end."""

import argparse
import asyncio
import contextlib
import ipaddress
import json
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from deskpay.sandbox.access import ACCESS_TOKEN, CLIENT_TOKEN, LIMITED_TOKEN, NET_TOKEN, PORTFOLIO_TOKEN
from deskpay.sandbox.asgi import ConnectorApi
from deskpay.sandbox.control import BREAKABLE, ControlApi
from deskpay.sandbox.events import EventSocket
from deskpay.sandbox.faults import from_spec
from deskpay.sandbox.fields import fields_app
from deskpay.sandbox.guest import GuestPages
from deskpay.sandbox.paymongo.account import PUBLIC_KEY, SECRET_KEY, Switches
from deskpay.sandbox.paymongo.asgi import PayMongoApi
from deskpay.sandbox.paymongo.control import PayMongoControl
from deskpay.sandbox.protocol import AbortableProtocol
from deskpay.sandbox.trainer import TrainerPage
from deskpay.sandbox.world import DEFAULT_RATE, DEFAULT_SEED, World

# Whose pages may frame the vault's fields: the capture pane's, and any page of this computer that was written for the
# vendor's script.
HOST_PAGES = ("deskpay://capture", "http://127.0.0.1:*", "http://localhost:*", "file:")
_GRACE_S = 1


def main(argv: Sequence[str]) -> int:
    """Run ``deskpay sandbox`` until it is asked to end; the exit status.

    Args:
        argv: Arguments after the command's name.
    """
    options = _parser().parse_args(argv)
    world = World(seed=options.seed, size=options.size, rate=options.rate_limit)
    for fault in options.faults:
        world.faults.add(fault)
    world.paymongo.switches = world.paymongo.switches.turned(dict.fromkeys(options.paymongo_grants, True))
    try:
        listeners = Listeners(options.host, options.port)
    except OSError as error:
        print(f"deskpay sandbox: cannot listen on {options.host}: {error.strerror}", file=sys.stderr)  # noqa: T201 - a command speaks
        return 1
    server = Server(world, listeners, lambda: announce(listeners, options.ready_file))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())
    if options.die_with_stdin:
        threading.Thread(target=_stop_at_end_of_input, args=(server,), daemon=True).start()
    server.run_until_stopped()
    return 0


class Listeners:
    """The sockets, bound before anything is announced: a client may connect at once.

    The fields answer on another *host name* than the API, so that the pane's page and the vault differ in more than
    their port. Both names mean loopback.

    Args:
        host: Loopback address of the API.
        port: Its port; 0 takes a free one. The fields always take a free one.
    """

    def __init__(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.api = socket.create_server((host, port), family=family)
        self.fields = socket.create_server(("127.0.0.1", 0))
        for listening in (self.api, self.fields):
            # Inherited by every connection; otherwise each small answer waits some 40 ms for its acknowledgement.
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        shown = f"[{host}]" if ":" in host else host
        self.api_address = f"{shown}:{self.api.getsockname()[1]}"
        self.fields_port: int = self.fields.getsockname()[1]

    @property
    def api_origin(self) -> str:
        """Origin of Connector API and control API."""
        return f"http://{self.api_address}"

    @property
    def fields_origin(self) -> str:
        """Origin of the Secure Fields."""
        return f"http://localhost:{self.fields_port}"

    def as_json(self) -> dict[str, str | int]:
        """Where everything is, as printed and as written to the ready file."""
        return {
            "connector": self.api_origin,
            "fields": self.fields_origin,
            "paymongo": f"{self.api_origin}/paymongo",
            "control": self.api_origin,
            "trainer": f"{self.api_origin}/_sandbox",
            "websocket": f"ws://{self.api_address}",
            "client_token": CLIENT_TOKEN,
            "access_token": ACCESS_TOKEN,
            "limited_access_token": LIMITED_TOKEN,
            "net_access_token": NET_TOKEN,
            "portfolio_access_token": PORTFOLIO_TOKEN,
            "paymongo_secret_key": SECRET_KEY,
            "paymongo_public_key": PUBLIC_KEY,
            "pid": os.getpid(),
        }


class Server(uvicorn.Server):
    """Serves both listeners on one loop, without uvicorn's own signal handling.

    Args:
        world: What is served.
        listeners: Where.
        on_listening: Called once, when requests are answered.
    """

    def __init__(self, world: World, listeners: Listeners, on_listening: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                application(world, listeners),
                http=AbortableProtocol,
                ws="websockets-sansio",
                loop="asyncio",
                lifespan="off",
                log_config=None,
                log_level="error",
                access_log=False,  # bodies and addresses are never logged
                server_header=False,
                date_header=False,  # the API's date follows the sandbox's clock
                timeout_graceful_shutdown=_GRACE_S,
            )
        )
        self._listeners = listeners
        self._on_listening = on_listening

    def run_until_stopped(self) -> None:
        """Serve until `stop`."""
        asyncio.run(self.serve([self._listeners.api, self._listeners.fields]))

    def stop(self) -> None:
        """End soon; may be called from a signal handler or another thread."""
        self.should_exit = True

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._on_listening()

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: uvicorn would raise them again after a clean end."""
        yield


def application(world: World, listeners: Listeners) -> ASGIApp:
    """Both applications, told apart by the listener a request came through."""
    world.origin = listeners.api_origin
    api = Starlette(
        routes=[
            *ControlApi(world, listeners.as_json()).routes(),
            *PayMongoControl(world).routes(),
            *TrainerPage(world).routes(),
            *GuestPages(world).routes(),
            *EventSocket(world.events, lambda: world.accesses, world.settle).routes(),
            Mount("/paymongo", PayMongoApi(world)),
            Mount("/", ConnectorApi(world)),
        ]
    )
    fields = fields_app(world.vault, HOST_PAGES)

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        served = fields if scope["server"][1] == listeners.fields_port else api
        await served(scope, receive, send)

    return dispatch


def announce(listeners: Listeners, ready_file: Path | None) -> None:
    """Print one line of JSON, after writing the same to the ready file, which is never seen half-written."""
    line = json.dumps(listeners.as_json())
    if ready_file is not None:
        descriptor, temporary = tempfile.mkstemp(dir=ready_file.parent, prefix=ready_file.name)
        with os.fdopen(descriptor, "w", encoding="utf-8") as written:
            written.write(line + "\n")
        Path(temporary).replace(ready_file)
    print(line, flush=True)  # noqa: T201 - the command's contract


def _stop_at_end_of_input(server: Server) -> None:
    with contextlib.suppress(OSError, ValueError):  # an input that cannot be read has ended
        while sys.stdin.buffer.read(4096):
            pass
    server.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deskpay sandbox", description="An offline training hotel on loopback.")
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="loopback address of the API")
    parser.add_argument("--port", type=int, default=0, help="port of the API; 0 takes a free one")
    parser.add_argument("--size", choices=("small", "large"), default="small", help="60 or 400 rooms")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="the same seed gives the same hotel")
    parser.add_argument("--ready-file", type=Path, help="written with the printed line once it listens")
    parser.add_argument("--faults", type=_faults, default=[], metavar="SPEC", help="operation=fault[:value][*times];…")
    parser.add_argument("--paymongo-grants", type=_grants, default=[], metavar="A,B", help="switches of its PayMongo")
    parser.add_argument("--rate-limit", type=int, default=DEFAULT_RATE, help="requests per token in 30 s; 0 for none")
    parser.add_argument("--die-with-stdin", action="store_true", help="end when standard input ends")
    return parser


def _loopback(text: str) -> str:
    host = "127.0.0.1" if text == "localhost" else text
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise argparse.ArgumentTypeError("only loopback addresses are served")
    return host


def _grants(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    try:
        Switches().turned(dict.fromkeys(names, True))
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(f"no such switch: {wrong}") from wrong
    return names


def _faults(text: str) -> list[object]:
    try:
        return list(from_spec(text, BREAKABLE))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
