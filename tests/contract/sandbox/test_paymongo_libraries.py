"""What PayMongo's own libraries send and read, played against its stand-in.

The requests are those of paymongo-python 0.2.1 and paymongo-node 10.17.0 as they were seen on the wire, and the members
are those that their entities take from an answer without asking whether they are there.
"""

import base64
import json

import pytest

from deskpay.sandbox.paymongo.account import SECRET_KEY
from tests.contract.sandbox.merchant import Answer, Merchant
from tests.contract.sandbox.running import Running

CUSTOMER = "default_device default_payment_method_id email first_name last_name livemode phone created_at updated_at"
INTENT = (
    "amount capture_type client_key currency description last_payment_error livemode metadata next_action "
    "payment_method_allowed payment_method_options payments setup_future_usage statement_descriptor status created_at "
    "updated_at"
)
METHOD = "billing details livemode metadata type created_at updated_at"
PAYMENT = (
    "access_url amount billing currency description fee livemode metadata net_amount payment_intent_id payout refunds "
    "source statement_descriptor status tax_amount taxes created_at paid_at updated_at"
)
REFUND = (
    "amount balance_transaction_id currency livemode metadata notes payment_id payout_id reason status available_at "
    "created_at refunded_at updated_at"
)
PERSON = "address email name phone"
ADDRESS = "city country line1 line2 postal_code state"

ADA = {"first_name": "Ada", "last_name": "Guest", "email": "ada@example.com", "default_device": "email"}
CARD = {"card_number": "4343434343434345", "exp_month": 12, "exp_year": 2030, "cvc": "123"}
ASKED = {"amount": 150_050, "currency": "PHP", "payment_method_allowed": ["card"]}


class Library:
    """Sends as one of the two libraries does.

    Args:
        running: the stand-in.
        colon: Whether the key ends with the colon that basic authentication asks for; the Python library leaves it out.
    """

    def __init__(self, running: Running, *, colon: bool) -> None:
        self._merchant = Merchant(running)
        self._merchant.switch(vaulting=True, declines_as_error=True)
        named = base64.b64encode(f"{SECRET_KEY}{':' if colon else ''}".encode()).decode()
        self._headers = {"Authorization": f"Basic {named}", "Content-Type": "application/json"}

    def send(self, method: str, path: str, attributes: object = None) -> Answer:
        body = None if attributes is None else json.dumps({"data": {"attributes": attributes}}).encode()
        return self._merchant.call(method, f"/v1/{path}", raw=body, key="", headers=self._headers)

    def read(self, answer: Answer, members: str) -> str:
        assert set(members.split()) <= answer.attributes.keys()
        return answer.id


@pytest.fixture(params=[False, True], ids=["python", "node"])
def library(running: Running, request: pytest.FixtureRequest) -> Library:
    return Library(running, colon=request.param)


def test_what_the_libraries_do_is_done_and_what_they_read_is_there(library: Library) -> None:
    send, read = library.send, library.read
    customer = read(send("POST", "customers", ADA), CUSTOMER)
    read(send("GET", f"customers/{customer}"), CUSTOMER)
    assert send("PUT", f"customers/{customer}", {"first_name": "Adah"}).attributes["first_name"] == "Adah"
    saving = {"setup_future_usage": {"session_type": "on_session", "customer_id": customer}}
    intent = read(send("POST", "payment_intents", ASKED | saving), INTENT)
    method = send("POST", "payment_methods", {"type": "card", "details": CARD, "billing": {"name": "Ada"}})
    billing = method.attributes["billing"]
    assert billing == dict.fromkeys(PERSON.split()) | {"name": "Ada", "address": dict.fromkeys(ADDRESS.split())}
    read(send("GET", f"payment_methods/{read(method, METHOD)}"), METHOD)
    attached = send("POST", f"payment_intents/{intent}/attach", {"payment_method": method.id, "origin": "python"})
    read(attached, INTENT)
    payment = send("GET", f"payments/{attached.attributes['payments'][0]['id']}")
    assert set(ADDRESS.split()) <= payment.attributes["billing"]["address"].keys()
    asked = {"amount": 5_000, "payment_id": read(payment, PAYMENT), "reason": "requested_by_customer"}
    refund = read(send("POST", "refunds", asked), REFUND)
    read(send("GET", f"refunds/{refund}"), REFUND)
    (within,) = send("GET", f"payments/{payment.id}").attributes["refunds"]
    assert set(REFUND.split()) <= within["attributes"].keys()
    held = send("POST", "payment_intents", ASKED | {"capture_type": "manual"}).id
    again = send("POST", "payment_methods", {"type": "card", "details": CARD}).id
    waits = send("POST", f"payment_intents/{held}/attach", {"payment_method": again})
    assert waits.attributes["status"] == "awaiting_capture"
    assert send("POST", f"payment_intents/{held}/capture", {"amount": 100_000}).attributes["status"] == "succeeded"
    # One library cancels with empty attributes, the other with no body.
    bare: tuple[dict[str, object] | None, ...] = ({}, None)
    for attributes in bare:
        left = send("POST", "payment_intents", ASKED).id
        assert send("POST", f"payment_intents/{left}/cancel", attributes).attributes["status"] == "cancelled"
    listed = send("GET", "payments?limit=10").body
    assert (listed["has_more"], len(listed["data"])) == (False, 2)
    deleted = send("DELETE", f"customers/{customer}")
    assert (deleted.id, deleted.attributes) == (customer, {"deleted": True})


@pytest.mark.parametrize(
    ("method", "path", "attributes", "status"),
    [
        ("POST", "payment_intents", {}, 400),
        ("POST", "payment_intents", ASKED | {"amount": "12"}, 400),
        ("GET", "payment_intents/pi_none", None, 404),
        ("GET", "payments/pay_none", None, 404),
        ("POST", "payment_methods", {"type": "card", "details": CARD | {"card_number": "4343434343434346"}}, 400),
        ("POST", "payment_methods", {"type": "card", "details": CARD, "billing": {"name": 7}}, 400),
        ("POST", "refunds", {"amount": 5, "payment_id": "pay_none", "reason": "others"}, 400),
    ],
)
def test_every_refusal_has_the_parts_that_their_errors_are_made_of(
    library: Library, method: str, path: str, attributes: object, status: int
) -> None:
    refused = library.send(method, path, attributes)
    assert refused.status == status
    assert refused.body["errors"]
    assert all(problem["code"] and "detail" in problem for problem in refused.body["errors"])
