"""The stories of acts that are pictured: one record for each end, and for each state on the way."""

from deskpay.domain.errors import JournalUnavailable
from deskpay.domain.intent import CardSlip, Evidence, IntentKind, IntentRecord, IntentState
from deskpay.services.intent_runner import IntentNews
from tests.kit.intents import gbp
from tests.shots.house import MASTERCARD, intent, record

_CHARGE = intent(subject="Visa •••• 1111")
_REFUND = intent(IntentKind.REFUND, subject="Visa •••• 1111", amount=gbp(18_000), payment_id="payment-1")
_CASH = intent(IntentKind.RECORD_EXTERNAL, subject="Cash", tender="Cash")
_SLIP = intent(
    IntentKind.RECORD_CARD,
    subject=f"{MASTERCARD} •••• 4444",
    slip=CardSlip(MASTERCARD, "4444", "Ottoline Pepperwick", None),
)
_LINK = intent(IntentKind.PAY_LINK, subject="ottoline@pepperwick.example")
_IDEAL = intent(IntentKind.ALTERNATIVE, subject="Ideal", tender="Ideal")
_TERMINAL = intent(IntentKind.TERMINAL, subject="Reception terminal")
_CARD = intent(IntentKind.SAVE_CARD, subject="Visa")

SENT = (0, IntentState.SENDING, Evidence.ABOUT_TO_SEND, "")
ANSWERED = (2, IntentState.ACCEPTED, Evidence.ANSWERED, "")
_LOST = (30, IntentState.UNKNOWN, Evidence.NO_ANSWER, "")
_NOT_THERE = tuple((after, IntentState.UNKNOWN, Evidence.NOT_FOUND, "") for after in (35, 50, 80))
_READ_BACK = (3, IntentState.CONFIRMED, Evidence.READ_BACK, "")
_BUSY = (110, IntentState.UNKNOWN, Evidence.COULD_NOT_LOOK, "")

UNKNOWN: IntentRecord = record(_CHARGE, SENT, _LOST, *_NOT_THERE)
NEXT_LOOK_S = 1_042.0
"""On the stage's clock, which stands at 1000."""

NEWS: dict[str, IntentNews] = {
    "sending": IntentNews(record(_CHARGE, SENT)),
    "sending-record": IntentNews(record(_SLIP, SENT)),
    "pending": IntentNews(record(_CHARGE, SENT, ANSWERED)),
    "charged": IntentNews(record(_CHARGE, SENT, ANSWERED, _READ_BACK)),
    "found": IntentNews(record(_CHARGE, SENT, _LOST, *_NOT_THERE, (84, IntentState.CONFIRMED, Evidence.FOUND, ""))),
    "recorded": IntentNews(record(_CASH, SENT, ANSWERED, _READ_BACK)),
    "recorded-terminal": IntentNews(record(_SLIP, SENT, ANSWERED, _READ_BACK)),
    "refund-on-its-way": IntentNews(record(_REFUND, SENT, ANSWERED)),
    "refunded": IntentNews(record(_REFUND, SENT, ANSWERED, _READ_BACK)),
    "declined": IntentNews(
        record(
            _CHARGE,
            SENT,
            (2, IntentState.DECLINED, Evidence.REFUSED, "The card has insufficient funds for this payment."),
        )
    ),
    "rejected": IntentNews(
        record(_CHARGE, SENT, (2, IntentState.REJECTED, Evidence.REFUSED, "Invalid ReservationId. It was canceled."))
    ),
    "not-sent": IntentNews(record(_CHARGE, SENT, (1, IntentState.NOT_SENT, Evidence.NOTHING_LEFT, ""))),
    "abandoned": IntentNews(record(_CHARGE, (600, IntentState.ABANDONED, Evidence.RESTARTED, ""))),
    "resolved": IntentNews(
        record(
            _CHARGE,
            SENT,
            _LOST,
            (900, IntentState.RESOLVED, Evidence.PERSON, "The gateway shows no such charge; checked with the bank."),
        )
    ),
    "link-open": IntentNews(record(_LINK, SENT, ANSWERED)),
    "link-paid": IntentNews(record(_LINK, SENT, ANSWERED, _READ_BACK)),
    "link-expired": IntentNews(
        record(_LINK, SENT, ANSWERED, (9_000, IntentState.DECLINED, Evidence.READ_BACK, "expired"))
    ),
    "code-gone": IntentNews(record(_IDEAL, SENT, ANSWERED)),
    "terminal-waiting": IntentNews(record(_TERMINAL, SENT, ANSWERED)),
    "unknown-link": IntentNews(record(_LINK, SENT, _LOST, *_NOT_THERE), next_look_at_s=NEXT_LOOK_S),
    "unknown-first": IntentNews(record(_CHARGE, SENT, _LOST), next_look_at_s=1_005.0),
    "unknown": IntentNews(UNKNOWN, next_look_at_s=NEXT_LOOK_S),
    "unknown-looking": IntentNews(record(_CHARGE, SENT, _LOST, *_NOT_THERE, _BUSY)),
    "unknown-traceless": IntentNews(
        record(
            _CHARGE,
            SENT,
            _LOST,
            *((30 + after, IntentState.UNKNOWN, Evidence.NOT_FOUND, "") for after in (2, 5, 15, 30, 60, 300, 900)),
        ),
        next_look_at_s=1_800.0,
    ),
    "late": IntentNews(
        record(_CHARGE, SENT, _LOST, (900, IntentState.RESOLVED, Evidence.PERSON, "Not there.")), late_id="98f6-77ab"
    ),
    "unknown-refund": IntentNews(record(_REFUND, SENT, _LOST, *_NOT_THERE), next_look_at_s=NEXT_LOOK_S),
    "unknown-several": IntentNews(
        record(_CHARGE, SENT, _LOST, (35, IntentState.UNKNOWN, Evidence.SEVERAL_FOUND, "")), next_look_at_s=NEXT_LOOK_S
    ),
    "unknown-restarted": IntentNews(
        record(_CHARGE, SENT, (400, IntentState.UNKNOWN, Evidence.RESTARTED, "")), next_look_at_s=NEXT_LOOK_S
    ),
    "journal-trouble": IntentNews(record(_CHARGE, SENT, ANSWERED), trouble=JournalUnavailable("disk full")),
    "card-saved": IntentNews(record(_CARD, SENT, ANSWERED, _READ_BACK)),
}
