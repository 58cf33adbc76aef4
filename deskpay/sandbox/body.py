"""Reading a request: its headers, and its body up to a bound."""

from starlette.types import Receive, Scope

from deskpay.sandbox.errors import Rejected

MAX_BODY_BYTES = 1_000_000


class Gone(Exception):
    """The client hung up before its request was read."""


def header(scope: Scope, name: bytes) -> bytes:
    """One header of a request, empty when it was not sent. `name` is in lower case."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    return headers.get(name, b"")


async def read_body(receive: Receive) -> bytes:
    """The whole request body.

    Raises:
        Rejected: 413 when it is too large.
        Gone: when the client left.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise Rejected(413, "The request is too large.")
        if not message.get("more_body", False):
            return bytes(body)
