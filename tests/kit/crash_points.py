"""Every place where a desk can die in the course of one act, and what must be true afterwards."""

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from deskpay.domain.intent import IntentKind
from deskpay.journal.server import Place
from tests.kit.crash_desk import GUEST, REFERENCE, Line
from tests.kit.hotel import ROOT, Hotel

K = IntentKind

KINDS = (K.CHARGE, K.REFUND, K.RECORD_CARD, K.RECORD_EXTERNAL, K.SAVE_CARD)
"""The acts that are played to every death."""

OPERATIONS = {
    K.CHARGE: "creditCards/charge",
    K.REFUND: "payments/refund",
    K.RECORD_CARD: "payments/addCreditCard",
    K.RECORD_EXTERNAL: "payments/addExternal",
    K.SAVE_CARD: "creditCards/addTokenized",
    K.ACQUIRER_CHARGE: "paymongo/payment_intents.attach",
}

EFFECTS = {
    K.CHARGE: ("charges", "payment_id"),
    K.REFUND: ("refunds", "refund_id"),
    K.RECORD_CARD: ("records", "payment_id"),
    K.RECORD_EXTERNAL: ("records", "payment_id"),
    K.SAVE_CARD: ("cards", "credit_card_id"),
    K.ACQUIRER_CHARGE: ("records", "payment_id"),
}
"""Where the hotel's ledger lists what was done, and the column of its id."""

KILLED = -9
MOST_WRITES = 5
"""Stories that end by themselves are followed to their end; one without an end through two looks."""

MOST_WRITES_IN_TWO_STEPS = 8
"""As many as a charge at an acquirer has that is written down at once."""

PUBLIC_KEY = "1100007006"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the hotel makes of the one request.

    Args:
        name: for people.
        ends: state in which the story stands when nobody dies; UNKNOWN where no look can find anything.
        done: whether the hotel does what was asked.
        fault: as the training hotel's control API takes it, without the operation.
        guest: whose card brings the outcome about.
        advance_s: how far the hotel's clock must go on for the story to end.
        booked: whether the books hold a row that tells the end even if it was never heard.
        money_deadline_s: patience of the desk.
        flies: whether the desk can be killed between the request and its answer.
    """

    name: str
    ends: str
    done: bool
    fault: Mapping[str, Any] = field(default_factory=dict)
    guest: str = GUEST
    advance_s: float = 0
    booked: bool = False
    money_deadline_s: float = 5.0
    flies: bool = False

    @property
    def late(self) -> bool:
        """Whether the hotel does it after the desk's patience is over, so that looks in vain come first."""
        return self.fault.get("fault") == "delay"


def _status(when: str, status: int) -> dict[str, Any]:
    return {"fault": f"status_{when}", "status": status}


EVERY_KIND = (
    Outcome("done", "confirmed", done=True),
    Outcome("dropped before", "unknown", done=False, fault={"fault": "drop_before"}),
    Outcome("dropped after", "confirmed", done=True, fault={"fault": "drop_after"}),
    Outcome("500 before", "unknown", done=False, fault=_status("before", 500)),
    Outcome("500 after", "confirmed", done=True, fault=_status("after", 500)),
    Outcome("garbage before", "unknown", done=False, fault={"fault": "garbage"}),
    Outcome("garbage after", "confirmed", done=True, fault={"fault": "garbage_after"}),
    Outcome("page of a proxy", "unknown", done=False, fault={"fault": "html"}),
    Outcome("408 after", "confirmed", done=True, fault=_status("after", 408)),
    Outcome("409 before", "unknown", done=False, fault=_status("before", 409)),
    Outcome("refused", "declined", done=False, fault=_status("before", 403)),
    Outcome("refused but done", "confirmed", done=True, fault=_status("after", 403)),
    Outcome("401", "rejected", done=False, fault=_status("before", 401)),
    Outcome("429", "rejected", done=False, fault={"fault": "too_many", "retry_after": 0}),
    Outcome(
        "no answer in time",
        "confirmed",
        done=True,
        fault={"fault": "delay", "seconds": 0.4},
        money_deadline_s=0.25,
    ),
    Outcome(
        "answer byte by byte",
        "confirmed",
        done=True,
        fault={"fault": "drip", "seconds": 0.2},
        money_deadline_s=0.25,
        flies=True,
    ),
)

CARDS_OWN = (
    Outcome("declined by the bank", "declined", done=False, guest="Quillfeather", booked=True),
    Outcome("verified in vain", "declined", done=True, guest="Lanternby", advance_s=90_000),
    Outcome("pending", "confirmed", done=True, guest="Larkspindle", advance_s=30),
)
"""What only a charge can come to."""


def outcomes_of(kind: IntentKind) -> tuple[Outcome, ...]:
    """Return what an act of `kind` can come to."""
    return EVERY_KIND + (CARDS_OWN if kind is K.CHARGE else ())


