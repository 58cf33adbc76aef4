"""A live connection never reaches this machine, a training connection nothing else."""

import pytest

from deskpay.domain.environment import Environment
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.gateways.http import ConnectorAddress, PayMongoAddress, connector_address, paymongo_address

LIVE, DEMO, TRAINING = Environment.LIVE, Environment.DEMO, Environment.TRAINING


@pytest.mark.parametrize(
    ("environment", "url", "base"),
    [
        (LIVE, "https://api.mews.com", "https://api.mews.com"),
        (DEMO, " https://API.mews-demo.com/ ", "https://api.mews-demo.com"),
        (LIVE, "https://api.mews.com:443", "https://api.mews.com"),
        (TRAINING, "http://127.0.0.1:8123", "http://127.0.0.1:8123"),
        (TRAINING, "http://127.8.8.8", "http://127.8.8.8"),
        (TRAINING, "http://[::1]:8123/", "http://[::1]:8123"),
    ],
)
def test_an_allowed_address_is_taken_without_its_trimmings(environment: Environment, url: str, base: str) -> None:
    address = connector_address(environment, url)
    assert (address.environment, address.base_url) == (environment, base)


@pytest.mark.parametrize(
    ("environment", "url", "problem"),
    [
        (LIVE, "", InputProblem.EMPTY),
        (LIVE, "   ", InputProblem.EMPTY),
        (LIVE, "api.mews.com", InputProblem.BAD_FORM),
        (LIVE, "https://[api.mews.com", InputProblem.BAD_FORM),
        (LIVE, "https://api.mews.com:99999", InputProblem.BAD_FORM),
        (LIVE, "https://user@api.mews.com", InputProblem.BAD_FORM),
        (LIVE, "https://api.mews.com@evil.example", InputProblem.BAD_FORM),
        (LIVE, "https://api.mews.com/api", InputProblem.BAD_FORM),
        (LIVE, "https://api.mews.com?x=1", InputProblem.BAD_FORM),
        (LIVE, "https://api.mews.com#x", InputProblem.BAD_FORM),
        (LIVE, "http://api.mews.com", InputProblem.NOT_ALLOWED),
        (LIVE, "https://api.mews.com:8443", InputProblem.NOT_ALLOWED),
        (LIVE, "https://api.mews.com.evil.example", InputProblem.NOT_ALLOWED),
        (LIVE, "https://api.mews-demo.com", InputProblem.NOT_ALLOWED),
        (DEMO, "https://api.mews.com", InputProblem.NOT_ALLOWED),
        (DEMO, "http://127.0.0.1:8123", InputProblem.NOT_ALLOWED),
        (LIVE, "https://127.0.0.1", InputProblem.NOT_ALLOWED),
        (LIVE, "http://127.0.0.1:8123", InputProblem.NOT_ALLOWED),
        (LIVE, "https://localhost", InputProblem.NOT_ALLOWED),
        (TRAINING, "https://api.mews.com", InputProblem.NOT_ALLOWED),
        (TRAINING, "http://api.mews-demo.com", InputProblem.NOT_ALLOWED),
        (TRAINING, "https://127.0.0.1:8123", InputProblem.NOT_ALLOWED),
        (TRAINING, "http://192.168.0.7:8123", InputProblem.NOT_ALLOWED),
        (TRAINING, "http://0.0.0.0:8123", InputProblem.NOT_ALLOWED),
        (TRAINING, "http://localhost:8123", InputProblem.NOT_ALLOWED),
        (TRAINING, "http://[::1%25lo]:8123", InputProblem.NOT_ALLOWED),
        (TRAINING, "http://[2001:db8::1]:8123", InputProblem.NOT_ALLOWED),
        (TRAINING, "ftp://127.0.0.1", InputProblem.NOT_ALLOWED),
    ],
)
def test_every_other_address_is_refused(environment: Environment, url: str, problem: InputProblem) -> None:
    with pytest.raises(InputRefused) as refusal:
        connector_address(environment, url)
    assert (refusal.value.field, refusal.value.problem) == (Field.ADDRESS, problem)


@pytest.mark.parametrize(
    ("environment", "base"),
    [
        (LIVE, "http://127.0.0.1:8123"),
        (TRAINING, "https://api.mews.com"),
        (LIVE, "https://api.mews.com/"),
    ],
)
def test_an_address_cannot_be_made_around_the_check(environment: Environment, base: str) -> None:
    with pytest.raises((InputRefused, ValueError)):
        ConnectorAddress(environment, base)


def test_the_acquirer_is_reached_by_the_same_rules() -> None:
    assert paymongo_address(LIVE, " https://api.paymongo.com/ ").base_url == "https://api.paymongo.com"
    assert paymongo_address(LIVE).base_url == paymongo_address(DEMO, " ").base_url == "https://api.paymongo.com"
    assert paymongo_address(TRAINING, "http://127.0.0.1:8123").base_url == "http://127.0.0.1:8123"
    for environment, url, problem in (
        (TRAINING, " ", InputProblem.EMPTY),
        (LIVE, "https://api.paymongo.com/v1", InputProblem.BAD_FORM),
        (LIVE, "https://api.mews.com", InputProblem.NOT_ALLOWED),
        (DEMO, "http://127.0.0.1:8123", InputProblem.NOT_ALLOWED),
        (LIVE, "http://127.0.0.1:8123", InputProblem.NOT_ALLOWED),
        (TRAINING, "https://api.paymongo.com", InputProblem.NOT_ALLOWED),
    ):
        with pytest.raises(InputRefused) as refusal:
            paymongo_address(environment, url)
        assert (refusal.value.field, refusal.value.problem) == (Field.ADDRESS, problem)
    with pytest.raises(ValueError, match="not an allowed address"):
        PayMongoAddress(LIVE, "https://api.paymongo.com/")
