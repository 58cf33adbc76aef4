"""Pictures of charging at PayMongo: the form in its ways, a bank's page that cannot be shown, and what is forgotten."""

import asyncio
from dataclasses import replace

from deskpay.domain.acquirer import AcquirerCustomer, VaultedCard
from deskpay.domain.card import Expiry
from deskpay.domain.environment import Environment as Where
from deskpay.domain.intent import IntentKind
from deskpay.domain.money import Money
from deskpay.gateways.paymongo.client import TERMS
from deskpay.gateways.paymongo.wire.base import PESO
from deskpay.services.acquirer_guest import GuestThere
from deskpay.ui.cards.capture.bank_pane import BankPane
from deskpay.ui.cards.capture.code_call import CodeCall
from deskpay.ui.cards.capture.origin import acquirer_origin
from deskpay.ui.cards.capture.own_page import OwnFields
from deskpay.ui.cards.capture.pane import CapturePane
from deskpay.ui.payments.acquirer_dialog import AcquirerDialog, CardEntry
from deskpay.ui.payments.bank_dialog import BankDialog
from deskpay.ui.payments.forget_dialog import ForgetDialog
from deskpay.ui.theme import tokens
from tests.kit.dialogs import write
from tests.shots.house import ABOUT, FILE, HOTEL, REFERENCE, ROOM, intent
from tests.shots.scene import Scene
from tests.shots.stage import Stage

_PATIENCE_S = 20.0
_HOST = acquirer_origin(Where.DEMO)
_SAVED = (
    VaultedCard("pm_1", "Visa", "0007", Expiry(2030, 12), "Ottoline Pepperwick"),
    VaultedCard("pm_2", "Mastercard", "4457", Expiry(2026, 3), "Ottoline Pepperwick"),
)
_IS_PAINTED = """(page => {
    page.asked ??= requestAnimationFrame(() => requestAnimationFrame(() => { page.painted = "yes"; }));
    return page.painted === "yes";
})(document.body.dataset)"""


async def _form(stage: Stage, there: GuestThere, code_call: CodeCall = CodeCall.PUT) -> AcquirerDialog:
    stage.show_desk()
    entry = CardEntry(
        make_pane=lambda parent: CapturePane(_HOST, stage.scope, tokens(), parent),
        fields=OwnFields("", code_call),
        public_key="pk_test_1",
    )
    file = replace(FILE, hotel=replace(HOTEL, currencies=(*HOTEL.currencies, PESO)))
    terms = replace(TERMS, renews_codes=code_call is not CodeCall.NONE)
    dialog = AcquirerDialog(stage.window, file, terms, entry, stage.environment, REFERENCE, ROOM)
    dialog.show_there(there)
    ready = asyncio.Event()
    dialog.pane.ready.connect(ready.set)
    dialog.open()
    async with asyncio.timeout(_PATIENCE_S):
        await ready.wait()
        while not await _asks(dialog.pane, _IS_PAINTED):
            pass
    write(dialog.amount, "1500.50")
    return dialog


async def _asks(pane: CapturePane, script: str) -> object:
    """Ask our page, which also lets it paint."""
    engine = pane._engine
    assert engine is not None
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    engine._page.runJavaScript(script, 0, answer.set_result)
    return await answer


async def _new(stage: Stage) -> None:
    alike = AcquirerCustomer("cus_1", "Ottoline Pepperwick", "ottoline@pepperwick.example", "")
    await _form(stage, GuestThere(None, alike=(alike,)))


async def _saved(stage: Stage) -> None:
    await _form(stage, GuestThere("cus_1", _SAVED))


async def _whole_again(stage: Stage) -> None:
    await _form(stage, GuestThere("cus_1", _SAVED), CodeCall.NONE)


async def _bank(stage: Stage) -> None:
    stage.show_desk()
    charge = intent(IntentKind.ACQUIRER_CHARGE, subject="Visa •••• 0007", amount=Money(150_050, PESO))
    dialog = BankDialog(
        stage.window,
        stage.environment,
        ABOUT,
        charge,
        "https://bank.example/",
        lambda parent: BankPane(Where.DEMO, _HOST, parent),
    )
    dialog.show()
    dialog._on_failed()


async def _forget(stage: Stage) -> None:
    stage.show_desk()
    ForgetDialog(stage.window, ABOUT, _SAVED[0].label, stage.environment).open()


SCENES = (
    Scene("paymongo-new-card", _new),
    Scene("paymongo-saved-card", _saved),
    Scene("paymongo-whole-card-again", _whole_again),
    Scene("paymongo-bank-lost", _bank),
    Scene("paymongo-forget", _forget),
)
