"""The guest's pages as HTML; every text that comes from a request is escaped."""

from html import escape
from typing import Any

from deskpay.sandbox.money import text

Row = dict[str, Any]

WAYS = {
    "card": "Visa \N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET} 4242: the bank agrees",
    "bank": "Visa \N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET} 0026: the bank asks the guest",
    "declined": "Visa \N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET} 0003: the bank refuses",
    "Ideal": "iDEAL",
    "ApplePay": "Apple Pay",
    "GooglePay": "Google Pay",
}
"""How a guest may pay a request, and how the button says it."""

_PREAUTHORIZED = ("card", "declined")
_OVER = {
    "Completed": "This request has been paid. Thank you.",
    "Canceled": "The hotel has withdrawn this request. Nothing was taken.",
    "Expired": "This request has expired. Nothing was taken.",
}
_PAYMENT_OVER = {
    "Charged": "The payment is made. Thank you.",
    "Canceled": "The payment was canceled. Nothing was taken.",
    "Failed": "The payment failed. Nothing was taken.",
}


def request_page(hotel: str, request: Row, *, trouble: str | None = None) -> str:
    """The page of a payment request: what is asked for, and the ways to pay it while it can be paid.

    Args:
        hotel: The hotel's name.
        request: The request's row.
        trouble: A sentence about what has just gone wrong, or None.
    """
    verb = "Pay" if request["Type"] == "Payment" else "Reserve"
    parts = [
        f"<h1>{escape(hotel)}</h1>",
        f'<p class="words soft">{escape(request["Description"])}</p>',
        f'<p class="amount">{_money(request)}</p>',
    ]
    if trouble is not None:
        parts.append(f'<p role="alert"><strong>{escape(trouble)}</strong></p>')
    if request["State"] != "Pending":
        parts.append(f"<p>{_OVER[request['State']]}</p>")
        return _document(f"{hotel}: payment request", parts)
    ways = list(WAYS) if verb == "Pay" else list(_PREAUTHORIZED)
    parts.append(f'<p class="soft">Works until {escape(request["ExpirationUtc"])}. Choose how the guest pays:</p>')
    parts.append('<form method="post">')
    for number, way in enumerate(ways):
        first = ' class="first"' if number == 0 else ""
        label = f"{verb} {_money(request)} by {WAYS[way]}" if number == 0 else escape(WAYS[way])
        parts.append(f'<button name="way" value="{way}"{first}>{label}</button>')
    return _document(f"{hotel}: payment request", [*parts, "</form>"])


def payment_page(hotel: str, payment: Row, *, returns: str | None = None) -> str:
    """The bank's page of a payment: confirm or cancel, or what became of it.

    Args:
        hotel: The hotel's name.
        payment: The payment's row.
        returns: Where the guest may go back to, or None.
    """
    parts = [
        "<h1>Your bank</h1>",
        f'<p class="soft">Payment to {escape(hotel)}</p>',
        f'<p class="amount">{_money(payment)}</p>',
    ]
    over = _PAYMENT_OVER.get(payment["State"])
    if over is not None:
        parts.append(f"<p>{over}</p>")
        if returns is not None:
            parts.append(f'<p><a href="{escape(returns)}" rel="noreferrer">Back to the hotel</a></p>')
    else:
        parts += [
            '<form method="post">',
            '<button name="answer" value="confirm" class="first">Confirm the payment</button>',
            '<button name="answer" value="cancel">Cancel the payment</button>',
            "</form>",
        ]
    return _document("Your bank", parts)


def sentence_page(title: str, sentence: str) -> str:
    """A page that says one thing."""
    return _document(title, [f"<h1>{escape(title)}</h1>", f"<p>{escape(sentence)}</p>"])


def _money(row: Row) -> str:
    amount = row.get("OriginalAmount") or row["Amount"]
    return f"{text(abs(amount['GrossValue']), amount['Currency'])} {amount['Currency']}"


def _document(title: str, parts: list[str]) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/guest/style.css"></head><body>'
        f'<p class="training">Training: no money moves</p><main>{"".join(parts)}</main></body></html>'
    )
