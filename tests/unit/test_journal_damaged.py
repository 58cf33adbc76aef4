"""What is left of a damaged journal answers every question that a whole one does, and takes nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

from deskpay.domain.errors import JournalCorrupt, JournalUnavailable
from deskpay.domain.intent import IntentKind, IntentState
from deskpay.domain.payment import OwnRefund
from deskpay.journal.damaged import DamagedJournal, open_damaged
from deskpay.services.ports import IntentJournal
from tests.kit.intents import NOW, gbp, make_event, make_intent, make_record
from tests.kit.loops import CoroutineRunner

S = IntentState
CHARGE = make_record(make_intent(1), S.SENDING, S.ACCEPTED, S.CONFIRMED)
REFUND = make_record(make_intent(2, kind=IntentKind.REFUND, payment_id="paid", amount=gbp(500)), S.SENDING, S.UNKNOWN)
NOTHING = make_record(make_intent(3, kind=IntentKind.REFUND, payment_id="paid"), S.ABANDONED)
LATER = make_record(make_intent(4, customer_id="guest-1", drafted_utc=NOW + timedelta(days=1)))


@pytest.fixture
def journal() -> IntentJournal:
    return DamagedJournal([CHARGE, REFUND, NOTHING, LATER], JournalCorrupt("the chain breaks at event 3"))


def test_stories_are_found_as_in_a_whole_journal(journal: IntentJournal, run_plain: CoroutineRunner) -> None:
    day = NOW.date()
    assert run_plain(journal.find("intent-2")) == REFUND
    assert run_plain(journal.find("nobody")) is None
    assert run_plain(journal.unfinished()) == [REFUND, LATER]
    assert run_plain(journal.of_customer("guest-1")) == [LATER, CHARGE]
    assert run_plain(journal.drafted_on(day, day)) == [NOTHING, REFUND, CHARGE]
    assert run_plain(journal.drafted_on(day + timedelta(days=1), day + timedelta(days=1))) == [LATER]
    assert run_plain(journal.own_refunds(["paid"])) == [OwnRefund("paid", None, gbp(500))]
    assert run_plain(journal.own_refunds(["another"])) == []


def test_nothing_is_taken(journal: IntentJournal, run_plain: CoroutineRunner) -> None:
    with pytest.raises(JournalCorrupt, match="DP-7K2M-0009 is not written: the chain breaks"):
        run_plain(journal.draft(make_record(make_intent(9))))
    with pytest.raises(JournalCorrupt, match="accepted of intent-2 is not written: the chain breaks"):
        run_plain(journal.append("intent-2", make_event(S.ACCEPTED)))


def test_a_file_of_which_nothing_can_be_read_has_no_stories(run_plain: CoroutineRunner, tmp_path: Path) -> None:
    path = tmp_path / "hotel.sqlite"
    path.write_text("dear diary")
    trouble = JournalCorrupt("it is no journal")
    opened = run_plain(open_damaged(path, trouble))
    assert (run_plain(opened.unfinished()), opened.trouble) == ([], trouble)
    run_plain(opened.aclose())
    assert path.read_text() == "dear diary"
    with pytest.raises(JournalUnavailable):
        run_plain(open_damaged(tmp_path / "nowhere.sqlite", trouble))
