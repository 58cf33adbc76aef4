"""Which address does what, and which key may ask it. Source: PayMongo API reference; keys as in its guides."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deskpay.sandbox.paymongo import customers, intents, methods, refunds
from deskpay.sandbox.paymongo.account import Account, page_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read.

    Args:
        account: Of the merchant.
        ids: The ids in the path.
        attributes: ``data.attributes`` of the body.
        query: Of the address.
        secret: Whether the secret key asks.
        pages: Address under which the bank's page is served.
    """

    account: Account
    ids: tuple[str, ...]
    attributes: Json
    query: Mapping[str, str]
    secret: bool
    pages: str

    @property
    def client_key(self) -> str | None:
        """The intent's own key, wherever it was sent."""
        given = self.attributes.get("client_key", self.query.get("client_key"))
        return given if isinstance(given, str) else None


@dataclass(frozen=True, slots=True)
class Route:
    """One operation.

    Args:
        operation: Its name, for faults and counts.
        methods: HTTP methods it answers to.
        pattern: Of the path below the base address.
        act: Carries it out and returns the body.
        public: Whether the public key may ask.
        bare: Whether a request may come without attributes.
    """

    operation: str
    methods: tuple[str, ...]
    pattern: re.Pattern[str]
    act: Callable[[Call], Json]
    public: bool = False
    bare: bool = False


def _route(
    operation: str, methods: str, path: str, act: Callable[[Call], Json], *, public: bool = False, bare: bool = False
) -> Route:
    pattern = re.compile(re.sub(r"\{\}", r"([A-Za-z0-9_]+)", path))
    return Route(f"paymongo/{operation}", tuple(methods.split()), pattern, act, public=public, bare=bare)


def _listed_payments(call: Call) -> Json:
    of = call.query.get("payment_intent_id")
    rows = [payment for payment in call.account.payments.values() if of in {None, payment.intent_id}]
    return page_of(rows, call.query)


ROUTES = (
    _route("customers.create", "POST", "/v1/customers", lambda c: customers.create(c.account, c.attributes)),
    _route("customers.search", "GET", "/v1/customers", lambda c: customers.search(c.account, c.query)),
    _route(
        "customers.retrieve",
        "GET",
        "/v1/customers/{}",
        lambda c: {"data": c.account.customer(c.ids[0]).as_json()},
    ),
    _route(
        "customers.edit", "PATCH PUT", "/v1/customers/{}", lambda c: customers.edit(c.account, c.ids[0], c.attributes)
    ),
    _route("customers.delete", "DELETE", "/v1/customers/{}", lambda c: customers.delete(c.account, c.ids[0])),
    _route(
        "customer_payment_methods.list",
        "GET",
        "/v1/customers/{}/payment_methods",
        lambda c: customers.saved_cards(c.account, c.ids[0]),
    ),
    _route(
        "customer_payment_methods.list.v2",
        "GET",
        "/v2/customer_payment_methods/{}",
        lambda c: customers.saved_cards_v2(c.account, c.ids[0]),
    ),
    _route(
        "customer_payment_methods.delete",
        "DELETE",
        "/v1/customers/{}/payment_methods/{}",
        lambda c: customers.forget_card(c.account, *c.ids),
    ),
    _route(
        "payment_methods.create",
        "POST",
        "/v1/payment_methods",
        lambda c: methods.create(c.account, c.attributes),
        public=True,
    ),
    _route(
        "payment_methods.retrieve",
        "GET",
        "/v1/payment_methods/{}",
        lambda c: {"data": c.account.method(c.ids[0]).as_json()},
        public=True,
    ),
    _route(
        "payment_methods.update",
        "PUT PATCH",
        "/v1/payment_methods/{}",
        lambda c: methods.renew_code(c.account, c.ids[0], c.attributes, secret=c.secret),
        public=True,
    ),
    _route("payment_intents.create", "POST", "/v1/payment_intents", lambda c: intents.create(c.account, c.attributes)),
    _route(
        "payment_intents.retrieve",
        "GET",
        "/v1/payment_intents/{}",
        lambda c: intents.retrieve(c.account, c.ids[0], c.client_key, secret=c.secret),
        public=True,
    ),
    _route(
        "payment_intents.attach",
        "POST",
        "/v1/payment_intents/{}/attach",
        lambda c: intents.attach(c.account, c.ids[0], c.attributes, c.client_key, c.pages, secret=c.secret),
        public=True,
    ),
    _route(
        "payment_intents.cancel",
        "POST",
        "/v1/payment_intents/{}/cancel",
        lambda c: intents.cancel(c.account, c.ids[0]),
        bare=True,
    ),
    _route(
        "payment_intents.capture",
        "POST",
        "/v1/payment_intents/{}/capture",
        lambda c: intents.capture(c.account, c.ids[0], c.attributes),
        bare=True,
    ),
    _route("payments.list", "GET", "/v1/payments", _listed_payments),
    _route(
        "payments.retrieve",
        "GET",
        "/v1/payments/{}",
        lambda c: {"data": c.account.payment(c.ids[0]).as_json()},
    ),
    _route("refunds.create", "POST", "/v1/refunds", lambda c: refunds.create(c.account, c.attributes)),
    _route("refunds.list", "GET", "/v1/refunds", lambda c: refunds.listed(c.account, c.query)),
    _route("refunds.retrieve", "GET", "/v1/refunds/{}", lambda c: refunds.retrieve(c.account, c.ids[0])),
)

OPERATIONS = frozenset(route.operation for route in ROUTES)


def route_of(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The operation at `path` and the ids in it; None where nothing is served."""
    for route in ROUTES:
        found = route.pattern.fullmatch(path)
        if found is not None and method in route.methods:
            return route, found.groups()
    return None


def allows_pages(path: str) -> bool:
    """Tell whether a page of any origin may call `path` with the public key."""
    return any(route.public and route.pattern.fullmatch(path) for route in ROUTES)
