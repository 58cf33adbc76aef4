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


def twin(row_id: str, what: str) -> str:
    """The id of something that goes with another row and leads back to it: the twin of a twin is the first id.

    Args:
        row_id: Id of the row.
        what: What goes with it.
    """
    veil = uuid5(_TWINS, what).int & ~_FORM
    return str(UUID(int=UUID(row_id).int ^ veil))


_TWINS = UUID(int=0x74_77_69_6E)
_FORM = 0xF << 76 | 0x3 << 62  # the bits that make a UUID one of its version and variant
