"""`deskpay journal` beside an open desk, after damage, and for spreadsheets and scripts."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from deskpay.app.cli import main
from deskpay.domain.card import Expiry
from deskpay.domain.errors import JournalCorrupt, JournalTooNew, JournalUnavailable
from deskpay.domain.intent import CardSlip, IntentKind, IntentState
from deskpay.domain.money import Currency, Money
from deskpay.domain.spreadsheet import harmless
from deskpay.journal import file
from deskpay.journal.backup import back_up
from deskpay.journal.chain import genesis, link
from deskpay.journal.export import COLUMNS, write_csv
from deskpay.journal.looking import look
from deskpay.journal.store import Store, open_store
from deskpay.journal.tables import TRIGGERS
from tests.kit.intents import gbp, make_event, make_intent, make_record

S = IntentState


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESKPAY_DATA_FOLDER", str(tmp_path / "DeskPay"))
    return tmp_path / "DeskPay"


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "training" / "hotel.sqlite"


@pytest.fixture
def desk(path: Path) -> Iterator[Store]:
    """An open desk with a charge that ended, a refund under way and a card saved, told in one another's midst."""
    with closing(open_store(path)) as store:
        store.draft(make_record(make_intent(1, note='=HYPERLINK("evil")', operator="@Ada", reason="two\nlines")))
        store.append("intent-1", make_event(S.SENDING))
        refund = make_intent(2, kind=IntentKind.REFUND, payment_id="paid", amount=gbp(1_250), reason="-1+1")
        store.draft(make_record(refund))
        store.append("intent-1", make_event(S.ACCEPTED, outcome_id="payment", request_id="request"))
        store.append("intent-2", make_event(S.SENDING))
        store.append("intent-1", make_event(S.CONFIRMED, message="\ud800 broken"))
        store.draft(make_record(make_intent(3, kind=IntentKind.SAVE_CARD)))
        slip = CardSlip("Visa", "1111", "Zoë", Expiry(2028, 4))
        yen = Money(5_000, Currency("JPY", 0))
        store.draft(make_record(make_intent(4, kind=IntentKind.RECORD_CARD, slip=slip, amount=yen)))
        yield store


def _edit(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger.split()[2]}")
        for statement in (*statements, *TRIGGERS):
            connection.execute(statement)


def _told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("desk")
def test_a_journal_in_order_is_said_to_be_while_the_desk_is_open(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = look(path).told["head"]
    assert main(["journal", "verify"]) == 0
    assert capsys.readouterr().out == (
        f"{path}: in order. 4 intents, 8 events, 3 unfinished. Head of the chain: {head}\n"
    )
    assert main(["journal", "verify", "--json"]) == 0
    one = {"path": str(path), "ok": True, "intents": 4, "events": 8, "unfinished": 3, "head": head}
    assert _told(capsys) == {"ok": True, "journals": [one]}


def test_looking_keeps_no_desk_from_writing_and_changes_no_byte(desk: Store, path: Path) -> None:
    before = path.read_bytes()
    seen = look(path)
    assert path.read_bytes() == before
    desk.append("intent-3", make_event(S.ABANDONED))
    assert [record.state for record in seen.records] == [S.CONFIRMED, S.SENDING, S.DRAFTED, S.DRAFTED]
    assert [record.state for record in look(path).records] == [S.CONFIRMED, S.SENDING, S.ABANDONED, S.DRAFTED]


def test_no_journal_yet_is_no_fault(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "verify"]) == 0
    assert main(["journal", "verify", "--json"]) == 0
    assert main(["journal", "export", "--csv", str(folder / "x.csv")]) == 1
    said = capsys.readouterr()
    assert said.out == 'There is no journal yet.\n{"ok": true, "journals": []}\n'
    assert said.err == "There is no journal yet.\n"


