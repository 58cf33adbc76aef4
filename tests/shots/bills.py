"""Pictures of bills, of what banks hold, and of what speaks against a charge."""

from dataclasses import replace

from deskpay.domain.card import CardFormat
from deskpay.domain.preauthorization import Preauthorization, PreauthorizationState
from deskpay.domain.virtual_card import Agency
from deskpay.services.read_guest import GuestFile
from deskpay.ui.bills.bills_dialog import BillsContext, BillsDialog
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.charge_start import ChargeOffers
from tests.kit.dialogs import write
from tests.kit.intents import gbp, make_card, make_payment
from tests.shots.house import FILE, OTTOLINE, REFERENCE, ROOM
from tests.shots.scene import Scene
from tests.shots.stage import Stage

_COMPANY = "umbrella"
_BILLS = replace(FILE, bills=(replace(FILE.bills[0], associated_ids=(_COMPANY,)), *FILE.bills[1:]))
_PAID = replace(_BILLS, payments=(make_payment(9, amount=gbp(31_240), credit_card_id="card-1"), *FILE.payments))
_VIRTUAL = make_card(4, format=CardFormat.VIRTUAL, obfuscated_number="400000******0077")


def _bills(stage: Stage, file: GuestFile, context: BillsContext) -> BillsDialog:
    stage.show_desk()
    dialog = BillsDialog(stage.window, file, context, stage.environment, ROOM)
    dialog.open()
    return dialog


async def _open(stage: Stage) -> None:
    _bills(stage, _BILLS, BillsContext({_COMPANY: "Pepperwick Umbrella Co."}))


async def _settled(stage: Stage) -> None:
    _bills(stage, _PAID, BillsContext({})).paid_up.setChecked(True)


async def _closed(stage: Stage) -> None:
    first, *others = _PAID.bills
    closed = replace(others[0], is_open=False, number="R-2041")
    file = replace(_PAID, bills=(first, closed))
    told = BillsContext({}, chosen=closed.id, told="The bill was closed: R-2041")
    _bills(stage, file, told).show_printing(on=False, told="Among the downloads: Bill bill-1.pdf")


async def _held(stage: Stage) -> None:
    stage.show_desk()
    hold = Preauthorization("hold", "card-1", gbp(15_000), PreauthorizationState.CHARGEABLE, "stay", active=True)
    stage.desk.show_guest(stage.views.page(OTTOLINE, replace(FILE, held=(hold,))))


def _charge(stage: Stage, file: GuestFile) -> ChargeDialog:
    stage.show_desk()
    offers = ChargeOffers(agencies=(Agency("Expedia", ("expedia.example",), 0, 85),))
    dialog = ChargeDialog(stage.window, file, offers, stage.environment, REFERENCE, ROOM)
    dialog.open()
    return dialog


async def _ten_times(stage: Stage) -> None:
    write(_charge(stage, FILE).entry.amount, "31240")


async def _virtual(stage: Stage) -> None:
    guest = replace(FILE.customer, email="x@expedia.example")
    dialog = _charge(stage, replace(FILE, customer=guest, cards=(_VIRTUAL, *FILE.cards)))
    write(dialog.entry.amount, "950")


async def _part(stage: Stage) -> None:
    dialog = _charge(stage, FILE)
    dialog.parts.set_current("3")
    dialog.parts.chosen.emit("3")


SCENES = (
    Scene("bills-open", _open),
    Scene("bills-settled", _settled),
    Scene("bills-closed", _closed),
    Scene("desk-held", _held),
    Scene("charge-ten-times", _ten_times),
    Scene("charge-virtual-card", _virtual),
    Scene("charge-in-parts", _part),
)
