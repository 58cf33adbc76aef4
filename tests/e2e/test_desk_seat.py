"""The seat in the real window: a limit met, a second person's approval, the lock, and somebody else at the desk."""

import functools
from dataclasses import replace
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import Qt

from deskpay.app.head_compared import compared
from deskpay.app.os_account import os_account
from deskpay.domain.environment import Environment
from deskpay.domain.errors import JournalCorrupt
from deskpay.domain.operator import Operator, Role
from deskpay.domain.security import SecurityKind
from deskpay.journal.looking import look
from deskpay.services.training_staff import STAFF, TRAINING_PIN, TrainingRoster
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.refund_dialog import RefundDialog
from deskpay.ui.staff.approval_dialog import ApprovalDialog
from deskpay.ui.staff.seat_flow import SeatFlow
from deskpay.ui.staff.sign_in_page import SignInPage
from deskpay.ui.staff.staff_dialog import StaffDialog
from deskpay.ui.theme import Scheme, tokens
from tests.e2e.desk_stage import ALT, CONTROL, AtDesk, Key
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

POPPY, JASPER, WREN, EDMUND, HATTIE = STAFF
WRONG = "999999"


def chosen(dialog: ApprovalDialog) -> list[str]:
    """Ids of those who may approve."""
    editor = dialog.who.editor
    return [str(editor.itemData(row)) for row in range(editor.count())]


async def begin_refund(desk: AtDesk, amount: str) -> RefundDialog:
    """Fill in a refund of the guest's first payment."""
    dialog = await desk.ask(Key.Key_F8, RefundDialog)
    await desk.clerk.tab_to(dialog.share_choice)
    await desk.clerk.press(Key.Key_Right)
    await desk.clerk.tab_to(dialog.amount.editor)
    await desk.clerk.type_over(amount)
    await desk.clerk.tab_to(dialog.cause.editor)
    await desk.clerk.press(Key.Key_Down)
    await desk.clerk.tab_to(dialog.story.editor)
    await desk.clerk.write("Heating failed")
    return dialog


def says(page: SignInPage, words: str) -> bool:
    """Whether `words` stand below the name."""
    return words in page.said


async def sign_in(desk: AtDesk, pin: str, *, by: Qt.Key | None = None) -> None:
    """Type a PIN on the page of the free seat, after choosing somebody by Alt and a digit."""
    page = desk.window.sign_in
    await desk.until("the people", lambda: len(page.names) == len(STAFF) and page.pad.isEnabled())
    if by is not None:
        await desk.clerk.press(Key.Key_O, CONTROL)
        await desk.clerk.press(by, ALT)
    await desk.clerk.write(pin)


def seat_of(desk: AtDesk) -> SeatFlow:
    assert desk.program.seat is not None
    return desk.program.seat


def at_the_desk(desk: AtDesk) -> Operator | None:
    assert desk.program.open is not None
    return desk.program.open.front.desk.seat.taken_by


def test_beyond_a_limit_a_second_person_signs_in_place(sandbox: Hotel, run: CoroutineRunner, tmp_path: Path) -> None:
    async def story() -> None:
        async with AtDesk(sandbox, tmp_path, operator=POPPY) as desk:
            # A charge above two thousand pounds.
            charge = await desk.charging("pepperwick", "2100.00")
            await desk.confirm(charge)
            approval = await desk.see(ApprovalDialog)
            assert chosen(approval) == [WREN.id, EDMUND.id, HATTIE.id]
            await desk.says("more than £2,000.00", "In training every PIN is 123456")
            await desk.clerk.write(WRONG)
            await desk.confirm(approval)
            await desk.says("not right")
            assert await desk.charges() == []
            await desk.escape()
            assert await desk.see(ChargeDialog) is charge
            await desk.confirm(charge)
            approval = await desk.see(ApprovalDialog)
            await desk.clerk.write(TRAINING_PIN)
            await desk.confirm(approval)
            await desk.outcome("£2,100.00")
            await desk.leave()
            (act,) = await desk.acts()
            assert act.events[0].people == ("Poppy Inkwell", "Wren Copperpot")
            # Any refund at all; the auditor's limit is 150 pounds, so she may not approve this one.
            await desk.confirm(await begin_refund(desk, "151.00"))
            approval = await desk.see(ApprovalDialog)
            assert chosen(approval) == [EDMUND.id, HATTIE.id]
            await desk.says("Poppy Inkwell may not give money back alone")
            await desk.clerk.write(TRAINING_PIN)
            await desk.confirm(approval)
            await desk.outcome("£151.00")
            await desk.leave()
        assert len(await desk.charges()) == 1
        assert len((await desk.ledger())["refunds"]) == 1

    run(story())


