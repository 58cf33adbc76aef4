"""The words for a charge at an acquirer: taken there first, then written down in Mews."""

from __future__ import annotations

from deskpay.domain.intent import Intent, IntentRecord, IntentState
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.payments.act_sentences import ActWords
from deskpay.ui.payments.wording import said


def acquirer_words(intent: Intent, amount: str) -> ActWords:
    """Return the words for `intent`; `amount` is written as people read it."""
    return ActWords(
        strip=said("Charge at PayMongo"),
        badge=badge_for(intent.subject.split(" •")[0]),
        what=said("{amount} to {card} at PayMongo").format(amount=amount, card=intent.subject),
        working=said("Charging {amount} to {card}").format(amount=amount, card=intent.subject),
        hint=said(
            "PayMongo takes the money, then DeskPay writes it down in Mews. "
            "If no answer comes, DeskPay reads the charge. It never sends the card a second time."
        ),
        accepted=said("PayMongo has the card. The guest's bank has not said yes yet."),
        accepted_hint=said(
            "The bank may be asking the guest to confirm. DeskPay goes on reading until PayMongo says paid or failed. "
            "Don't take this money another way meanwhile."
        ),
        confirmed=said("The card was charged once and stands in Mews"),
        confirmed_text=said("Payments for this guest are possible again."),
        good=chip_for(ChipState.CHARGED),
        tone=Tone.SUCCESS,
        icon="circle-check",
        declined=said("The card was declined"),
        nothing=said("Nothing was taken"),
        advice=said("Ask for another card, or take the money another way."),
        question=said("Checking whether the card was charged…"),
        not_again=said("Don't take this money again, by card, cash or link"),
        not_again_text=said(
            "It may already be taken. DeskPay has paused payments for this guest and will not send the card again."
        ),
        to_guest=said("We are waiting for confirmation of your payment. We won't charge you again until we know."),
    )


def unrecorded_chip() -> Chip:
    """Return the mark of money that was taken and does not stand in Mews yet."""
    return Chip(said("Charged, not in Mews"), Tone.WARNING, "triangle-alert")


def unrecorded_text(record: IntentRecord) -> str:
    """Return what to tell of money that was taken and does not stand in Mews yet."""
    if record.state is IntentState.TAKEN:
        return said(
            "The guest has paid. DeskPay writes it down in Mews as soon as Mews takes it, and never charges again."
        )
    return said(
        "The guest has paid. DeskPay looks whether it stands in Mews before it writes anything down again, and never "
        "charges again."
    )
