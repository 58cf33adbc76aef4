"""Rows that do not hold what they should are never read as something else."""

import json
from dataclasses import replace
from enum import Enum
from typing import Any

import pytest

from deskpay.domain.card import Expiry
from deskpay.domain.errors import JournalCorrupt, JournalTooNew
from deskpay.domain.intent import CardSlip, Evidence, IntentKind, IntentState
from deskpay.domain.payment_request import LinkTerms, PayReason
from deskpay.journal.chain import check, genesis, link
from deskpay.journal.coding import DETAIL_VERSION, event_of, event_row, intent_of, intent_row
from tests.kit.intents import NOW, make_event, make_intent

SLIP = CardSlip("Visa", "1111", "Zoë", Expiry(2028, 4))
LINK = LinkTerms(PayReason.DEPOSIT, NOW, "Bitte zahlen", by_email=True, language="de-DE")
LINK_ROW = intent_row(make_intent(kind=IntentKind.PAY_LINK, link=LINK), 1)
ROW = intent_row(make_intent(kind=IntentKind.RECORD_CARD, slip=SLIP, baseline=frozenset("ab")), 1)
EVENT = event_row(make_event(IntentState.DRAFTED), "intent-1", 1)

WRITTEN = {
    IntentKind: "charge refund record_card record_external save_card pay_link alternative terminal acquirer_charge",
    IntentState: (
        "drafted sending accepted confirmed declined not_sent rejected unknown resolved abandoned taken recording"
    ),
    Evidence: (
        "decided about_to_send nothing_left answered refused no_answer restarted found not_found "
        "several_found could_not_look read_back person"
    ),
    PayReason: "other card_missing card_declined deposit prepayment fee",
}
"""What kinds, states, evidence and reasons are called in every journal that was ever written."""


@pytest.mark.parametrize("told", WRITTEN)
def test_what_journals_were_written_with_keeps_its_name(told: type[Enum]) -> None:
    assert [member.value for member in told] == WRITTEN[told].split()


def _with_detail(row: dict[str, object], **changed: Any) -> dict[str, object]:
    detail = json.loads(str(row["detail"]))
    return row | {"detail": json.dumps(detail | changed)}


@pytest.mark.parametrize(
    "row",
    [
        ROW | {"id": None},
        ROW | {"kind": "gift"},
        ROW | {"drafted_utc": "yesterday"},
        ROW | {"drafted_utc": "2026-11-20T09:14:00"},
        ROW | {"drafted_utc": "2026-11-20T09:14:00+01:00"},
        ROW | {"amount_minor": None},
        ROW | {"amount_minor": "12"},
        ROW | {"amount_minor": -1},
        ROW | {"currency": "pounds"},
        ROW | {"payment_id": 7},
        ROW | {"detail": "not JSON"},
        ROW | {"detail": "[]"},
        ROW | {"detail": "{}"},
        _with_detail(ROW, version=0),
        _with_detail(ROW, repeat_of=None),
        _with_detail(ROW, repeat_of=[1]),
        _with_detail(ROW, subject=None),
        _with_detail(ROW, baseline="ab"),
        _with_detail(ROW, baseline=[1]),
        _with_detail(ROW, terminal_id=7),
        _with_detail(ROW, link="a link"),
        _with_detail(ROW, link={"reason": "deposit"}),
        _with_detail(ROW, link={"reason": "gift", "expires_utc": "2026-11-20T09:14:00+00:00"}),
        _with_detail(ROW, slip="Visa 1111"),
        _with_detail(ROW, slip={"brand": "Visa", "last_four": "1111"}),
        _with_detail(ROW, slip={"brand": "Visa", "last_four": "1111", "holder": "Z", "year": 2028}),
        _with_detail(ROW, slip={"brand": "Visa", "last_four": "1111", "holder": "Z", "year": 2028, "month": 13}),
    ],
)
def test_a_row_that_holds_no_intent_is_refused(row: dict[str, object]) -> None:
    assert intent_of(ROW).slip == SLIP
    with pytest.raises(ValueError):  # noqa: PT011 - every kind of it is the answer
        intent_of(row)


