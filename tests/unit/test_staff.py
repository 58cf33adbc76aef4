"""Proving who somebody is, and keeping the list: tries that count, files that show another hand."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from deskpay.domain.errors import (
    DeskPayError,
    Field,
    InputProblem,
    InputRefused,
    JournalCorrupt,
    JournalTooNew,
    JournalUnavailable,
    NotYourRight,
    SignInProblem,
    SignInRefused,
)
from deskpay.domain.operator import LOCKED_FOR, MOST_TRIES, Account, Operator, Role, Rules
from deskpay.domain.secret import check_secret
from deskpay.domain.security import SecurityEvent, SecurityKind
from deskpay.gateways.secret_hash import Argon2Hasher
from deskpay.journal import seal as sealing
from deskpay.journal.roster import FileRoster
from deskpay.journal.seal import Seal, read_sealed, write_sealed
from deskpay.journal.security import FileSecurityLog
from deskpay.services.seat import Proven, Seat
from deskpay.services.staff import Staff
from deskpay.services.training_staff import STAFF, TRAINING_PIN, TrainingRoster
from tests.kit.fake_desk import VirtualTime
from tests.kit.intents import NOW
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.seats import MemoryLog, MemoryRoster, QuickHasher, somebody

PIN = "135724"
SIGN_IN = SecurityKind.SIGNED_IN


@dataclass(eq=False)
class House:
    """A hotel's people in memory."""

    clock: VirtualTime
    roster: MemoryRoster = field(default_factory=MemoryRoster)
    log: MemoryLog = field(default_factory=MemoryLog)

    @property
    def staff(self) -> Staff:
        """As a fresh start of the program sees them."""
        return Staff(self.roster, QuickHasher(), self.log, self.clock)

    async def manager(self) -> Operator:
        """Add the first."""
        return await self.staff.begin(" Hattie  Quince ", PIN, by_password=False)


@pytest.fixture
def house(run_virtual: VirtualRunner) -> House:
    return House(VirtualTime(run_virtual.clock))


async def problem_of(staff: Staff, operator_id: str, secret: str) -> SignInRefused:
    with pytest.raises(SignInRefused) as caught:
        await staff.prove(operator_id, secret, SIGN_IN)
    return caught.value