def test_locking_drops_every_guest_and_another_person_goes_on(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path
) -> None:
    async def story() -> None:
        async with AtDesk(sandbox, tmp_path, operator=POPPY) as desk:
            flow = desk.program.flow
            assert flow is not None
            await desk.charging("pepperwick", "10.00")
            dialogs = desk.clerk.in_front
            assert isinstance(dialogs, ChargeDialog)
            seat_of(desk).lock()
            await desk.clerk.back_at_the_window()
            page = desk.window.sign_in
            await desk.until("the page of the free seat", page.isVisible)
            assert at_the_desk(desk) is None
            assert page.locked
            assert (flow._file, flow._guest, flow._kept, len(flow._reader.people)) == (None, None, {}, 0)
            assert "epperwick" not in desk.read(desk.screen)
            assert desk.guests() == []
            await desk.clerk.press(Key.Key_F2)
            assert desk.clerk.in_front is desk.window
            # Five wrong PINs close the account; somebody else may still sit down.
            for left in ("4 tries left", "3 tries left", "2 tries left", "1 try left", "until"):
                await sign_in(desk, WRONG)
                await desk.until(left, functools.partial(says, page, left))
            await sign_in(desk, TRAINING_PIN)
            await desk.until("the answer", page.pad.isEnabled)
            assert at_the_desk(desk) is None
            await sign_in(desk, TRAINING_PIN, by=Key.Key_2)
            await desk.until("the lists of guests", lambda: desk.screen.isVisible() and bool(desk.guests()))
            assert at_the_desk(desk) == JASPER
            assert "Jasper Mugglewood" in desk.read(desk.screen.header)
            # Ctrl+O hands the desk over.
            await desk.clerk.press(Key.Key_O, CONTROL)
            await sign_in(desk, TRAINING_PIN, by=Key.Key_5)
            await desk.until("the next person", lambda: at_the_desk(desk) == HATTIE)

    run(story())


def test_a_desk_that_nobody_touches_locks_itself(sandbox: Hotel, run: CoroutineRunner, tmp_path: Path) -> None:
    async def story() -> None:
        share = tmp_path / "share"
        share.mkdir()
        async with AtDesk(sandbox, tmp_path, operator=None, lock_after_min=0.02, head_folder=str(share)) as desk:
            await sign_in(desk, TRAINING_PIN, by=Key.Key_4)
            await desk.until("the desk", lambda: at_the_desk(desk) == EDMUND)
            await desk.until("the lock", lambda: desk.window.sign_in.locked and at_the_desk(desk) is None)
            assert desk.program.open is not None
            staff = desk.program.open.staff
            await desk.until("the head on the share", lambda: [*share.glob("*.json")] != [])
            kinds = [event.kind.value for event in await staff.events()]
            assert kinds[:2] == ["signed_in", "locked_idle"]
            journal = desk.program.open.journal
        assert isinstance(journal, Path)
        heads = [compared(file, [(journal, look(journal))]) for file in share.iterdir()]
        assert [found.wrong for found in heads] == [(), ()], "one when the desk was locked, one when it was closed"

    run(story())


