"""What a charge form offers, and what it starts with."""

from __future__ import annotations

from dataclasses import dataclass, field

from deskpay.domain.exchange import ExchangeRate
from deskpay.domain.hotel import AccountingCategory
from deskpay.domain.intent import IntentRecord, IntentState
from deskpay.domain.money import Money
from deskpay.domain.remembered import Remembered
from deskpay.domain.split import Split, shares
from deskpay.domain.virtual_card import Agency
from deskpay.ui.payments.decline_words import Move


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOffers:
    """What every charge form of a desk offers.

    Args:
        categories: what the payment may be booked under.
        rates: the hotel's own, for display.
        agencies: what is guessed of booking sites' cards.
        remembered: what the last form held.
    """

    categories: tuple[AccountingCategory, ...] = ()
    rates: tuple[ExchangeRate, ...] = ()
    agencies: tuple[Agency, ...] = ()
    remembered: Remembered = field(default_factory=Remembered)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeStart:
    """What one charge form starts with.

    Args:
        card_id: the card to start with, where it can be charged.
        not_card_id: the card that is only started with where no other can be charged.
        amount: to start with; None for what is due.
        split: where the taking of a sum in parts stands; None to take it at once.
    """

    card_id: str | None = None
    not_card_id: str | None = None
    amount: Money | None = None
    split: Split | None = None


def start_after(move: Move, record: IntentRecord, split: Split | None) -> ChargeStart | None:
    """Return what the next charge form starts with, None where the move leads to no charge.

    Args:
        move: that the clerk chose.
        record: the charge before.
        split: where the taking in parts stood when it was confirmed.
    """
    card_id, amount = record.intent.credit_card_id, record.intent.amount
    if move is Move.PAY_LINK or amount is None:
        return None
    if move is Move.SMALLER_PART:
        return ChargeStart(card_id=card_id, amount=shares(amount, min(2, amount.minor))[0])
    if record.state is IntentState.CONFIRMED:
        rest = split.after(amount, record.outcome_id or "") if split is not None else None
        return ChargeStart(split=rest, amount=rest.share) if rest is not None else None
    if record.state is IntentState.DECLINED:
        return ChargeStart(not_card_id=card_id, amount=amount, split=split)
    return ChargeStart(card_id=card_id, amount=amount, split=split)
