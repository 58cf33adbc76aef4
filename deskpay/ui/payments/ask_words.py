"""The words for what asks a guest to pay: a link, an alternative method, a terminal. None of them is a charge."""

from __future__ import annotations

from deskpay.domain.intent import Intent, IntentKind
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.payments.act_sentences import ActWords
from deskpay.ui.payments.wording import said
from deskpay.ui.words.tenders import tender_words


def ask_words(intent: Intent, amount: str) -> ActWords:
    """Return the words for `intent`, which asks its guest."""
    if intent.kind is IntentKind.PAY_LINK:
        return _link(intent, amount)
    if intent.kind is IntentKind.TERMINAL:
        return _terminal(intent, amount)
    return _alternative(intent, amount)


def ask_icon(intent: Intent) -> str:
    """Return the outline of the way in which the guest is asked."""
    return {IntentKind.PAY_LINK: "link", IntentKind.TERMINAL: "nfc"}.get(intent.kind, "qr-code")


def ask_name(intent: Intent) -> str:
    """Return the way in which the guest is asked, in words."""
    if intent.kind is IntentKind.PAY_LINK:
        return said("Pay link")
    return intent.subject if intent.kind is IntentKind.TERMINAL else tender_words(intent.tender)


def _link(intent: Intent, amount: str) -> ActWords:
    to = intent.subject or intent.customer_name
    return ActWords(
        strip=said("Pay link"),
        badge="icon:link",
        what=said("{amount}, pay link to {to}").format(amount=amount, to=to),
        working=said("Asking for {amount} by a link").format(amount=amount),
        hint=said("Nothing is taken by this. If no answer comes, DeskPay looks in Mews. It never makes a second link."),
        accepted=said("The pay link is open"),
        accepted_hint=said(
            "The guest pays in their own time. DeskPay follows the link until it is paid, expires or is cancelled, and "
            "warns before any other charge of this amount."
        ),
        confirmed=said("The guest paid by the link"),
        confirmed_text=said("The payment stands under Payments."),
        good=Chip(said("Paid"), Tone.SUCCESS, "circle-check"),
        tone=Tone.SUCCESS,
        icon="circle-check",
        declined=said("The link ended unpaid"),
        nothing=said("Nothing was taken"),
        advice=said("Send another link, or take the payment another way."),
        question=said("Checking whether the link was made…"),
        not_again=said("Don't send another link, and don't take this money another way yet"),
        not_again_text=said(
            "The guest may have the link already. DeskPay has paused payments for this guest and won't send it again."
        ),
        to_guest=said("If you get a mail with a link, wait with paying until we know that there is only one."),
    )


def _alternative(intent: Intent, amount: str) -> ActWords:
    method = tender_words(intent.tender)
    return ActWords(
        strip=method,
        badge="icon:qr-code",
        what=said("{amount} by {method}").format(amount=amount, method=method),
        working=said("Preparing {amount} by {method}").format(amount=amount, method=method),
        hint=said("Nothing is taken before the guest pays. DeskPay never prepares it a second time by itself."),
        accepted=said("Waiting for the guest to pay {amount}").format(amount=amount),
        accepted_hint=said(
            "The code cannot be shown again, for Mews tells it only once. If the guest still pays by it, DeskPay sees "
            "it. If they don't, ask anew."
        ),
        confirmed=said("The guest paid {amount} by {method}").format(amount=amount, method=method),
        confirmed_text=said("The payment stands under Payments."),
        good=Chip(said("Paid"), Tone.SUCCESS, "circle-check"),
        tone=Tone.SUCCESS,
        icon="circle-check",
        declined=said("The guest did not pay"),
        nothing=said("Nothing was taken"),
        advice=said("Ask anew, or take the payment another way."),
        question=said("Checking whether the payment was prepared…"),
        not_again=said("Don't take this money another way yet"),
        not_again_text=said(
            "It may be prepared already. DeskPay has paused payments for this guest and won't prepare it again."
        ),
        to_guest=said("One moment, please: we are checking whether your payment was prepared."),
    )


def _terminal(intent: Intent, amount: str) -> ActWords:
    terminal = intent.subject
    return ActWords(
        strip=said("Card terminal"),
        badge="icon:nfc",
        what=said("{amount} at {terminal}").format(amount=amount, terminal=terminal),
        working=said("Sending {amount} to {terminal}").format(amount=amount, terminal=terminal),
        hint=said("Nothing is taken before the guest holds a card to the terminal. DeskPay never sends it twice."),
        accepted=said("The guest pays {amount} at {terminal}").format(amount=amount, terminal=terminal),
        accepted_hint=said(
            "It counts only when this window says paid. To stop, cancel it on the terminal. DeskPay warns before any "
            "other charge of this amount."
        ),
        confirmed=said("The guest paid at the terminal"),
        confirmed_text=said("The payment stands under Payments."),
        good=chip_for(ChipState.CHARGED),
        tone=Tone.SUCCESS,
        icon="circle-check",
        declined=said("The terminal took no payment"),
        nothing=said("Nothing was taken"),
        advice=said("Ask again at the terminal, or take the payment another way."),
        question=said("Checking whether the terminal took the payment…"),
        not_again=said("Don't take this money again, by card, cash or link"),
        not_again_text=said(
            "The terminal may have it. Look at it: if it shows the amount, the guest may pay. Two people decide then."
        ),
        to_guest=said("One moment, please: we are checking with the terminal."),
    )