@dataclass(frozen=True, slots=True)
class Point:
    """Where the desk dies.

    Args:
        write: which write of the journal, counted from one; zero in flight.
        side: before or after it is durable, or ``in flight``.
    """

    write: int
    side: str

    @property
    def durable(self) -> int:
        """How many writes are on the disk then."""
        if self.side == "in flight":
            return 2
        return self.write if self.side == "after" else self.write - 1

    @property
    def sent(self) -> bool:
        """Whether the request left."""
        return self.side == "in flight" or self.write > 2


UNSENT = tuple(Point(write, side) for write in (1, 2) for side in ("before", "after"))
"""Where the request has not left, so that what the hotel would have made of it cannot matter."""


def points(outcome: Outcome, writes: int) -> list[Point]:
    """Return every place to die at once the request left, in the course of a story with so many writes."""
    flight = [Point(0, "in flight")] if outcome.flies else []
    return flight + [
        Point(write, side) for write in range(3, min(writes, MOST_WRITES) + 1) for side in ("before", "after")
    ]


class Desks:
    """Runs desks that may die, one after the other, at one hotel.

    Args:
        hotel: where.
        process: of `tests.kit.crash_child`.
        folder: for the journals.
    """

    def __init__(self, hotel: Hotel, process: subprocess.Popen[str], folder: Path) -> None:
        self.hotel = hotel
        self._process = process
        self._folder = folder
        self._count = 0

    def new_journal(self) -> Path:
        """Return where the next journal may be made."""
        self._count += 1
        return self._folder / f"journal-{self._count}.sqlite"

    def play(
        self,
        kind: IntentKind,
        outcome: Outcome,
        path: Path | Place,
        point: Point,
        transaction_id: str = "",
        reference: str = REFERENCE,
    ) -> Any:
        """Run one desk until it ends or dies; return its exit code and what it told; of several, a list."""
        advance_s = 20 + 5 if kind is K.REFUND else outcome.advance_s
        at_acquirer = kind.in_two_steps or (kind is K.REFUND and bool(transaction_id))
        line = Line(
            self.hotel.connector,
            self.hotel.client_token,
            self.hotel.access_token,
            money_deadline_s=outcome.money_deadline_s,
            paymongo_secret_key=self.hotel.paymongo_secret_key if at_acquirer else "",
            paymongo_public_key=self.hotel.paymongo_public_key if at_acquirer else "",
        )
        job = {
            "kind": kind.value,
            "table": EFFECTS[kind][0],
            "guest": outcome.guest,
            "path": str(path),
            "place": asdict(path) if isinstance(path, Place) else None,
            "line": asdict(line),
            "control": self.hotel.control,
            "write": point.write,
            "side": point.side,
            "advance_s": advance_s if outcome.done else 0,
            "most_writes": MOST_WRITES_IN_TWO_STEPS if kind.in_two_steps else MOST_WRITES,
            "endless": outcome.ends == "unknown",
            "reference": reference,
            "transaction_id": transaction_id,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def desks_at(hotel: Hotel, folder: Path) -> Iterator[Desks]:
    """Give desks that may die at `hotel` until the block ends."""
    command = [sys.executable, "-m", "tests.kit.crash_child"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            desks = Desks(hotel, process, folder)
            desks.play(K.CHARGE, EVERY_KIND[0], desks.new_journal(), Point(0, "warm up"))
            yield desks
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


def captured(hotel: Hotel) -> str:
    """Do as the hosted fields do with a test card, and return the vault's transaction id."""
    connection = http.client.HTTPConnection(urlsplit(hotel.fields).netloc, timeout=10)
    path = "/upp/payment/SecureFields/paymentField"
    try:
        names = {"merchantId": PUBLIC_KEY, "fieldName": "cardNumber", "fieldNames": "cardNumber,cvv"}
        connection.request("GET", f"{path}?{urlencode({**names, 'inputType': 'tel'})}")
        form_id = re.search(r'"formId": ?"([^"]+)"', connection.getresponse().read().decode())
        assert form_id
        card = {"cardNumber": "4242424242424242", "cvv": "123", "expm": "10", "expy": "28"}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": hotel.fields,
            "Sec-Fetch-Site": "same-origin",
        }
        body = urlencode({"mode": "TOKENIZE", "formId": form_id[1], "merchantId": PUBLIC_KEY, **card})
        connection.request("POST", path, body, headers)
        return str(json.loads(connection.getresponse().read())["transactionId"])
    finally:
        connection.close()


def effects(ledger: Mapping[str, Any], kind: IntentKind) -> list[str]:
    """Return the ids of what the hotel did; what a bank declined moved nothing."""
    table, name = EFFECTS[kind]
    rows = ledger[table]
    if kind is not K.SAVE_CARD:
        assert all(row["reference"] == REFERENCE for row in rows), rows
    return [str(row[name]) for row in rows]


def expected_end(outcome: Outcome, point: Point) -> str | None:
    """Return the state a story must have reached after a death at `point` and a restart; None for no story."""
    if point.durable == 0:
        return None
    if point.durable == 1:
        return "abandoned"
    if point.durable >= 3 or (point.sent and (outcome.done or outcome.booked)):
        return outcome.ends
    return "unknown"
