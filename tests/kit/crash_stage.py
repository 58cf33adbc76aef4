"""A stage for one row of the fault matrix: a desk without a window, a line that breaks, and the hotel's counter."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from deskpay.domain.intent import IntentKind, IntentRecord, IntentState
from deskpay.journal.server import Place
from tests.kit.crash_desk import BareDesk, Line, open_bare_desk
from tests.kit.crash_line import ScriptedLine, line_to
from tests.kit.crash_points import EFFECTS, OPERATIONS
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

T = TypeVar("T")

CHARGE = OPERATIONS[IntentKind.CHARGE]
LOOKS = "payments/getAll"


@dataclass
class Stage:
    """Plays scenes at one hotel with one journal, each in a desk that is opened and closed for it.

    Attributes:
        run: runs a coroutine.
        hotel: freshly reset.
        path: of the journal, or its place on a server that desks share.
        broken: what was reported as a fault of our own.
    """

    run: CoroutineRunner
    hotel: Hotel
    path: Path | Place
    broken: list[BaseException] = field(default_factory=list)

    @property
    def file(self) -> Path:
        """The journal of a stage whose journal is a file."""
        assert isinstance(self.path, Path)
        return self.path

    def __call__(
        self,
        scene: Callable[[BareDesk, ScriptedLine], Awaitable[T]],
        *,
        read_deadline_s: float = 10.0,
        money_deadline_s: float = 5.0,
        **opening: Any,
    ) -> T:
        """Play `scene` and return what it returns.

        Args:
            scene: gets the desk and its line.
            read_deadline_s: the desk's patience.
            money_deadline_s: the desk's patience.
            opening: as `open_bare_desk` takes it.
        """

        async def play() -> T:
            async with line_to(self.hotel) as line:
                where = Line(
                    line.address, self.hotel.client_token, self.hotel.access_token, read_deadline_s, money_deadline_s
                )
                async with open_bare_desk(where, self.path, **opening) as desk:
                    result = await scene(desk, line)
                    self.broken += desk.faults
                    return result

        return self.run(play())

    def charge(self, until: Callable[[IntentRecord], bool], **opening: Any) -> IntentRecord:
        """Charge a card and return the story once it satisfies `until`."""

        async def scene(desk: BareDesk, _line: ScriptedLine) -> IntentRecord:
            return await desk.reaches(await desk.act(IntentKind.CHARGE), until)

        return self(scene, **opening)

    def restart(self, until: Callable[[IntentRecord], bool]) -> IntentRecord:
        """Open the desk again and return the one story on record once it satisfies `until`."""

        async def scene(desk: BareDesk, _line: ScriptedLine) -> IntentRecord:
            (record,) = await desk.stories()
            return record if record.state.final else await desk.reaches(record, until)

        return self(scene)

    def done(self, kind: IntentKind = IntentKind.CHARGE) -> int:
        """How many such acts the hotel did, after at most one request for each intent."""
        ledger = self.hotel.ledger()
        # Every charge bears a reference, and none comes twice.
        assert max(Counter(row["reference"] for row in ledger["charges"]).values(), default=0) <= 1
        assert max(ledger["attempts"].values(), default=0) <= 1
        return len(ledger[EFFECTS[kind][0]])

    def requests(self, kind: IntentKind = IntentKind.CHARGE) -> int:
        """How many requests to act reached the hotel."""
        return int(self.hotel.ledger()["requests"].get(OPERATIONS[kind], 0))


def final(record: IntentRecord) -> bool:
    """Whether the story ended."""
    return record.state.final


def looked_for(times: int = 1) -> Callable[[IntentRecord], bool]:
    """Whether the story ended, or is unknown after so many looks."""

    def enough(record: IntentRecord) -> bool:
        unknown = [event for event in record.events if event.state is IntentState.UNKNOWN]
        return record.state.final or len(unknown) > times

    return enough
