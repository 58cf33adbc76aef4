"""What PayMongo keeps, and how it shows it. Amounts are whole centavos, times Unix seconds.

Source: PayMongo API reference, the resources' pages; members as recorded in 2025.
"""

from dataclasses import dataclass, field
from typing import Any

from deskpay.sandbox.paymongo.cards import Behaviour

MERCHANT = "The Gilded Teapot Hotel"
ORGANIZATION = "org_TheGildedTeapotHotel0001"

Json = dict[str, Any]


def _object(object_id: str, kind: str, attributes: Json) -> Json:
    return {"id": object_id, "type": kind, "attributes": attributes}


@dataclass(slots=True)
class Customer:
    """A guest as the merchant knows them."""

    id: str
    fields: Json
    created_at: int
    updated_at: int

    def as_json(self) -> Json:
        """The object."""
        return _object(
            self.id,
            "customer",
            {
                "default_device": self.fields["default_device"],
                "default_payment_method_id": self.fields.get("default_payment_method_id"),
                "email": self.fields["email"],
                "first_name": self.fields["first_name"],
                "last_name": self.fields["last_name"],
                "livemode": False,
                "organization_id": ORGANIZATION,
                "phone": self.fields.get("phone"),
                "created_at": self.created_at,
                "updated_at": self.updated_at,
            },
        )


@dataclass(slots=True)
class PaymentMethod:
    """A card as far as it may be kept: never its number, never its code.

    Args:
        fresh_code: Whether a code came in since the card was last used.
        saved_for: The customer it is saved for, empty before.
    """

    id: str
    last4: str
    brand: str
    exp_month: int
    exp_year: int
    behaviour: Behaviour
    billing: Json | None
    metadata: Json | None
    created_at: int
    updated_at: int
    link_id: str
    fresh_code: bool = True
    saved_for: str = ""
    saved_at: int = 0

    def as_json(self) -> Json:
        """The object."""
        return _object(
            self.id,
            "payment_method",
            {
                "livemode": False,
                "type": "card",
                "billing": self.billing,
                "details": {"last4": self.last4, "exp_month": self.exp_month, "exp_year": self.exp_year},
                "metadata": self.metadata,
                "created_at": self.created_at,
                "updated_at": self.updated_at,
            },
        )

    def link_json(self) -> Json:
        """The entry in the customer's list, version 1."""
        return _object(
            self.link_id,
            "customer_payment_method",
            {
                "livemode": False,
                "payment_method_id": self.id,
                "payment_method_type": "card",
                "session_type": "on_session",
                "details": {
                    "last4": self.last4,
                    "exp_month": self.exp_month,
                    "exp_year": self.exp_year,
                    "brand": self.brand,
                },
                "created_at": self.saved_at,
                "updated_at": self.saved_at,
            },
        )

    def link_json_v2(self) -> Json:
        """The entry in the customer's list, version 2, with times in milliseconds."""
        return {
            "created_at": self.saved_at * 1_000,
            "customer_id": self.saved_for,
            "live_mode": False,
            "payment_method_id": self.id,
            "session_type": "on_session",
            "source_type": "card",
            "updated_at": self.saved_at * 1_000,
        }


@dataclass(slots=True)
class Refund:
    """Money on its way back."""

    id: str
    balance_id: str
    payment_id: str
    amount: int
    currency: str
    reason: str
    notes: str | None
    metadata: Json | None
    created_at: int
    status: str = "pending"
    refunded_at: int | None = None

    def as_json(self) -> Json:
        """The object."""
        return _object(
            self.id,
            "refund",
            {
                "amount": self.amount,
                "balance_transaction_id": self.balance_id,
                "currency": self.currency,
                "livemode": False,
                "metadata": self.metadata,
                "notes": self.notes,
                "payment_id": self.payment_id,
                "payout_id": None,
                "reason": self.reason,
                "status": self.status,
                "available_at": None,
                "refunded_at": self.refunded_at,
                "created_at": self.created_at,
                "updated_at": self.refunded_at or self.created_at,
            },
        )


