"""Heads of journals kept elsewhere: written whole and once, never in the way, and what they show later."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typing_extensions import override

from deskpay.app.cli import main
from deskpay.app.heads import HeadKeeper, HeadReader
from deskpay.domain.errors import HeadNotKept, JournalCorrupt
from deskpay.domain.head import JournalHead
from deskpay.domain.intent import IntentState
from deskpay.domain.security import SecurityKind
from deskpay.journal.damaged import DamagedJournal
from deskpay.journal.heads import ENDING, keep_head, read_head
from deskpay.journal.journal import open_journal
from deskpay.journal.seal import Seal
from deskpay.journal.security import FileSecurityLog
from deskpay.services.staff import Staff
from deskpay.services.system_clock import SystemClock
from tests.kit.intents import NOW, make_event, make_intent, make_record
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.seats import MemoryLog, MemoryRoster, QuickHasher

HEAD = JournalHead("journal-1", 2, "digest", 1, "seal", "hotel", "Front desk/1", NOW)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the records of a desk lie."""
    monkeypatch.setenv("DESKPAY_DATA_FOLDER", str(tmp_path / "DeskPay"))
    return tmp_path / "DeskPay" / "training"


@pytest.fixture
def share(tmp_path: Path) -> Path:
    (tmp_path / "share").mkdir()
    return tmp_path / "share"


async def a_shift(house: Path, share: str) -> tuple[bool, list[tuple[str, str]]]:
    """A charge and somebody who leaves; whether the head was kept, and what went on record of it."""
    log = FileSecurityLog(house / "hotel.security", Seal(b"key"))
    staff = Staff(MemoryRoster(), QuickHasher(), log, SystemClock())
    journal = await open_journal(house / "hotel.sqlite")
    keeper = HeadKeeper(share, HeadReader(journal, log, "hotel", "desk-1", SystemClock()), staff)
    try:
        await journal.draft(make_record(make_intent(1)))
        await journal.append("intent-1", make_event(IntentState.SENDING))
        await staff.note(SecurityKind.LEFT, "Poppy")
        kept = await keeper.keep()
    finally:
        await journal.aclose()
    return kept, [(event.kind.value, event.detail) for event in (await staff.events())[1:]]


def verified(head: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, dict[str, object]]:
    """What the command says of a head: its exit code, its last line, and the same for scripts."""
    code = main(["journal", "verify", "--head", str(head)])
    line = capsys.readouterr().out.splitlines()[-1]
    assert main(["journal", "verify", "--json", "--head", str(head)]) == code
    return code, line, json.loads(capsys.readouterr().out)["head"]


def test_a_head_is_kept_and_all_is_there_later(
    house: Path, share: Path, run_plain: CoroutineRunner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_plain(a_shift(house, str(share))) == (True, [("head_kept", "")])
    [file] = share.iterdir()
    assert file.name.startswith("hotel-desk-1-")
    head = read_head(file)
    assert (head.events, head.security_lines, head.hotel_id) == (2, 1, "hotel")
    code, line, told = verified(file, capsys)
    assert (code, line) == (0, f"{file}: all that was on record then still is, unchanged.")
    assert told == {"file": str(file), "ok": True, "wrong": []}


def empty(house: Path) -> None:
    """Begin the record of security events anew."""
    (house / "hotel.security").unlink()


def reseal(house: Path) -> None:
    """Write another one in its place."""
    (house / "hotel.security").write_text("another line\n", encoding="utf-8")


def spoil(house: Path) -> None:
    (house / "hotel.security").write_bytes(b"\xff")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (empty, "1 security events were on record, 0 are left"),
        (reseal, "the first 1 security events are not the ones that were on record"),
        (spoil, "the record of security events cannot be read"),
    ],
)
def test_security_events_that_were_cut_off_or_changed_are_noticed(
    house: Path,
    share: Path,
    run_plain: CoroutineRunner,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Path], None],
    wrong: str,
) -> None:
    run_plain(a_shift(house, str(share)))
    [file] = share.iterdir()
    change(house)
    code, line, told = verified(file, capsys)
    assert code == 1
    assert line == f"{file}: NOT all there: {wrong}. Keep everything as it is and ask who was there."
    assert told["wrong"] == [wrong]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"events": 3}, "3 events were on record, 2 are left"),
        ({"digest": "0" * 64}, "the first 2 events are not the ones that were on record"),
        ({"events": 0, "digest": "", "security_lines": 0, "security_seal": ""}, ""),
        ({"journal_id": "another"}, "its journal is not among those that can be read here"),
    ],
)
def test_a_journal_that_was_cut_off_or_begun_anew_is_noticed(
    house: Path,
    share: Path,
    run_plain: CoroutineRunner,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, object],
    wrong: str,
) -> None:
    run_plain(a_shift(house, str(share)))
    [file] = share.iterdir()
    then = replace(read_head(file), desk_id="then", **changes)  # type: ignore[arg-type]  # what a journal had that is cut off by now
    file = share / keep_head(share, then)
    code, line, _ = verified(file, capsys)
    assert code == bool(wrong)
    assert (wrong or "unchanged") in line


