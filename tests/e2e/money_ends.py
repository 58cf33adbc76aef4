"""What each way of paying can come to: how it gets there, what the clerk reads and what the hotel's ledger holds."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from tests.e2e.desk_stage import AtDesk
from tests.e2e.money_forms import WAYS, Way

GUEST = "pepperw 214"
WEEKS_LATER = "weeks later"
LINK_S = 40 * 86_400
"""Longer than any link works."""
BOOKS = ("charges", "declined", "records", "refunds", "alternatives", "elsewhere")


class End(Enum):
    """What a request comes to, besides being left before it is sent and hidden after, which every way can be."""

    DONE = "done at once"
    REFUSED = "declined"
    PAID = "pending, then paid"
    FAILED = "pending, then failed"
    FOUND = "answer lost, found"
    UNKNOWN = "answer lost, no trace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One way coming to one end.

    Attributes:
        says: what stands on what is in front once it was sent.
        happens: what is made to happen in the hotel then; empty where it is the end already.
        ends: what stands on the outcome afterwards.
        books: where the ledger lists the amount, with the state that it tells there; empty where nothing came of it.
        guest: for whom; the hotel's cards behave by their numbers.
        fault: of the hotel, for the one request.
    """

    says: tuple[str, ...]
    happens: str = ""
    ends: tuple[str, ...] = ()
    books: tuple[tuple[str, str], ...] = ()
    guest: str = GUEST
    fault: str = ""


_TAKEN = Play(says=("The card was charged once",), books=(("charges", "Charged"),))
_WRITTEN = Play(says=("The payment was recorded once",), books=(("records", ""),))
_BACK = Play(
    says=("The refund is on its way",),
    happens="refund_lands",
    ends=("The refund was made once", "The guest owes"),
    books=(("refunds", "Charged"),),
)
_LINK = Play(
    says=("The pay link is open",),
    happens="link_payment",
    ends=("The guest paid by the link",),
    books=(("elsewhere", "Charged"),),
)
_CODE = Play(
    says=("Waiting for the guest to pay €19.00",),
    happens="payment_settles",
    ends=("The guest paid €19.00 by iDEAL",),
    books=(("alternatives", "Charged"),),
)
_TERMINAL = Play(
    says=("The guest pays £17.00 at Lobby bar terminal",),
    happens="terminal_payment",
    ends=("The guest paid at the terminal",),
    books=(("elsewhere", "Charged"),),
)
_WRITTEN_DOWN = ("slip", "cash", "transfer", "voucher")

_DONE = {"charge": _TAKEN, **dict.fromkeys(_WRITTEN_DOWN, _WRITTEN)}
_PAID = {
    "charge": replace(
        _TAKEN, guest="larkspindle", says=("Pending",), happens="payment_settles", ends=("The card was charged once",)
    ),
    "refund": _BACK,
    "terminal": _TERMINAL,
    "link": _LINK,
    "code": _CODE,
}
_REFUSALS = {
    **dict.fromkeys(_WRITTEN_DOWN, "Nothing was written on the bill"),
    "refund": "Nothing was given back",
    **dict.fromkeys(("link", "code", "terminal"), "Nothing was taken"),
}
_LOST = {
    "refund": (GUEST, "Don't give this money back again"),
    "charge": ("tumblegate", "Don't take this money again"),
    "slip": ("mapledown", "Don't record this payment again"),
    "cash": ("bramblew", "Don't record this payment again"),
    "transfer": ("lanternby", "Don't record this payment again"),
    "voucher": ("quillfeather", "Don't record this payment again"),
    "terminal": ("larkspindle", "Don't take this money again"),
    "link": ("candlewax", "Don't send another link"),
    "code": ("thistlewick", "Don't take this money another way yet"),
}
"""Each with a guest of its own: nothing else can be done for them afterwards."""

