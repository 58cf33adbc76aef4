"""The Connector API's protocol: one address per operation, tokens in the body, errors as sentences.

The order of checks: path, size, faults, JSON, tokens, request limit, permission, tables, and only then the operation.
"""

from collections.abc import Mapping
from typing import Any

from starlette.types import Receive, Scope, Send

from deskpay.sandbox.access import CLIENT_TOKEN, Access
from deskpay.sandbox.body import Gone, header, read_body
from deskpay.sandbox.errors import Rejected
from deskpay.sandbox.jsontext import parse
from deskpay.sandbox.operations import OPERATIONS
from deskpay.sandbox.protocol import cut
from deskpay.sandbox.reply import Reply, error_body
from deskpay.sandbox.validation import validate
from deskpay.sandbox.world import World

PREFIX = "/api/connector/v1/"


class ConnectorApi:
    """The ASGI application under `PREFIX`, and the JSON 404 for everything else.

    Args:
        world: What it serves; replaced inside on a reset, so always read through this reference.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        reply = Reply(self._world.clock, scope, receive, send)
        operation = scope["path"].removeprefix(PREFIX)
        if scope["method"] != "POST" or scope["path"] != PREFIX + operation or operation not in OPERATIONS:
            await reply.error(Rejected(404, "Not found"))
            return
        ledger = self._world.ledger
        ledger.requests[operation] += 1
        try:
            body = await read_body(receive)
        except Gone:
            return
        except Rejected as rejected:
            await reply.error(rejected)
            return
        fault = self._world.faults.take(operation)
        if fault is not None and await reply.instead(fault):
            return
        if self._world.ledger is not ledger:
            # It was delayed across a reset: what it asked for belongs to a hotel that is gone.
            await cut(scope, receive)
            return
        status, answer, headers = self._outcome(operation, scope, body, reply.request_id)
        if fault is None or not await reply.afterwards(fault, status, answer, headers):
            await reply.json(status, answer, headers)

    def _outcome(
        self, operation: str, scope: Scope, body: bytes, request_id: str
    ) -> tuple[int, dict[str, Any] | None, Mapping[str, str]]:
        try:
            answer = self._run(operation, scope, body)
        except Rejected as rejected:
            return rejected.status, error_body(rejected.message, request_id), rejected.headers
        if b"return=minimal" in header(scope, b"prefer") and not any(answer.values()):
            return 204, None, {}  # an empty page, or an answer that says nothing but yes
        return 200, answer, {}

    def _run(self, operation: str, scope: Scope, body: bytes) -> dict[str, Any]:
        media_type = header(scope, b"content-type").split(b";")[0].strip().lower()
        if media_type != b"application/json":
            raise Rejected(400, "Invalid Content-Type")
        request = parse(body)
        access = self._authenticate(request)
        self._world.limit.count(request["AccessToken"])
        access.permit(operation)
        validate(operation, request)
        return OPERATIONS[operation](self._world.seen_by(access.hotel_for(operation, request)), request)

    def _authenticate(self, request: Mapping[str, Any]) -> Access:
        if request.get("ClientToken") != CLIENT_TOKEN:
            raise Rejected(401, "Invalid ClientToken")
        given = request.get("AccessToken")
        access = self._world.accesses.get(given) if isinstance(given, str) else None
        if access is None:
            raise Rejected(401, "Invalid AccessToken")
        return access
