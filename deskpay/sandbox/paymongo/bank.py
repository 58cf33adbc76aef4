"""The bank's page of 3-D Secure, as in PayMongo's test mode: two buttons, then back to where the guest came from."""

import secrets
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlsplit

from deskpay.sandbox.paymongo import intents
from deskpay.sandbox.paymongo.account import Account

_HERE = Path(__file__).parent
_PAGE = Template((_HERE / "bank.html").read_text(encoding="utf-8"))
_DONE = Template((_HERE / "bank_done.html").read_text(encoding="utf-8"))


class Page:
    """What the bank answers.

    Args:
        status: HTTP status.
        body: HTML.
        headers: Of the answer.
    """

    def __init__(self, status: int, body: str, headers: dict[str, str]) -> None:
        self.status = status
        self.body = body.encode()
        self.headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **headers}


def asks(account: Account, source_id: str) -> Page:
    """The page with the two buttons, while an intent waits for it."""
    intent = next((intent for intent in account.intents.values() if intent.source_id == source_id), None)
    if intent is None:
        return Page(404, "<!doctype html><title>Not found</title><p>There is no such page.</p>", _policy(""))
    amount = f"{intent.asked['currency']} {intent.asked['amount'] // 100:,}.{intent.asked['amount'] % 100:02d}"
    nonce = secrets.token_urlsafe(18)
    filled = _PAGE.substitute(nonce=nonce, merchant=escape(intent.descriptor), amount=amount, source=escape(source_id))
    return Page(200, filled, _policy(nonce))


def answered(account: Account, form: str) -> Page:
    """What follows a button: the way back, or a word to the page that opened this one."""
    said = parse_qs(form)
    source_id, choice = said.get("id", [""])[0], said.get("choice", [""])[0]
    authorized = choice == "authorize"
    intent = intents.answer_bank(account, source_id, authorized=authorized)
    if intent is not None and intent.return_url:
        return Page(303, "", {"Location": intent.return_url})
    if intent is None:
        words = "This payment is not waiting for the bank any more."
    elif authorized:
        words = "Authentication is complete. You may close this window."
    else:
        words = "Authentication failed or was cancelled. You may close this window."
    nonce = secrets.token_urlsafe(18)
    return Page(200, _DONE.substitute(nonce=nonce, words=words), _policy(nonce))


def source_of(query: str) -> str:
    """The page's id in the address."""
    return parse_qs(query).get("id", [""])[0]


def _policy(nonce: str) -> dict[str, str]:
    allowed = f"'nonce-{nonce}'" if nonce else "'none'"
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": f"default-src 'none'; style-src {allowed}; script-src {allowed}; base-uri 'none'",
    }


def is_page(path: str) -> bool:
    """Tell whether `path` is the bank's."""
    return urlsplit(path).path == "/sources"
