"""A fresh hotel for each test of the sandbox."""

from collections.abc import Iterator

import pytest

from tests.contract.sandbox.door import Door, new_world
from tests.contract.sandbox.running import Running


@pytest.fixture
def door() -> Door:
    return Door(new_world())


@pytest.fixture(scope="module")
def one_server() -> Iterator[Running]:
    sandbox = Running()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def running(one_server: Running) -> Running:
    """A sandbox on real sockets, on its first day."""
    one_server.world.reset()
    return one_server
