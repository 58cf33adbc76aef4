"""The guest's pages over HTTP."""

from importlib import resources
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deskpay.sandbox.asking import pay_by_card, pay_otherwise
from deskpay.sandbox.errors import Rejected
from deskpay.sandbox.guest import pages
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.payments import Declined, payment_page
from deskpay.sandbox.world import World

Row = dict[str, Any]

_STYLE = resources.files("deskpay.sandbox.guest").joinpath("style.css")

# Cards of the test vault, obfuscated; their last digits decide what the bank says.
_CARDS = {
    "card": ("Visa", "424242******4242"),
    "bank": ("Visa", "400001******0026"),
    "declined": ("Visa", "490000******0003"),
}


class GuestPages:
    """Handlers over one world.

    Args:
        world: Whose requests and payments the guest answers.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The addresses served."""
        return [
            Route("/guest/style.css", _style, methods=["GET"]),
            Route("/guest/requests/{row_id}", self._request, methods=["GET", "POST"]),
            Route("/guest/payments/{row_id}", self._payment, methods=["GET", "POST"]),
        ]

    async def _request(self, http: Request) -> Response:
        """Show a payment request, or pay it the way the form says."""
        hotel, request = self._found("payment_requests", http)
        if request is None:
            return _page(pages.sentence_page("Training hotel", "This payment request does not exist."), 404)
        name = hotel.enterprise["Name"]
        if http.method == "GET":
            return _page(pages.request_page(name, request))
        way = await _chosen(http, "way")
        if way not in pages.WAYS:
            return _page(pages.request_page(name, request, trouble="Please choose how to pay."), 400)
        try:
            paid = self._pay(hotel, request, way)
        except Declined as declined:
            self._world.ledger.paid_elsewhere("guest", declined.payment_id)
            trouble = f"The payment was declined ({declined.reason}). Nothing was taken."
            return _page(pages.request_page(name, request, trouble=trouble))
        except Rejected as rejected:
            return _page(pages.request_page(name, request, trouble=rejected.message), rejected.status)
        if hotel.payments.get(paid["Id"]) is not None:
            self._world.ledger.paid_elsewhere("guest", paid["Id"])
        if paid["State"] in {"Pending", "Verifying"}:
            return _elsewhere(payment_page(paid["Id"]))
        return _elsewhere(http.url.path)

    def _pay(self, hotel: Hotel, request: Row, way: str) -> Row:
        now = self._world.clock.now()
        if way in _CARDS:
            return pay_by_card(hotel, request, *_CARDS[way], now)
        return pay_otherwise(hotel, request, way, now)

    async def _payment(self, http: Request) -> Response:
        """Show a payment at the bank, or confirm or cancel it as the form says."""
        hotel, payment = self._found("payments", http)
        if payment is None:
            return _page(pages.sentence_page("Your bank", "This payment does not exist."), 404)
        returns, name = hotel.returns.get(payment["Id"]), hotel.enterprise["Name"]
        if http.method == "GET":
            return _page(pages.payment_page(name, payment, returns=returns), returns=returns)
        answer = await _chosen(http, "answer")
        if answer in {"confirm", "cancel"} and payment["State"] in {"Pending", "Verifying"}:
            self._answer(hotel, payment, confirmed=answer == "confirm")
            return _elsewhere(returns or http.url.path)
        return _page(pages.payment_page(name, payment, returns=returns), 409, returns=returns)

    def _answer(self, hotel: Hotel, payment: Row, *, confirmed: bool) -> None:
        request = hotel.payment_requests.get(payment["PaymentRequestId"])
        # What the hotel withdrew meanwhile can no longer be paid.
        payable = request is None or request["State"] == "Pending"
        hotel.reach(payment["Id"], "Charged" if confirmed and payable else "Canceled", self._world.clock.now())

    def _found(self, table: str, http: Request) -> tuple[Hotel, Row | None]:
        """The row the address names, as of now, and the hotel it belongs to."""
        everything = self._world.everything
        everything.settle(self._world.clock.now())
        for hotel in everything.members:
            row = getattr(hotel, table).get(http.path_params["row_id"])
            if row is not None:
                return hotel, row
        return everything, None


async def _style(_http: Request) -> Response:
    return Response(_STYLE.read_bytes(), media_type="text/css", headers={"Cache-Control": "no-store"})


async def _chosen(http: Request, name: str) -> str:
    """The value of the button that was pressed."""
    form = parse_qs((await http.body()).decode("utf-8", "replace"))
    return form.get(name, [""])[0]


def _elsewhere(address: str) -> Response:
    return Response(status_code=303, headers={"Location": address, "Cache-Control": "no-store"})


def _page(html: str, status: int = 200, *, returns: str | None = None) -> Response:
    """A page that may load nothing but its style; a form of it may lead on to `returns`."""
    forms = "'self'"
    if returns is not None:
        parts = urlsplit(returns)
        forms += f" {parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} else f" {parts.scheme}:"
    policy = f"default-src 'none'; style-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    return Response(
        html,
        status,
        media_type="text/html",
        headers={"Content-Security-Policy": policy, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )
