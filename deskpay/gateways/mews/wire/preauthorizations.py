"""Amounts that banks hold on cards."""

from __future__ import annotations

from pydantic import StrictBool, StrictStr

from deskpay.domain.preauthorization import Preauthorization, PreauthorizationState
from deskpay.gateways.mews.wire.base import Id, IdentifiedRow, read_page
from deskpay.gateways.mews.wire.money import AmountRow, Currencies, money_of

_STATES = {
    "Chargeable": PreauthorizationState.CHARGEABLE,
    "Pending": PreauthorizationState.PENDING,
    "Charged": PreauthorizationState.CHARGED,
    "Cancelled": PreauthorizationState.CANCELED,
    "Expired": PreauthorizationState.EXPIRED,
    "Failed": PreauthorizationState.FAILED,
}


class _Held(IdentifiedRow):
    credit_card_id: Id
    amount: AmountRow
    state: StrictStr
    reservation_id: Id | None = None
    is_active: StrictBool


def decode_preauthorizations(body: bytes, currencies: Currencies) -> list[Preauthorization]:
    """Return the holds of an answer of preauthorizations/getAllByCustomers.

    Raises:
        WireError: the answer is not what the contract says.
    """

    def held(row: _Held) -> Preauthorization:
        return Preauthorization(
            id=row.id,
            credit_card_id=row.credit_card_id,
            amount=money_of(row.amount, currencies),
            state=_STATES.get(row.state, PreauthorizationState.UNKNOWN),
            reservation_id=row.reservation_id,
            active=row.is_active,
        )

    return list(read_page(body, "Preauthorizations", _Held, held).rows)
