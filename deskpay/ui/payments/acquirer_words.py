"""The words for a charge at an acquirer: taken there first, then written down in Mews."""

from __future__ import annotations

from deskpay.domain.acquirer import ChargeState
from deskpay.domain.intent import Intent, IntentKind, IntentRecord, IntentState
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.payments.act_sentences import ActWords
from deskpay.ui.payments.decline_words import Move, MoveWords
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


def bank_moves() -> tuple[MoveWords, ...]:
    """Return the ways on while the guest's bank has not said yes."""
    page = MoveWords(Move.BANK_PAGE, said("Bank's page…"), said("The guest has to confirm, or it was left"))
    end = MoveWords(
        Move.END_CHARGE, said("End this charge"), said("Nothing is taken then, and another card can be tried")
    )
    return (page, end)


def why_declined(code: str) -> tuple[str, str, str]:
    """Return title, subtitle and what to say of a charge that took nothing.

    Source: PayMongo, "Card errors": what may point at a stolen or blocked card is shown as a plain decline.

    Args:
        code: why, as the acquirer tells it.
    """
    if code == ChargeState.CANCELLED.value:
        text = said("It was ended before the bank said yes, so it never can take money.")
        return said("The charge was ended"), said("Nothing was taken"), text
    sentences = {
        "authentication_error": said("The guest's bank did not confirm it, or the guest said no there."),
        "insufficient_funds": said("Usually there is not enough money on the card."),
        "card_expired": said("The bank says that the card has expired. The guest may have a new one."),
        "cvc_invalid": said("The security code does not fit. Type it again, or ask for another card."),
        "amount_allowed_exceeded": said("Usually the card has reached its limit for the day or the month."),
        "debit_card_usage_limit_exceeded": said("Usually the card has reached its limit for the day or the month."),
        "issuer_not_available": said("The bank could not be reached. Wait some minutes before another try."),
    }
    plain = said("The bank gave no reason that can be told here. Only the guest can ask their bank.")
    return said("The card was declined"), said("Nothing was taken"), sentences.get(code, plain)


def unrecorded_chip(intent: Intent) -> Chip:
    """Return the mark of money that was taken, or given back, and does not stand in Mews yet."""
    back = intent.kind is IntentKind.REFUND
    words = said("Given back, not in Mews") if back else said("Charged, not in Mews")
    return Chip(words, Tone.WARNING, "triangle-alert")


def unrecorded_text(record: IntentRecord) -> str:
    """Return what to tell of money that was taken, or given back, and does not stand in Mews yet."""
    if record.intent.kind is IntentKind.REFUND:
        return said(
            "The guest gets the money back; it can take 30 days. DeskPay does not know how Mews takes a refund of "
            "another system's card, so a person writes it in there and says here that it stands."
        )
    if record.state is IntentState.TAKEN:
        return said(
            "The guest has paid. DeskPay writes it down in Mews as soon as Mews takes it, and never charges again."
        )
    return said(
        "The guest has paid. DeskPay looks whether it stands in Mews before it writes anything down again, and never "
        "charges again."
    )


def named(record: IntentRecord, words: str, **more: str) -> str:
    """Return `words` with the name of the system that takes the money."""
    return words.format(system="PayMongo" if record.intent.in_two_steps else "Mews", **more)
