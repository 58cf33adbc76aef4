"""What a desk may set for itself, where it is read from, and what is refused."""

import dataclasses
import platform
from pathlib import Path

import platformdirs
import pytest

from deskpay.domain.virtual_card import Agency
from deskpay.settings import Settings, WrongSettings, read_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, with nothing set."""
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path))
    for one in dataclasses.fields(Settings):
        monkeypatch.delenv(f"DESKPAY_{one.name.upper()}", raising=False)
    return tmp_path


def test_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "node", lambda: "desk-7")
    kept = read_settings()
    assert (kept.appearance, kept.desk_id) == ("system", "desk-7")
    assert (kept.request_budget, kept.money_deadline_s, kept.lock_after_min) == (100, 60, 10)
    assert kept.data_folder.name == "DeskPay"


def test_a_computer_without_a_name_is_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "node", lambda: "")
    assert read_settings().desk_id == "desk"


def test_a_variable_stands_above_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "settings.toml").write_text('appearance = "dark"\ndesk_id = "bar"\n', encoding="utf-8")
    monkeypatch.setenv("DESKPAY_DESK_ID", "lobby")
    kept = read_settings()
    assert (kept.appearance, kept.desk_id) == ("dark", "lobby")


def test_the_table_of_booking_sites_is_edited_line_by_line(home: Path) -> None:
    line = '[[virtual_cards]]\nname = "Expedia"\nemail_domains = ["expedia.example"]\nlimit_percent = 80\n'
    (home / "settings.toml").write_text(line, encoding="utf-8")
    assert read_settings().virtual_cards == (Agency("Expedia", ("expedia.example",), 0, 80),)


def test_an_account_at_paymongo_is_asked_as_the_file_says(home: Path) -> None:
    written = 'paymongo_code_call = "none"\npaymongo_saved_list = "v2"\npaymongo_tender = "OnlinePayment"\n'
    (home / "settings.toml").write_text(written, encoding="utf-8")
    kept = read_settings()
    told = (kept.paymongo_code_call, kept.paymongo_saved_list, kept.paymongo_tender)
    assert told == ("none", "v2", "OnlinePayment")


def test_an_empty_variable_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKPAY_DATA_FOLDER", "")
    monkeypatch.setenv("DESKPAY_REQUEST_BUDGET", "20")
    kept = read_settings()
    assert (kept.data_folder.name, kept.request_budget) == ("DeskPay", 20)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        (b"request_budget = 20.5\n", "request_budget"),
        (b"request_budget = true\n", "request_budget"),
        (b"money_deadline_s = nan\n", "money_deadline_s"),
        (b"data_folder = ''\nlock_after_min = 60\n", "lock_after_min, data_folder"),
        (b"operator = 'Ana'\n", "operator"),
        (b"virtual_cards = 2\n", "virtual_cards"),
        (b"virtual_cards = [2]\n", "virtual_cards"),
        (b"[[virtual_cards]]\nname = 'X'\nlimit = 3\n", "virtual_cards"),
        (b"[[virtual_cards]]\nname = 'X'\nlimit_percent = 0\n", "virtual_cards"),
        (b"request_budget = 500\n", "request_budget"),
        (b"paymongo_code_call = 'post'\n", "paymongo_code_call"),
        (b"paymongo_tender = 'On line'\n", "paymongo_tender"),
        (b"money_deadline_s = 1\n", "money_deadline_s"),
        (b"client_token = 'x'\n", "client_token"),
        (b"desk_id = ''\noperator = 3\n", "desk_id, operator"),
        (b"appearance\n", "settings.toml"),
        (b"appearance = '\xff'\n", "settings.toml"),
    ],
)
def test_what_cannot_be_used_is_named_without_its_value(home: Path, written: bytes, named: str) -> None:
    (home / "settings.toml").write_bytes(written)
    with pytest.raises(WrongSettings) as refused:
        read_settings()
    assert str(refused.value) == f"The settings cannot be used; please correct: {named}"
