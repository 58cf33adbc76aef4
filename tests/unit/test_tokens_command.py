"""`deskpay tokens put`: from standard input into the keyring, and nothing of it on the screen."""

import io
import sys

import pytest

from deskpay.app.cli import main
from tests.kit.keyrings import MemoryKeyring

TOKENS = "CLIENT-0123456789\nACCESS-9876543210\n"
WHERE = ["tokens", "put", "live-3fa85f64-5717-4562-b3fc-2c963f66afa6"]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    ring = MemoryKeyring()
    monkeypatch.setattr("deskpay.gateways.token_store.system_keyring", lambda: ring)
    monkeypatch.setattr("deskpay.ui.cards.capture.environment.clean_environment", lambda: None)
    return ring


@pytest.mark.parametrize(
    ("arguments", "given", "code", "said"),
    [
        (WHERE, TOKENS, 0, "are in"),
        (["tokens", "put", "moon"], TOKENS, 2, "name the connection"),
        (["tokens", "put", "demo-1"], TOKENS, 2, "name the connection"),
        (WHERE, "one\n", 2, "expected two lines"),
        (WHERE, "a\nb\nc\n", 2, "expected two lines"),
        (WHERE, f"{TOKENS}sk_test_1\npk_live_1\n", 2, "live keys live ones"),
        (WHERE, f"{TOKENS}pk_live_1\nsk_live_1\n", 2, "The secret one begins with sk_"),
        (WHERE, f"a\n{'b' * 641}\n", 2, "expected two lines"),
    ],
)
def test_two_lines_go_into_the_keyring(
    ring: MemoryKeyring,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    given: str,
    code: int,
    said: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    assert main(arguments) == code
    told = "".join(capsys.readouterr())
    assert said in told
    assert not any(line in told for line in TOKENS.split())
    assert list(ring.held.values()) == (TOKENS.split() if code == 0 else [])


def test_two_lines_more_are_the_keys_of_the_hotels_acquirer(
    ring: MemoryKeyring, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = "sk_live_0123456789\npk_live_9876543210\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(TOKENS + keys))
    assert main(WHERE) == 0
    assert list(ring.held.values()) == (TOKENS + keys).split()
    assert not any(line in "".join(capsys.readouterr()) for line in keys.split())


def test_without_a_keyring_or_with_a_locked_one_nothing_is_kept(
    ring: MemoryKeyring, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.locked = True
    monkeypatch.setattr(sys, "stdin", io.StringIO(TOKENS))
    assert main(WHERE) == 1
    assert "locked" in capsys.readouterr().err
    monkeypatch.setattr("deskpay.gateways.token_store.system_keyring", lambda: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO(TOKENS))
    assert main(WHERE) == 1
    assert "offers no keyring" in capsys.readouterr().err
