"""The journal as the services use it: what was written is found again, and a busy guest is refused."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deskpay.domain.card import Expiry
from deskpay.domain.errors import GuestBeingChecked, JournalUnavailable, NotAllowed
from deskpay.domain.intent import CardSlip, IllegalMoveError, IntentKind, IntentRecord, IntentState
from deskpay.domain.payment import OwnRefund
from deskpay.journal.journal import StoredJournal, open_journal
from deskpay.journal.worker import Worker
from deskpay.services.ports import IntentJournal
from tests.kit.intents import NOW, gbp, make_event, make_intent, make_record
from tests.kit.loops import CoroutineRunner

S = IntentState

Opening = Callable[[], Awaitable[StoredJournal]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def opening(path: Path) -> Opening:
    """What opens the journal; the one on PostgreSQL takes its place where the same tests are run for that."""
    return partial(open_journal, path)


def _with(run: CoroutineRunner, opening: Opening, use: Callable[[IntentJournal], Any]) -> Any:
    """Open the journal, `await use(journal)`, close it."""

    async def used() -> Any:
        journal = await opening()
        try:
            return await use(journal)
        finally:
            await journal.aclose()

    return run(used())


async def _tell(journal: IntentJournal, record: IntentRecord) -> None:
    """Write the whole story of `record`, step by step."""
    await journal.draft(IntentRecord(record.intent, record.events[:1]))
    for event in record.events[1:]:
        await journal.append(record.intent.id, event)


def test_a_story_is_found_again_after_reopening(run_plain: CoroutineRunner, opening: Opening) -> None:
    slip = CardSlip("Visa", "1111", "Zoë", Expiry(2028, 4))
    record = make_record(
        make_intent(
            kind=IntentKind.RECORD_CARD,
            slip=slip,
            note="€ \ud800 broken by a server",
            reason="meant",
            tender="Gift",
            external_identifier="1/7",
            bill_id="bill",
            reservation_id="stay",
            accounting_category_id="category",
            payment_id="payment",
            baseline=frozenset({"b", "a"}),
        )
    )
    sending = make_event(S.SENDING, at_utc=NOW + timedelta(microseconds=1))
    declined = make_event(S.DECLINED, outcome_id="p", request_id="r", message="No <b>funds</b> \udfff")

    async def write(journal: IntentJournal) -> None:
        await journal.draft(record)
        assert await journal.append(record.intent.id, sending) == record.moved(sending)
        await journal.append(record.intent.id, declined)

    async def read(journal: IntentJournal) -> IntentRecord | None:
        return await journal.find(record.intent.id)

    _with(run_plain, opening, write)
    assert _with(run_plain, opening, read) == record.moved(sending).moved(declined)


def test_the_journal_works_on_the_loop_of_the_window(run: CoroutineRunner, opening: Opening) -> None:
    async def use(journal: IntentJournal) -> list[IntentRecord]:
        await journal.draft(make_record())
        return await journal.unfinished()

    assert _with(run, opening, use) == [make_record()]


def test_a_second_act_for_a_busy_guest_is_refused_by_name(run_plain: CoroutineRunner, opening: Opening) -> None:
    first = make_intent(1, customer_id="guest")
    second = make_intent(2, customer_id="guest", kind=IntentKind.REFUND, payment_id="p")

    async def use(journal: IntentJournal) -> None:
        await journal.draft(make_record(first))
        with pytest.raises(GuestBeingChecked) as refusal:
            await journal.draft(make_record(second))
        assert refusal.value.reference == first.reference
        assert await journal.find(second.id) is None
        await journal.append(first.id, make_event(S.SENDING))
        await journal.append(first.id, make_event(S.UNKNOWN))
        with pytest.raises(GuestBeingChecked):
            await journal.draft(make_record(second))
        await journal.append(first.id, make_event(S.RESOLVED))
        await journal.draft(make_record(second))

    _with(run_plain, opening, use)


@pytest.mark.parametrize(
    "other",
    [
        make_intent(2, customer_id="someone else"),
        make_intent(2, customer_id="guest-1", enterprise_id="another hotel"),
        make_intent(2, customer_id="guest-1", kind=IntentKind.SAVE_CARD),
    ],
    ids=["another guest", "another hotel", "cards, not money"],
)
def test_a_claim_holds_one_guest_of_one_hotel_for_one_kind_of_act(
    other: Any, run_plain: CoroutineRunner, opening: Opening
) -> None:
    async def use(journal: IntentJournal) -> None:
        await journal.draft(make_record(make_intent(1)))
        await journal.draft(make_record(other))
        assert len(await journal.unfinished()) == 2

    _with(run_plain, opening, use)


def test_a_refund_on_its_way_frees_the_guest_but_is_unfinished(run_plain: CoroutineRunner, opening: Opening) -> None:
    refund = make_record(make_intent(1, kind=IntentKind.REFUND, payment_id="p"), S.SENDING, S.ACCEPTED)

    async def use(journal: IntentJournal) -> None:
        await _tell(journal, refund)
        await journal.draft(make_record(make_intent(2, customer_id="guest-1")))
        assert (await journal.unfinished())[0] == refund

    _with(run_plain, opening, use)


def test_an_illegal_move_is_refused_and_leaves_the_story_alone(run_plain: CoroutineRunner, opening: Opening) -> None:
    async def use(journal: IntentJournal) -> None:
        await journal.draft(make_record())
        with pytest.raises(IllegalMoveError):
            await journal.append("intent-1", make_event(S.CONFIRMED))
        assert await journal.find("intent-1") == make_record()
        with pytest.raises(IllegalMoveError):
            await journal.draft(make_record(make_intent(2), S.SENDING))
        with pytest.raises(KeyError, match="nobody"):
            await journal.append("nobody", make_event(S.SENDING))
        assert await journal.unfinished() == [make_record()]

    _with(run_plain, opening, use)


def test_one_form_makes_one_intent_however_often_it_is_confirmed(run_plain: CoroutineRunner, opening: Opening) -> None:
    async def use(journal: IntentJournal) -> None:
        await journal.draft(make_record())
        await journal.append("intent-1", make_event(S.ABANDONED))
        with pytest.raises(NotAllowed, match="used before"):
            await journal.draft(make_record(make_intent(1, id="intent-2")))
        assert await journal.find("intent-2") is None

    _with(run_plain, opening, use)


def test_a_bug_of_ours_passes_as_it_is_and_writes_nothing(run_plain: CoroutineRunner, opening: Opening) -> None:
    async def use(journal: IntentJournal) -> None:
        await journal.draft(make_record())
        with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
            await journal.draft(make_record(make_intent(1, reference="DP-0000-0000", customer_id="another")))
        naive = make_event(S.SENDING, at_utc=datetime(2026, 11, 20))  # noqa: DTZ001 - what must be refused
        with pytest.raises(ValueError, match="zone"):
            await journal.append("intent-1", naive)
        assert await journal.unfinished() == [make_record()]
        await journal.append("intent-1", make_event(S.SENDING))

    _with(run_plain, opening, use)


def test_lists_come_in_the_order_of_writing_whatever_the_clocks_said(
    run_plain: CoroutineRunner, opening: Opening
) -> None:
    first = make_record(make_intent(1, customer_id="g", drafted_utc=NOW), S.ABANDONED)
    second = make_record(make_intent(2, customer_id="g", drafted_utc=NOW - timedelta(hours=1)), S.SENDING)
    third = make_record(make_intent(3, drafted_utc=NOW + timedelta(hours=1)))

    async def use(journal: IntentJournal) -> None:
        for record in (first, second, third):
            await _tell(journal, record)
        assert await journal.unfinished() == [second, third]
        assert await journal.of_customer("g") == [second, first]
        assert await journal.drafted_on(NOW.date(), NOW.date()) == [third, second, first]
        assert await journal.of_customer("nobody") == []

    _with(run_plain, opening, use)


def test_days_are_utc_and_both_ends_count(run_plain: CoroutineRunner, opening: Opening) -> None:
    # 23:30 two hours west of Greenwich is already the 21st in UTC.
    late = datetime(2026, 11, 20, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    moments = [NOW, late, NOW + timedelta(days=2)]

    async def use(journal: IntentJournal) -> list[list[int]]:
        for number, moment in enumerate(moments, start=1):
            await journal.draft(make_record(make_intent(number, drafted_utc=moment)))
        days = [(20, 20), (21, 21), (20, 22), (21, 22), (23, 30), (22, 20)]
        found = []
        for first, last in days:
            records = await journal.drafted_on(NOW.date().replace(day=first), NOW.date().replace(day=last))
            found.append([int(record.intent.id.removeprefix("intent-")) for record in records])
        return found

    assert _with(run_plain, opening, use) == [[1], [2], [3, 2, 1], [3, 2], [], []]


REFUND_STORIES: list[tuple[tuple[IntentState, ...], str | None, bool]] = [
    ((), None, True),
    ((S.ABANDONED,), None, False),
    ((S.SENDING,), None, True),
    ((S.SENDING, S.NOT_SENT), None, False),
    ((S.SENDING, S.REJECTED), None, False),
    ((S.SENDING, S.DECLINED), None, False),
    ((S.SENDING, S.UNKNOWN), None, True),
    ((S.SENDING, S.UNKNOWN, S.UNKNOWN), None, True),
    ((S.SENDING, S.UNKNOWN, S.DECLINED), None, False),
    ((S.SENDING, S.UNKNOWN, S.RESOLVED), None, False),
    ((S.SENDING, S.UNKNOWN, S.RESOLVED), "refund", True),
    ((S.SENDING, S.ACCEPTED), "refund", True),
    ((S.SENDING, S.ACCEPTED, S.DECLINED), None, False),
    ((S.SENDING, S.ACCEPTED, S.CONFIRMED), "refund", True),
]


@pytest.mark.parametrize(("states", "refund_id", "counts"), REFUND_STORIES)
def test_a_refund_counts_until_it_is_certain_that_it_gave_nothing(
    states: tuple[IntentState, ...], refund_id: str | None, counts: bool, run_plain: CoroutineRunner, opening: Opening
) -> None:
    intent = make_intent(1, kind=IntentKind.REFUND, payment_id="paid", amount=gbp(500))
    record = make_record(intent, *states)
    if refund_id:
        told = make_event(states[-1], outcome_id=refund_id)
        record = IntentRecord(intent, (*record.events[:-1], told))

    async def use(journal: IntentJournal) -> list[OwnRefund]:
        await _tell(journal, record)
        await journal.draft(make_record(make_intent(2, kind=IntentKind.REFUND, payment_id="another")))
        await journal.draft(make_record(make_intent(3, payment_id="paid")))
        assert await journal.own_refunds([]) == []
        return await journal.own_refunds(["paid"])

    assert _with(run_plain, opening, use) == ([OwnRefund("paid", refund_id, gbp(500))] if counts else [])


def test_a_cancelled_write_is_settled_before_its_caller_hears_of_it(run_plain: CoroutineRunner, path: Path) -> None:
    async def use() -> None:
        journal = await open_journal(path)
        other = sqlite3.connect(path, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            writing = asyncio.get_running_loop().create_task(journal.draft(make_record()))
            for _ in range(3):  # the second and third time it is waiting for its end already
                await asyncio.sleep(0)
                writing.cancel()
            await asyncio.sleep(0)
            assert not writing.done()
            other.execute("COMMIT")
            with pytest.raises(asyncio.CancelledError):
                await writing
            assert await journal.find("intent-1") == make_record()
        finally:
            other.close()
            await journal.aclose()

    run_plain(use())


def test_a_failure_is_told_even_when_its_caller_was_cancelled(run_plain: CoroutineRunner) -> None:
    gate = threading.Event()

    def fail() -> None:
        gate.wait()
        raise LookupError("by the test")

    async def use() -> BaseException | None:
        worker = Worker()
        failing = asyncio.get_running_loop().create_task(worker.run(fail))
        await asyncio.sleep(0)
        failing.cancel()
        await asyncio.sleep(0)
        gate.set()
        with pytest.raises(asyncio.CancelledError) as cancelled:
            await failing
        worker.close()
        return cancelled.value.__cause__

    assert isinstance(run_plain(use()), LookupError)


def test_opening_that_was_cancelled_leaves_no_file_open(
    run_plain: CoroutineRunner, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deskpay.journal.store import Store

    closed: list[Store] = []
    close = Store.close

    def counted(store: Store) -> None:
        closed.append(store)
        close(store)

    monkeypatch.setattr(Store, "close", counted)

    async def use() -> None:
        await (await open_journal(path)).aclose()
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        opening = asyncio.get_running_loop().create_task(open_journal(path))
        await asyncio.sleep(0)
        opening.cancel()
        await asyncio.sleep(0)
        other.execute("COMMIT")
        other.close()
        with pytest.raises(asyncio.CancelledError):
            await opening

    run_plain(use())
    assert len(closed) == 2


def test_a_failed_opening_leaves_no_thread(run_plain: CoroutineRunner, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    before = threading.active_count()
    with pytest.raises(JournalUnavailable):
        run_plain(open_journal(tmp_path / "file" / "journal.db"))
    assert threading.active_count() == before


def test_importing_the_journal_loads_no_sql() -> None:
    code = "import sys, deskpay.journal.journal; sys.exit('sqlalchemy' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_a_closed_journal_takes_nothing(run_plain: CoroutineRunner, path: Path) -> None:
    async def use() -> None:
        journal: StoredJournal = await open_journal(path)
        await journal.aclose()
        with pytest.raises(RuntimeError):
            await journal.draft(make_record())

    run_plain(use())
