"""Changing what a desk sets for itself: who may, what goes on record, and what becomes of its file."""

import dataclasses
from pathlib import Path

import platformdirs
import pytest

from deskpay.app.own_settings import SHOWN, FileSettings
from deskpay.domain.errors import Field, InputProblem, InputRefused, NotSignedIn, NotYourRight, SettingsUnusable
from deskpay.domain.operator import Role, Rules
from deskpay.domain.security import SecurityKind
from deskpay.fleet_policy import FleetPolicy
from deskpay.services.change_setting import Setting, Source, change_setting, may_change
from deskpay.services.seat import Seat
from deskpay.services.staff import Staff
from deskpay.settings import Settings, read_settings
from deskpay.ui.settings.words import setting_words
from tests.kit.fake_desk import VirtualTime
from tests.kit.loops import CoroutineRunner, VirtualRunner
from tests.kit.seats import MemoryLog, MemoryRoster, MemorySettings, QuickHasher, somebody

LOOK = Setting("appearance", "light", Source.DEFAULT)
DESK = Setting("desk_id", "bar", Source.FILE)
LOCK = Setting("lock_after_min", "5", Source.POLICY)


@dataclasses.dataclass(eq=False)
class Desk:
    """A seat, its people's record, and three settings."""

    seat: Seat
    log: MemoryLog
    staff: Staff
    own: MemorySettings


def desk_of(run: VirtualRunner, role: Role | None) -> Desk:
    clock, log = VirtualTime(run.clock), MemoryLog()
    seat = Seat(Rules(), clock, None if role is None else somebody("Hattie", role))
    return Desk(seat, log, Staff(MemoryRoster(), QuickHasher(), log, clock), MemorySettings([LOOK, DESK, LOCK]))


def change(run: VirtualRunner, desk: Desk, name: str, written: str) -> None:
    run(change_setting(desk.seat, desk.staff, desk.own, name, written))


def test_a_manager_changes_it_and_the_record_tells_before_and_after(run_virtual: VirtualRunner) -> None:
    desk = desk_of(run_virtual, Role.MANAGER)
    change(run_virtual, desk, "desk_id", " lobby ")
    assert desk.own.kept == [LOOK, dataclasses.replace(DESK, value="lobby"), LOCK]
    change(run_virtual, desk, "desk_id", "lobby")
    assert [(event.kind, event.operator, event.subject, event.detail) for event in desk.log.noted] == [
        (SecurityKind.SETTING_CHANGED, "Hattie", "desk_id", "bar → lobby")
    ]


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR, Role.AUDITOR])
def test_others_change_the_look_alone(run_virtual: VirtualRunner, role: Role) -> None:
    desk = desk_of(run_virtual, role)
    assert [may_change(desk.seat, one) for one in desk.own.kept] == [True, False, False]
    change(run_virtual, desk, "appearance", "dark")
    with pytest.raises(NotYourRight):
        change(run_virtual, desk, "desk_id", "lobby")
    assert [one.value for one in desk.own.kept] == ["dark", "bar", "5"]


def test_nobody_changes_anything_from_an_empty_seat(run_virtual: VirtualRunner) -> None:
    desk = desk_of(run_virtual, None)
    assert not any(may_change(desk.seat, one) for one in desk.own.kept)
    with pytest.raises(NotSignedIn):
        change(run_virtual, desk, "appearance", "dark")
    assert not desk.log.noted


@pytest.mark.parametrize(
    ("name", "written", "problem"),
    [
        ("lock_after_min", "10", InputProblem.NOT_ALLOWED),
        ("unheard_of", "1", InputProblem.NOT_ALLOWED),
        ("desk_id", "", InputProblem.BAD_FORM),
        ("desk_id", "4242 4242 4242 4242", InputProblem.CARD_NUMBER),
    ],
)
def test_what_is_fixed_or_unfit_is_refused(
    run_virtual: VirtualRunner, name: str, written: str, problem: InputProblem
) -> None:
    desk = desk_of(run_virtual, Role.MANAGER)
    with pytest.raises(InputRefused) as caught:
        change(run_virtual, desk, name, written)
    assert (caught.value.field, caught.value.problem) == (Field.SETTING, problem)
    assert desk.own.kept == [LOOK, DESK, LOCK]
    assert not desk.log.noted


