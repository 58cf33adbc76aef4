"""Ids that are the same for the same seed."""

from random import Random
from uuid import UUID, uuid5


class Ids:
    """A stream of version-4 UUIDs and of small choices, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - repeatable on purpose; nothing here is secret

    def new(self) -> str:
        """The next id, in lower case."""
        return str(UUID(int=self.random.getrandbits(128), version=4))


def derived(row_id: str, what: str) -> str:
    """The id of something that follows from row `row_id` and is kept nowhere, such as its cash movement."""
    return str(uuid5(UUID(row_id), what))