@dataclass(slots=True)
class Payment:
    """Money that was taken, or an attempt to take it that failed."""

    id: str
    balance_id: str
    source_id: str
    intent_id: str
    amount: int
    currency: str
    description: str | None
    descriptor: str
    method: PaymentMethod
    created_at: int
    failure: str = ""
    refunds: list[Refund] = field(default_factory=list)

    @property
    def left(self) -> int:
        """What can still be given back."""
        return self.amount - sum(refund.amount for refund in self.refunds if refund.status != "failed")

    def as_json(self) -> Json:
        """The object."""
        fee = 0 if self.failure else self.amount * 35 // 1_000
        attributes: Json = {
            "access_url": None,
            "amount": self.amount,
            "balance_transaction_id": self.balance_id,
            "billing": self.method.billing,
            "currency": self.currency,
            "description": self.description,
            "disputed": False,
            "external_reference_number": None,
            "fee": fee,
            "instant_settlement": None,
            "livemode": False,
            "net_amount": self.amount - fee,
            "origin": "api",
            "payment_intent_id": self.intent_id,
            "payout": None,
            "source": {
                "id": self.source_id,
                "type": "card",
                "brand": self.method.brand,
                "country": "PH",
                "last4": self.method.last4,
            },
            "statement_descriptor": self.descriptor,
            "status": "failed" if self.failure else "paid",
            "tax_amount": None,
            "metadata": None,
            "promotion": None,
            "refunds": [refund.as_json() for refund in self.refunds],
            "taxes": [],
            "available_at": self.created_at,
            "created_at": self.created_at,
            "credited_at": self.created_at,
            "paid_at": None if self.failure else self.created_at,
            "updated_at": self.created_at,
        }
        if self.failure:
            attributes |= {"failed_code": self.failure, "failed_message": failure_sentence(self.failure)}
        return _object(self.id, "payment", attributes)


@dataclass(slots=True)
class Intent:
    """One decision to pay; it can succeed only once.

    Args:
        asked: The attributes it was made with, checked.
        source_id: Of the bank's page that is open for it.
        method: The card that is being attached.
        return_url: Where the bank's page sends the guest; empty for a page that reports to its opener.
        decides_at: When a slow bank has made up its mind.
        authorized: What the guest answered on the bank's page.
    """

    id: str
    secret: str
    asked: Json
    created_at: int
    updated_at: int
    status: str = "awaiting_payment_method"
    payments: list[Payment] = field(default_factory=list)
    last_error: Json | None = None
    source_id: str = ""
    source_url: str = ""
    method: PaymentMethod | None = None
    return_url: str = ""
    decides_at: float = 0
    authorized: bool = False
    held_at: int = 0

    @property
    def attached(self) -> PaymentMethod:
        """The card that is being charged or held.

        Raises:
            LookupError: none was attached yet.
        """
        if self.method is None:
            raise LookupError(self.id)
        return self.method

    @property
    def client_key(self) -> str:
        """What lets a holder of the public key see and attach this intent."""
        return f"{self.id}_client_{self.secret}"

    @property
    def descriptor(self) -> str:
        """What the guest reads on the statement."""
        return str(self.asked.get("statement_descriptor") or MERCHANT)

    def as_json(self) -> Json:
        """The object."""
        action = None
        if self.status == "awaiting_next_action":
            action = {"type": "redirect", "redirect": {"url": self.source_url, "return_url": self.return_url or None}}
        return _object(
            self.id,
            "payment_intent",
            {
                "amount": self.asked["amount"],
                "capture_type": self.asked.get("capture_type", "automatic"),
                "client_key": self.client_key,
                "currency": self.asked["currency"],
                "description": self.asked.get("description"),
                "livemode": False,
                "original_amount": self.asked["amount"],
                "statement_descriptor": self.descriptor,
                "status": self.status,
                "last_payment_error": self.last_error,
                "payment_method_allowed": self.asked["payment_method_allowed"],
                "payments": [payment.as_json() for payment in self.payments],
                "next_action": action,
                "payment_method_options": self.asked.get("payment_method_options")
                or {"card": {"request_three_d_secure": "any"}},
                "metadata": self.asked.get("metadata"),
                "setup_future_usage": self.asked.get("setup_future_usage"),
                "created_at": self.created_at,
                "updated_at": self.updated_at,
            },
        )


def failure_sentence(code: str) -> str:
    """A sentence for a decline, in the manner of PayMongo's."""
    if code == "authentication_error":
        return "The card was declined as processor encountered a payer authentication problem."
    return f"The payment was declined: {code.replace('_', ' ')}."
