"""One merchant's account: everything PayMongo keeps for it, and the doubts that a switch decides."""

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from random import Random
from typing import Any, TypeVar

from deskpay.sandbox.paymongo.errors import Problem, Refused, not_found
from deskpay.sandbox.paymongo.objects import Customer, Intent, Payment, PaymentMethod, Refund

Kept = TypeVar("Kept", Customer, PaymentMethod, Intent, Payment, Refund)
Json = dict[str, Any]

# They open nothing but this sandbox.
SECRET_KEY = "sk_test_TrainingTrainingTrainin"  # noqa: S105 - see above
PUBLIC_KEY = "pk_test_TrainingTrainingTrainin"

_SIGNS = string.ascii_letters + string.digits
MOST_LISTED, USUALLY_LISTED = 100, 10


@dataclass(frozen=True, slots=True)
class Switches:
    """What PayMongo grants an account, and what its documents leave open.

    Args:
        vaulting: Cards may be saved by paying; granted account by account.
        declines_as_error: A declined attach answers 400 with a sub-code instead of 200 with the intent.
        code_by_public_key: The public key may renew the code of a saved card.
        code_each_time: A saved card needs a renewed code for each attach.
        code_echoed: Answers quote the code, as one recording of 2020 does; to prove that a client drops it.
        saved_when_held: A hold saves the card at once instead of when it is captured.
        listed_flat: Saved cards are listed without a level of attributes.
        dollars: USD is accepted beside PHP.
        balance_short: The next payout does not cover refunds.
        returns_early: The bank's page sends the guest back before the intent has moved.
        bank_takes_s: How long the intent stays in processing after the bank's page.
        least_amount: In centavos.
    """

    vaulting: bool = False
    declines_as_error: bool = False
    code_by_public_key: bool = False
    code_each_time: bool = True
    code_echoed: bool = False
    saved_when_held: bool = False
    listed_flat: bool = False
    dollars: bool = False
    balance_short: bool = False
    returns_early: bool = False
    bank_takes_s: int = 0
    least_amount: int = 2_000

    def turned(self, asked: Mapping[str, Any]) -> "Switches":
        """The switches with some of them set.

        Raises:
            ValueError: a name or a value is none of theirs.
        """
        kinds = {known.name: type(getattr(self, known.name)) for known in fields(self)}
        for name, value in asked.items():
            if type(value) is not kinds.get(name) or (isinstance(value, int) and value < 0):
                raise ValueError(name)
        return replace(self, **asked)


class Account:
    """The store. Objects are kept in the order they were made.

    Args:
        seed: Of the ids.
        now: The sandbox's time.
    """

    def __init__(self, seed: int, now: Callable[[], datetime]) -> None:
        self._random = Random(f"paymongo {seed}")  # noqa: S311 - repeatable on purpose; nothing here is secret
        self._now = now
        self.switches = Switches()
        self.customers: dict[str, Customer] = {}
        self.methods: dict[str, PaymentMethod] = {}
        self.intents: dict[str, Intent] = {}
        self.payments: dict[str, Payment] = {}
        self.refunds: dict[str, Refund] = {}

    def seconds(self) -> int:
        """Now, as PayMongo writes it."""
        return int(self._now().timestamp())

    def today(self) -> date:
        """The day, in UTC."""
        return self._now().date()

    def signs(self, length: int = 24) -> str:
        """Letters and digits for an id or a client key."""
        return "".join(self._random.choices(_SIGNS, k=length))

    def customer(self, customer_id: str) -> Customer:
        """A customer that is there.

        Raises:
            Refused: 404.
        """
        return self._kept(self.customers, customer_id, "customer")

    def method(self, method_id: str) -> PaymentMethod:
        """A payment method that may still be used.

        Raises:
            Refused: 404.
        """
        return self._kept(self.methods, method_id, "payment method")

    def intent(self, intent_id: str) -> Intent:
        """An intent.

        Raises:
            Refused: 404.
        """
        return self._kept(self.intents, intent_id, "payment intent")

    def payment(self, payment_id: str) -> Payment:
        """A payment.

        Raises:
            Refused: 404.
        """
        return self._kept(self.payments, payment_id, "Payment")

    def refund(self, refund_id: str) -> Refund:
        """A refund.

        Raises:
            Refused: 404.
        """
        return self._kept(self.refunds, refund_id, "refund")

    @staticmethod
    def _kept(kept: Mapping[str, Kept], object_id: str, kind: str) -> Kept:
        if object_id not in kept:
            raise not_found(kind, object_id)
        return kept[object_id]

    def saved_cards(self, customer_id: str) -> list[PaymentMethod]:
        """The customer's saved cards, newest first."""
        saved = [method for method in self.methods.values() if method.saved_for == customer_id]
        return sorted(saved, key=lambda method: method.saved_at, reverse=True)

    def ledger_json(self) -> Json:
        """What happened, for tests and for the trainer."""
        return {
            "customers": [customer.as_json() for customer in self.customers.values()],
            "payments": [payment.as_json() for payment in self.payments.values()],
            "refunds": [refund.as_json() for refund in self.refunds.values()],
            "intents": [intent.as_json() for intent in self.intents.values()],
            "saved_cards": [method.link_json_v2() for method in self.methods.values() if method.saved_for],
        }


def page_of(rows: Sequence[Kept], query: Mapping[str, str]) -> Json:
    """One page of `rows`, newest first; `before` and `after` are ids.

    Raises:
        Refused: 400 for a limit that is none.
    """
    limit = query.get("limit", str(USUALLY_LISTED))
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= MOST_LISTED):
        raise Refused(400, Problem("parameter_invalid", "The value for limit is invalid.", "limit"), checked=False)
    newest = list(rows)[::-1]
    places = {row.id: place for place, row in enumerate(newest)}
    start = places.get(query.get("after", ""), -1) + 1
    end = places.get(query.get("before", ""), len(newest))
    if "before" in query and "after" not in query:
        start = max(0, end - int(limit))
    page = newest[start : min(end, start + int(limit))]
    return {"data": [row.as_json() for row in page], "has_more": start + len(page) < end}
