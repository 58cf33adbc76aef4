"""The night audit in the real window: the day and its totals, a batch reviewed and run, files for the morning."""

import csv
from collections import Counter
from decimal import Decimal
from functools import partial
from pathlib import Path

from deskpay.domain.night_queue import RowState
from deskpay.services.training_staff import STAFF
from deskpay.ui.audit.audit_flow import AuditFlow
from deskpay.ui.audit.audit_view import MATTERS, PAYMENTS, VIRTUAL
from deskpay.ui.audit.pick_dialog import PickDialog
from deskpay.ui.audit.queue_dialog import QueueDialog
from tests.e2e.desk_stage import CONTROL, AtDesk, Key
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

POPPY, WREN = STAFF[0], STAFF[2]


async def audit_of(desk: AtDesk) -> AuditFlow:
    """Open the page by its key and wait until the whole day has come."""
    await desk.clerk.press(Key.Key_2, CONTROL)
    audit = desk.program.audit
    assert audit is not None
    await desk.until("the whole day", lambda: audit.complete)
    return audit


def test_no_shows_are_reviewed_and_charged_once_and_the_day_adds_up(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path
) -> None:
    async def story() -> None:
        async with AtDesk(sandbox, tmp_path, operator=WREN) as desk:
            audit = await audit_of(desk)
            before = audit.totals[0].net.amount.minor
            await desk.clerk.press(Key.Key_F2)
            picking = await desk.see(PickDialog)
            await desk.clerk.tab_to(picking.sheet)
            for amount in ("120.00", "80.50"):
                await desk.clerk.tab_to(picking.amount.editor)
                await desk.clerk.type_over(amount)
                await desk.clerk.tab_to(picking.sheet)
                await desk.clerk.press(Key.Key_Down)
            await desk.says("2 charges", "£200.50", of=picking)
            await desk.confirm(picking)
            # The review has to be confirmed by itself.
            assert picking.confirm_button is not None
            assert not picking.confirm_button.isEnabled()
            await desk.clerk.tab_to(picking.sure)
            await desk.clerk.press(Key.Key_Space)
            await desk.confirm(picking)
            queue = await desk.see(QueueDialog)
            await desk.until("both charges", lambda: [r.state for r in queue.sheet.rows.rows] == [RowState.CHARGED] * 2)
            await desk.leave()
            charged = await desk.charges()
            assert sorted(Decimal(row["amount"]) for row in charged) == [Decimal("80.50"), Decimal("120.00")]
            assert max(Counter(row["reference"] for row in charged).values()) == 1
            await desk.clerk.press(Key.Key_F5)
            await desk.until("the day read anew", lambda: audit.complete and len(audit.entries) == 3)
            assert audit.totals[0].net.amount.minor == before + 20_050
            await check_filter(desk, audit)
            await check_board_and_print(desk, audit)
            await check_files(desk, audit, tmp_path)

    run(story())


async def check_filter(desk: AtDesk, audit: AuditFlow) -> None:
    """Words narrow the rows, and the totals with them; without words the whole day stands there again."""
    view, whole = desk.screen.audit, audit.totals
    ours = next(entry for entry in audit.entries if entry.amount.minor == 8_050)
    await desk.clerk.tab_to(view.filters.box)
    await desk.clerk.type_over(ours.reference)
    await desk.until("one row", lambda: list(view.day_sheet.rows.rows) == [ours])
    assert [totals.net.amount for totals in audit.totals] == [ours.amount]
    await desk.clerk.press(Key.Key_A, CONTROL)
    await desk.clerk.press(Key.Key_Delete)
    await desk.until("the whole day again", lambda: list(view.day_sheet.rows.rows) == list(audit.entries))
    assert audit.totals == whole


async def check_board_and_print(desk: AtDesk, audit: AuditFlow) -> None:
    """The virtual cards stand beside their stays; papers are printed from every page, where there is a printer."""
    view = desk.screen.audit
    view.tabs.chosen.emit(VIRTUAL)
    await desk.until("virtual cards", lambda: view.virtual_sheet.rows.rowCount() > 0)
    assert all(row.card.virtual and row.guess is not None for row in view.virtual_sheet.rows.rows)
    for page in (MATTERS, PAYMENTS):
        view.tabs.chosen.emit(page)
        await desk.until("the page", lambda: audit._reading is not None and audit._reading.done())
        await desk.clerk.press(Key.Key_F9)
        await desk.says("This computer has no printer. Export it as PDF.")


def _written(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


async def check_files(desk: AtDesk, audit: AuditFlow, folder: Path) -> None:
    """The files for the morning hold what the page shows."""
    names = {"csv": "day.csv", "report": "day.pdf", "handover": "handover.pdf"}
    for what, name in names.items():
        audit.export(what, folder / name)
        await desk.until(name, partial(_written, folder / name))
    text = (folder / "day.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert sum(Decimal(row["Amount"]) for row in rows if row["Counted"] == "yes") == Decimal("650.50")
    assert {row["Taken by"] for row in rows} == {"", WREN.name}
    assert (folder / "day.pdf").read_bytes().startswith(b"%PDF")
    # Half a day is no report.
    audit._complete = False
    audit.export("csv", folder / "half.csv")
    await desk.says("Nothing was saved")
    assert not (folder / "half.csv").exists()


def test_a_clerk_cannot_confirm_a_batch(sandbox: Hotel, run: CoroutineRunner, tmp_path: Path) -> None:
    async def story() -> None:
        async with AtDesk(sandbox, tmp_path, operator=POPPY) as desk:
            await audit_of(desk)
            await desk.clerk.press(Key.Key_F2)
            picking = await desk.see(PickDialog)
            await desk.clerk.tab_to(picking.amount.editor)
            await desk.clerk.type_over("120.00")
            await desk.confirm(picking)
            await desk.clerk.tab_to(picking.sure)
            await desk.clerk.press(Key.Key_Space)
            await desk.confirm(picking)
            await desk.says("Your role does not allow this", of=picking)
            await desk.escape()
            assert await desk.charges() == []

    run(story())