# The file


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the settings of this user lie; there are none yet."""
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path / "made"))
    for one in dataclasses.fields(Settings):
        monkeypatch.delenv(f"DESKPAY_{one.name.upper()}", raising=False)
    return tmp_path / "made" / "settings.toml"


def told(run: CoroutineRunner) -> dict[str, tuple[str, Source]]:
    return {one.name: (one.value, one.source) for one in run(FileSettings().all())}


def test_a_value_is_kept_and_everything_else_of_the_file_stays(run_plain: CoroutineRunner, file: Path) -> None:
    run_plain(FileSettings().keep("appearance", "dark"))
    assert file.read_text(encoding="utf-8") == 'appearance = "dark"\n'
    table = '# ours\n  desk_id = "bar"  # of the bar\nrequest_budget = 50\n\n[[virtual_cards]]\nname = "Expedia"\n'
    file.write_text(table, encoding="utf-8")
    run_plain(FileSettings().keep("desk_id", 'Ana\'s "desk" \\ é'))
    run_plain(FileSettings().keep("money_deadline_s", "45.5"))
    run_plain(FileSettings().keep("data_folder", "journals"))
    kept = read_settings()
    assert (kept.desk_id, kept.money_deadline_s, kept.data_folder) == ('Ana\'s "desk" \\ é', 45.5, Path("journals"))
    assert (kept.request_budget, kept.virtual_cards[0].name) == (50, "Expedia")
    assert file.read_text(encoding="utf-8").startswith("# ours\n")
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]


def test_every_shown_setting_says_where_it_comes_from(
    run_plain: CoroutineRunner, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.parent.mkdir()
    file.write_text('desk_id = "bar"\nlock_after_min = 2\n', encoding="utf-8")
    monkeypatch.setenv("DESKPAY_REQUEST_BUDGET", "20")
    policy = FleetPolicy(present=True, settings={"lock_after_min": 5})
    monkeypatch.setattr("deskpay.settings.read_policy", lambda: policy)
    shown = told(run_plain)
    assert shown["desk_id"] == ("bar", Source.FILE)
    assert shown["request_budget"] == ("20", Source.VARIABLE)
    assert shown["lock_after_min"] == ("5", Source.POLICY)
    assert shown["money_deadline_s"] == ("60", Source.DEFAULT)
    assert set(shown) == set(SHOWN) == set(setting_words())


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("lock_after_min", "16"),
        ("request_budget", "many"),
        ("appearance", "pink"),
        ("journal_address", "postgresql://ana:secret@server/deskpay"),
        ("unheard_of", "1"),
    ],
)
def test_the_file_takes_nothing_that_would_keep_deskpay_from_starting(
    run_plain: CoroutineRunner, file: Path, name: str, written: str
) -> None:
    with pytest.raises(InputRefused) as caught:
        run_plain(FileSettings().keep(name, written))
    assert caught.value.problem is InputProblem.BAD_FORM
    assert not file.exists()


@pytest.mark.parametrize("text", ["desk_id\n", 'x = """\ndesk_id = 1\n"""\n', "desk_id = '''\na'''\n"])
def test_a_file_that_cannot_be_changed_by_a_line_is_left_alone(
    run_plain: CoroutineRunner, file: Path, text: str
) -> None:
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsUnusable):
        run_plain(FileSettings().keep("desk_id", "lobby"))
    assert file.read_text(encoding="utf-8") == text


def test_a_spoilt_file_and_one_that_cannot_be_written_are_told(run_plain: CoroutineRunner, file: Path) -> None:
    file.parent.mkdir()
    file.write_text("desk_id\n", encoding="utf-8")
    with pytest.raises(SettingsUnusable):
        run_plain(FileSettings().all())
    file.unlink()
    file.with_name("settings.toml.new").mkdir()
    with pytest.raises(SettingsUnusable):
        run_plain(FileSettings().keep("desk_id", "lobby"))
    assert not file.exists()