PLAYS: dict[End, dict[str, Play]] = {
    End.DONE: _DONE,
    End.REFUSED: {
        **{name: Play(says=(says,), fault="status_before") for name, says in _REFUSALS.items()},
        "charge": Play(
            guest="quillfeather",
            says=("The card was declined", "Nothing was taken", "Mews says: “Transaction was declined (Refused).”"),
            books=(("declined", "Failed"),),
        ),
    },
    End.PAID: _PAID,
    End.FAILED: {
        "charge": replace(
            _PAID["charge"],
            happens="payment_fails",
            ends=("The card was declined", "Nothing was taken"),
            books=(("declined", "Failed"),),
        ),
        "refund": replace(
            _BACK,
            happens="refund_fails",
            ends=("The refund did not go through", "Nothing was given back"),
            books=(("refunds", "Failed"),),
        ),
        "terminal": replace(
            _TERMINAL, happens="terminal_refusal", ends=("The terminal took no payment", "Nothing was taken"), books=()
        ),
        "code": replace(
            _CODE,
            happens="payment_fails",
            ends=("The guest did not pay", "Nothing was taken"),
            books=(("alternatives", "Failed"),),
        ),
        # Last, for weeks go by.
        "link": replace(_LINK, happens=WEEKS_LATER, ends=("The link ended unpaid", "Nothing was taken"), books=()),
    },
    End.FOUND: {
        **{name: replace({**_PAID, **_DONE}[name], fault="drop_after") for name in WAYS if name != "terminal"},
        "charge": replace(_TAKEN, fault="drop_after", says=("The card was charged once", "Found in Mews after")),
        "code": replace(_CODE, fault="drop_after", says=("The code cannot be shown again",)),
    },
    End.UNKNOWN: {
        name: Play(guest=guest, fault="drop_before", says=("No answer from Mews", says, "Check 2"))
        for name, (guest, says) in _LOST.items()
    },
}

CANNOT: dict[End, dict[str, str]] = {
    End.DONE: {
        "refund": "Its bank takes days; the training hotel's takes 20 s, so that each refund is waited for.",
        **dict.fromkeys(("link", "code", "terminal"), "The guest has to pay first."),
    },
    **{
        end: dict.fromkeys(_WRITTEN_DOWN, "It was paid elsewhere before: Mews writes it down as charged at once.")
        for end in (End.PAID, End.FAILED)
    },
    End.FOUND: {
        "terminal": "An order carries no reference of ours, nor does what is paid by it: two people decide about both."
    },
}
"""Which ends a way cannot come to, and why."""


async def come_to(desk: AtDesk, plays: Mapping[str, Play]) -> AsyncIterator[str]:
    """Play ways to their ends by keyboard, each from the desk and back to it, and name each; it was asked for once."""
    shown = ""
    for name, play in plays.items():
        if play.guest != shown:
            await desk.find(play.guest)
            shown = play.guest
        before = await asked(desk, WAYS[name])
        await _come_to(desk, WAYS[name], play)
        assert await asked(desk, WAYS[name]) == before + 1, name
        yield name


async def _come_to(desk: AtDesk, way: Way, play: Play) -> None:
    dialog = await way.fill(desk)
    if play.fault:
        await desk.broken(way.operation, play.fault, **({"status": 403} if play.fault == "status_before" else {}))
    await desk.confirm(dialog)
    await desk.says(*play.says)
    if play.happens:
        await happen(desk, play.happens)
        await desk.outcome(*play.ends)
    await desk.leave()


async def happen(desk: AtDesk, what: str) -> None:
    """Make something happen in the hotel to the guest who is shown."""
    if what == WEEKS_LATER:
        await desk.later(LINK_S)
        return
    assert desk.program.flow is not None
    guest = desk.program.flow._guest
    assert guest is not None
    await desk.hotel.aask("POST", "happenings", {"what": what, "customer_id": guest.customer.id})


async def asked(desk: AtDesk, way: Way) -> int:
    """How often the hotel was asked for an act of this way."""
    return int((await desk.ledger())["requests"].get(way.operation, 0))


def booked(ledger: dict[str, Any], way: Way) -> tuple[tuple[str, str], ...]:
    """Where the ledger lists the amount of a way, with the state there; every way has an amount of its own."""
    return tuple((book, row.get("state", "")) for book in BOOKS for row in ledger[book] if row["amount"] == way.amount)
