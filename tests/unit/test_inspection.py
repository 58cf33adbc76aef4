"""Who looks into a connection: found out over real sockets, named only where the system trusts them."""

import socket
import ssl

import pytest

from deskpay.gateways import inspection
from deskpay.gateways.http import system_trust
from deskpay.gateways.inspection import inspected_by
from tests.kit.inspecting import HOST, ISSUER, ROOT, UNKNOWN, inspecting_proxy, trusting


def test_an_inspected_connection_is_named_by_its_issuer() -> None:
    with inspecting_proxy() as proxy:
        assert inspected_by(HOST, dial=proxy.dial, trust=trusting()) == ISSUER
    assert proxy.read == [], "nothing is sent over it"


def test_a_public_root_says_that_nobody_looks_in() -> None:
    with inspecting_proxy() as proxy:
        assert inspected_by(HOST, dial=proxy.dial, public_roots=str(ROOT), trust=trusting()) == ""


def test_what_the_system_does_not_trust_is_not_named() -> None:
    """Neither an unknown issuer nor a certificate of another name: every request refuses them as well."""
    with inspecting_proxy(UNKNOWN) as proxy:
        assert inspected_by(HOST, dial=proxy.dial, trust=system_trust()) is None
    with inspecting_proxy() as proxy:
        assert inspected_by("api.mews.com", dial=proxy.dial, trust=trusting()) is None


def test_a_host_that_cannot_be_reached_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(address: tuple[str, int], timeout: float) -> socket.socket:
        assert (address, timeout) == ((HOST, inspection.PORT), inspection.PATIENCE_S)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "create_connection", nobody)
    assert inspected_by(HOST) is None


def test_no_variable_changes_what_a_door_trusts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ROOT))
    trust = system_trust()
    assert (trust.verify_mode, trust.check_hostname) == (ssl.CERT_REQUIRED, True)
    with inspecting_proxy() as proxy:
        assert inspected_by(HOST, dial=proxy.dial) is None