def test_a_manager_adds_somebody_who_signs_in(sandbox: Hotel, run: CoroutineRunner, tmp_path: Path) -> None:
    async def story() -> None:
        async with AtDesk(sandbox, tmp_path, operator=HATTIE) as desk:
            await desk.clerk.press(Key.Key_Comma, CONTROL)
            dialog = await desk.see(StaffDialog)
            for line, text in ((dialog.name, "poppy INKWELL"), (dialog.secret, "135724"), (dialog.again, "135724")):
                await desk.clerk.tab_to(line.editor)
                await desk.clerk.write(text)
            await desk.confirm(dialog)
            await desk.says("Somebody here has this name already.")
            await desk.clerk.tab_to(dialog.name.editor)
            await desk.clerk.type_over("Isolde Vane")
            await desk.confirm(dialog)
            await desk.says("Isolde Vane works here from now on.")
            ended = await desk.see(StaffDialog)
            ended.who.set_current(JASPER.id)
            ended._on_chosen()
            ended.ended.setChecked(True)
            await desk.confirm(ended)
            await desk.says("Saved.")
            await desk.leave()
            page = desk.window.sign_in
            await desk.clerk.press(Key.Key_O, CONTROL)
            await desk.until("the people", lambda: page.names[-1:] == ["Isolde Vane"] and page.pad.isEnabled())
            assert "Jasper Mugglewood" not in page.names
            await desk.clerk.press(Key.Key_5, ALT)
            await desk.clerk.write("135724")
            await desk.until("the new one", lambda: getattr(at_the_desk(desk), "name", "") == "Isolde Vane")
            # Whoever is no manager renews their own PIN and sees nobody else.
            await desk.clerk.press(Key.Key_Comma, CONTROL)
            own = await desk.see(StaffDialog)
            assert own.who.editor.count() == 1
            await desk.leave()

    run(story())


def test_settings_that_hold_at_once_do(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path))

    async def story() -> None:
        async with AtDesk(sandbox, tmp_path, operator=HATTIE) as desk:
            rows = desk.screen.settings.rows
            await desk.clerk.press(Key.Key_5, CONTROL)
            await desk.until("the settings", lambda: bool(rows["appearance"].text))
            await choose(desk, "appearance", "Dark")
            assert tokens().scheme is Scheme.DARK
            await choose(desk, "appearance", "Light")
            assert tokens().scheme is Scheme.LIGHT
            await choose(desk, "lock_after_min", "after 1 min")
            assert seat_of(desk)._lock_after_s == 60

    run(story())
    written = (tmp_path / "settings.toml").read_text(encoding="utf-8")
    assert written.splitlines() == ['appearance = "light"', "lock_after_min = 1"]


def test_a_limit_that_a_manager_sets_meets_the_next_person_and_the_next_start(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path
) -> None:
    async def asks_above_fifty(desk: AtDesk) -> None:
        await desk.confirm(await desk.charging("pepperwick", "50.01"))
        await desk.see(ApprovalDialog)
        await desk.says("more than £50.00")
        await desk.escape()
        await desk.see(ChargeDialog)
        await desk.leave()

    async def story() -> None:
        async with AtDesk(sandbox, tmp_path, operator=HATTIE) as desk:
            editor = desk.screen.settings.limit
            await desk.clerk.press(Key.Key_5, CONTROL)
            await desk.until("the limits", lambda: bool(editor.amounts))
            desk.screen.settings.entries["rules"].click()
            pounds = next(line for currency, line in editor.amounts.items() if currency.code == "GBP")
            await desk.clerk.tab_to(pounds.editor)
            await desk.clerk.type_over("50")
            await desk.clerk.tab_to(editor.button)
            await desk.clerk.press(Key.Key_Space)
            await desk.until("the limit to hold", lambda: editor.hint.text.startswith("Saved."))
            await desk.clerk.press(Key.Key_O, CONTROL)
            await sign_in(desk, TRAINING_PIN, by=Key.Key_1)
            await desk.until("the clerk", lambda: at_the_desk(desk) == POPPY and desk.screen.guests.state == "guests")
            await asks_above_fifty(desk)
            assert desk.program.open is not None
            (event,) = [one for one in await desk.program.open.staff.events() if one.kind is SecurityKind.LIMIT_SET]
            assert (event.operator, event.subject) == (HATTIE.name, "clerk charge")
            assert event.detail == "EUR 2000.00, GBP 2000.00 → EUR 2000.00, GBP 50.00"
        async with AtDesk(sandbox, tmp_path, operator=POPPY) as desk:
            await asks_above_fifty(desk)
        assert await desk.charges() == []

    async def open_again() -> None:
        async with AtDesk(sandbox, tmp_path, operator=POPPY):
            pass

    run(story())
    (kept,) = tmp_path.rglob("*.limits")
    kept.write_text(kept.read_text(encoding="utf-8").replace("5000", "900000"), encoding="utf-8")
    with pytest.raises(JournalCorrupt):
        run(open_again())


