"""What the web engine may read from outside, and where it refuses to take a card."""

import json
import re

import pytest

from deskpay.ui.cards.capture.environment import UnsafeEngine, clean_environment, require_safe_engine
from deskpay.ui.cards.capture.host_page import render_host_page
from deskpay.ui.cards.capture.origin import LIVE

ROOT, CLERK = 0, 1000
HOSTILE = {
    "QTWEBENGINE_REMOTE_DEBUGGING": "9222",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--remote-debugging-port=9222",
    "QTWEBENGINE_DISABLE_SANDBOX": "1",
    "QTWEBENGINE_DICTIONARIES_PATH": "x",
    "QTWEBENGINEPROCESS_PATH": "x",
    "QtWebEngine_Something_New": "x",
    "QT_PLUGIN_PATH": "x",
    "QT_QPA_PLATFORM_PLUGIN_PATH": "x",
    "SSLKEYLOGFILE": "x",
}
WORDS = {"card": 'Card </script> & "card"'}
LOOK = {"surface": "#ffffff"}


def test_whatever_could_reach_into_the_engine_is_deleted() -> None:
    environ = {**HOSTILE, "HOME": "kept"}
    clean_environment(environ, user_id=CLERK, frozen=False)
    assert environ == {"HOME": "kept", "QTWEBENGINE_CHROMIUM_FLAGS": "--site-per-process --log-level=3"}


def test_the_sandbox_is_switched_off_for_root_in_a_source_tree_alone() -> None:
    for user_id, frozen, off in ((ROOT, False, True), (ROOT, True, False), (CLERK, False, False), (CLERK, True, False)):
        environ = dict(HOSTILE)
        clean_environment(environ, user_id=user_id, frozen=frozen)
        assert ("QTWEBENGINE_DISABLE_SANDBOX" in environ) == off


def test_a_screenless_run_uses_no_graphics_card() -> None:
    environ = {"QT_QPA_PLATFORM": "offscreen"}
    clean_environment(environ, user_id=CLERK, frozen=False)
    assert environ["QTWEBENGINE_CHROMIUM_FLAGS"].split() == ["--site-per-process", "--log-level=3", "--disable-gpu"]


def test_a_live_card_is_refused_without_the_sandbox() -> None:
    environ: dict[str, str] = {}
    clean_environment(environ, user_id=ROOT, frozen=False)
    require_safe_engine(live=False, environ=environ, user_id=ROOT)
    with pytest.raises(UnsafeEngine):
        require_safe_engine(live=True, environ=environ, user_id=ROOT)


def test_a_clean_desk_takes_live_cards() -> None:
    environ: dict[str, str] = {}
    clean_environment(environ, user_id=CLERK, frozen=True)
    require_safe_engine(live=True, environ=environ, user_id=CLERK)


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"QTWEBENGINE_CHROMIUM_FLAGS": "--remote-debugging-port=9222"},
        {"QTWEBENGINE_CHROMIUM_FLAGS": "--site-per-process --log-level=3", "QTWEBENGINE_DISABLE_SANDBOX": "1"},
    ],
)
def test_a_tampered_environment_takes_no_card(environ: dict[str, str], *, live: bool) -> None:
    with pytest.raises(UnsafeEngine):
        require_safe_engine(live=live, environ=environ, user_id=CLERK)


def test_root_with_the_sandbox_on_is_refused_before_the_engine_ends_the_process() -> None:
    environ: dict[str, str] = {}
    clean_environment(environ, user_id=ROOT, frozen=True)
    with pytest.raises(UnsafeEngine):
        require_safe_engine(live=False, environ=environ, user_id=ROOT)


def test_every_load_has_its_own_nonces_and_a_strict_policy() -> None:
    first, second = (render_host_page(LIVE, "3000012345", look=LOOK, words=WORDS, language="en") for _ in range(2))
    assert first.return_nonce != second.return_nonce
    nonce = re.search(r"script-src 'nonce-([0-9a-f]{48})'", first.policy)
    assert nonce is not None
    assert nonce[1] not in second.policy
    assert nonce[1] != first.return_nonce
    assert first.policy.split("; ") == [
        "default-src 'none'",
        f"script-src 'nonce-{nonce[1]}' https://pay.datatrans.com",
        "frame-src https://pay.datatrans.com",
        f"style-src 'nonce-{nonce[1]}'",
        "connect-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    assert "unsafe" not in first.policy


def test_a_translation_cannot_end_the_block_it_stands_in() -> None:
    page = render_host_page(LIVE, "3000012345</script>", look=LOOK, words=WORDS, language='en" onload="x').body.decode()
    block = re.search(r'<script type="application/json" id="setup">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    setup = json.loads(block[1])
    assert setup["words"] == WORDS
    assert setup["publicKey"] == "3000012345</script>"
    assert 'onload="x' not in page


def test_no_nonce_is_in_a_repr() -> None:
    page = render_host_page(LIVE, "3000012345", look=LOOK, words=WORDS, language="en")
    assert page.return_nonce not in repr(page)
