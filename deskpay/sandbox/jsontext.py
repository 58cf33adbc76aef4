"""Strict JSON in, exact amounts out."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from deskpay.sandbox.errors import Rejected

Json = dict[str, Any]

# A double carries every decimal of 15 digits and prints it back unchanged (IEEE 754, DBL_DIG). Amounts are held
# far below that by `money.MAX_VALUE`.
_EXACT_DIGITS = 15


def parse(body: bytes) -> Json:
    """Read one JSON object; fractions become ``Decimal``, straight from the text.

    Raises:
        Rejected: 400 ``Invalid JSON`` for anything but one strict JSON object in UTF-8 (NaN and Infinity included).
    """
    try:
        value = json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse_constant)
        if b"\\u" in body:  # half a surrogate pair is no character, and no answer could carry it back
            json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Rejected(400, "Invalid JSON") from error
    if not isinstance(value, dict):
        raise Rejected(400, "Invalid JSON")
    return value


def render(value: Any) -> bytes:
    """Write JSON; ``Decimal`` becomes a number without artefacts or needless zeros."""
    return json.dumps(value, ensure_ascii=False, default=_number, allow_nan=False).encode("utf-8")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _number(value: object) -> int | float:
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    exact = value.normalize()
    if len(exact.as_tuple().digits) > _EXACT_DIGITS:
        raise ValueError("an amount that a double cannot carry")
    return int(exact) if exact == exact.to_integral_value() else float(exact)