def test_five_wrong_secrets_lock_an_account_for_half_an_hour(house: House, run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        hattie = await house.manager()
        for left in range(MOST_TRIES - 1, 0, -1):
            # Each try on a fresh start: ending the program wins nothing.
            refusal = await problem_of(house.staff, hattie.id, "000000")
            assert (refusal.problem, refusal.tries_left) == (SignInProblem.WRONG, left)
        refusal = await problem_of(house.staff, hattie.id, "000000")
        assert refusal.problem is SignInProblem.LOCKED
        assert refusal.until_utc == house.clock.now() + LOCKED_FOR
        assert (await problem_of(house.staff, hattie.id, PIN)).problem is SignInProblem.LOCKED
        await asyncio.sleep(LOCKED_FOR.total_seconds())
        assert (await problem_of(house.staff, hattie.id, "000000")).tries_left == MOST_TRIES - 1
        proven = await house.staff.prove(hattie.id, PIN, SIGN_IN)
        assert proven == Proven(hattie, house.clock.monotonic_s())
        assert (await problem_of(house.staff, hattie.id, "000000")).tries_left == MOST_TRIES - 1

    run_virtual(story(), timeout_s=2 * LOCKED_FOR.total_seconds())
    kinds = [event.kind for event in run_virtual(house.staff.events())]
    assert kinds.count(SecurityKind.LOCKED_OUT) == 1
    assert kinds.count(SIGN_IN) == 1
    assert kinds.count(SecurityKind.REFUSED) == MOST_TRIES + 2
    assert PIN not in str(house.log.noted) + str(house.roster.kept) + repr(house.roster)


def test_a_clock_set_forward_opens_no_locked_account(house: House, run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        hattie = await house.manager()
        hotels_time = house.clock.now()
        staff = Staff(house.roster, QuickHasher(), house.log, house.clock, lambda: hotels_time)
        for _ in range(MOST_TRIES):
            await problem_of(staff, hattie.id, "000000")
        await asyncio.sleep(2 * LOCKED_FOR.total_seconds())  # on this computer's clock alone
        assert (await problem_of(staff, hattie.id, PIN)).problem is SignInProblem.LOCKED
        hotels_time += LOCKED_FOR
        assert (await staff.prove(hattie.id, PIN, SIGN_IN)).operator == hattie

    run_virtual(story(), timeout_s=3 * LOCKED_FOR.total_seconds())


def test_tries_at_once_count_each(house: House, run_virtual: VirtualRunner) -> None:
    async def story() -> list[BaseException | Proven]:
        hattie = await house.manager()
        staff = house.staff
        tries = (staff.prove(hattie.id, "000000", SIGN_IN) for _ in range(MOST_TRIES))
        return await asyncio.gather(*tries, staff.prove(hattie.id, PIN, SIGN_IN), return_exceptions=True)

    *_, last = run_virtual(story())
    assert isinstance(last, SignInRefused)
    assert last.problem is SignInProblem.LOCKED


def test_the_list_is_the_managers(house: House, run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        hattie = await house.manager()
        assert hattie.name == "Hattie Quince"
        staff, seat = house.staff, Seat(Rules(), house.clock, hattie)
        with pytest.raises(InputRefused):
            await staff.begin("Another", PIN, by_password=False)
        poppy = await staff.add(seat, "Poppy", Role.CLERK, "a long password", by_password=True)
        with pytest.raises(InputRefused) as taken:
            await staff.add(seat, " poppy ", Role.CLERK, PIN, by_password=False)
        assert (taken.value.field, taken.value.problem) == (Field.NAME, InputProblem.TAKEN)
        assert [person.name for person in await staff.people()] == ["Hattie Quince", "Poppy"]
        supervisor = await staff.change(seat, poppy.id, Role.SUPERVISOR)
        assert supervisor == replace(poppy, role=Role.SUPERVISOR)
        with pytest.raises(InputRefused):
            await staff.change(seat, hattie.id, Role.CLERK)
        await staff.change(seat, poppy.id, Role.CLERK, active=False)
        assert [person.name for person in await staff.people()] == ["Hattie Quince"]
        assert (await problem_of(staff, poppy.id, "a long password")).problem is SignInProblem.GONE
        await staff.change(seat, poppy.id, Role.CLERK)
        await staff.set_secret(seat, poppy.id, "246801", by_password=False)
        mine = Seat(Rules(), house.clock, (await staff.prove(poppy.id, "246801", SIGN_IN)).operator)
        await staff.set_secret(mine, poppy.id, "864209", by_password=False)
        for forbidden in (
            staff.add(mine, "Wren", Role.CLERK, PIN, by_password=False),
            staff.change(mine, hattie.id, Role.CLERK),
            staff.set_secret(mine, hattie.id, PIN, by_password=False),
        ):
            with pytest.raises(NotYourRight):
                await forbidden

    run_virtual(story())


def test_whoever_removes_the_list_is_no_manager(house: House, run_virtual: VirtualRunner) -> None:
    async def story() -> None:
        await house.manager()
        house.roster.kept.clear()
        with pytest.raises(JournalCorrupt):
            await house.manager()

    run_virtual(story())


@pytest.mark.parametrize(
    ("secret", "by_password", "problem"),
    [
        ("", False, InputProblem.EMPTY),
        ("", True, InputProblem.EMPTY),
        ("12345", False, InputProblem.BAD_FORM),
        ("1357924", False, InputProblem.BAD_FORM),
        ("13579a", False, InputProblem.BAD_FORM),
        ("١٣٥٧٢٤", False, InputProblem.BAD_FORM),
        ("111111", False, InputProblem.GUESSED),
        (TRAINING_PIN, False, InputProblem.GUESSED),
        ("987654", False, InputProblem.GUESSED),
        ("elevenchars", True, InputProblem.TOO_SHORT),
        ("x" * 129, True, InputProblem.TOO_LONG),
        ("121212", False, None),
        ("246802", False, None),
        ("twelve chars", True, None),
    ],
)
def test_what_may_be_a_secret(secret: str, by_password: bool, problem: InputProblem | None) -> None:
    if problem is None:
        assert check_secret(secret, by_password=by_password) == secret
        return
    with pytest.raises(InputRefused) as caught:
        check_secret(secret, by_password=by_password)
    assert (caught.value.field, caught.value.problem) == (Field.SECRET, problem)


def test_the_people_of_training_sign_in_with_the_public_pin(run_plain: CoroutineRunner) -> None:
    async def story() -> None:
        roster, hasher = TrainingRoster(), Argon2Hasher()
        first, *_ = await roster.accounts()
        assert [account.operator for account in await roster.accounts()] == list(STAFF)
        assert await hasher.fits(first.secret_hash, TRAINING_PIN)
        assert not await hasher.fits(first.secret_hash, "123457")
        assert not await hasher.fits("no hash", TRAINING_PIN)
        await roster.keep(first.failed(NOW))
        assert (await roster.accounts())[0].failures == 1
        kept = await hasher.hashed("x")
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")

    run_plain(story())


# The files

ACCOUNT = Account(somebody("Poppy"), "$argon2id$…")


def test_the_roster_is_kept_in_its_file(tmp_path: Path, run_plain: CoroutineRunner) -> None:
    async def story() -> None:
        path, seal = tmp_path / "house" / "x.operators", Seal(b"key")
        roster = FileRoster(path, seal)
        assert list(await roster.accounts()) == []
        locked = replace(ACCOUNT, operator=somebody("Wren", Role.AUDITOR), locked_until_utc=NOW)
        for account in (ACCOUNT, locked, replace(ACCOUNT, failures=2)):
            await roster.keep(account)
        assert list(await FileRoster(path, seal).accounts()) == [replace(ACCOUNT, failures=2), locked]
        assert path.stat().st_mode & 0o777 == 0o600
        write_sealed(path, {"version": 2}, seal)
        with pytest.raises(JournalTooNew):
            await roster.accounts()
        torn: list[object] = [{}, {"version": 1, "accounts": [{}]}, [], {"version": 1, "accounts": [{"id": 1}]}]
        for nonsense in torn:
            write_sealed(path, nonsense, seal)
            with pytest.raises(JournalCorrupt):
                await roster.accounts()

    run_plain(story())


EVENT = SecurityEvent(NOW, SIGN_IN, "Poppy", "DP-AAAA-0001", "said\nso")


@pytest.mark.parametrize("key", [b"", b"key"])
@pytest.mark.parametrize("kind", ["roster", "log"])
def test_a_file_that_another_hand_changed_is_believed_no_more(
    tmp_path: Path, run_plain: CoroutineRunner, kind: str, key: bytes
) -> None:
    path = tmp_path / "file"

    async def write() -> None:
        if kind == "roster":
            await FileRoster(path, Seal(key)).keep(ACCOUNT)
        else:
            log = FileSecurityLog(path, Seal(key))
            for _ in range(3):
                await log.note(EVENT)

    async def read() -> object:
        if kind == "roster":
            return await FileRoster(path, Seal(key)).accounts()
        return await FileSecurityLog(path, Seal(key)).events()

    run_plain(write())
    run_plain(read())
    whole = path.read_bytes()
    changes: list[Callable[[bytes], bytes]] = [
        lambda text: text.replace(b"Poppy", b"Popsy", 1),
        lambda text: text.replace(b"\n", b"\xff", 1),
        lambda text: b"\n".join(text.splitlines()[1:]) + b"\n",
        lambda text: b"x" + text,
    ]
    for change in changes:
        path.write_bytes(change(whole))
        with pytest.raises(JournalCorrupt):
            run_plain(read())
    path.write_bytes(whole)
    run_plain(read())


def test_the_record_grows_and_forgets_only_a_line_that_was_broken_off(
    tmp_path: Path, run_plain: CoroutineRunner
) -> None:
    path, seal = tmp_path / "house" / "x.security", Seal(b"key")

    async def story() -> None:
        log = FileSecurityLog(path, seal)
        assert list(await log.events()) == []
        assert await log.head() == (0, "")
        await log.note(EVENT)
        head = await log.head()
        assert head[0] == 1
        with path.open("ab") as file:
            file.write(b"torn off in the mid")
        later = replace(EVENT, at_utc=NOW + timedelta(seconds=1), kind=SecurityKind.LEFT)
        again = FileSecurityLog(path, seal)
        await again.note(later)
        assert list(await again.events()) == [EVENT, later]
        assert await again.head() != head
        body = '["2026-11-20T09:14:00+00:00","unheard_of","Poppy","",""]'
        with path.open("a", encoding="utf-8") as file:
            file.write(seal.of(f"{(await again.head())[1]}\n{body}") + f" {body}\n")
        with pytest.raises(JournalTooNew):
            await again.events()

    run_plain(story())


def test_a_folder_that_takes_nothing_is_said(
    tmp_path: Path, run_plain: CoroutineRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = tmp_path / "wall"
    wall.write_text("no folder", encoding="utf-8")

    async def said(asking: Callable[[], object]) -> type[DeskPayError]:
        with pytest.raises(JournalUnavailable) as caught:
            await asking()  # type: ignore[misc]  # each is a coroutine
        return caught.type

    run_plain(said(lambda: FileRoster(wall / "x", Seal()).keep(ACCOUNT)))
    run_plain(said(lambda: FileSecurityLog(wall / "x", Seal()).note(EVENT)))
    with pytest.raises(JournalUnavailable):
        write_sealed(wall / "x", [1], Seal())

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    log = FileSecurityLog(tmp_path / "log", Seal())
    monkeypatch.setattr(os, "fsync", full)
    run_plain(said(lambda: log.note(EVENT)))
    monkeypatch.undo()
    run_plain(log.note(EVENT))
    assert len(run_plain(log.events())) == 2

    def locked(*_names: object, **_how: object) -> str:
        raise PermissionError(13, "Permission denied")

    write_sealed(tmp_path / "sealed", [1], Seal())
    monkeypatch.setattr(Path, "read_text", locked)
    with pytest.raises(JournalUnavailable):
        read_sealed(tmp_path / "sealed", Seal())
    run_plain(said(log.events))


def test_what_is_sealed_but_no_json_is_corrupt(tmp_path: Path) -> None:
    path, seal = tmp_path / "file", Seal(b"key")
    path.write_text(f"no json\n{seal.of('no json')}\n", encoding="utf-8")
    with pytest.raises(JournalCorrupt):
        read_sealed(path, seal)
    assert sealing.read_sealed(tmp_path / "none", seal) is None
