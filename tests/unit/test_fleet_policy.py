"""What is fixed for many desks: read whole or not at all, and above everything that a desk says."""

import os
import sys
from pathlib import Path

import pytest

from deskpay import fleet_policy
from deskpay.app.cli import main
from deskpay.domain.environment import Environment
from deskpay.domain.operator import Right, Role, Rules
from deskpay.fleet_policy import FleetPolicy, WrongPolicy, policy_place, read_policy
from deskpay.settings import WrongSettings, read_settings
from tests.kit.fake_hotel import TheHotel, pounds

WHOLE = """
version = 1
own_connections = false
card_entry = false
least_version = "1.4.10"

[settings]
lock_after_min = 5
desk_id = "front-1"

[[connections]]
environment = "live"
hotel_id = "3fa85f64"
name = "The Gilded Teapot Hotel"

[limits.clerk]
charge = { GBP = "1000.00", JPY = "99" }
refund = {}

[limits.auditor]
refund = { GBP = "150.009" }
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the policy lies, in a folder of this user, who stands in for the administrator."""
    folder = tmp_path / "policy"
    folder.mkdir(mode=0o755)
    path = folder / "policy.toml"
    monkeypatch.setattr(fleet_policy, "policy_place", lambda: path)
    monkeypatch.setattr(fleet_policy, "_TRUSTED", os.getuid())
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_, **__: str(tmp_path))
    return path


def write(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8")
    place.chmod(0o644)


def test_without_a_file_nothing_is_fixed(place: Path) -> None:
    assert read_policy() == FleetPolicy()
    assert not place.exists()


def test_a_whole_policy_is_read(place: Path) -> None:
    write(place, WHOLE)
    policy = read_policy()
    assert (policy.present, policy.own_connections, policy.card_entry) == (True, False, False)
    (hotel,) = policy.connections
    assert (hotel.environment, hotel.id, hotel.address) == (Environment.LIVE, "live-3fa85f64", "https://api.mews.com")
    rules = policy.rules(Rules(), TheHotel)
    charge, refund = rules.allowance(Role.CLERK, Right.CHARGE), rules.allowance(Role.AUDITOR, Right.REFUND)
    assert charge is not None
    assert refund is not None
    assert [charge.covers(pounds(minor)) for minor in (100_000, 100_001)] == [True, False]
    assert [refund.covers(pounds(minor)) for minor in (15_000, 15_001)] == [True, False]
    assert rules.allowance(Role.MANAGER, Right.REFUND) == Rules().allowance(Role.MANAGER, Right.REFUND)


def test_a_policy_says_how_old_deskpay_may_be(place: Path) -> None:
    write(place, WHOLE)
    policy = read_policy()
    told = {version: policy.is_met_by(version) for version in ("1.4.9", "1.4.10", "1.5.0", "0.99.0")}
    assert told == {"1.4.9": False, "1.4.10": True, "1.5.0": True, "0.99.0": False}
    assert FleetPolicy().is_met_by("0.0.1")


def test_the_policy_stands_above_file_and_variables(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(place, WHOLE)
    (place.parents[1] / "settings.toml").write_text('desk_id = "mine"\nlock_after_min = 15\n', encoding="utf-8")
    monkeypatch.setenv("DESKPAY_LOCK_AFTER_MIN", "14")
    monkeypatch.setenv("DESKPAY_POLICY", "none")
    kept = read_settings()
    assert (kept.desk_id, kept.lock_after_min, kept.policy.card_entry) == ("front-1", 5, False)
    write(place, "version = 1\n[settings]\nlock_after_min = 99\nmoon = 1\n")
    with pytest.raises(WrongSettings, match="lock_after_min, moon"):
        read_settings()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("version = 1\nmoon = 2\n", "unknown words: moon"),
        ("", "version is not 1"),
        ("version = 2\n", "version is not 1"),
        ("version = ", "no TOML"),
        ('version = 1\ncard_entry = "no"\n', "card_entry is neither"),
        ("version = 1\nleast_version = 2.0\n", "least_version is not written as"),
        ('version = 1\nleast_version = "2.0"\n', "least_version is not written as"),
        ("version = 1\nsettings = 2\n", "settings is no table"),
        ("version = 1\nconnections = 2\n", "connections is no list"),
        ("version = 1\nconnections = [2]\n", "number 1 is no table"),
        ('version = 1\n[[connections]]\nenvironment = "live"\n', "other words than"),
        (
            'version = 1\n[[connections]]\nenvironment = "training"\nhotel_id = "1"\nname = "x"\n',
            "neither live nor demo",
        ),
        ('version = 1\n[[connections]]\nenvironment = "live"\nhotel_id = "../1"\nname = "x"\n', "hotel_id is no id"),
        ('version = 1\n[[connections]]\nenvironment = "live"\nhotel_id = "1"\nname = ""\n', "name is no name"),
        (
            'version = 1\n[[connections]]\nenvironment="live"\nhotel_id="1"\nname="x"\naccess_token="t0p"\n',
            "other words",
        ),
        ("version = 1\n[limits.porter]\ncharge = {}\n", "limits.porter.charge names no role"),
        ("version = 1\n[limits.clerk]\nstaff = {}\n", "does not have that right"),
        ("version = 1\n[limits.clerk]\ncharge = 2\n", "limits.clerk.charge is no table"),
        ("version = 1\n[limits.clerk]\ncharge = { GBP = 10.5 }\n", "not written as"),
        ('version = 1\n[limits.clerk]\ncharge = { GBP = "ten" }\n', "not written as"),
        ('version = 1\n[limits.clerk]\ncharge = { GBP = "-1" }\n', "not written as"),
        ('version = 1\n[limits.clerk]\ncharge = { pounds = "1" }\n', "not written as"),
    ],
)
def test_half_a_policy_is_none(place: Path, text: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(place, text)
    with pytest.raises(WrongPolicy, match=why) as caught:
        read_policy()
    assert "t0p" not in str(caught.value)
    assert main(["demo"]) == 2
    assert why in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps this in access lists")
@pytest.mark.parametrize("what", ["file for the group", "file for others", "folder for others", "owner"])
def test_a_policy_that_users_can_write_is_not_believed(place: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(place, WHOLE)
    read_policy()
    if what == "owner":
        monkeypatch.setattr(fleet_policy, "_TRUSTED", os.getuid() + 1)
    elif what == "folder for others":
        place.parent.chmod(0o777)
    else:
        place.chmod(0o664 if "group" in what else 0o646)
    with pytest.raises(WrongPolicy, match="others than the administrator"):
        read_policy()


def test_a_policy_that_cannot_be_read_is_not_passed_over(place: Path) -> None:
    place.mkdir()
    with pytest.raises(WrongPolicy, match="cannot be read"):
        read_policy()


@pytest.mark.parametrize(
    ("platform", "end"),
    [
        ("linux", "/etc/deskpay/policy.toml"),
        ("darwin", "/Library/Application Support/DeskPay/policy.toml"),
        ("win32", "policy.toml"),
    ],
)
def test_every_system_has_a_place_of_its_own(platform: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert policy_place().as_posix().endswith(end)
