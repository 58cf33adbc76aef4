"""Pictures of asking the guest to pay: the form in its three ways, the code, the guest's own screen, one link."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from deskpay.domain.exchange import ExchangeRate
from deskpay.domain.intent import IntentKind
from deskpay.domain.money import Currency, Money
from deskpay.domain.payment_request import PaymentRequestState, PayReason
from deskpay.domain.terminal import Terminal
from deskpay.services.guest_pages import GuestPages
from deskpay.services.intent_news import IntentNews
from deskpay.ui.payments.ask_dialog import TERMINAL, AskDialog
from deskpay.ui.payments.ask_offers import AskOffers, AskStart
from deskpay.ui.payments.code_dialog import CodeDialog
from deskpay.ui.payments.guest_window import GuestState, GuestWindow
from deskpay.ui.payments.link_dialog import LinkDialog
from deskpay.ui.payments.wording import GuestWords
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.guest_language import guest_language
from tests.kit.dialogs import write
from tests.kit.fake_hotel import pay_request
from tests.kit.intents import gbp
from tests.shots.house import ABOUT, FILE, HOTEL, NOW, REFERENCE, ROOM, intent, record
from tests.shots.scene import Scene
from tests.shots.stage import Stage
from tests.shots.stories import ANSWERED, SENT

_ADDRESS = "https://pay.sample-gateway.example/redirect/authenticate/unFR1tjshd9OGDaSSyCeVEbO"
_EUR = Currency("EUR", 2)
_OFFERS = AskOffers(
    pages=GuestPages(("Ideal",)),
    terminals=(Terminal("t-1", "Reception terminal"),),
    rates=(ExchangeRate("EUR", "GBP", Decimal("0.85")),),
)
_BARE = AskOffers(pages=GuestPages(()), no_terminal="Card terminals: Mews has not granted them to DeskPay.")
_IDEAL = intent(IntentKind.ALTERNATIVE, subject="Ideal", tender="Ideal", amount=Money(31_240, _EUR))


def _ask(stage: Stage, means: str = "", offers: AskOffers = _OFFERS) -> AskDialog:
    stage.show_desk()
    file = replace(FILE, hotel=replace(HOTEL, currencies=(*HOTEL.currencies, _EUR)))
    start = AskStart(reason=PayReason.CARD_DECLINED)
    dialog = AskDialog(stage.window, file, offers, stage.environment, REFERENCE, ROOM, start)
    dialog.open()
    if means:
        dialog.means.set_current(means)
        dialog.means.chosen.emit(means)
    return dialog


async def _ask_link(stage: Stage) -> None:
    _ask(stage)


async def _ask_link_errors(stage: Stage) -> None:
    dialog = _ask(stage, offers=_BARE)
    dialog.story.set_text("Please pay by card 4242 4242 4242 4242")
    dialog.story.edited.emit(dialog.story.text())
    write(dialog.entry.amount, "12,345,6")


async def _ask_ideal(stage: Stage) -> None:
    _ask(stage, "Ideal")


async def _ask_terminal(stage: Stage) -> None:
    _ask(stage, TERMINAL)


def _link(stage: Stage, state: PaymentRequestState) -> None:
    stage.show_desk()
    made = NOW - timedelta(hours=3)
    request = replace(
        pay_request("request-1", gbp(18_000), made, customer_id=FILE.customer.id, state=state),
        expires_utc=NOW + timedelta(days=1),
        description="Thank you for staying with us. Please settle the open amount for room 214 before you leave.",
    )
    LinkDialog(stage.window, request, GuestWords(FILE, ROOM), stage.environment, NOW).open()


async def _link_open(stage: Stage) -> None:
    _link(stage, PaymentRequestState.PENDING)


async def _link_paid(stage: Stage) -> None:
    _link(stage, PaymentRequestState.COMPLETED)


async def _code(stage: Stage) -> None:
    stage.show_desk()
    dialog = CodeDialog(
        stage.window,
        stage.environment,
        ABOUT,
        _IDEAL,
        _ADDRESS,
        DateWords(HOTEL.zone),
        clock=stage.clock,
        scope=stage.scope,
    )
    dialog.show_news(IntentNews(record(_IDEAL, SENT, ANSWERED)))
    dialog.open()


def _guest(stage: Stage, state: GuestState) -> None:
    stage.show_desk()
    amount = _IDEAL.amount
    assert amount is not None
    window = GuestWindow(HOTEL.name, amount, _ADDRESS, guest_language("nl"), "Practice: no money moves")
    window.setParent(stage.window)
    window.resize(stage.window.size())
    window.show_state(state)
    window.show()


async def _guest_waits(stage: Stage) -> None:
    _guest(stage, GuestState.WAITING)


async def _guest_paid(stage: Stage) -> None:
    _guest(stage, GuestState.PAID)


SCENES = (
    Scene("ask-link", _ask_link),
    Scene("ask-link-errors", _ask_link_errors),
    Scene("ask-ideal", _ask_ideal),
    Scene("ask-terminal", _ask_terminal),
    Scene("link-open", _link_open),
    Scene("link-paid", _link_paid),
    Scene("code", _code),
    Scene("guest-screen", _guest_waits),
    Scene("guest-screen-paid", _guest_paid),
)
