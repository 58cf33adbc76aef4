"""A fresh hotel for each test of the sandbox."""

import pytest

from tests.contract.sandbox.door import Door, new_world


@pytest.fixture
def door() -> Door:
    return Door(new_world())
