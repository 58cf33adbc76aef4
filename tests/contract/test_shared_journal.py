"""What only a shared journal has to stand: other desks, a link that breaks, a server that is not what it was."""

from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest

from deskpay.domain.errors import (
    DeskInUse,
    GuestBeingChecked,
    JournalAway,
    JournalCorrupt,
    JournalError,
    JournalTooNew,
    JournalUnavailable,
    NotAllowed,
)
from deskpay.domain.intent import IntentState
from deskpay.journal import server as server_module
from deskpay.journal.damaged import open_damaged_shared
from deskpay.journal.server import Place, names, told_apart
from deskpay.journal.shared import SharedStore, look_at_shared, open_shared_store
from tests.kit.intents import make_event, make_intent, make_record
from tests.kit.loops import CoroutineRunner
from tests.kit.postgres import Server
from tests.kit.postgres_line import Line, line_to_server

S = IntentState


@pytest.fixture
def place(postgres: Server) -> Place:
    return postgres.new_place()


@pytest.fixture
def store(place: Place) -> Iterator[SharedStore]:
    with closing(open_shared_store(place, "desk")) as opened:
        yield opened


@pytest.fixture
def line(postgres: Server) -> Iterator[Line]:
    with line_to_server(postgres) as laid:
        yield laid


def test_the_rows_only_grow(postgres: Server, place: Place, store: SharedStore) -> None:
    store.draft(make_record())
    store.append("intent-1", make_event(S.SENDING))
    as_who_copies_rows = "SET session_replication_role = replica"
    for table, column in (("intents", "id"), ("events", "intent_id"), ("sendings", "intent_id")):
        for act in ("UPDATE {} SET {} = '2'", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
            with pytest.raises(psycopg.errors.RaiseException, match="only grow"):
                postgres.say(f"{as_who_copies_rows}; {act.format(table, column)}", place)
    store.check()


def test_a_desk_is_open_once_and_another_one_beside_it(place: Place, store: SharedStore) -> None:
    with pytest.raises(DeskInUse):
        open_shared_store(place, "desk")
    with closing(open_shared_store(place, "another")) as other:
        other.draft(make_record(make_intent(2, desk_id="another")))
        assert [record.intent.desk_id for record in store.unfinished()] == ["another"]
    store.close()
    open_shared_store(place, "desk").close()


def test_two_desks_never_hold_one_guest(place: Place, store: SharedStore) -> None:
    first = make_record(make_intent(1, customer_id="guest"))
    with closing(open_shared_store(place, "another")) as other:
        store.draft(first)
        with pytest.raises(GuestBeingChecked) as refusal:
            other.draft(make_record(make_intent(2, customer_id="guest", desk_id="another")))
        assert refusal.value.reference == first.intent.reference


def test_a_desk_drafts_and_sends_its_own_only_and_may_look_for_others(place: Place, store: SharedStore) -> None:
    with closing(open_shared_store(place, "another")) as other:
        with pytest.raises(NotAllowed):
            other.draft(make_record())
        store.draft(make_record())
        with pytest.raises(NotAllowed):
            other.append("intent-1", make_event(S.SENDING))
        store.append("intent-1", make_event(S.SENDING))
        assert other.append("intent-1", make_event(S.UNKNOWN)).state is S.UNKNOWN
        other.check()


def test_whoever_opened_a_desk_last_writes_in_its_name(postgres: Server, place: Place, store: SharedStore) -> None:
    store.draft(make_record())
    # The server lost the first one's session, and with it the lock, before the second came.
    postgres.say("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    with closing(open_shared_store(place, "desk")) as second:
        with pytest.raises(DeskInUse):
            store.append("intent-1", make_event(S.SENDING))
        second.append("intent-1", make_event(S.ABANDONED))
    with pytest.raises(DeskInUse):
        store.draft(make_record(make_intent(2)))
    assert len(look_at_shared(place).records) == 1


def test_the_epoch_holds_where_the_lock_does_not(postgres: Server, place: Place, store: SharedStore) -> None:
    store.draft(make_record())
    postgres.say("UPDATE desks SET epoch = epoch + 1", place)
    with pytest.raises(DeskInUse):
        store.append("intent-1", make_event(S.SENDING))
    assert store.find("intent-1") == make_record()


def test_a_lost_session_that_still_holds_the_desk_is_waited_for_and_then_given_up(
    postgres: Server, store: SharedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server_module._SESSION["lock_timeout"] == "5s"
    monkeypatch.setitem(server_module._SESSION, "lock_timeout", "50ms")
    store.draft(make_record())
    store.close()
    with closing(psycopg.connect(postgres.address, autocommit=True)) as held:
        held.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [store._lock])
        with pytest.raises(JournalAway):
            store.unfinished()
    assert len(store.unfinished()) == 1


def test_a_server_that_was_away_is_dialled_anew(postgres: Server, store: SharedStore) -> None:
    store.draft(make_record())
    postgres.stop("fast")
    with pytest.raises(JournalAway):
        store.append("intent-1", make_event(S.SENDING))
    with pytest.raises(JournalAway):
        store.find("intent-1")
    postgres.start()
    assert store.append("intent-1", make_event(S.SENDING)).state is S.SENDING
    store.check()


def test_a_commit_whose_reply_was_lost_is_seen_on_record(line: Line) -> None:
    with closing(open_shared_store(line.place, "desk")) as store:
        line.cuts = ["reply", "", "reply"]
        store.draft(make_record())
        store.append("intent-1", make_event(S.SENDING))
        store.append("intent-1", make_event(S.ACCEPTED))
        assert line.cuts == []
        store.check()


@pytest.mark.parametrize("cut", ["request", "sleep"])
def test_a_commit_that_never_arrived_is_none_and_may_be_tried_again(line: Line, cut: str) -> None:
    with closing(open_shared_store(line.place, "desk")) as store, closing(open_shared_store(line.place, "b")) as other:
        line.cuts = [cut]
        with pytest.raises(JournalAway):
            store.draft(make_record())
        assert store.find("intent-1") is None
        other.draft(make_record(make_intent(2, desk_id="b")))
        store.draft(make_record())
        store.check()


@pytest.mark.parametrize(("cut", "stands"), [("reply", True), ("request", False)])
def test_a_commit_that_nobody_can_ask_about_is_a_failure_until_the_link_is_back(
    line: Line, cut: str, stands: bool
) -> None:
    with closing(open_shared_store(line.place, "desk")) as store:
        line.cuts, line.stays_down = [cut], True
        with pytest.raises(JournalAway):
            store.draft(make_record())
        line.down = False
        assert (store.find("intent-1") is not None) is stands


def test_a_link_that_breaks_in_the_midst_of_a_write_writes_nothing(postgres: Server, store: SharedStore) -> None:
    def write() -> None:
        with store._writing() as driver:
            postgres.say("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            driver.execute("SELECT 1")

    with pytest.raises(JournalAway):
        write()
    store.draft(make_record())
    store.check()


def test_a_server_that_lost_what_it_confirmed_is_not_believed(postgres: Server, place: Place) -> None:
    with closing(open_shared_store(place, "desk")) as store:
        store.draft(make_record())
        # As after a change to a replica that was behind.
        postgres.edit(place, "DELETE FROM claims; DELETE FROM events; DELETE FROM intents")
        store.close()
        for _ in range(2):
            with pytest.raises(JournalCorrupt, match="lost what it had confirmed"):
                store.unfinished()


TAMPERED: dict[str, str] = {
    "amount": "UPDATE intents SET amount_minor = 1",
    "state": "UPDATE events SET state = 'declined' WHERE state = 'sending'",
    "row": "DELETE FROM events WHERE state = 'sending'",
    "claim": "DELETE FROM claims",
    "who sent": "UPDATE sendings SET desk_id = 'another'",
    "rule": "ALTER TABLE events DISABLE TRIGGER events_keep; DROP TRIGGER intents_keep ON intents CASCADE",
    "head": "DELETE FROM journal_meta WHERE key = 'head'",
    "table": "DROP TABLE claims",
}


@pytest.mark.parametrize("change", TAMPERED)
def test_a_changed_journal_opens_for_looking_only(
    postgres: Server, place: Place, change: str, run_plain: CoroutineRunner
) -> None:
    with closing(open_shared_store(place, "desk")) as store:
        store.draft(make_record())
        store.append("intent-1", make_event(S.SENDING))
    if change == "rule":
        postgres.say(TAMPERED[change], place)
    else:
        postgres.edit(place, TAMPERED[change])
    with pytest.raises(JournalCorrupt) as trouble:
        open_shared_store(place, "desk")
    assert look_at_shared(place).problem is not None
    damaged = run_plain(open_damaged_shared(place, trouble.value))
    with pytest.raises(JournalCorrupt):
        run_plain(damaged.draft(make_record(make_intent(2))))


def test_what_cannot_be_looked_at_at_all_shows_nothing(
    postgres: Server, place: Place, run_plain: CoroutineRunner
) -> None:
    postgres.say(f'CREATE SCHEMA "{place.name}"; CREATE TABLE "{place.name}".journal_meta (key text, value text)')
    trouble = JournalCorrupt("no journal")
    assert run_plain(run_plain(open_damaged_shared(place, trouble)).unfinished()) == []
    with pytest.raises(JournalCorrupt, match="no journal of DeskPay"):
        open_shared_store(place, "desk")


def test_a_journal_that_is_not_there_cannot_be_looked_at(place: Place) -> None:
    with pytest.raises(JournalUnavailable, match="there is no journal"):
        look_at_shared(place)
    assert place.name not in names(place.address)


def test_a_newer_journal_is_refused(postgres: Server, place: Place, store: SharedStore) -> None:
    store.close()
    postgres.edit(place, "UPDATE journal_meta SET value = '2' WHERE key = 'version'")
    with pytest.raises(JournalTooNew):
        open_shared_store(place, "desk")


def _without_rights(postgres: Server, place: Place) -> Place:
    postgres.say("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN")
    return Place(place.address.replace("user=postgres", "user=clerk"), place.name)


def _not_durable(_postgres: Server, place: Place) -> Place:
    return Place(f"{place.address} options='-c synchronous_commit=off'", place.name)


def _nowhere(_postgres: Server, place: Place) -> Place:
    return Place(place.address.replace("dbname=postgres", "dbname=nowhere"), place.name)


def _too_long(_postgres: Server, place: Place) -> Place:
    return Place(place.address, place.name * 4)


@pytest.mark.parametrize(
    ("refused", "kind"),
    [(_without_rights, JournalUnavailable), (_nowhere, JournalAway), (_too_long, JournalUnavailable)],
)
def test_a_server_that_does_not_let_a_journal_be_kept_is_refused(
    postgres: Server, place: Place, refused: Callable[[Server, Place], Place], kind: type[JournalError]
) -> None:
    with pytest.raises(kind) as told:
        open_shared_store(refused(postgres, place), "desk")
    assert type(told.value) is kind
    assert place.name not in names(place.address)


def test_a_role_or_address_cannot_make_commits_less_durable(postgres: Server, place: Place) -> None:
    with closing(open_shared_store(_not_durable(postgres, place), "desk")) as store, store._writing() as driver:
        assert driver.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_server_that_does_not_sync_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(server_module.DURABILITY, "fsync", "what it does not say")
    with pytest.raises(JournalUnavailable, match="does not keep fsync"):
        open_shared_store(place, "desk")


def test_what_the_table_of_failures_does_not_name_is_damage_at_the_opening(
    postgres: Server, place: Place, store: SharedStore
) -> None:
    store.close()
    postgres.say("ALTER TABLE claims RENAME COLUMN claim TO held", place)
    with pytest.raises(JournalCorrupt, match="cannot be read"):
        open_shared_store(place, "desk")


def test_damage_that_the_server_finds_stops_the_journal(store: SharedStore) -> None:
    with pytest.raises(JournalCorrupt, match="a page"), told_apart():
        raise psycopg.errors.DataCorrupted("a page\nof a table")
    with pytest.raises(JournalCorrupt), store._reading():
        raise psycopg.errors.IndexCorrupted
    with pytest.raises(JournalCorrupt, match="opened again"):
        store.unfinished()
