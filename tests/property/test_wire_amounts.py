"""Amounts survive the wire to the last digit, whatever the currency's decimals."""

import json
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from deskpay.domain.money import Currency, Money
from deskpay.gateways.mews.wire.base import encode, parse_json
from deskpay.gateways.mews.wire.money import AmountRow, amount_fields, money_of

currencies = st.builds(Currency, st.sampled_from(["GBP", "JPY", "KWD", "CLF"]), st.integers(0, 4))
amounts = st.builds(Money, st.integers(-(10**13), 10**13), currencies)


@given(amounts, st.booleans())
def test_what_is_sent_is_what_was_meant(amount: Money, gross: bool) -> None:
    fields = json.loads(encode(amount_fields(amount, gross_pricing=gross)), parse_float=Decimal)
    value = fields.pop("GrossValue" if gross else "NetValue")
    assert fields == {"Currency": amount.currency.code, "TaxCodes": []}
    assert Money.from_decimal(Decimal(value), amount.currency) == amount
    assert len(str(value).partition(".")[2]) <= amount.currency.precision


@given(amounts)
@example(Money(12_345_678_901_234_567, Currency("CLF", 4)))  # no double has that many digits
def test_what_comes_back_is_what_was_sent(amount: Money) -> None:
    fields = parse_json(encode(amount_fields(amount, gross_pricing=True)))
    known = {amount.currency.code: amount.currency}
    assert money_of(AmountRow.model_validate(fields), known) == amount


@given(amounts)
def test_a_server_that_computes_in_doubles_is_understood(amount: Money) -> None:
    as_double = Decimal(repr(float(amount.to_decimal())))
    row = AmountRow.model_validate({"Currency": amount.currency.code, "GrossValue": as_double})
    assert money_of(row, {amount.currency.code: amount.currency}) == amount
