"""One picture: its name and how the stage is set for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.shots.stage import Stage


@dataclass(frozen=True)
class Scene:
    """A picture to take.

    Attributes:
        name: Of its file, behind the number.
        show: Brings the window to what is pictured.
    """

    name: str
    show: Callable[[Stage], Awaitable[None]]
