"""What to remind of once money went back: the bill still asks for what was sold."""

from __future__ import annotations

from deskpay.domain.intent import IntentKind, IntentRecord
from deskpay.domain.money import Money
from deskpay.ui.components.state_chip import Tone
from deskpay.ui.payments.wording import said
from deskpay.ui.words.money import MoneyWords


def open_again(record: IntentRecord, owed: Money | None, money: MoneyWords) -> tuple[Tone, str, str, str] | None:
    """Return tone, lead, text and icon of the reminder; None where nothing is open or it was no refund.

    Args:
        record: what ended well.
        owed: what the guest owes now; None where that was not read.
        money: how amounts are written.
    """
    if record.intent.kind is not IntentKind.REFUND or owed is None or not owed.positive:
        return None
    lead = said("The guest owes {amount} now.").format(amount=money.show(owed))
    return Tone.WARNING, lead, said("What they should not pay for has to come off the bill in Mews."), ""
