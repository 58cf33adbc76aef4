"""Pictures of the dialogs that ask."""

import asyncio
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from deskpay.domain.adoption import Candidate, Finding, Sight, Verdict
from deskpay.domain.card import CardFormat
from deskpay.domain.environment import Environment
from deskpay.domain.errors import Field, GuestBeingChecked, Hand, InputProblem, InputRefused, Repeat
from deskpay.domain.hotel import AccountingCategory
from deskpay.domain.money import Currency
from deskpay.domain.operator import Operator
from deskpay.services.read_guest import GuestFile
from deskpay.services.training_staff import STAFF
from deskpay.ui.cards.add_card_dialog import AddCardDialog
from deskpay.ui.cards.capture.flow import State
from deskpay.ui.cards.capture.origin import pay_origin
from deskpay.ui.cards.capture.pane import CapturePane
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.charge_start import ChargeOffers
from deskpay.ui.payments.decide_dialog import DecideDialog
from deskpay.ui.payments.record_dialog import CASH, OTHER, TRANSFER, RecordDialog
from deskpay.ui.payments.refund_dialog import RefundDialog
from deskpay.ui.payments.repeat_dialog import RepeatDialog
from deskpay.ui.theme import tokens
from deskpay.ui.words.dates import DateWords
from tests.e2e.capture_stage import MERCHANT
from tests.kit.dialogs import write
from tests.kit.intents import make_card, make_payment
from tests.shots.house import ABOUT, FILE, HOTEL, NOW, REFERENCE, ROOM
from tests.shots.scene import Scene
from tests.shots.stage import Stage
from tests.shots.stories import UNKNOWN

_PATIENCE_S = 20.0
_CURSOR_IN_NUMBER = "document.querySelector('#field-number').classList.contains('focused')"
_IS_PAINTED = """(page => {
    page.asked ??= requestAnimationFrame(() => requestAnimationFrame(() => { page.painted = "yes"; }));
    return page.painted === "yes";
})(document.body.dataset)"""
_NO_VAULT = "http://localhost:1"
_OFFERS = ChargeOffers(categories=(AccountingCategory("rooms", "Rooms"), AccountingCategory("dining", "Dining")))


def _charge(stage: Stage, file: GuestFile = FILE) -> ChargeDialog:
    stage.show_desk()
    dialog = ChargeDialog(stage.window, file, _OFFERS, stage.environment, REFERENCE, ROOM)
    dialog.open()
    return dialog


async def _charge_valid(stage: Stage) -> None:
    _charge(stage)


async def _charge_invalid(stage: Stage) -> None:
    dialog = _charge(stage)
    write(dialog.entry.amount, "312,4x")
    write(dialog.remark, "card 4242 4242 4242 4242")


async def _charge_more(stage: Stage) -> None:
    write(_charge(stage).entry.amount, "912.40")


async def _charge_many_cards(stage: Stage) -> None:
    """Six cards and three currencies: the body scrolls before the footer leaves the screen."""
    others = (
        make_card(4, format=CardFormat.VIRTUAL, obfuscated_number="400000******0077"),
        make_card(5, brand="Maestro", obfuscated_number="675964******1207"),
        make_card(6, enabled=False, obfuscated_number="400000******9012"),
    )
    currencies = (*HOTEL.currencies, Currency("EUR", 2), Currency("JPY", 0))
    _charge(stage, replace(FILE, cards=(*FILE.cards, *others), hotel=replace(HOTEL, currencies=currencies)))


async def _charge_no_cards(stage: Stage) -> None:
    _charge(stage, replace(FILE, cards=()))


async def _charge_refused(stage: Stage) -> None:
    _charge(stage).show_problem(GuestBeingChecked("DP-2Q9C-7K4M"))


async def _charge_checking(stage: Stage) -> None:
    _charge(stage).set_checking(True)


async def _repeat(stage: Stage) -> None:
    asked = _charge(stage)
    words = asked.confirm_words
    asked.hide()
    own = Repeat("payment-1", "DP-3F8N-66TA", 4, hand=Hand.DESKPAY, operator="Poppy Inkwell")
    RepeatDialog(stage.window, (own,), words, stage.environment).open()


async def _repeat_hands(stage: Stage) -> None:
    asked = _charge(stage)
    words = asked.confirm_words
    asked.hide()
    found = (
        Repeat("payment-1", "", 4, hand=Hand.COLLEAGUE),
        Repeat("request-1", "", 1500, hand=Hand.LINK, open_request=True, final=False),
        Repeat("payment-2", "", 90, hand=Hand.AUTOMATION, final=False, same_guest=False),
        Repeat("payment-3", "", 90),
    )
    RepeatDialog(stage.window, found, words, stage.environment).open()


async def _repeat_answered(stage: Stage) -> None:
    asked = _charge(stage)
    words = asked.confirm_words
    asked.hide()
    dialog = RepeatDialog(stage.window, (Repeat("payment-1", "", 190),), words, stage.environment)
    dialog.open()
    dialog.sure.setChecked(True)
    write(dialog.why, "Second room, 215")


def _decide(stage: Stage, people: tuple[Operator, ...], sight: Sight) -> DecideDialog:
    stage.show_unknown_guest()
    dates = DateWords(HOTEL.zone)
    dialog = DecideDialog(stage.window, stage.environment, ABOUT, UNKNOWN.intent, STAFF[0], people, dates)
    dialog.open()
    dialog.show_sight(sight, NOW, may_deny=True)
    return dialog


async def _decide_nothing(stage: Stage) -> None:
    dialog = _decide(stage, STAFF[1:], Sight.nothing())
    dialog.choice._choose("none")
    dialog.looked.setChecked(True)
    dialog.second.set_current(STAFF[2].id)
    dialog._on_chosen()
    write(dialog.secret, "246813")
    write(dialog.why, "Not on the account, and the gateway shows no charge")