def test_a_link_is_kept_word_for_word() -> None:
    assert intent_of(LINK_ROW).link == LINK
    with pytest.raises(ValueError, match="by_email"):
        intent_of(_with_detail(LINK_ROW, link={**json.loads(str(LINK_ROW["detail"]))["link"], "by_email": "yes"}))


@pytest.mark.parametrize(
    "row",
    [
        EVENT | {"state": "paid"},
        EVENT | {"evidence": "hearsay"},
        EVENT | {"at_utc": ""},
        EVENT | {"outcome_id": 1},
        _with_detail(EVENT, message=None),
        _with_detail(EVENT, version=0),
        _with_detail(EVENT, version="3"),
        _with_detail(EVENT, people=None),
        _with_detail(EVENT, people=[7]),
    ],
)
def test_a_row_that_holds_no_event_is_refused(row: dict[str, object]) -> None:
    assert event_of(EVENT) == make_event(IntentState.DRAFTED)
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        event_of(row)


def _of_version_1(row: dict[str, object], new_key: str) -> dict[str, object]:
    detail = json.loads(str(row["detail"]))
    del detail[new_key]
    return row | {"detail": json.dumps(detail | {"version": 1})}


def test_what_was_seen_and_who_decided_are_kept() -> None:
    intent = make_intent(slip=SLIP, reason="second room", repeat_of=frozenset({"p2", "p1"}))
    assert intent_of(intent_row(intent, 1)) == intent
    event = make_event(IntentState.RESOLVED, message="not there", people=("Edmund", "Ada"))
    assert event_of(event_row(event, "intent-1", 1)) == event


def test_rows_of_the_first_version_are_read_as_naming_nothing_and_nobody() -> None:
    intent = make_intent(slip=SLIP, repeat_of=frozenset({"p1"}))
    assert intent_of(_of_version_1(intent_row(intent, 1), "repeat_of")) == replace(intent, repeat_of=frozenset())
    event = make_event(IntentState.RESOLVED, people=("Edmund", "Ada"))
    assert event_of(_of_version_1(event_row(event, "intent-1", 1), "people")) == replace(event, people=())


def _chained(*rows: dict[str, object]) -> tuple[str, list[dict[str, object]]]:
    digest, chained, begun = genesis("j"), [], set[object]()
    for row in rows:
        digest = link(digest, row, None if row["intent_id"] in begun else {"id": row["intent_id"]})
        begun.add(row["intent_id"])
        chained.append(row | {"digest": digest})
    return digest, chained


def test_a_chain_that_is_whole_is_believed_and_no_other() -> None:
    rows: list[dict[str, object]] = [{"number": n, "intent_id": i} for n, i in ((1, "a"), (2, "b"), (3, "a"))]
    head, chain = _chained(*rows)
    intents = {"a": {"id": "a"}, "b": {"id": "b"}}
    check("j", head, intents, chain)
    check("j", genesis("j"), {}, [])
    wrong: list[tuple[str, str, Any, Any]] = [
        ("another", head, intents, chain),
        ("j", genesis("j"), intents, chain),
        ("j", head, intents, chain[:-1]),
        ("j", head, intents, chain[1:]),
        ("j", head, intents, [chain[1], chain[0], chain[2]]),
        ("j", head, intents | {"c": {"id": "c"}}, chain),
        ("j", head, {"a": {"id": "a"}}, chain),
        ("j", head, intents | {"b": {"id": "B"}}, chain),
        ("j", head, intents, [*chain[:2], chain[2] | {"digest": ""}]),
    ]
    for case in wrong:
        with pytest.raises(JournalCorrupt):
            check(*case)


def test_what_a_newer_deskpay_wrote_is_told_apart_from_damage() -> None:
    newer = DETAIL_VERSION + 1
    with pytest.raises(JournalTooNew, match=f"version {newer}"):
        intent_of(_with_detail(ROW, version=newer))
    with pytest.raises(JournalTooNew, match=f"version {newer}"):
        event_of(_with_detail(EVENT, version=newer))
