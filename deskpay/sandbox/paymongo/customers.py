"""Customers and their saved cards. Source: PayMongo, "Customer resource" and "Card vaulting"."""

import re
from collections.abc import Mapping
from typing import Any

from deskpay.sandbox.paymongo.account import Account, page_of
from deskpay.sandbox.paymongo.errors import Problem, Refused, not_found
from deskpay.sandbox.paymongo.objects import Customer

Json = dict[str, Any]

_REQUIRED = ("first_name", "last_name", "email", "default_device")
_NAMES = frozenset({*_REQUIRED, "phone", "default_payment_method_id"})
_PHONE = re.compile(r"\+\d{11,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def create(account: Account, attributes: Json) -> Json:
    """Make a customer.

    Raises:
        Refused: 422 for what is missing or wrong; 400 for a customer that is there already.
    """
    _check(account, attributes, [name for name in _REQUIRED if not attributes.get(name)])
    now = account.seconds()
    fields = {name: attributes[name] for name in _NAMES & set(attributes)}
    customer = Customer(f"cus_{account.signs()}", fields, now, now)
    account.customers[customer.id] = customer
    return {"data": customer.as_json()}


def edit(account: Account, customer_id: str, attributes: Json) -> Json:
    """Change the given attributes.

    Raises:
        Refused: 404, or as `create` does.
    """
    customer = account.customer(customer_id)
    _check(account, attributes, [], customer_id)
    default = attributes.get("default_payment_method_id")
    if default is not None and account.method(default).saved_for != customer_id:
        raise not_found("payment method", default)
    customer.fields |= {name: attributes[name] for name in _NAMES & set(attributes)}
    customer.updated_at = account.seconds()
    return {"data": customer.as_json()}


def _check(account: Account, attributes: Json, missing: list[str], own_id: str = "") -> None:
    wrong = list(missing)
    for name in _NAMES & set(attributes):
        value = attributes[name]
        fits = isinstance(value, str) or (value is None and name in {"phone", "default_payment_method_id"})
        if (
            not fits
            or (name == "default_device" and value not in {"phone", "email"})
            or (
                value
                and (
                    (name == "phone" and not _PHONE.fullmatch(value))
                    or (name == "email" and not _EMAIL.fullmatch(value))
                )
            )
        ):
            wrong.append(name)
    if wrong:
        found = [Problem("invalid_request_body", None, f"data.attributes.{name}") for name in dict.fromkeys(wrong)]
        raise Refused(422, *found, checked=False)
    for other in account.customers.values():
        for name in ("email", "phone"):
            if other.id != own_id and attributes.get(name) and other.fields.get(name) == attributes[name]:
                # That both are unique is documented; how a second one is refused is not.
                raise Refused(400, Problem("parameter_invalid", f"{name} is already in use.", name), checked=False)


def search(account: Account, query: Mapping[str, str]) -> Json:
    """The customers with this e-mail address and this phone number, or all of them, a page at a time."""
    asked = {name: query[name] for name in ("email", "phone") if name in query}
    return page_of(
        [
            customer
            for customer in account.customers.values()
            if all(customer.fields.get(name) == value for name, value in asked.items())
        ],
        query,
    )


def delete(account: Account, customer_id: str) -> Json:
    """Forget a customer and every card saved for them.

    Raises:
        Refused: 404.
    """
    customer = account.customer(customer_id)
    for method in account.saved_cards(customer_id):
        del account.methods[method.id]
    del account.customers[customer.id]
    return {"data": {"id": customer.id, "type": "deleted_entity", "attributes": {"deleted": True}}}


def saved_cards(account: Account, customer_id: str) -> Json:
    """The customer's saved cards, version 1.

    Raises:
        Refused: 404.
    """
    account.customer(customer_id)
    links = [method.link_json() for method in account.saved_cards(customer_id)]
    if account.switches.listed_flat:
        links = [{"id": link["id"], "type": link["type"], **link["attributes"]} for link in links]
        for link in links:
            del link["details"]
    return {"data": links, "has_more": False}


def saved_cards_v2(account: Account, customer_id: str) -> Json:
    """The customer's saved cards, version 2.

    Raises:
        Refused: 404.
    """
    account.customer(customer_id)
    entries = [method.link_json_v2() for method in account.saved_cards(customer_id)]
    last = entries[-1]["payment_method_id"] if entries else None
    return {
        "data": {"customer_payment_methods": entries, "last_evaluated_payment_method_id": last},
        "has_more": False,
    }


def forget_card(account: Account, customer_id: str, method_id: str) -> Json:
    """Delete a saved card, for good.

    Raises:
        Refused: 404.
    """
    customer = account.customer(customer_id)
    if account.method(method_id).saved_for != customer_id:
        raise not_found("payment method", method_id)
    del account.methods[method_id]
    if customer.fields.get("default_payment_method_id") == method_id:
        customer.fields["default_payment_method_id"] = None
    return {"data": None}
