"""Which vault a connection may reach: live never loopback, training nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskpay.domain.environment import Environment
from deskpay.ui.cards.capture.origin import DEMO, LIVE, ForbiddenPayHost, PayHost, pay_origin
from deskpay.ui.cards.capture.policy import NavigationPolicy, may_fetch
from deskpay.ui.cards.capture.returns import Ready

TRAINING = PayHost("http", "localhost", 41234)
NONCE = "n" * 32


def test_live_and_demo_hosts_are_compiled_in() -> None:
    assert pay_origin(Environment.LIVE).origin == "https://pay.datatrans.com"
    assert pay_origin(Environment.DEMO).origin == "https://pay.sandbox.datatrans.com"


@pytest.mark.parametrize("address", ["http://localhost:41234", "http://localhost:41234/", "http://127.0.0.1:41234"])
def test_training_reaches_a_loopback_vault(address: str) -> None:
    assert pay_origin(Environment.TRAINING, address).origin == address.rstrip("/")


@pytest.mark.parametrize("environment", [Environment.LIVE, Environment.DEMO])
@pytest.mark.parametrize("address", ["http://localhost:41234", "https://pay.datatrans.com", ""])
def test_live_and_demo_take_no_address(environment: Environment, address: str) -> None:
    with pytest.raises(ForbiddenPayHost):
        pay_origin(environment, address)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "http://localhost",
        "https://localhost:41234",
        "http://localhost:0",
        "http://localhost:99999",
        "http://localhost:x",
        "http://localhost.evil.example:41234",
        "http://localhost:41234@evil.example:80",
        "http://user@localhost:41234",
        "http://localhost:41234/path",
        "http://localhost:41234?x",
        "http://10.0.0.1:41234",
        "http://[::1",
        "https://pay.datatrans.com",
        "https://pay.sandbox.datatrans.com",
    ],
)
def test_training_reaches_nothing_else(address: str | None) -> None:
    with pytest.raises(ForbiddenPayHost):
        pay_origin(Environment.TRAINING, address)


@given(st.sampled_from(Environment), st.none() | st.text() | st.from_regex(r"https?://[a-z.]+(:\d+)?/?"))
def test_no_connection_reaches_a_vault_of_the_other_kind(environment: Environment, address: str | None) -> None:
    try:
        host = pay_origin(environment, address)
    except ForbiddenPayHost:
        return
    loopback = host.host in {"localhost", "127.0.0.1"}
    assert loopback == (environment is Environment.TRAINING)
    assert host in (LIVE, DEMO) or loopback


@pytest.mark.parametrize(
    "url",
    [
        "deskpay://capture/",
        "http://localhost:41234/upp/payment/js/secure-fields-2.0.0.min.js",
        "http://localhost:41234/anything?of=it",
    ],
)
def test_the_engine_may_fetch_the_page_and_the_vault(url: str) -> None:
    assert may_fetch(TRAINING, url)


@pytest.mark.parametrize(
    "url",
    [
        "deskpay://capture/other",
        "deskpay://capture/?x",
        "deskpay://elsewhere/",
        "http://localhost:41235/",
        "http://127.0.0.1:41234/",
        "https://localhost:41234/",
        "ws://localhost:41234/",
        "http://localhost/",
        "http://localhost:41234@evil.example/",
        "http://evil.example/http://localhost:41234/",
        "http://user@localhost:41234/",
        "https://pay.datatrans.com/",
        "file:///etc/passwd",
        "data:text/html,x",
        "http://[::1",
    ],
)
def test_the_engine_may_fetch_nothing_else(url: str) -> None:
    assert not may_fetch(TRAINING, url)


def test_the_compiled_in_hosts_are_matched_to_the_letter() -> None:
    assert may_fetch(LIVE, "https://pay.datatrans.com/upp/x")
    assert may_fetch(LIVE, "https://pay.datatrans.com:443/upp/x")
    for other in (
        "http://pay.datatrans.com/",
        "https://pay.datatrans.com.evil.example/",
        "https://xpay.datatrans.com/",
    ):
        assert not may_fetch(LIVE, other)
    assert not may_fetch(LIVE, DEMO.origin + "/")
    assert not may_fetch(DEMO, LIVE.origin + "/")


def test_the_host_page_is_entered_once() -> None:
    policy = NavigationPolicy(TRAINING, NONCE)
    assert policy.judge("deskpay://capture/", main_frame=True).allowed
    assert not policy.judge("deskpay://capture/", main_frame=True).allowed


def test_frames_stay_with_the_vault_and_tell_nothing() -> None:
    policy = NavigationPolicy(TRAINING, NONCE)
    assert policy.judge("http://localhost:41234/frame", main_frame=False).allowed
    for url in (
        f"deskpay://capture/event?n={NONCE}&k=ready",
        "deskpay://capture/",
        "https://evil.example/",
        "about:srcdoc",
    ):
        decision = policy.judge(url, main_frame=False)
        assert not decision.allowed
        assert decision.told is None


def test_a_message_is_read_and_its_navigation_refused() -> None:
    decision = NavigationPolicy(TRAINING, NONCE).judge(f"deskpay://capture/event?n={NONCE}&k=ready", main_frame=True)
    assert decision.told == Ready()
    assert not decision.allowed


@pytest.mark.parametrize("url", ["http://localhost:41234/", "https://evil.example/", "javascript:1", "about:blank"])
def test_the_main_frame_goes_nowhere_else(url: str) -> None:
    assert not NavigationPolicy(TRAINING, NONCE).judge(url, main_frame=True).allowed
