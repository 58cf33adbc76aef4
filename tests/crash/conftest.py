"""The lanes that all deaths are tried in."""

from collections.abc import Iterator

import pytest

from tests.kit.crash_lanes import Lanes, open_lanes


@pytest.fixture(scope="session")
def lanes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lanes]:
    """Two lanes."""
    with open_lanes([tmp_path_factory.mktemp(name) for name in ("one", "two")]) as free:
        yield free
