"""The words of the night audit: what a row is worth, how money came, what is open and what is to be done about it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from deskpay.domain.comparison import Difference
from deskpay.domain.day_sheet import Entry, Means, Standing
from deskpay.domain.errors import DeskPayError, GuestBeingChecked, LooksRepeated
from deskpay.domain.matters import Matter, MatterKind
from deskpay.domain.night_queue import Obstacle, RowState, Why
from deskpay.domain.payment import PaymentKind
from deskpay.services.run_night_queue import RowNews
from deskpay.ui.components.brand_badge import badge_for
from deskpay.ui.components.state_chip import Chip, ChipState, Tone, chip_for
from deskpay.ui.present_error import words_for
from deskpay.ui.words.tenders import tender_icon, tender_words


def _said(words: str) -> str:
    return QCoreApplication.translate("AuditWords", words)


def moved_chip() -> Chip:
    """Return the chip of money that an acquirer moved and Mews does not show."""
    return Chip(_said("Moved, not in Mews"), Tone.WARNING, "triangle-alert")


def standing_chip(entry: Entry) -> Chip:
    """Return the chip of a row of the day."""
    back = entry.kind is PaymentKind.REFUND or entry.given_back
    if entry.kind is PaymentKind.CHARGEBACK and entry.counted:
        return Chip(_said("Chargeback"), Tone.DANGER, "circle-alert")
    chips = {
        Standing.CHARGED: chip_for(ChipState.REFUNDED if back else ChipState.CHARGED),
        Standing.RECORDED: chip_for(ChipState.RECORDED),
        Standing.PENDING: chip_for(ChipState.REFUND_PENDING)
        if back
        else Chip(_said("Pending"), Tone.WARNING, "hourglass"),
        Standing.VERIFYING: chip_for(ChipState.WAITING_FOR_GUEST),
        Standing.FAILED: chip_for(ChipState.DECLINED),
        Standing.CANCELED: Chip(_said("Canceled"), Tone.NEUTRAL, "ban"),
        Standing.NOT_IN_BOOKS: moved_chip(),
        Standing.NOT_KNOWN: chip_for(ChipState.NOT_KNOWN),
        Standing.UNTOLD: chip_for(ChipState.NOT_KNOWN),
    }
    return chips[entry.standing]


def standing_words(standing: Standing) -> str:
    """Return what rows of a standing are called in a sum."""
    return {
        Standing.CHARGED: _said("Charged"),
        Standing.RECORDED: _said("Recorded"),
        Standing.PENDING: _said("Pending"),
        Standing.VERIFYING: _said("Waiting for guest"),
        Standing.FAILED: _said("Declined"),
        Standing.CANCELED: _said("Canceled"),
        Standing.NOT_IN_BOOKS: moved_chip().words,
        Standing.NOT_KNOWN: _said("Not known"),
        Standing.UNTOLD: _said("Told in words that DeskPay does not know"),
    }[standing]


def means_words(means: Means) -> str:
    """Return what a way of paying is called."""
    return {
        Means.SAVED_CARD: _said("Saved cards"),
        Means.TERMINAL: _said("Terminal"),
        Means.CASH: _said("Cash"),
        Means.PAY_LINK: _said("Pay links"),
        Means.TRANSFER: _said("Transfer"),
        Means.OTHER: _said("Other"),
    }[means]


def kind_words(kind: PaymentKind) -> str:
    """Return what rows of a direction and cause are called."""
    return {
        PaymentKind.PAYMENT: _said("Payments"),
        PaymentKind.REFUND: _said("Refunds"),
        PaymentKind.CHARGEBACK: _said("Chargebacks"),
        PaymentKind.CHARGEBACK_REVERSAL: _said("Chargebacks taken back"),
        PaymentKind.UNTOLD: _said("Recorded or not told"),
    }[kind]


def method_words(entry: Entry) -> str:
    """Return how one payment was made: the card, the tender, or the way."""
    if entry.tender:
        words = tender_words(entry.tender)
    elif entry.means is Means.PAY_LINK:
        words = _said("Pay link, paid by card") if entry.subject else _said("Pay link")
    elif entry.means is Means.CASH:
        words = _said("Cash")
    elif entry.means is Means.TERMINAL and entry.subject:
        words = _said("Terminal {card}").format(card=entry.subject)
    else:
        words = entry.subject or means_words(entry.means)
    if entry.kind is PaymentKind.CHARGEBACK:
        return _said("Chargeback, {method}").format(method=words)
    return _said("Refund, {method}").format(method=words) if entry.given_back else words


def method_badge(entry: Entry) -> str:
    """Return the badge before it."""
    if entry.tender:
        return f"icon:{tender_icon(entry.tender)}"
    icons = {Means.PAY_LINK: "link", Means.CASH: "banknote", Means.TERMINAL: "nfc", Means.TRANSFER: "landmark"}
    if entry.means in icons:
        return f"icon:{icons[entry.means]}"
    return badge_for(entry.subject.partition(" ")[0]) if entry.subject else "icon:hand-coins"


def matter_chip(matter: Matter) -> Chip:
    """Return the chip of an open matter."""
    return {
        MatterKind.NOT_KNOWN: chip_for(ChipState.NOT_KNOWN),
        MatterKind.NOT_IN_BOOKS: moved_chip(),
        MatterKind.CHARGEBACK: Chip(_said("Chargeback"), Tone.DANGER, "circle-alert"),
        MatterKind.REFUND_FAILED: Chip(_said("Refund failed"), Tone.DANGER, "circle-x"),
        MatterKind.AUTOMATION_FAILED: Chip(_said("Automatic charge failed"), Tone.WARNING, "triangle-alert"),
        MatterKind.BILL_UNEVEN: Chip(_said("Bill not even"), Tone.WARNING, "triangle-alert"),
        MatterKind.WAITING: Chip(_said("Payment under way"), Tone.WARNING, "hourglass"),
        MatterKind.REFUND_UNDER_WAY: chip_for(ChipState.REFUND_PENDING),
        MatterKind.LINK_OPEN: Chip(_said("Link not paid"), Tone.ACCENT, "link"),
        MatterKind.NO_PROOF: Chip(_said("No slip number"), Tone.NEUTRAL, "info"),
    }[matter.kind]


def next_step(matter: Matter) -> str:
    """Return what is to be done about an open matter."""
    if matter.kind is MatterKind.CHARGEBACK:
        words = _said("Send the proof to Mews. A guess, not the bank's word: {days} days left.")
        return words.format(days=matter.days_left if matter.days_left is not None else 0)
    return {
        MatterKind.NOT_KNOWN: _said("Do not take this money again. DeskPay goes on checking; F5 checks now."),
        MatterKind.NOT_IN_BOOKS: _said(
            "The money has moved. Do not move it again; write it into Mews by hand if need be."
        ),
        MatterKind.REFUND_FAILED: _said("The guest has no money back. Refund again, or another way."),
        MatterKind.AUTOMATION_FAILED: _said("The guest has a card that can be charged now. Charge it."),
        MatterKind.BILL_UNEVEN: _said("The guest has left. Charge the rest, or give back what is too much."),
        MatterKind.WAITING: _said("Wait. The guest or the bank has to confirm; do not charge again."),
        MatterKind.REFUND_UNDER_WAY: _said("Wait. The bank has not confirmed it yet."),
        MatterKind.LINK_OPEN: _said("Remind the guest, or take the link back before charging another way."),
        MatterKind.NO_PROOF: _said("Find the slip or voucher and note its number in Mews."),
    }[matter.kind]


def difference_chip(difference: Difference) -> Chip:
    """Return the chip of a disagreement between journal and books."""
    return {
        Difference.MISSING_THERE: Chip(_said("Missing in Mews"), Tone.DANGER, "circle-alert"),
        Difference.UNKNOWN_HERE: Chip(_said("Not in this journal"), Tone.WARNING, "triangle-alert"),
        Difference.AMOUNT_DIFFERS: Chip(_said("Another amount"), Tone.DANGER, "circle-alert"),
        Difference.FAILED_THERE: Chip(_said("Failed in Mews"), Tone.DANGER, "circle-x"),
        Difference.LIVES_THERE: Chip(_said("Alive in Mews"), Tone.DANGER, "circle-alert"),
        Difference.NOT_IN_BOOKS: moved_chip(),
        Difference.ACQUIRER_TOOK: Chip(_said("Taken at PayMongo"), Tone.DANGER, "circle-alert"),
        Difference.ACQUIRER_TOOK_NOT: Chip(_said("Missing at PayMongo"), Tone.DANGER, "circle-alert"),
        Difference.ACQUIRER_AMOUNT: Chip(_said("Another amount"), Tone.DANGER, "circle-alert"),
    }[difference]


def difference_words(difference: Difference) -> str:
    """Return what a disagreement means."""
    return {
        Difference.MISSING_THERE: _said("The journal says it was done, and Mews holds no such payment."),
        Difference.UNKNOWN_HERE: _said("It bears a DeskPay reference that this journal does not know: another desk?"),
        Difference.AMOUNT_DIFFERS: _said("The amount in Mews is not the one that was confirmed: a surcharge?"),
        Difference.FAILED_THERE: _said("The journal says it was done, and Mews calls the payment failed."),
        Difference.LIVES_THERE: _said("The journal says nothing was taken, and Mews holds a living payment."),
        Difference.NOT_IN_BOOKS: _said("PayMongo has moved the money, and Mews does not show it yet."),
        Difference.ACQUIRER_TOOK: _said("PayMongo has taken money for this act that the journal does not know of."),
        Difference.ACQUIRER_TOOK_NOT: _said(
            "The journal says that PayMongo took it, and PayMongo lists no such payment."
        ),
        Difference.ACQUIRER_AMOUNT: _said("PayMongo has taken another amount than was confirmed."),
    }[difference]


def why_words(why: Why) -> str:
    """Return why money is due."""
    return {
        Why.NO_SHOW: _said("Did not come"),
        Why.CANCELED_LATE: _said("Canceled late"),
        Why.DEPARTED_UNPAID: _said("Left unpaid"),
    }[why]


def obstacle_words(obstacle: Obstacle) -> str:
    """Return why a candidate cannot be charged."""
    return {
        Obstacle.NO_CARD: _said("No card saved: send a pay link"),
        Obstacle.EXPIRED: _said("Card expired"),
        Obstacle.DISABLED: _said("Card switched off in Mews"),
        Obstacle.NOT_HERE: _said("Terminal card, cannot be charged here"),
        Obstacle.GUEST_AWAY: _said("PayMongo card needs the guest here"),
        Obstacle.VIRTUAL_TOO_EARLY: _said("Virtual card, probably not open before arrival"),
        Obstacle.PAID_BY_COMPANY: _said("Agency or company pays"),
        Obstacle.PAID_ALREADY: _said("Paid already"),
        Obstacle.UNDER_WAY: _said("A payment is under way"),
        Obstacle.LINK_OPEN: _said("A pay link is open"),
        Obstacle.BEING_CHECKED: _said("An earlier charge is being checked"),
    }[obstacle]


def row_chip(news: RowNews) -> Chip:
    """Return the chip of a row of the queue."""
    if news.state is RowState.WAITING and news.problem is not None:
        return Chip(_said("Waiting for Mews"), Tone.WARNING, "hourglass")
    return {
        RowState.WAITING: Chip(_said("Next"), Tone.NEUTRAL, "clock"),
        RowState.CHARGING: chip_for(ChipState.SENDING),
        RowState.CHARGED: chip_for(ChipState.CHARGED),
        RowState.UNDER_WAY: Chip(_said("Under way"), Tone.ACCENT, "hourglass"),
        RowState.DECLINED: chip_for(ChipState.DECLINED),
        RowState.REFUSED: Chip(_said("Refused"), Tone.DANGER, "circle-x"),
        RowState.SKIPPED: Chip(_said("Skipped"), Tone.NEUTRAL, "ban"),
        RowState.NOT_SENT: chip_for(ChipState.NOT_SENT),
        RowState.NOT_KNOWN: chip_for(ChipState.NOT_KNOWN),
        RowState.DECIDED: Chip(_said("Decided by people"), Tone.NEUTRAL, "user-check"),
    }[news.state]


def row_words(news: RowNews) -> str:
    """Return what is to be said of a row of the queue: why it was skipped or declined, or what it waits for."""
    if news.problem is not None:
        return _skipped(news.problem)
    if news.record is not None and news.record.message:
        return news.record.message
    return {
        RowState.NOT_KNOWN: _said("No answer yet. Nothing is charged meanwhile; DeskPay is checking."),
        RowState.UNDER_WAY: _said("The bank or the guest has to confirm."),
        RowState.NOT_SENT: _said("The request never left this computer."),
    }.get(news.state, "")


def _skipped(problem: DeskPayError) -> str:
    if isinstance(problem, LooksRepeated):
        repeat = problem.repeats[0]
        return (
            _said("A pay link is open") if repeat.open_request else _said("Paid meanwhile, or the same amount lately")
        )
    if isinstance(problem, GuestBeingChecked):
        return obstacle_words(Obstacle.BEING_CHECKED)
    return words_for(problem).sentence