def test_a_share_that_is_away_is_told_and_holds_up_nothing(house: Path, run_plain: CoroutineRunner) -> None:
    kept, noted = run_plain(a_shift(house, str(house / "not there")))
    assert not kept
    [(kind, why)] = noted
    assert (kind, why.endswith("No such file or directory")) == ("head_missed", True)


class Silent(HeadReader):
    """Never has a head."""

    @override
    async def read(self) -> JournalHead:
        await asyncio.Event().wait()
        raise AssertionError


def keeper_of(
    kind: type[HeadReader], folder: str, log: MemoryLog, tmp_path: Path, *, patience_s: float = 10.0
) -> HeadKeeper:
    """A keeper beside a journal that is damaged."""
    journal = DamagedJournal([], JournalCorrupt("the chain breaks at event 3"))
    reader = kind(journal, FileSecurityLog(tmp_path / "x.security", Seal()), "hotel", "desk-1", SystemClock())
    return HeadKeeper(folder, reader, Staff(MemoryRoster(), QuickHasher(), log, SystemClock()), patience_s)


@pytest.mark.parametrize(
    ("kind", "why"), [(Silent, "the folder does not answer"), (HeadReader, "the chain breaks at event 3")]
)
def test_what_does_not_answer_or_has_no_head_is_not_waited_for(
    share: Path, run_virtual: VirtualRunner, tmp_path: Path, kind: type[HeadReader], why: str
) -> None:
    log = MemoryLog()
    assert not run_virtual(keeper_of(kind, str(share), log, tmp_path).keep())
    assert [(event.kind, event.detail) for event in log.noted] == [(SecurityKind.HEAD_MISSED, why)]
    assert list(share.iterdir()) == []


def test_without_a_folder_nothing_is_kept(run_virtual: VirtualRunner, tmp_path: Path) -> None:
    log = MemoryLog()
    assert run_virtual(keeper_of(Silent, "", log, tmp_path).keep())
    assert log.noted == []


def test_no_head_takes_the_place_of_another(share: Path) -> None:
    name = keep_head(share, HEAD)
    assert name == f"hotel-Front-desk-1-2026-11-20-091400.000000{ENDING}"
    with pytest.raises(HeadNotKept):
        keep_head(share, replace(HEAD, events=0))
    assert read_head(share / name) == HEAD
    assert [file.name for file in share.iterdir()] == [name]


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2}', '{"version": 1}', '{"version": 1, "events": "x"}'])
def test_what_is_no_head_is_said(share: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    file = share / f"x{ENDING}"
    file.write_text(text, encoding="utf-8")
    assert main(["journal", "verify", "--journal", str(share / "none.sqlite"), "--head", str(file)]) == 1
    assert "is no head of a journal" in capsys.readouterr().out
