"""A desk killed by SIGKILL at every commit point of a refund at an acquirer, for all that its request can come to.

Whatever died, a restart has given the money back at most once, has told nobody that it failed where it was done, and
has sent nothing to the hotel's books.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskpay.domain.intent import IntentKind
from tests.kit.crash_desk import AMOUNT_MINOR
from tests.kit.crash_points import KILLED, Desks, Outcome, Point, desks_at
from tests.kit.hotel import running_sandbox
from tests.kit.paymongo import card_page

CREATE = "paymongo/refunds.create"
TRIES = 3
"""How often the request is sent with the same key before its answer counts as lost."""

LATER_S = 60


def _fault(fault: str, times: int = TRIES, **more: Any) -> dict[str, Any]:
    return {"operation": CREATE, "fault": fault, "times": times, **more}


PLAYS = (
    (Outcome("done", "taken", done=True), (1, 2, 3, 4)),
    (Outcome("lost before", "unknown", done=False, fault=_fault("drop_before")), (2, 3)),
    (Outcome("lost after", "taken", done=True, fault=_fault("drop_after")), (3, 4)),
    (Outcome("lost after once", "taken", done=True, fault=_fault("drop_after", 1)), (3,)),
    (Outcome("500 after", "taken", done=True, fault=_fault("status_after", status=500)), (3,)),
    (Outcome("refused", "rejected", done=False, fault=_fault("status_before", 1, status=403)), (3,)),
)
"""What the request can come to, and the writes around which the desk dies; before the third one nothing has left."""

BOTH = ("before", "after")


class Refunding:
    """A hotel in which the acquirer took one payment, and a journal that knows it, to begin every refund from.

    Args:
        desks: that may die there.
    """

    def __init__(self, desks: Desks) -> None:
        self.desks = desks
        self._card = card_page(desks.hotel, "4343434343434345")
        self._charged = desks.new_journal()
        done = Outcome("done", "confirmed", done=True)
        told = desks.play(
            IntentKind.ACQUIRER_CHARGE, done, self._charged, Point(0, "nowhere"), self._card, "DP-CRAS-H000"
        )
        assert told["told"]["state"] == "confirmed", told

    def journal(self) -> Path:
        """Return a copy of the journal as it was before any refund."""
        path = self.desks.new_journal()
        for suffix in ("", "-journal"):
            held = self._charged.with_name(f"{self._charged.name}{suffix}")
            if held.exists():
                shutil.copy(held, path.with_name(f"{path.name}{suffix}"))
        return path

    def play(self, outcome: Outcome, path: Path, point: Point, reference: str) -> Any:
        """Give a part back, or take up what was left of that."""
        return self.desks.play(IntentKind.REFUND, outcome, path, point, self._card, reference)

    def given(self, reference: str) -> list[int]:
        """What the acquirer gave back for a reference, in centavos."""
        rows = [row["attributes"] for row in self.desks.hotel.ask("GET", "paymongo")["refunds"]]
        return [row["amount"] for row in rows if reference in row["notes"]]


@pytest.fixture(scope="module")
def refunding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refunding]:
    folder = tmp_path_factory.mktemp("refunds")
    with running_sandbox(folder / "ready.json") as hotel, desks_at(hotel, folder) as desks:
        hotel.reset()
        yield Refunding(desks)


@pytest.mark.parametrize("number", range(len(PLAYS)), ids=[play.name.replace(" ", "_") for play, _ in PLAYS])
def test_killed_at_a_commit_point_a_restart_gives_back_at_most_once(refunding: Refunding, number: int) -> None:
    outcome, writes = PLAYS[number]
    deadly = [Point(write, side) for write in writes for side in BOTH]
    letter = "HJKMNP"[number]
    died = [
        point
        for place, point in enumerate(deadly)
        if _dies(refunding, outcome, point, f"DP-CRAS-{letter}00{place + 1}")
    ]
    assert died == deadly


def _dies(refunding: Refunding, outcome: Outcome, point: Point, reference: str) -> bool:
    hotel, path = refunding.desks.hotel, refunding.journal()
    if outcome.fault:
        hotel.ask("POST", "faults", outcome.fault)
    first = refunding.play(outcome, path, point, reference)
    hotel.clear_faults()
    hotel.advance_clock(LATER_S)
    said = refunding.play(outcome, path, Point(0, "take up"), reference)
    assert said["code"] == 0, said
    given = refunding.given(reference)
    assert given == ([AMOUNT_MINOR] if point.sent and outcome.done else []), (point, said)
    assert hotel.ledger()["requests"].get("payments/refund", 0) == 0
    stories = [story["state"] for story in said["told"]["stories"] if story["reference"] == reference]
    assert stories == _expected(outcome, point), (point, said)
    assert said["told"]["refused"] is ("unknown" in stories), "an unknown one keeps a second one away"
    return bool(first["code"] == KILLED)


def _expected(outcome: Outcome, point: Point) -> list[str]:
    if point.durable == 0:
        return []
    if point.durable == 1:
        return ["abandoned"]
    if not point.sent or (point.durable == 2 and not outcome.done):
        return ["unknown"]
    return [outcome.ends]