async def _decide_several(stage: Stage) -> None:
    rows = [make_payment(n, notes=note) for n, note in ((1, "Dinner for two"), (2, UNKNOWN.intent.reference))]
    found = tuple(Candidate(row.id, ours=bool(row.id == "payment-2"), payment=row) for row in rows)
    _decide(stage, (), Sight(Verdict(Finding.UNCLEAR), found))


def _record(stage: Stage, means: str = "") -> RecordDialog:
    stage.show_desk()
    dialog = RecordDialog(stage.window, FILE, stage.environment, REFERENCE, ROOM)
    dialog.open()
    if means:
        dialog.means.set_current(means)
        dialog.means.chosen.emit(means)
    return dialog


async def _record_terminal(stage: Stage) -> None:
    dialog = _record(stage)
    write(dialog.last_four, "4444")
    dialog.brand.set_current("MasterCard")
    write(dialog.receipt, "004512")


async def _record_cash(stage: Stage) -> None:
    dialog = _record(stage, CASH)
    write(dialog.cash.received, "320")


async def _record_bank(stage: Stage) -> None:
    _record(stage, TRANSFER)


async def _record_other(stage: Stage) -> None:
    _record(stage, OTHER)


async def _record_error(stage: Stage) -> None:
    dialog = _record(stage)
    write(dialog.last_four, "42424")
    write(dialog.expiry, "09/25")
    write(dialog.holder, "")
    write(dialog.receipt, "004511")
    dialog.show_problem(InputRefused(Field.RECEIPT, InputProblem.RECORDED))


async def _record_cash_short(stage: Stage) -> None:
    write(_record(stage, CASH).cash.received, "300")


def _refund(stage: Stage, file: GuestFile = FILE) -> RefundDialog:
    stage.show_desk()
    dialog = RefundDialog(stage.window, file, stage.environment, REFERENCE, ROOM, "payment-1")
    dialog.open()
    return dialog


def _because(dialog: RefundDialog, cause: str = "room") -> None:
    dialog.cause.set_current(cause)
    dialog.cause.chosen.emit(cause)


async def _refund_part(stage: Stage) -> None:
    dialog = _refund(stage)
    _because(dialog)
    write(dialog.amount, "180")
    write(dialog.story, "Heating failed, one night given back")


async def _refund_all(stage: Stage) -> None:
    _because(_refund(stage))


async def _refund_nothing(stage: Stage) -> None:
    _refund(stage, replace(FILE, payments=FILE.payments[1:]))


async def _refund_error(stage: Stage) -> None:
    dialog = _refund(stage)
    _because(dialog, "other")
    write(dialog.amount, "500")


def _add_card(stage: Stage, vault: str) -> AddCardDialog:
    stage.show_desk()
    pay = pay_origin(Environment.TRAINING, vault)

    def make_pane(parent: QWidget) -> CapturePane:
        return CapturePane(pay, stage.scope, tokens(), parent)

    file = replace(FILE, hotel=replace(HOTEL, card_storage_key=MERCHANT))
    return AddCardDialog(stage.window, file, stage.environment, REFERENCE, ROOM, make_pane)


async def _comes_to(dialog: AddCardDialog, state: State) -> None:
    """Show the dialog and wait until its pane has come to `state`."""
    there = asyncio.Event()
    signal = dialog.pane.ready if state is State.READY else dialog.pane.failed
    signal.connect(lambda *_: there.set())
    dialog.open()
    async with asyncio.timeout(_PATIENCE_S):
        await there.wait()
        if state is State.READY:
            for script in (_CURSOR_IN_NUMBER, _IS_PAINTED):
                while not await _asks(dialog.pane, script):
                    pass


async def _asks(pane: CapturePane, script: str) -> object:
    """Ask the vault's page, which also lets it paint."""
    engine = pane._engine
    assert engine is not None
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    engine._page.runJavaScript(script, 0, answer.set_result)
    return await answer


async def _card_ready(stage: Stage) -> None:
    await _comes_to(_add_card(stage, stage.vault), State.READY)


async def _card_expiry(stage: Stage) -> None:
    dialog = _add_card(stage, stage.vault)
    await _comes_to(dialog, State.READY)
    write(dialog.expiry, "04/28")
    dialog.consent.setChecked(True)


async def _card_failed(stage: Stage) -> None:
    await _comes_to(_add_card(stage, _NO_VAULT), State.FAILED)


SCENES = (
    Scene("card-ready", _card_ready),
    Scene("card-expiry-typed", _card_expiry),
    Scene("card-failed", _card_failed),
    Scene("charge", _charge_valid),
    Scene("charge-invalid", _charge_invalid),
    Scene("charge-more-than-owed", _charge_more),
    Scene("charge-many-cards", _charge_many_cards),
    Scene("charge-no-cards", _charge_no_cards),
    Scene("charge-not-allowed", _charge_refused),
    Scene("charge-checking", _charge_checking),
    Scene("repeat", _repeat),
    Scene("repeat-answered", _repeat_answered),
    Scene("repeat-hands", _repeat_hands),
    Scene("decide-nothing", _decide_nothing),
    Scene("decide-several", _decide_several),
    Scene("record-terminal", _record_terminal),
    Scene("record-cash", _record_cash),
    Scene("record-cash-short", _record_cash_short),
    Scene("record-bank", _record_bank),
    Scene("record-other", _record_other),
    Scene("record-error", _record_error),
    Scene("refund-part", _refund_part),
    Scene("refund-all", _refund_all),
    Scene("refund-nothing", _refund_nothing),
    Scene("refund-error", _refund_error),
)
