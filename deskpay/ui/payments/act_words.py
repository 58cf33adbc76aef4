"""The words for each kind of act: the same story is told of a charge, a refund, a record and a card, never alike."""

from __future__ import annotations

from deskpay.domain.intent import Intent, IntentKind
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.payments.acquirer_words import acquirer_words
from deskpay.ui.payments.act_sentences import ActWords
from deskpay.ui.payments.ask_words import ask_words
from deskpay.ui.payments.wording import said
from deskpay.ui.words.money import MoneyWords
from deskpay.ui.words.tenders import tender_icon, tender_words


def act_words(intent: Intent, money: MoneyWords) -> ActWords:
    """Return the words for `intent`."""
    amount = money.show(intent.amount) if intent.amount is not None else ""
    match intent.kind:
        case IntentKind.CHARGE:
            return _charge(intent, amount)
        case IntentKind.REFUND:
            return _refund(intent, amount)
        case IntentKind.RECORD_CARD | IntentKind.RECORD_EXTERNAL:
            return _record(intent, amount)
        case IntentKind.SAVE_CARD:
            return _save(intent)
        case IntentKind.PAY_LINK | IntentKind.ALTERNATIVE | IntentKind.TERMINAL:
            return ask_words(intent, amount)
        case IntentKind.ACQUIRER_CHARGE:
            return acquirer_words(intent, amount)


def _of_card(subject: str) -> bool:
    return "•" in subject


def _charge(intent: Intent, amount: str) -> ActWords:
    return ActWords(
        strip=said("Charge"),
        badge=badge_for(intent.subject.split(" •")[0]),
        what=said("{amount} to {card}").format(amount=amount, card=intent.subject),
        working=said("Charging {amount} to {card}").format(amount=amount, card=intent.subject),
        hint=said(
            "Most cards answer within 5 seconds. If no answer comes, DeskPay looks in Mews. "
            "It never sends the charge a second time."
        ),
        accepted=said("Mews has the charge. The card's bank has not said yes yet."),
        accepted_hint=said(
            "The bank may be asking the guest to confirm. DeskPay goes on reading until Mews says charged or failed. "
            "Don't take this money another way meanwhile."
        ),
        confirmed=said("The card was charged once"),
        confirmed_text=said("Payments for this guest are possible again."),
        good=chip_for(ChipState.CHARGED),
        tone=Tone.SUCCESS,
        icon="circle-check",
        declined=said("The card was declined"),
        nothing=said("Nothing was taken"),
        advice="",
        question=said("Checking whether the card was charged…"),
        not_again=said("Don't take this money again, by card, cash or link"),
        not_again_text=said(
            "It may already be taken. DeskPay has paused payments for this guest and will not send the charge again."
        ),
        to_guest=said("We are waiting for confirmation of your payment. We won't charge you again until we know."),
    )


def _refund(intent: Intent, amount: str) -> ActWords:
    to = intent.subject if _of_card(intent.subject) else said("where it came from")
    return ActWords(
        strip=said("Refund"),
        badge=badge_for(intent.subject.split(" •")[0]) if _of_card(intent.subject) else "icon:undo-2",
        what=said("{amount} back to {card}").format(amount=amount, card=to),
        working=said("Refunding {amount} to {card}").format(amount=amount, card=to),
        hint=said("If no answer comes, DeskPay looks in Mews. It never sends the refund a second time."),
        accepted=said("The refund is on its way"),
        accepted_hint=said("It is on the guest's card in 3 to 5 working days. DeskPay follows it until it lands."),
        confirmed=said("The refund was made once"),
        confirmed_text=said("It is on the guest's card in 3 to 5 working days."),
        good=chip_for(ChipState.REFUNDED),
        tone=Tone.SUCCESS,
        icon="undo-2",
        declined=said("The refund did not go through"),
        nothing=said("Nothing was given back"),
        advice=said("Look at the payment in Mews, or give the money back another way."),
        question=said("Checking whether the money was given back…"),
        not_again=said("Don't give this money back again, by card, cash or transfer"),
        not_again_text=said(
            "It may already be on its way. DeskPay has paused payments for this guest and will not send it again."
        ),
        to_guest=said("We are waiting for confirmation of your refund. We will tell you as soon as we know."),
    )


def _record(intent: Intent, amount: str) -> ActWords:
    by_card = _of_card(intent.subject)
    means = said("card terminal") if by_card else tender_words(intent.tender or intent.subject)
    return ActWords(
        strip=said("Record payment"),
        badge=badge_for(intent.subject.split(" •")[0]) if by_card else f"icon:{tender_icon(intent.subject)}",
        what=said("{amount}, {means}").format(amount=amount, means=f"{means} {intent.subject}" if by_card else means),
        working=said("Recording {amount}, {means}").format(amount=amount, means=means),
        hint=said("No card is charged. If no answer comes, DeskPay looks in Mews. It never writes it down twice."),
        accepted=said("Mews has the record. DeskPay is reading it back."),
        accepted_hint=said("No card is charged."),
        confirmed=said("The payment was recorded once"),
        confirmed_text=said("DeskPay wrote it on the bill. No card was charged."),
        good=chip_for(ChipState.RECORDED),
        tone=Tone.NEUTRAL,
        icon="check",
        declined=said("Mews did not record the payment"),
        nothing=said("Nothing was written on the bill"),
        advice=said("The guest has paid all the same. Look at the bill in Mews, then record it there or here."),
        question=said("Checking whether the payment was recorded…"),
        not_again=said("Don't record this payment again, and don't take it again"),
        not_again_text=said(
            "It may already stand on the bill. DeskPay has paused payments for this guest and won't write it again."
        ),
        to_guest=said("Your payment is safe with us. We are waiting for it to show on your bill."),
    )


def _save(intent: Intent) -> ActWords:
    name = intent.customer_name
    return ActWords(
        strip=said("Add card"),
        badge="CARD",
        what=said("Card of {name}").format(name=name),
        working=said("Saving the card of {name}").format(name=name),
        hint=said("No money moves. If no answer comes, DeskPay looks in Mews. It never sends the card a second time."),
        accepted=said("Mews has the card. DeskPay is reading it back."),
        accepted_hint=said("No money moves."),
        confirmed=said("The card was saved once"),
        confirmed_text=said("It can be charged now. No money was taken."),
        good=Chip(said("Saved"), Tone.SUCCESS, "circle-check"),
        tone=Tone.SUCCESS,
        icon="credit-card",
        declined=said("Mews did not save the card"),
        nothing=said("No card was saved"),
        advice=said("Ask for another card, or type it again. No money was taken."),
        question=said("Checking whether the card was saved…"),
        not_again=said("Don't type this card again yet"),
        not_again_text=said("It may already be saved. No money was taken. DeskPay will not send the card again."),
    )
