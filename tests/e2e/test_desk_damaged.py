"""A desk whose journal is damaged opens for looking: stories are read, money is not moved, the remedy is said."""

from contextlib import closing
from pathlib import Path

import pytest

from deskpay.app.assemble import OpenDesk, open_desk
from deskpay.domain.errors import JournalCorrupt, JournalInUse
from deskpay.domain.intent import IntentKind, IntentState
from deskpay.journal.store import open_store
from deskpay.ui.present_error import words_for
from tests.e2e.desk_stage import MANAGER, connection_to, make_settings
from tests.kit.crash_desk import BareDesk
from tests.kit.hotel import Hotel
from tests.kit.intents import make_event, make_intent, make_record
from tests.kit.loops import CoroutineRunner


async def _open(sandbox: Hotel, folder: Path) -> OpenDesk:
    return await open_desk(connection_to(sandbox), make_settings(folder), MANAGER)


def _journal_in(folder: Path) -> Path:
    (path,) = folder.rglob("*.sqlite")
    return path


def test_a_damaged_journal_is_shown_and_moves_no_money(
    sandbox: Hotel, run_plain: CoroutineRunner, tmp_path: Path
) -> None:
    async def story() -> None:
        await (await _open(sandbox, tmp_path)).aclose()
        path = _journal_in(tmp_path)
        with closing(open_store(path)) as store:
            store.draft(make_record(make_intent(1)))
            store.append("intent-1", make_event(IntentState.SENDING))
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b"2026-11-20T09:14", b"2026-11-20T09:15"))
        damaged = path.read_bytes()
        desk = await _open(sandbox, tmp_path)
        assert isinstance(desk.front.runner.stopped, JournalCorrupt)
        assert "backup" in words_for(desk.front.runner.stopped).remedy
        assert [record.state for record in await desk.front.journal.of_customer("guest-1")] == [IntentState.SENDING]
        with pytest.raises(JournalCorrupt):
            await BareDesk(desk.front, desk.night.books, desk.front.runner._scope, []).act(IntentKind.CHARGE)
        await desk.aclose()
        assert path.read_bytes() == damaged

    run_plain(story())
    assert sandbox.ledger()["charges"] == []


def test_a_second_desk_at_the_same_hotel_is_told_where_to_go_on(
    sandbox: Hotel, run_plain: CoroutineRunner, tmp_path: Path
) -> None:
    async def story() -> None:
        first = await _open(sandbox, tmp_path)
        with pytest.raises(JournalInUse) as refusal:
            await _open(sandbox, tmp_path)
        assert "Another DeskPay" in words_for(refusal.value).sentence
        await first.aclose()
        await (await _open(sandbox, tmp_path)).aclose()

    run_plain(story())
