"""Refunds: pending first, settled a little later. Source: PayMongo, "Refund resource", "Refunding transactions"."""

from collections.abc import Mapping
from typing import Any

from deskpay.sandbox.paymongo.account import Account, page_of
from deskpay.sandbox.paymongo.checks import Checks
from deskpay.sandbox.paymongo.errors import Problem, Refused
from deskpay.sandbox.paymongo.objects import Refund

Json = dict[str, Any]

_REASONS = ("duplicate", "fraudulent", "requested_by_customer", "others")
_LEAST = 100
_WITHIN_S = 60 * 24 * 3_600
_SETTLES_S = 10


def create(account: Account, attributes: Json) -> Json:
    """Begin to give money back.

    Raises:
        Refused: 404, or 400 for a payment that cannot be refunded by this much.
    """
    checks = Checks(attributes)
    checks.given("amount", "payment_id", "reason")
    checks.whole("amount", _LEAST, 999_999_999)
    checks.text("payment_id", 100)
    checks.one_of("reason", *_REASONS)
    checks.text("notes", 255)
    checks.flat("metadata")
    checks.done()
    payment = account.payment(attributes["payment_id"])
    now = account.seconds()
    _require(not payment.failure, "resource_failed_state", "The payment was not paid.")
    _require(now <= payment.created_at + _WITHIN_S, "allowed_date_exceeded", "The payment is too old to refund.")
    _require(attributes["amount"] <= payment.left, "parameter_above_maximum", "More than is left of the payment.")
    _require(
        not account.switches.balance_short, "available_balance_insufficient", "The available balance is insufficient."
    )
    refund = Refund(
        id=f"ref_{account.signs()}",
        balance_id=f"bal_txn_{account.signs()}",
        payment_id=payment.id,
        amount=attributes["amount"],
        currency=payment.currency,
        reason=attributes["reason"],
        notes=attributes.get("notes"),
        metadata=attributes.get("metadata"),
        created_at=now,
    )
    account.refunds[refund.id] = refund
    payment.refunds.append(refund)
    return {"data": refund.as_json()}


def _require(truth: bool, code: str, words: str) -> None:
    if not truth:
        raise Refused(400, Problem(code, words))


def retrieve(account: Account, refund_id: str) -> Json:
    """Show a refund as it stands now.

    Raises:
        Refused: 404.
    """
    refund = account.refund(refund_id)
    settle(account)
    return {"data": refund.as_json()}


def listed(account: Account, query: Mapping[str, str]) -> Json:
    """The refunds, of one payment or of all, a page at a time.

    Raises:
        Refused: 400 for a limit that is none.
    """
    settle(account)
    of = query.get("payment_id")
    return page_of([refund for refund in account.refunds.values() if of in {None, refund.payment_id}], query)


def settle(account: Account) -> None:
    """Let refunds land whose time has come."""
    now = account.seconds()
    for refund in account.refunds.values():
        if refund.status == "pending" and now >= refund.created_at + _SETTLES_S:
            refund.status = "succeeded"
            refund.refunded_at = refund.created_at + _SETTLES_S
