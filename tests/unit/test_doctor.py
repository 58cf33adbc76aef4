"""`deskpay doctor`: what it finds on a computer that is ready, and on one that is not. No money moves."""

import asyncio
import json
import os
import shutil
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from deskpay import __version__ as deskpay_version
from deskpay.app import doctor
from deskpay.app.connection import Connection
from deskpay.app.doctor import Finding, State
from deskpay.domain.intent import IntentState
from deskpay.fleet_policy import FleetPolicy
from deskpay.journal.store import open_store
from deskpay.settings import Settings
from tests.kit.hotel import Hotel
from tests.kit.intents import make_event, make_intent, make_record
from tests.kit.keyrings import MemoryKeyring
from tests.unit.test_app_cli import deskpay


def examined(hotel: Hotel, **changes: str) -> dict[str, Finding]:
    """What the doctor finds at a hotel, by the check's name."""
    tokens = {"client_token": hotel.client_token, "access_token": hotel.access_token, **changes}
    there = Connection(hotel.connector, hotel.fields, tokens["client_token"], tokens["access_token"], lasting=False)
    return {finding.name: finding for finding in asyncio.run(doctor.hotel(there, Settings()))}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal with one charge under way, closed again."""
    path = tmp_path / "training" / "hotel.sqlite"
    with closing(open_store(path)) as store:
        store.draft(make_record(make_intent(1)))
        store.append("intent-1", make_event(IntentState.SENDING))
    return path


def test_a_computer_that_is_ready_is_told_so_in_json(tmp_path: Path) -> None:
    done = deskpay("doctor", "--training", "--json", DESKPAY_DATA_FOLDER=str(tmp_path))
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"]) == (0, True), done.stdout
    states = {check["name"]: check["state"] for check in said["checks"]}
    for name in ("program", "settings", "room", "journal", "connection", "permissions", "clock"):
        assert states[name] == "ok", said
    # For root outside released builds the engine's sandbox is off, and the doctor says so.
    assert states["engine"] == ("warn" if os.geteuid() == 0 else "ok")
    assert list(tmp_path.iterdir()) == []


def test_without_a_connection_and_with_wrong_settings_it_says_what_to_do() -> None:
    done = deskpay("doctor", DESKPAY_REQUEST_BUDGET="9")
    assert done.returncode == 1
    assert "fail  settings     The settings cannot be used; please correct: request_budget." in done.stdout
    assert "connection" not in done.stdout
    done = deskpay("doctor")
    assert "warn  connection   No hotel was asked, so connection," in done.stdout


def test_a_computer_whose_deskpay_is_older_than_its_policy_asks_fails() -> None:
    assert doctor.version(FleetPolicy()) == []
    (kept,) = doctor.version(FleetPolicy(least_version=deskpay_version))
    (older,) = doctor.version(FleetPolicy(least_version="999.0.0"))
    assert (kept.state, older.state) == (State.OK, State.FAIL)
    assert older.sentence.endswith(f"999.0.0 or newer, this is {deskpay_version}. Install a newer one.")


def test_a_hotel_that_lets_the_desk_read_everything_is_in_order(sandbox: Hotel) -> None:
    found = examined(sandbox)
    assert {name: finding.state for name, finding in found.items()} == dict.fromkeys(
        ("connection", "permissions", "clock"), State.OK
    )
    assert sandbox.ledger()["charges"] == []


def test_reads_that_the_token_may_not_do_are_named(sandbox: Hotel) -> None:
    for operation in ("bills/getAll", "payments/getAll"):
        sandbox.fault(operation, "status_before", status=403, times=None)
    found = examined(sandbox)["permissions"]
    assert found.state is State.FAIL
    assert found.sentence.startswith("The access token may not read: bills, payments. Ask Mews to allow it.")


def test_a_wrong_token_and_a_hotel_that_is_not_there_fail_the_connection(sandbox: Hotel) -> None:
    found = examined(sandbox, access_token="nobody's")
    assert found["connection"].state is State.FAIL
    assert "nobody's" not in found["connection"].sentence
    sandbox.fault("*", "drop_before", times=None)
    assert examined(sandbox)["connection"].state is State.FAIL


@pytest.mark.parametrize(("seconds", "state"), [(1, State.OK), (-119, State.OK), (300, State.WARN), (-300, State.WARN)])
def test_a_clock_that_is_minutes_off_is_told(seconds: int, state: State) -> None:
    found = doctor.clocks(timedelta(seconds=seconds))
    assert found.state is state
    assert f"{abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} the hotel's" in found.sentence


def test_an_act_that_is_not_known_yet_is_told(journal: Path) -> None:
    found = doctor.journals(journal.parents[1])[1]
    assert (found.name, found.state) == ("journal", State.WARN)
    assert "1 of them are not known yet" in found.sentence


def test_a_damaged_journal_fails(journal: Path) -> None:
    journal.write_bytes(b"no journal at all" * 1_000)
    found = doctor.journals(journal.parents[1])[1]
    assert (found.name, found.state) == ("journal", State.FAIL)
    assert "takes no money" in found.sentence


def test_a_disk_that_is_nearly_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    room, journal = doctor.journals(tmp_path / "not" / "there")
    assert (room.state, journal.sentence) == (State.WARN, "There is no journal yet.")
    assert "5 MB are free" in room.sentence


@pytest.mark.parametrize(
    ("backend", "state", "words"),
    [
        (MemoryKeyring(), State.OK, "The system's keyring is"),
        (None, State.WARN, "This system offers no keyring"),
    ],
)
def test_the_keyring_is_named(
    backend: MemoryKeyring | None, state: State, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskpay.gateways.token_store.system_keyring", lambda: backend)
    found = asyncio.run(doctor.keyring())
    assert found.state is state
    assert found.sentence.startswith(words)


def test_an_engine_that_ends_its_process_is_told_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    aborts = "import os, sys; sys.stderr.write('noise\\nNo usable sandbox!\\n'); sys.stderr.flush(); os.abort()"
    monkeypatch.setattr(doctor, "own_program", lambda: [sys.executable, "-c", aborts])
    found = asyncio.run(doctor.engine())
    assert found == Finding(
        "engine", State.FAIL, "The web engine ended with code -6; no card can be added. No usable sandbox!"
    )


@pytest.mark.parametrize(
    ("by", "state", "said"),
    [
        ("", State.OK, "Nobody looks into connections to api.mews.com"),
        ("Sherry and Partners", State.WARN, "are inspected by Sherry and Partners"),
        (None, State.WARN, "cannot be reached from here"),
    ],
)
def test_who_looks_into_connections_is_told(
    monkeypatch: pytest.MonkeyPatch, by: str | None, state: State, said: str
) -> None:
    monkeypatch.setattr("deskpay.gateways.inspection.inspected_by", lambda _host: by)
    found = asyncio.run(doctor.inspection())
    assert found.state is state
    assert said in found.sentence
