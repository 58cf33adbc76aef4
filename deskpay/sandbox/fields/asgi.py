"""The test vault's web part: the script, the field frames and the one address cards are posted to.

Exactly the documented paths answer; everything else is 404. A control API, if any, belongs on another port.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from string import Template
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from deskpay.sandbox.fields.cards import Trigger
from deskpay.sandbox.fields.evil import FILE_PATH
from deskpay.sandbox.fields.vault import (
    MERCHANT_CVV_NEVER_READY,
    MERCHANT_CVV_OPTIONAL,
    MERCHANT_FRAME_MISSING,
    Vault,
)

SCRIPT_PATHS = ("/upp/payment/js/secure-fields-2.0.0.js", "/upp/payment/js/secure-fields-2.0.0.min.js")
FIELD_PATH = "/upp/payment/SecureFields/paymentField"

SLOW_ANSWER_S = 8.0
_MAX_BODY_BYTES = 8_192
_FORM_TYPE = "application/x-www-form-urlencoded"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Cards, or a bank account by one number or two.
_CARD_FIELDS = frozenset({"cardNumber", "cvv"})
_ACCOUNT_FIELDS = (frozenset({"iban"}), frozenset({"accountNumber", "branchCode"}))
_INPUT_TYPES = frozenset({"", "text", "tel", "password", "number"})
_PAGE = Path(__file__).parent / "page"

Sleep = Callable[[float], Awaitable[None]]


def fields_app(vault: Vault, host_origins: Sequence[str], *, sleep: Sleep = asyncio.sleep) -> Starlette:
    """Return the web application of `vault`.

    Args:
        vault: the memory behind it.
        host_origins: the origins whose pages may frame the fields, such as `deskpay://capture`.
        sleep: waits for the given seconds, for the trigger that answers late.
    """
    web = _FieldsWeb(vault, tuple(host_origins), sleep)
    routes = [Route(path, web.script, methods=["GET"]) for path in SCRIPT_PATHS]
    routes += [
        Route(FIELD_PATH, web.frame, methods=["GET"]),
        Route(FIELD_PATH, web.post, methods=["POST"]),
        Route(FILE_PATH, web.evil_file, methods=["GET"]),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _plain_error})
    app.router.redirect_slashes = False  # a path that is nearly right is wrong
    return app


async def _plain_error(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    # A wrong method is as unknown here as a wrong path.
    status = 404 if status == 405 else status
    return Response(status_code=status, headers={"Cache-Control": "no-store"})


def _require_loopback(request: Request) -> None:
    # A page that rebinds its own name to loopback still sends that name; it gets nothing.
    if request.url.hostname not in _LOOPBACK:
        raise HTTPException(404)


class _FieldsWeb:
    def __init__(self, vault: Vault, host_origins: tuple[str, ...], sleep: Sleep) -> None:
        self._vault = vault
        self._host_origins = host_origins
        self._sleep = sleep
        self._script = (_PAGE / "secure-fields.js").read_text(encoding="utf-8")
        self._frame_script = (_PAGE / "frame.js").read_text(encoding="utf-8")
        self._frame_style = (_PAGE / "frame.css").read_text(encoding="utf-8")
        self._frame_page = Template((_PAGE / "frame.html").read_text(encoding="utf-8"))

    async def script(self, request: Request) -> Response:
        _require_loopback(request)
        if not self._vault.script_available:
            raise HTTPException(503)
        if self._vault.evil.attack:
            return self._vault.evil.script(_origin(request), FIELD_PATH)
        return Response(
            self._script,
            media_type="text/javascript",
            headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        )

    async def frame(self, request: Request) -> Response:
        _require_loopback(request)
        if self._vault.evil.attack:
            return self._vault.evil.frame(_origin(request), FIELD_PATH)
        setup = self._setup(request)
        if setup is None:
            raise HTTPException(404)
        nonce = secrets.token_urlsafe(18)
        page = self._frame_page.substitute(
            nonce=nonce,
            style=self._frame_style,
            script=self._frame_script,
            setup=json.dumps(setup).replace("<", "\\u003c"),
        )
        return HTMLResponse(page, headers=self._frame_headers(nonce))

    async def evil_file(self, request: Request) -> Response:
        _require_loopback(request)
        if not self._vault.evil.attack:
            raise HTTPException(404)
        return self._vault.evil.file()

    def _frame_headers(self, nonce: str) -> dict[str, str]:
        policy = (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'nonce-{nonce}'",
            "connect-src 'self'",
            "form-action 'none'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(self._host_origins) or chr(39) + 'none' + chr(39)}",
        )
        return {
            "Cache-Control": "no-store",
            "Content-Security-Policy": "; ".join(policy),
            "X-Content-Type-Options": "nosniff",
        }

    def _setup(self, request: Request) -> dict[str, object] | None:
        query = request.query_params
        merchant_id = query.get("merchantId", "")
        names = query.get("fieldNames", "").split(",")
        field = query.get("fieldName", "")
        input_type = query.get("inputType", "")
        if merchant_id == MERCHANT_FRAME_MISSING or field not in names or input_type not in _INPUT_TYPES:
            return None
        setup: dict[str, object] = {
            "fieldName": field,
            "fieldNames": names,
            "instanceId": query.get("instanceId", ""),
            "merchantId": merchant_id,
            "mode": query.get("mode", ""),
            "inputType": input_type,
            "placeholder": query.get("placeholder", ""),
            "ariaLabel": query.get("ariaLabel", ""),
            "paymentMethods": [code for code in query.get("paymentMethods", "").split(",") if code],
            "cvvOptional": merchant_id == MERCHANT_CVV_OPTIONAL,
            "neverReady": merchant_id == MERCHANT_CVV_NEVER_READY and field == "cvv",
        }
        if not self._vault.knows_merchant(merchant_id):
            return setup | {"initError": "Merchant not known or not enabled"}
        if not (set(names) <= _CARD_FIELDS or set(names) in _ACCOUNT_FIELDS):
            return setup | {"initError": "Wrong field names"}
        form_id = query.get("formId", "")
        if field == names[0]:
            form_id = self._vault.open_form(merchant_id)
        return setup | {"formId": form_id}

    async def post(self, request: Request) -> Response:
        _require_loopback(request)
        own_origin = _origin(request)
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM_TYPE:
            raise HTTPException(415)
        if request.headers.get("origin") != own_origin or request.headers.get("sec-fetch-site") != "same-origin":
            raise HTTPException(403)
        entry = dict(parse_qsl((await _bounded_body(request)).decode("utf-8", "replace"), keep_blank_values=True))
        if not self._vault.knows_form(entry.get("formId", "")):
            raise HTTPException(400)
        if entry.get("mode") == "CARDINFO":
            return _json(self._vault.card_facts(entry.get("cardNumber", "")).body)
        answer = self._vault.tokenize(entry)
        entry.clear()
        match answer.trigger:
            case Trigger.SERVER_ERROR:
                return HTMLResponse("<h1>Internal error</h1>", 500, headers={"Cache-Control": "no-store"})
            case Trigger.SILENT:
                await _until_gone(request)
            case Trigger.SLOW:
                await self._sleep(SLOW_ANSWER_S)
            case _:
                pass
        return _json(answer.body)


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _json(body: object) -> Response:
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


async def _bounded_body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            raise HTTPException(413)
    return body


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
