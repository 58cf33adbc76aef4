"""The verbs of the API: each takes a validated request and returns the answer's body."""

from collections.abc import Callable
from typing import Any

from deskpay.sandbox.operations import books, cards, guests, house, payment_requests, payments
from deskpay.sandbox.world import World

Operation = Callable[[World, dict[str, Any]], dict[str, Any]]

OPERATIONS: dict[str, Operation] = {
    "configuration/get": house.get_configuration,
    "currencies/getAll": house.get_currencies,
    "services/getAll": house.get_services,
    "resources/getAll": house.get_resources,
    "accountingCategories/getAll": house.get_accounting_categories,
    "customers/search": guests.search_customers,
    "customers/getAll": guests.get_customers,
    "reservations/getAll/2023-06-06": guests.get_reservations,
    "bills/getAll": books.get_bills,
    "orderItems/getAll": books.get_order_items,
    "creditCards/getAll": cards.get_credit_cards,
    "creditCards/addTokenized": cards.add_tokenized,
    "creditCards/charge": cards.charge,
    "creditCards/disable": cards.disable,
    "payments/getAll": payments.get_payments,
    "payments/addCreditCard": payments.add_credit_card,
    "payments/addExternal": payments.add_external,
    "payments/refund": payments.refund,
    "paymentRequests/getAll": payment_requests.get_payment_requests,
    "paymentRequests/add": payment_requests.add_payment_requests,
    "paymentRequests/cancel": payment_requests.cancel_payment_requests,
}
