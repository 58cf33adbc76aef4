"""A PayMongo client as simple as one can be: it knows the base address and two keys."""

import base64
import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from deskpay.sandbox.paymongo.account import PUBLIC_KEY, SECRET_KEY
from tests.contract.sandbox.running import TIMEOUT_S, Running

Json = dict[str, Any]

VECTORS = Path(__file__).parents[2] / "vectors" / "paymongo"
PAYS, ASKS, DECLINES_AFTER_ASKING = "4343434343434345", "4120000000000007", "5234000000000106"
RETURN = "https://deskpay.invalid/3ds?desk=2"


def vector(name: str) -> Json:
    read: Json = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return read


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any

    @property
    def attributes(self) -> Json:
        assert self.status == 200, self.body
        found: Json = self.body["data"]["attributes"]
        return found

    @property
    def id(self) -> str:
        assert self.status == 200, self.body
        return str(self.body["data"]["id"])

    @property
    def codes(self) -> list[str]:
        return [problem["code"] for problem in self.body["errors"]]


class Merchant:
    def __init__(self, running: Running) -> None:
        self._running = running

    def call(
        self,
        method: str,
        path: str,
        attributes: Json | None = None,
        *,
        key: str = SECRET_KEY,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Answer:
        connection = http.client.HTTPConnection(self._running.listeners.api_address, timeout=TIMEOUT_S)
        body = raw if attributes is None else json.dumps({"data": {"attributes": attributes}}).encode()
        sent = {"Content-Type": "application/json"} | (headers or {})
        if key:
            sent["Authorization"] = f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"
        try:
            connection.request(method, f"/paymongo{path}", body, sent)
            answer = connection.getresponse()
            text = answer.read()
            got = {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()
        is_json = got.get("content-type", "").startswith("application/json")
        return Answer(answer.status, got, json.loads(text) if is_json else text.decode())

    def post(self, path: str, attributes: Json | None = None, *, key: str = SECRET_KEY) -> Answer:
        return self.call("POST", path, attributes, key=key)

    def get(self, path: str, *, key: str = SECRET_KEY) -> Answer:
        return self.call("GET", path, key=key)

    def switch(self, **switches: object) -> None:
        assert self._running.request("POST", "/_sandbox/paymongo", switches)[0] == 200

    def shown(self) -> Json:
        found: Json = json.loads(self._running.request("GET", "/_sandbox/paymongo")[2])
        return found

    def later(self, seconds: float) -> None:
        assert self._running.request("POST", "/_sandbox/clock", {"advance_s": seconds})[0] == 200

    def guest(self, email: str = "ottoline@pepperwick.example", **more: str) -> str:
        fields = {"first_name": "Ottoline", "last_name": "Pepperwick", "email": email, "default_device": "email"}
        return self.post("/v1/customers", fields | more).id

    def card(self, number: str = PAYS) -> str:
        details = {"card_number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123"}
        billing = {"name": "Ottoline Pepperwick", "email": "ottoline@pepperwick.example"}
        attributes = {"type": "card", "details": details, "billing": billing}
        return self.post("/v1/payment_methods", attributes, key=PUBLIC_KEY).id

    def intent(self, amount: int = 150_050, **more: object) -> str:
        asked = {"amount": amount, "currency": "PHP", "payment_method_allowed": ["card"]}
        return self.post("/v1/payment_intents", asked | more).id

    def saving_intent(self, customer_id: str) -> str:
        saving = {"session_type": "on_session", "customer_id": customer_id}
        return self.intent(setup_future_usage=saving)

    def attach(self, intent_id: str, method_id: str, return_url: str = RETURN) -> Answer:
        return self.post(
            f"/v1/payment_intents/{intent_id}/attach", {"payment_method": method_id, "return_url": return_url}
        )

    def seen(self, intent_id: str) -> Json:
        return self.get(f"/v1/payment_intents/{intent_id}").attributes

    def at_bank(self, intent: Json, choice: str) -> Answer:
        """Press a button of the bank's page."""
        address = intent["next_action"]["redirect"]["url"]
        path = address.partition("/paymongo")[2]
        assert self.call("GET", path, key="").status == 200
        form = urlencode({"id": path.partition("id=")[2], "choice": choice})
        return self.call(
            "POST",
            "/sources",
            key="",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            raw=form.encode(),
        )

    def paid(self, amount: int = 150_050) -> str:
        """Take a payment; its id."""
        intent = self.attach(self.intent(amount), self.card()).attributes
        assert intent["status"] == "succeeded"
        return str(intent["payments"][0]["id"])
