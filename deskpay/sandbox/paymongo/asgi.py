"""PayMongo's protocol: a key in the Authorization header, one envelope, errors as a list."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from deskpay.sandbox.body import Gone, header, read_body
from deskpay.sandbox.errors import Rejected
from deskpay.sandbox.jsontext import parse
from deskpay.sandbox.paymongo import bank
from deskpay.sandbox.paymongo.account import PUBLIC_KEY, SECRET_KEY, Account
from deskpay.sandbox.paymongo.errors import Problem, Refused, unauthorized
from deskpay.sandbox.paymongo.idempotency import Answers
from deskpay.sandbox.paymongo.routes import Call, Route, allows_pages, route_of
from deskpay.sandbox.reply import Reply
from deskpay.sandbox.world import World

Json = dict[str, Any]

_CALLS = "GET, POST, PUT, PATCH, DELETE"


class PayMongoApi:
    """The ASGI application below the base address; the bank's page included.

    Args:
        world: What it serves; replaced inside on a reset, so always read through this reference.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        reply = Reply(self._world.clock, scope, receive, send, _error_of)
        try:
            body = await read_body(receive)
        except Gone:
            return
        except Rejected as rejected:
            await reply.error(rejected)
            return
        if bank.is_page(path):
            await self._bank(scope, body, reply)
            return
        found = route_of(scope["method"], path)
        if scope["method"] == "OPTIONS" and allows_pages(path):
            await reply.whole(204, b"", b"text/plain", _for_pages(scope, preflight=True))
        elif found is None:
            await reply.whole(404, b"", b"text/plain", {})
        else:
            await self._operate(found, path, scope, body, reply)

    async def _operate(
        self, found: tuple[Route, tuple[str, ...]], path: str, scope: Scope, body: bytes, reply: Reply
    ) -> None:
        route, ids = found
        headers = _for_pages(scope, preflight=False) if allows_pages(path) else {}
        self._world.ledger.requests[route.operation] += 1
        fault = self._world.faults.take(route.operation)
        if fault is not None and fault.fault == "too_many":
            # PayMongo's limit answers in plain text, unlike everything else.
            await reply.whole(429, b"Too many requests, please try again later.", b"text/plain; charset=utf-8", headers)
            return
        if fault is not None and await reply.instead(fault):
            return
        try:
            status, answer = self._answer(route, ids, path, scope, body)
        except Refused as refused:
            status, answer = refused.status, refused.as_json()
        if fault is None or not await reply.afterwards(fault, status, answer, headers):
            await reply.json(status, answer, headers)

    def _answer(self, route: Route, ids: tuple[str, ...], path: str, scope: Scope, body: bytes) -> tuple[int, Json]:
        account = self._world.paymongo
        secret = _is_secret(header(scope, b"authorization"))
        if not secret and not route.public:
            raise unauthorized()
        call = Call(
            account=account,
            ids=ids,
            attributes={} if scope["method"] in {"GET", "DELETE"} else _attributes(body, bare=route.bare),
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            secret=secret,
            pages=_base(scope),
        )
        key = header(scope, b"idempotency-key").decode("latin-1") if scope["method"] == "POST" else ""
        answers: Answers = self._world.paymongo_answers
        return answers.once(key, path, body, account.seconds(), lambda: route.act(call))

    async def _bank(self, scope: Scope, body: bytes, reply: Reply) -> None:
        account: Account = self._world.paymongo
        if scope["method"] == "POST":
            page = bank.answered(account, body.decode("latin-1"))
        else:
            page = bank.asks(account, bank.source_of(scope["query_string"].decode("latin-1")))
        media_type = page.headers.pop("Content-Type", "text/html; charset=utf-8").encode()
        await reply.whole(page.status, page.body, media_type, page.headers)


def _is_secret(authorization: bytes) -> bool:
    """Tell the secret key from the public one.

    Raises:
        Refused: 401 for neither.
    """
    word, _, given = authorization.partition(b" ")
    try:
        user = base64.b64decode(given, validate=True).partition(b":")[0] if word.lower() == b"basic" else b""
    except binascii.Error:
        user = b""
    if hmac.compare_digest(user, SECRET_KEY.encode()):
        return True
    if hmac.compare_digest(user, PUBLIC_KEY.encode()):
        return False
    raise unauthorized()


def _attributes(body: bytes, *, bare: bool) -> Json:
    if bare and not body.strip():
        return {}
    try:
        data = parse(body).get("data")
    except Rejected:
        data = None
    attributes = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(attributes, dict):
        raise Refused(400, Problem("parameter_required", "data.attributes is required."), checked=False)
    return attributes


def _base(scope: Scope) -> str:
    host, port = scope["server"]
    shown = f"[{host}]" if ":" in host else host
    return f"{scope['scheme']}://{shown}:{port}{scope.get('root_path', '')}"


def _for_pages(scope: Scope, *, preflight: bool) -> Mapping[str, str]:
    origin = header(scope, b"origin").decode("latin-1")
    if not origin:
        return {}
    headers = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
    if preflight:
        headers |= {
            "Access-Control-Allow-Methods": _CALLS,
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
            "Access-Control-Max-Age": "600",
        }
    return headers


def _error_of(message: str, _request_id: str) -> Json:
    return {"errors": [{"code": "service_unavailable", "detail": message}]}