async def choose(desk: AtDesk, name: str, words: str) -> None:
    """Choose a value of a setting, and wait until it was saved."""
    row = desk.screen.settings.rows[name]
    row.hint.say("")
    row.choice.setCurrentText(words)
    row.choice.activated.emit(row.choice.currentIndex())
    await desk.until(f"{name} to be saved", lambda: row.hint.text == "Saved.")


def test_an_inspected_connection_is_named_and_goes_on_record(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def somebody(host: str) -> str:
        asked.append(host)
        return "Sherry and Partners"

    monkeypatch.setattr("deskpay.gateways.inspection.inspected_by", somebody)
    monkeypatch.setattr("deskpay.app.desk.HOSTS", {Environment.TRAINING: "api.mews.com"})

    async def story() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            assert asked == [], "nobody looks into what stays on this computer"
            assert desk.program.open is not None
            await desk.program._name_inspection(desk.program.open)
            assert "Inspected by Sherry and Partners" in desk.screen.status.text
            event = (await desk.program.open.staff.events())[-1]
            assert (event.kind, event.subject, event.detail) == (
                SecurityKind.INSPECTED,
                "api.mews.com",
                "Sherry and Partners",
            )

    run(story())
    assert asked == ["api.mews.com"]


def test_somebody_known_by_their_account_sits_as_a_clerk_until_they_type_their_pin(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = TrainingRoster()
    [hattie] = [account for account in run(roster.accounts()) if account.operator == HATTIE]
    run(roster.keep(replace(hattie, operator=replace(HATTIE, account=os_account()))))
    monkeypatch.setattr("deskpay.app.assemble.TrainingRoster", lambda: roster)

    async def story() -> None:
        async with AtDesk(sandbox, tmp_path, operator=None, sign_in_by_account=True) as desk:
            await desk.until("the desk", lambda: desk.screen.isVisible() and bool(desk.guests()))
            assert at_the_desk(desk) == replace(HATTIE, account=os_account(), role=Role.CLERK)
            await desk.clerk.press(Key.Key_Comma, CONTROL)
            own = await desk.see(StaffDialog)
            assert own.who.editor.count() == 1, "a clerk sees nobody else's account"
            await desk.leave()
            await desk.clerk.press(Key.Key_L, CONTROL)
            await sign_in(desk, TRAINING_PIN)
            await desk.until("the manager", lambda: at_the_desk(desk) == replace(HATTIE, account=os_account()))
            await desk.clerk.press(Key.Key_Comma, CONTROL)
            people = await desk.see(StaffDialog)
            people.who.set_current(POPPY.id)
            people._on_chosen()
            await desk.clerk.tab_to(people.account.editor)
            await desk.clerk.write(os_account())
            await desk.confirm(people)
            await desk.says("Somebody else here is known by this account.")
            await desk.clerk.type_over("poppy")
            await desk.confirm(people)
            await desk.says("Saved.")

    run(story())
    known = [account.operator for account in run(roster.accounts()) if account.operator.account]
    assert [(person.name, person.account) for person in known] == [
        ("Poppy Inkwell", "poppy"),
        ("Hattie Quince-Marlow", os_account()),
    ]
