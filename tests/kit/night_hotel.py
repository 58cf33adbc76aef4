"""The training hotel on a night when forty guests did not come, each with a card, or without, of their own kind.

`python -m tests.kit.night_hotel` takes the arguments of the training hotel itself. It is twenty minutes to one there,
so that the business day of the evening before goes on.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from typing_extensions import override

from deskpay.sandbox import serve
from deskpay.sandbox.clock import Clock
from deskpay.sandbox.hotel import house
from deskpay.sandbox.hotel.calendar import Calendar
from deskpay.sandbox.hotel.ids import Ids
from deskpay.sandbox.hotel.people import Person
from deskpay.sandbox.hotel.stays import CONFIRMED, Builder, Sold, Stay
from deskpay.sandbox.operations.payment_requests import add_payment_requests
from deskpay.sandbox.world import World

FIRST_NUMBER = 60_001
"""Confirmation number of the first of them; the others follow."""

LATE_AGENCY_DOMAIN = "guest.late-cards.example"
"""Of guests whose agency's cards work only days after the arrival."""

_SEED = 4711
_HOUR, _MINUTE = 0, 40

Row = dict[str, Any]


@dataclass(frozen=True)
class NoShow:
    """What is special about a guest who did not come.

    Args:
        brand: of the card; empty where there is none.
        last_four: of its number, which decide what the bank says.
        months: until it expires.
        fields: of the card's row, beside the usual ones.
        agency: True where the guest's agency issued a virtual card that works days later.
        billed: False where nothing is on the guest's bill.
        paid: True where the bill is paid.
        by_company: True where a travel agency may pay.
        link: True where the guest was sent a link to pay.
    """

    brand: str = "Visa"
    last_four: str = "4321"
    months: int = 20
    fields: Row = field(default_factory=dict)
    agency: bool = False
    billed: bool = True
    paid: bool = False
    by_company: bool = False
    link: bool = False


PLAIN = NoShow()
_EXPIRED = NoShow(months=-2)
_DISABLED = NoShow(fields={"State": "Disabled", "IsActive": False})
_TERMINAL = NoShow("MasterCard", fields={"Kind": "Terminal"})
_NO_CARD = NoShow(brand="")
_TOO_EARLY = NoShow("MasterCard", fields={"Format": "Virtual"}, agency=True)
_AGENCY_PAYS = NoShow(billed=False, by_company=True)

CHARGEABLE = 24
"""So many can be charged as far as anybody knows beforehand; they come first."""

GUESTS: tuple[NoShow, ...] = (
    *(PLAIN, PLAIN, NoShow("Amex", "1009"), PLAIN, PLAIN, NoShow(last_four="3155"), PLAIN, PLAIN),
    *(PLAIN, PLAIN, NoShow("MasterCard"), PLAIN, NoShow(last_four="9995"), NoShow("MasterCard", "0077"), PLAIN),
    *(PLAIN, PLAIN, PLAIN, PLAIN, NoShow("MasterCard", fields={"Format": "Virtual"}), PLAIN, PLAIN, PLAIN),
    NoShow("Amex"),
    *(_EXPIRED, _EXPIRED, _EXPIRED, _DISABLED, _DISABLED, _TERMINAL, _TERMINAL, _NO_CARD, _NO_CARD, _NO_CARD),
    *(_TOO_EARLY, _TOO_EARLY, _AGENCY_PAYS, _AGENCY_PAYS, NoShow(paid=True), NoShow(link=True)),
)


def owed(place: int) -> Decimal:
    """Return what the guest at `place`, counted from one, owes in pounds: no two owe the same."""
    return Decimal(100 + 7 * place)


def _started_at_night() -> Callable[[], datetime]:
    began_s = time.monotonic()
    today = datetime.now(UTC).astimezone(Calendar(datetime.now(UTC)).zone)
    night = today.replace(hour=_HOUR, minute=_MINUTE, second=0, microsecond=0).astimezone(UTC)
    return lambda: night + timedelta(seconds=time.monotonic() - began_s)


def lay_no_shows(world: World, guests: Sequence[NoShow]) -> None:
    """Add guests who were to come yesterday and did not."""
    now = world.clock.now()
    ids = Ids(_SEED)
    builder = Builder(world.hotel, ids, Calendar(now), world.hotel.enterprise["ChainId"])
    builder.category_ids = {kind.name: ids.new() for kind in house.KINDS} | {"rate": ids.new(), "adult": ids.new()}
    for place, guest in enumerate(guests, start=1):
        customer, stay = _laid(builder, place, guest)
        if guest.link:
            _send_link(world, customer, stay, owed(place))


def _laid(builder: Builder, place: int, guest: NoShow) -> tuple[Row, Row]:
    customer = builder.person(Person("Absent", f"Number {place:02}"), -1)
    if guest.agency:
        customer |= {"Email": f"booking.{place}@{LATE_AGENCY_DOMAIN}", "HasOtaEmail": True}
    if guest.brand:
        builder.card(customer, guest.brand, f"411111******{guest.last_four}", guest.months, **guest.fields)
    sold = (Sold("First night, not come", owed(place), 1, -1, -1, night=True),) if guest.billed else ()
    balance = owed(place) if sold and not guest.paid else Decimal(0)
    stay = builder.stay(customer, Stay(None, -1, 1, CONFIRMED, FIRST_NUMBER + place - 1, balance, sold))
    if guest.by_company:
        stay["TravelAgencyId"] = builder.ids.new()
    return customer, stay


def _send_link(world: World, customer: Row, stay: Row, price: Decimal) -> None:
    asked = {
        "AccountId": customer["Id"],
        "ReservationId": stay["Id"],
        "Amount": {"Value": price, "Currency": world.hotel.currency},
        "Type": "Payment",
        "Reason": "Other",
        "ExpirationUtc": (world.clock.now() + timedelta(days=2)).isoformat(),
        "Description": "First night",
    }
    add_payment_requests(world, {"PaymentRequests": [asked]})


@dataclass(slots=True)
class NightWorld(World):
    """The hotel with these guests, at night."""

    clock: Clock = field(default_factory=lambda: Clock(_started_at_night()))

    @override
    def _open(self) -> None:
        World._open(self)
        lay_no_shows(self, GUESTS)


if __name__ == "__main__":
    vars(serve)["World"] = NightWorld  # what is opened
    sys.exit(serve.main(sys.argv[1:]))
