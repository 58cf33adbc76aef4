"""One DeskPay at a time may write a journal; who only looks is let in."""

import subprocess
import sys
from pathlib import Path

import pytest

from deskpay.domain.errors import JournalCorrupt, JournalError, JournalInUse, JournalUnavailable
from deskpay.domain.intent import IntentRecord
from deskpay.journal.instance import take
from deskpay.journal.journal import StoredJournal, open_journal
from deskpay.journal.looking import look
from tests.kit.intents import make_record
from tests.kit.loops import CoroutineRunner

ROOT = Path(__file__).resolve().parents[2]

HOLDER = """
import asyncio, sys
from pathlib import Path
from deskpay.journal.journal import open_journal
from tests.kit.intents import make_record

async def hold():
    journal = await open_journal(Path(sys.argv[1]))
    await journal.draft(make_record())
    print("open", flush=True)
    sys.stdin.readline()
    await journal.aclose()

asyncio.run(hold())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "DeskPay" / "hotel.sqlite"


def _opened_once(run_plain: CoroutineRunner, path: Path) -> list[IntentRecord]:
    async def once() -> list[IntentRecord]:
        journal = await open_journal(path)
        try:
            return await journal.unfinished()
        finally:
            await journal.aclose()

    return run_plain(once())


@pytest.mark.parametrize("killed", [True, False])
def test_a_second_deskpay_is_kept_out_until_the_first_one_is_gone(
    killed: bool, path: Path, run_plain: CoroutineRunner
) -> None:
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(JournalInUse, match="another DeskPay has this journal open"):
            _opened_once(run_plain, path)
        assert look(path).records == (make_record(),)
        if killed:
            holder.kill()
        else:
            holder.communicate("\n")
        holder.wait()
    assert _opened_once(run_plain, path) == [make_record()]
    # An empty lock stays; whoever removed it could let two in.
    assert sorted(child.name for child in path.parent.iterdir()) == ["hotel.sqlite", "hotel.sqlite.lock"]
    assert path.with_name("hotel.sqlite.lock").stat().st_size == 0


def test_two_windows_of_one_process_do_not_share_a_journal_either(path: Path, run_plain: CoroutineRunner) -> None:
    async def twice() -> None:
        journal: StoredJournal = await open_journal(path)
        with pytest.raises(JournalUnavailable):
            await open_journal(path)
        await journal.draft(make_record())
        await journal.aclose()

    run_plain(twice())
    assert _opened_once(run_plain, path) == [make_record()]


def test_another_name_of_the_file_is_the_same_journal(path: Path, run_plain: CoroutineRunner) -> None:
    other = path.with_name("same.sqlite")

    async def twice() -> None:
        journal = await open_journal(path)
        other.symlink_to(path.name)
        with pytest.raises(JournalInUse):
            await open_journal(other)
        await journal.aclose()

    run_plain(twice())


def test_a_journal_that_could_not_be_opened_is_free_for_the_next(path: Path, run_plain: CoroutineRunner) -> None:
    path.parent.mkdir()
    path.write_text("dear diary")
    for _ in range(2):
        with pytest.raises(JournalCorrupt):
            _opened_once(run_plain, path)


def test_where_no_lock_can_be_made_no_journal_is_opened(path: Path, run_plain: CoroutineRunner) -> None:
    path.with_name("hotel.sqlite.lock").mkdir(parents=True)
    with pytest.raises(JournalError, match="unable to open") as refusal:
        _opened_once(run_plain, path)
    assert type(refusal.value) is JournalUnavailable
    assert path.exists()


def test_a_lock_that_is_something_else_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    lock = path.with_name("hotel.sqlite.lock")
    lock.write_text("somebody's notes, and long enough to be taken for a database that is none " * 20)
    before = lock.read_bytes()
    with pytest.raises(JournalUnavailable, match="not a database"):
        take(path)
    assert lock.read_bytes() == before
