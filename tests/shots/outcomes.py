"""Pictures of what became of an act."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from deskpay.ui.payments.outcome_dialog import OutcomeDialog
from tests.kit.intents import gbp
from tests.shots.house import ABOUT, HOTEL
from tests.shots.scene import Scene
from tests.shots.stage import Stage
from tests.shots.stories import NEWS

_WAITED_S = 4.0
_SINCE_START_S = {"unknown-restarted": 720, "unknown-first": 37, "unknown-looking": 115, "unknown-traceless": 935}
"""When some are pictured, in seconds after the beginning; others at a minute and a half."""


def _tell(name: str) -> Callable[[Stage], Awaitable[None]]:
    async def show(stage: Stage) -> None:
        news = NEWS[name]
        if name.startswith("unknown"):
            stage.show_unknown_guest()
        else:
            stage.show_desk()
        now = news.record.intent.drafted_utc + timedelta(seconds=_SINCE_START_S.get(name, 90))
        dialog = OutcomeDialog(
            stage.window,
            stage.environment,
            ABOUT,
            HOTEL.zone,
            news,
            now,
            clock=stage.clock,
            scope=stage.scope,
            can_link=True,
        )
        dialog.know_tries(1)
        dialog.know_owed(gbp(49_240))
        dialog.open()
        if not name.startswith("unknown"):
            stage.clock.s += _WAITED_S
            dialog.show_news(news, now)

    return show


SCENES = tuple(Scene(f"outcome-{name}", _tell(name)) for name in NEWS)
