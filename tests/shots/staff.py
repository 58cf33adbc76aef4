"""Pictures of the free seat, the lock, and a second person's approval."""

import json

from deskpay.domain.errors import NeedsApproval, SignInProblem, SignInRefused
from deskpay.domain.intent import IntentKind
from deskpay.domain.operator import Need, Operator, Right, Role
from deskpay.services.training_staff import STAFF
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.desk.rows import Connection
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.charge_start import ChargeOffers, ChargeStart
from deskpay.ui.staff.approval_dialog import ApprovalDialog
from deskpay.ui.staff.staff_dialog import StaffDialog
from deskpay.ui.support.diagnostics_dialog import DiagnosticsDialog
from tests.kit.dialogs import write
from tests.kit.intents import gbp
from tests.shots.house import FILE, HOTEL, NOW, REFERENCE, ROOM
from tests.shots.scene import Scene
from tests.shots.stage import Stage

_TYPED = Operator("typed", "Hattie Quince-Marlow", Role.MANAGER, by_password=True)


def _free_seat(stage: Stage, environment: Environment = Environment.LIVE) -> None:
    page, dates = stage.window.sign_in, stage.views.dates
    day = f"Business day {dates.day(NOW.date())} · {dates.clock(NOW)}"
    page.set_environment(environment, HOTEL.name, day, dates.clock(NOW))
    page.status.set_status(Connection.GOOD)
    page.set_hint("")
    page.show_people(STAFF)
    stage.window.show_sign_in()


async def _sign_in(stage: Stage) -> None:
    _free_seat(stage)
    stage.window.sign_in.pad._type_on("135")


async def _password(stage: Stage) -> None:
    _free_seat(stage)
    stage.window.sign_in.show_people((*STAFF[:4], _TYPED), _TYPED.id)
    stage.window.sign_in.password.set_text("a long password")


async def _locked(stage: Stage) -> None:
    _free_seat(stage)
    stage.window.sign_in.show_locked(10, 1)
    stage.window.sign_in.refuse("Not right, 3 tries left")


def _approval(stage: Stage, *people: Operator, limit: bool = True) -> ApprovalDialog:
    stage.show_desk()
    asked = ChargeDialog(
        stage.window, FILE, ChargeOffers(), stage.environment, REFERENCE, ROOM, ChargeStart(amount=gbp(312_40))
    )
    need = Need(REFERENCE, IntentKind.CHARGE, "guest-1", gbp(312_40), frozenset({Right.CHARGE}), "Poppy Inkwell")
    problem = NeedsApproval(need, gbp(200_00) if limit else None)
    hint = "In training every PIN is 123456."
    dialog = ApprovalDialog(
        stage.window, stage.environment, problem, asked.confirm_words, "Charge £312.40 to Visa •••• 1111", people, hint
    )
    dialog.open()
    return dialog


async def _approve(stage: Stage) -> None:
    write(_approval(stage, *STAFF[2:]).secret, "1357")


async def _approve_wrong(stage: Stage) -> None:
    _approval(stage, *STAFF[2:]).show_problem(SignInRefused(SignInProblem.WRONG, 3))


async def _approve_nobody(stage: Stage) -> None:
    _approval(stage, limit=False)


def _people(stage: Stage) -> StaffDialog:
    stage.show_desk()
    dialog = StaffDialog(stage.window, stage.environment, STAFF[4], STAFF, manages=True, by_account=True)
    dialog.open()
    return dialog


async def _somebody_new(stage: Stage) -> None:
    dialog = _people(stage)
    write(dialog.name, "Isolde Vane")
    write(dialog.secret, "135724")
    write(dialog.again, "135725")


async def _somebody_known(stage: Stage) -> None:
    dialog = _people(stage)
    dialog.who.set_current(STAFF[2].id)
    dialog._on_chosen()


async def _diagnostics(stage: Stage) -> None:
    stage.show_desk()
    told = {
        "deskpay": "0.1.0",
        "system": "Debian 12",
        "settings": {"lock_after_min": 10},
        "journals": [],
        "failures": [],
    }
    DiagnosticsDialog(stage.window, stage.environment, json.dumps(told, indent=1)).open()


SCENES = (
    Scene("sign-in", _sign_in),
    Scene("sign-in-password", _password),
    Scene("sign-in-locked", _locked),
    Scene("people-new", _somebody_new),
    Scene("people-known", _somebody_known),
    Scene("diagnostics", _diagnostics),
    Scene("approval", _approve),
    Scene("approval-refused", _approve_wrong),
    Scene("approval-nobody", _approve_nobody),
)
