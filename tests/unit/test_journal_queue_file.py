"""The night's queue on disk: whole or not there, and what cannot be read is never taken for no queue."""

from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from deskpay.domain.errors import JournalCorrupt, JournalUnavailable
from deskpay.domain.money import Currency, Money
from deskpay.domain.night_queue import QueuePlan, QueueRow, Why
from deskpay.journal.queue_file import QueueFile
from deskpay.journal.seal import Seal, read_sealed, write_sealed
from tests.kit.loops import CoroutineRunner

SEAL = Seal(b"key")
PLAN = QueuePlan(
    id="queue-1",
    enterprise_id="teapot",
    operator="Wren Copperpot",
    day=date(2026, 11, 12),
    seen_utc=datetime(2026, 11, 13, 1, 58, 40, tzinfo=UTC),
    confirmed_utc=datetime(2026, 11, 13, 2, 14, 5, tzinfo=UTC),
    rows=(
        QueueRow(1, Why.NO_SHOW, "stay-1", "guest-1", "card-1", Money(26500, Currency("GBP", 2))),
        QueueRow(2, Why.DEPARTED_UNPAID, "stay-2", "guest-2", "card-2", Money(12000, Currency("JPY", 0))),
        QueueRow(3, Why.CANCELED_LATE, "stay-3", "guest-3", "card-3", Money(12345, Currency("KWD", 3))),
    ),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hotel.queue.json"


def test_a_queue_is_read_back_as_it_was_confirmed_until_it_is_over(path: Path, run_plain: CoroutineRunner) -> None:
    async def night() -> None:
        assert await QueueFile(path, SEAL).unfinished() is None
        await QueueFile(path, SEAL).keep(PLAN)
        assert await QueueFile(path, SEAL).unfinished() == PLAN
        await QueueFile(path, SEAL).finish()
        await QueueFile(path, SEAL).finish()
        assert await QueueFile(path, SEAL).unfinished() is None

    run_plain(night())
    assert list(path.parent.iterdir()) == []


def test_only_whoever_keeps_it_may_read_it(path: Path, run_plain: CoroutineRunner) -> None:
    run_plain(QueueFile(path, SEAL).keep(PLAN))
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "damage",
    [
        lambda told: told | {"version": 2},
        lambda told: told | {"day": "tonight"},
        lambda told: {name: value for name, value in told.items() if name != "rows"},
        lambda told: told | {"rows": [{**told["rows"][0], "why": "because"}]},
        lambda told: told | {"rows": None},
        list,
    ],
    ids=["of another DeskPay", "no day", "no rows", "no reason", "rows are none", "no queue at all"],
)
def test_a_queue_that_contradicts_itself_is_said_to(
    path: Path, run_plain: CoroutineRunner, damage: Callable[[dict[str, Any]], object]
) -> None:
    run_plain(QueueFile(path, SEAL).keep(PLAN))
    write_sealed(path, damage(cast("dict[str, Any]", read_sealed(path, SEAL))), SEAL)
    with pytest.raises(JournalCorrupt):
        run_plain(QueueFile(path, SEAL).unfinished())


def test_a_queue_that_another_hand_changed_is_not_believed(path: Path, run_plain: CoroutineRunner) -> None:
    run_plain(QueueFile(path, SEAL).keep(PLAN))
    path.write_text(path.read_text("utf-8").replace("26500", "99500"), "utf-8")
    with pytest.raises(JournalCorrupt, match="changed outside DeskPay"):
        run_plain(QueueFile(path, SEAL).unfinished())


def test_half_a_file_is_no_queue_and_not_none_either(path: Path, run_plain: CoroutineRunner) -> None:
    run_plain(QueueFile(path, SEAL).keep(PLAN))
    path.write_text(path.read_text("utf-8")[:90], "utf-8")
    with pytest.raises(JournalCorrupt):
        run_plain(QueueFile(path, SEAL).unfinished())
    path.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(JournalCorrupt):
        run_plain(QueueFile(path, SEAL).unfinished())


@pytest.mark.parametrize(
    "act", [lambda queue: queue.keep(PLAN), lambda queue: queue.unfinished(), lambda queue: queue.finish()]
)
def test_a_disk_that_refuses_is_told(
    path: Path, run_plain: CoroutineRunner, act: Callable[[QueueFile], Coroutine[Any, Any, object]]
) -> None:
    path.mkdir()
    (path / "occupied").touch()
    with pytest.raises(JournalUnavailable):
        run_plain(act(QueueFile(path, SEAL)))