@pytest.mark.usefixtures("desk")
def test_an_edited_journal_is_named_with_what_to_do(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _edit(path, "UPDATE intents SET amount_minor = 1 WHERE id = 'intent-2'")
    assert main(["journal", "verify", "--journal", str(path)]) == 1
    assert capsys.readouterr().out == (
        f"{path}: NOT in order: the chain breaks at event 3. DeskPay takes no money with this journal. "
        "Keep the file, and restore the latest backup in its place.\n"
    )
    assert main(["journal", "verify", "--json"]) == 1
    told = _told(capsys)
    assert (told["ok"], told["journals"][0]["ok"], told["journals"][0]["problem"]) == (False, False, "JournalCorrupt")
    assert told["journals"][0]["detail"] == "the chain breaks at event 3"


def test_what_is_missing_or_newer_or_something_else_is_said(
    desk: Store, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.close()
    assert main(["journal", "verify", "--journal", str(tmp_path / "nowhere.sqlite")]) == 1
    assert "Nothing is known of its contents." in capsys.readouterr().out
    _edit(path, "PRAGMA user_version=2")
    assert main(["journal", "verify", "--json"]) == 1
    assert _told(capsys)["journals"] == [
        {
            "path": str(path),
            "ok": False,
            "problem": "JournalTooNew",
            "detail": "the journal has version 2, this DeskPay knows 1",
        }
    ]
    assert main(["journal", "export", "--jsonl", str(tmp_path / "x.jsonl")]) == 1
    assert capsys.readouterr().err.endswith("stories that cannot: all.\n")
    with pytest.raises(JournalTooNew):
        look(path)
    path.write_text("dear diary")
    with pytest.raises(JournalCorrupt):
        look(path)


def test_what_is_locked_is_waited_for_and_then_said(
    desk: Store, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.close()
    monkeypatch.setattr(file, "BUSY_TIMEOUT_S", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert main(["journal", "verify", "--journal", str(path)]) == 1
    assert "locked" in capsys.readouterr().out


def test_a_journal_left_in_the_midst_of_a_commit_is_brought_back_first(desk: Store, path: Path, tmp_path: Path) -> None:
    # As a killed process leaves it: the file with half a commit, the rollback journal beside it.
    left = tmp_path / "left" / "hotel.sqlite"
    left.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size=1")
        writer.execute("PRAGMA cache_spill=1")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("CREATE TABLE half (a)")
        writer.executemany("INSERT INTO half VALUES (?)", [("x" * 3_000,) for _ in range(50)])
        left.write_bytes(path.read_bytes())
        beside = Path(f"{path}-journal")
        left.with_name("hotel.sqlite-journal").write_bytes(beside.read_bytes())
        writer.execute("ROLLBACK")
    seen = look(left)
    assert seen.problem is None
    assert list(seen.records) == desk.drafted_on(*[make_intent().drafted_utc.date()] * 2)[::-1]


@pytest.mark.usefixtures("desk")
def test_the_table_is_safe_in_a_spreadsheet_and_its_amounts_are_numbers(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.csv"
    target.write_text("of yesterday")
    assert main(["journal", "export", "--csv", str(target), "--journal", str(path)]) == 0
    assert capsys.readouterr().out == f"{target}: 4 intents\n"
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    assert target.stat().st_mode & 0o777 == 0o600
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [list(row) for row in rows] == [list(COLUMNS)] * 4
    assert [row["amount"] for row in rows] == ["312.40", "-12.50", "", "5000"]
    assert [row["currency"] for row in rows] == ["GBP", "GBP", "", "JPY"]
    assert [row["state"] for row in rows] == ["confirmed", "sending", "drafted", "drafted"]
    charge, refund = rows[0], rows[1]
    assert (charge["note"], charge["operator"]) == ('\'=HYPERLINK("evil")', "'@Ada")
    assert charge["reason"] == "two\nlines"
    assert charge["message"] == "\\ud800 broken"
    assert (charge["outcome_id"], charge["request_id"]) == ("payment", "request")
    assert (refund["reason"], refund["refunded_payment_id"]) == ("'-1+1", "paid")
    assert (refund["hotel"], refund["reference"]) == ("hotel", "DP-7K2M-0002")
    assert (refund["customer"], refund["evidence"]) == ("Zoë Łukasz 王", "about_to_send")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.csv"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "  =1", "\t=1", "\r1", "\n1", "\uff1d1", "\uff0b1"])
def test_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "1-2", "a=b", "Ada", "№ 7", "'x"])
def test_any_other_text_is_left_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.usefixtures("desk")
def test_the_chain_can_be_checked_from_the_lines_alone(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    assert main(["journal", "export", "--jsonl", str(target)]) == 0
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 8
    digest = genesis(lines[0]["journal_id"])
    for line in lines:
        assert line["previous"] == digest
        digest = link(digest, line["event"], line["intent"])
        assert line["digest"] == digest
    assert digest == look(path).told["head"]
    assert [line["intent"]["id"] for line in lines if line["intent"]] == [f"intent-{n}" for n in range(1, 5)]


@pytest.mark.usefixtures("desk")
def test_of_a_damaged_journal_what_can_be_read_is_exported(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(path, "UPDATE events SET state = 'confirmed' WHERE number = 3", "UPDATE journal_meta SET value = 'x'")
    target, lines = tmp_path / "out.csv", tmp_path / "out.jsonl"
    assert main(["journal", "export", "--csv", str(target), "--jsonl", str(lines)]) == 1
    said = capsys.readouterr()
    assert said.out == f"{target}: 3 intents\n{lines}: 8 events\n"
    assert said.err.endswith("What can be read was exported; stories that cannot: 1.\n")


def test_a_page_of_noise_hides_only_what_stood_on_it(desk: Store, path: Path) -> None:
    query = "SELECT name, rootpage FROM sqlite_schema"
    pages = {str(row.name): int(row.rootpage) for row in desk._connection.exec_driver_sql(query)}
    desk.close()
    whole = bytearray(path.read_bytes())
    for name in ("events", "journal_meta"):
        page = pages[name]
        whole[(page - 1) * 4_096 : page * 4_096] = b"\xa5" * 4_096
    path.write_bytes(whole)
    seen = look(path)
    assert isinstance(seen.problem, JournalCorrupt)
    assert (len(seen.intents), len(seen.events), seen.records, seen.unreadable, seen.told) == (4, 0, (), 4, {})


def test_bytes_that_are_no_text_are_a_damage_too(desk: Store, path: Path) -> None:
    desk.close()
    _edit(path, "UPDATE events SET detail = CAST(x'ff' AS TEXT) WHERE number = 2")
    seen = look(path)
    assert isinstance(seen.problem, JournalCorrupt)
    assert (len(seen.intents), len(seen.events)) == (4, 1)


@pytest.mark.usefixtures("desk")
def test_an_export_never_overwrites_a_journal(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = path.read_bytes()
    assert main(["journal", "export", "--csv", str(path)]) == 1
    assert capsys.readouterr().err == "Not exported: hotel.sqlite is a database and is not overwritten.\n"
    assert path.read_bytes() == before
    assert main(["journal", "export", "--csv", str(tmp_path / "no" / "folder.csv")]) == 1
    assert main(["journal", "export", "--csv", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("cannot be written") == 2
    assert [child.name for child in tmp_path.parent.iterdir() if child.name.endswith(".new")] == []


def test_an_export_that_fails_leaves_what_stood_there(
    desk: Store, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del desk
    target = tmp_path / "out.csv"
    target.write_text("of yesterday")
    monkeypatch.setattr("os.fsync", _no_room)
    with pytest.raises(JournalUnavailable, match=r"out\.csv cannot be written: No space"):
        write_csv([look(path)], target)
    assert target.read_text() == "of yesterday"
    assert [child.name for child in tmp_path.iterdir() if child.is_file()] == ["out.csv"]


def _no_room(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.usefixtures("folder")
def test_an_export_must_be_told_where_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "export"]) == 2
    assert "--csv F or --jsonl F" in capsys.readouterr().err


def test_a_backup_of_an_open_journal_can_take_its_place(
    desk: Store, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "backup.sqlite"
    assert main(["journal", "backup", str(target)]) == 0
    assert capsys.readouterr().out == f"{target}: a whole copy of {path}, checked\n"
    assert target.stat().st_mode & 0o777 == 0o600
    truth = desk.unfinished()
    desk.append("intent-3", make_event(S.ABANDONED))
    with closing(open_store(target)) as restored:
        assert restored.unfinished() == truth
        restored.append("intent-3", make_event(S.SENDING))
    assert [child.name for child in tmp_path.iterdir() if child.is_file()] == ["backup.sqlite"]


@pytest.mark.usefixtures("desk")
def test_a_backup_overwrites_nothing(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "backup.sqlite"
    target.write_text("older")
    assert main(["journal", "backup", str(target)]) == 1
    assert capsys.readouterr().err == "Not backed up: backup.sqlite exists already.\n"
    assert target.read_text() == "older"
    assert main(["journal", "backup", str(tmp_path / "no" / "backup.sqlite"), "--journal", str(path)]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.usefixtures("desk")
def test_a_damaged_journal_is_not_backed_up(path: Path, tmp_path: Path) -> None:
    _edit(path, "DELETE FROM claims")
    with pytest.raises(JournalCorrupt, match="claims"):
        back_up(path, tmp_path / "backup.sqlite")
    assert [child for child in tmp_path.iterdir() if child.is_file()] == []


def test_of_several_journals_one_must_be_named(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = path.with_name("other.sqlite")
    for each in (path, other):
        open_store(each).close()
    assert main(["journal", "backup", str(tmp_path / "b.sqlite")]) == 2
    assert capsys.readouterr().err.splitlines()[1:] == [f"  {path}", f"  {other}"]
    assert main(["journal", "verify", "--json"]) == 0
    assert [one["path"] for one in _told(capsys)["journals"]] == [str(path), str(other)]
