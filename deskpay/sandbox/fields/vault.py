"""The test vault's memory: forms that were opened and cards that were tokenized. Nothing touches a disk.

Number and security code live for the length of one call. What stays is the masked number, the brand code, the expiry if
it was sent, the merchant id, the time of creation and whether the id was redeemed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from deskpay.sandbox.fields.cards import ACCOUNTS, CARDS, TestCard, Trigger, masked
from deskpay.sandbox.fields.evil import Evil

LIFETIME = timedelta(minutes=30)
"""How long a form and a tokenized card live: the provider documents 30 minutes for the latter."""

PUBLIC_MERCHANT = "1100007006"
"""The provider's public demo merchant id, the one a training hotel uses."""

ACCOUNTS_MERCHANT = "1000001115"
"""The provider's public demo merchant id for bank accounts."""

MERCHANT_REFUSED = "1100000000"
MERCHANT_FRAME_MISSING = "1100000001"
MERCHANT_CVV_NEVER_READY = "1100000002"
MERCHANT_CVV_OPTIONAL = "1100000003"
_TRIGGER_MERCHANTS = frozenset({MERCHANT_FRAME_MISSING, MERCHANT_CVV_NEVER_READY, MERCHANT_CVV_OPTIONAL})

_KEPT = 4 * LIFETIME  # long enough to tell "expired" from "never heard of it"
_MONTHS = range(1, 13)

FORM_EXPIRED = "Form expired"

