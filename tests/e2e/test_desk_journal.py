"""Everything that was done, seen in the real window: looked for, told, exported, and its chain checked."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QWidget

from deskpay.services.training_staff import STAFF, TRAINING_PIN
from deskpay.ui.journal.activity_view import ActivityView
from deskpay.ui.support.diagnostics_dialog import DiagnosticsDialog
from tests.e2e.desk_stage import CONTROL, AtDesk, Key
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner


def rows(view: ActivityView) -> list[tuple[str, ...]]:
    """What, about whom, by whom, how it stands, how much."""
    model = view.table.rows
    return [
        tuple(str(model.index(row, at).data()) for at in range(1, model.columnCount()))
        for row in range(model.rowCount())
    ]


async def press(desk: AtDesk, button: QWidget) -> None:
    await desk.clerk.tab_to(button)
    await desk.clerk.press(Key.Key_Space)


def test_what_was_done_is_found_told_exported_and_proven(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = tmp_path / "downloads"
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(downloads))

    async def story() -> None:
        async with AtDesk(sandbox, tmp_path, operator=STAFF[3]) as desk:
            view = desk.screen.activity
            await desk.confirm(await desk.charging("tumblegate", "64.00"))
            await desk.outcome("£64.00")
            await desk.leave()
            await desk.clerk.press(Key.Key_O, CONTROL)
            page = desk.window.sign_in
            await desk.until("the people", lambda: len(page.names) == len(STAFF) and page.pad.isEnabled())
            assert view.table.rows.rowCount() == 0
            await desk.clerk.write(TRAINING_PIN)
            await desk.until("the desk", desk.screen.isVisible)
            await desk.clerk.press(Key.Key_4, CONTROL)
            await desk.until("what was done", lambda: len(rows(view)) == 3)
            assert rows(view)[2] == ("Charge", "Philippa Tumblegate", "Edmund Tallowby", "Charged", "£64.00")
            assert [row[0] for row in rows(view)] == ["Signed in", "Left the desk", "Charge"]
            # Keys that move money, or decide about it, do nothing here.
            for key in (Key.Key_F2, Key.Key_F8):
                await desk.clerk.press(key)
                assert desk.clerk.in_front is desk.window
            view.text.setFocus()
            await desk.clerk.write("tumblegate 64")
            await desk.until("what is looked for", lambda: len(rows(view)) == 1)
            view.take_focus()
            await desk.says("Sent to Mews, once", "Read back from Mews", "Mews ID", of=view)
            await press(desk, view.check)
            await desk.says("The chain is whole.", of=view)
            await press(desk, view.export)
            await desk.says("Exported.", of=view)
            assert desk.program.open is not None
            await desk.clerk.press(Key.Key_D, CONTROL | Qt.KeyboardModifier.ShiftModifier)
            dialog = await desk.see(DiagnosticsDialog)
            assert '"kind": "charge"' in dialog.text.text()
            await desk.confirm(dialog)
            await desk.says("Among the downloads: DeskPay diagnostics")
            await desk.leave()
            journal = desk.program.open.journal
            assert isinstance(journal, Path)
            with closing(sqlite3.connect(journal)) as file:
                file.execute("DROP TRIGGER events_keep_update")
                file.execute("UPDATE events SET at_utc = '2020-01-01T00:00:00.000000+00:00' WHERE number = 2")
                file.commit()
            await press(desk, view.check)
            await desk.says("contradicts itself", of=view)

    run(story())
    bundle, table, lines = sorted(downloads.iterdir())
    assert "Tumblegate" not in bundle.read_text(encoding="utf-8")
    assert "Philippa Tumblegate" in table.read_text(encoding="utf-8-sig")
    assert lines.suffix == ".jsonl"
