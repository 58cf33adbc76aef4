"""Pictures of what a desk sets for itself."""

from deskpay.domain.operator import Right, Role
from deskpay.services.change_setting import Setting, Source
from deskpay.services.training_staff import RULES
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.settings.limit_editor import LimitsSeen
from tests.kit.guest_file import make_hotel
from tests.shots.scene import Scene
from tests.shots.stage import Stage

_OWN = [(Role.MANAGER, right) for right in Right]
SET = (
    Setting("appearance", "system", Source.DEFAULT),
    Setting("desk_id", "Front desk 2", Source.FILE),
    Setting("lock_after_min", "5", Source.POLICY),
    Setting("sign_in_by_account", "false", Source.DEFAULT),
    Setting("data_folder", "/var/lib/deskpay", Source.DEFAULT),
    Setting("journal_address", "", Source.VARIABLE),
    Setting("head_folder", "", Source.DEFAULT),
    Setting("request_budget", "100", Source.DEFAULT),
    Setting("money_deadline_s", "60", Source.DEFAULT),
)


def _show(stage: Stage, section: str, *, manager: bool = True) -> None:
    stage.environment = Environment.LIVE
    stage.show_desk()
    view = stage.desk.settings
    everybodys = {"appearance"}
    view.show_settings([(one, not one.fixed and (manager or one.name in everybodys)) for one in SET])
    locks = {(Role.CLERK, Right.REFUND): "Set by hotel IT", **dict.fromkeys(_OWN, "Nobody sets their own")}
    view.show_limits(LimitsSeen(RULES, make_hotel().currencies, locks))
    stage.desk.show_settings()
    view.show_section(section)


async def _look(stage: Stage) -> None:
    _show(stage, "look", manager=False)


async def _rules(stage: Stage) -> None:
    _show(stage, "rules")
    pounds, euros, *_ = stage.desk.settings.limit.amounts.values()
    pounds.set_text("1,5OO")
    euros.set_text("1500")
    stage.desk.settings.limit.button.click()


async def _fixed(stage: Stage) -> None:
    _show(stage, "rules")
    right = stage.desk.settings.limit.right
    right.set_current(Right.REFUND.value)
    right.chosen.emit(right.current())


async def _record(stage: Stage) -> None:
    _show(stage, "record")


async def _mews(stage: Stage) -> None:
    _show(stage, "mews")
    rows = stage.desk.settings.rows
    rows["request_budget"].line.setText("500")
    rows["request_budget"].refuse(rows["request_budget"].words.takes)
    rows["money_deadline_s"].show_kept()


SCENES = (
    Scene("settings-appearance", _look),
    Scene("settings-limits", _rules),
    Scene("settings-limits-fixed", _fixed),
    Scene("settings-journal", _record),
    Scene("settings-connection", _mews),
)