Outcome = Literal["ok", "expired", "not_found", "consumed"]


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What became of redeeming an id.

    `masked_number` shows the first six and last four digits; `expiry` is (month 1-12, four-digit year) if it was sent
    with the card. Everything but `outcome` is None unless `outcome` is "ok".
    """

    outcome: Outcome
    brand: str | None = None
    masked_number: str | None = None
    expiry: tuple[int, int] | None = None


@dataclass(slots=True)
class _Form:
    merchant_id: str
    opened_at: datetime
    consumed: bool = False


@dataclass(slots=True)
class _Token:
    merchant_id: str
    brand: str
    masked_number: str
    expiry: tuple[int, int] | None
    created_at: datetime
    trigger: Trigger | None
    consumed: bool = False


@dataclass(frozen=True, slots=True)
class VaultAnswer:
    """The JSON body for the frame, and the trigger the web part must act out."""

    body: Mapping[str, object]
    trigger: Trigger | None = None


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _refusal(error: str) -> VaultAnswer:
    return VaultAnswer({"result": "error", "error": error})


class Vault:
    """Issues form ids, tokenizes test cards and lets the hotel's side redeem them once.

    Args:
        merchant_ids: the keys that work, besides the fixed trigger ids of this module.
        clock: the time in UTC; the sandbox passes its own, tests move it.

    Attributes:
        script_available: when False, the script's address answers 503.
        evil: what it is up to; nothing, until it is told to turn.
    """

    def __init__(
        self,
        merchant_ids: Collection[str] = (PUBLIC_MERCHANT, ACCOUNTS_MERCHANT),
        *,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._merchant_ids = frozenset(merchant_ids) | _TRIGGER_MERCHANTS
        self._clock = clock
        self._forms: dict[str, _Form] = {}
        self._tokens: dict[str, _Token] = {}
        self.script_available = True
        self.evil = Evil()

    def reset(self) -> None:
        """Forget every form and card, and serve the script again, an honest one."""
        self._forms.clear()
        self._tokens.clear()
        self.script_available = True
        self.evil.reset()

    def knows_merchant(self, merchant_id: str) -> bool:
        """Tell whether `merchant_id` is one of this vault's."""
        return merchant_id in self._merchant_ids

    def open_form(self, merchant_id: str) -> str:
        """Return the id of a new form for `merchant_id`."""
        self._forget_old()
        form_id = self._draw_id()
        self._forms[form_id] = _Form(merchant_id, self._clock())
        return form_id

    def knows_form(self, form_id: str) -> bool:
        """Tell whether `form_id` was issued here, whatever became of it since."""
        return form_id in self._forms

    def tokenize(self, entry: Mapping[str, str]) -> VaultAnswer:
        """Turn a posted form into an id, or say why not.

        Args:
            entry: the posted values; `formId`, `merchantId`, `cardNumber` or a bank account, `expm` and `expy` are
                read.
        """
        form = self._forms[entry["formId"]]
        now = self._clock()
        if form.consumed or now - form.opened_at >= LIFETIME or form.merchant_id != entry.get("merchantId"):
            return _refusal(FORM_EXPIRED)
        if "cardNumber" not in entry and _account(entry) in ACCOUNTS:
            # Nothing of it is kept: the hotel's side redeems cards only.
            form.consumed = True
            return VaultAnswer({"result": "success", "transactionId": self._draw_id()})
        number = entry.get("cardNumber", "")
        card = CARDS.get(number)
        if card is None:
            return _refusal(
                "This is a test vault: it takes published test cards only, and has kept nothing of this one"
            )
        if card.trigger is Trigger.REFUSED:
            return _refusal("Card refused")
        if card.trigger is Trigger.FORM_EXPIRED:
            return _refusal(FORM_EXPIRED)
        form.consumed = True
        token_id = self._draw_id()
        self._tokens[token_id] = _Token(
            merchant_id=form.merchant_id,
            brand=card.brand,
            masked_number=masked(number),
            expiry=_expiry(entry),
            created_at=now,
            trigger=card.trigger,
        )
        return VaultAnswer(_success(token_id, card), card.trigger)

    def card_facts(self, number: str) -> VaultAnswer:
        """Tell the facts of a complete test card in the flat shape of `getCardInfo`."""
        card = CARDS.get(number)
        if card is None:
            return _refusal("Card not known to this test vault")
        return VaultAnswer({"cardInfo": card.facts, "maskedCard": masked(number), "paymentMethod": card.brand})

    def redeem(self, transaction_id: str, merchant_id: str, now: datetime) -> Redeemed:
        """Hand a tokenized card over once.

        Args:
            transaction_id: the id the pane passed on.
            merchant_id: the redeeming hotel's key; another hotel's card is "not_found".
            now: the redeeming side's time, in UTC.
        """
        token = self._tokens.get(transaction_id)
        if token is None or token.merchant_id != merchant_id or token.trigger is Trigger.NOT_FOUND:
            return Redeemed("not_found")
        if token.trigger is Trigger.EXPIRED or now - token.created_at >= LIFETIME:
            return Redeemed("expired")
        if token.consumed:
            return Redeemed("consumed")
        token.consumed = True
        return Redeemed("ok", token.brand, token.masked_number, token.expiry)

    def _draw_id(self) -> str:
        while True:
            drawn = f"{self._clock():%y%m%d%H%M%S}{secrets.randbelow(1_000_000):06d}"
            if drawn not in self._forms and drawn not in self._tokens:
                return drawn

    def _forget_old(self) -> None:
        oldest = self._clock() - _KEPT
        self._forms = {key: form for key, form in self._forms.items() if form.opened_at > oldest}
        self._tokens = {key: token for key, token in self._tokens.items() if token.created_at > oldest}


def _success(token_id: str, card: TestCard) -> dict[str, object]:
    body: dict[str, object] = {"result": "success", "transactionId": token_id, "cardInfo": card.facts}
    match card.trigger:
        case Trigger.NO_FACTS:
            del body["cardInfo"]
        case Trigger.NO_ID:
            del body["transactionId"]
            body["error"] = "No id was issued"
        case Trigger.MALFORMED_ID:
            body["transactionId"] = "abcdef" + token_id[6:]
        case Trigger.TWICE:
            body["emulate"] = "twice"
        case Trigger.RELOAD:
            body["emulate"] = "reload"
        case _:
            pass
    return body


def _account(entry: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(entry[name] for name in ("iban", "accountNumber", "branchCode") if name in entry)


def _expiry(entry: Mapping[str, str]) -> tuple[int, int] | None:
    month, year = entry.get("expm", ""), entry.get("expy", "")
    if not (month.isascii() and month.isdigit() and year.isascii() and year.isdigit()):
        return None
    if int(month) not in _MONTHS or len(year) > 2:
        return None
    return int(month), 2000 + int(year)
