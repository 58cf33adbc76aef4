"""What PayMongo's test cards do. Source: PayMongo, "Testing".

The number itself is read once, for this; it is kept nowhere.
"""

from dataclasses import dataclass
from enum import Enum, auto

_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class Authentication(Enum):
    """Whether the guest is sent to the bank's page."""

    NONE = auto()
    REQUIRED = auto()
    DECLINED_BEFORE = auto()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a card behaves when it is attached.

    Args:
        authentication: Whether the bank's page comes first.
        failure: Sub-code of the decline that follows; empty when it is paid.
        keeps_hold: Whether cancelling its hold fails.
    """

    authentication: Authentication = Authentication.NONE
    failure: str = ""
    keeps_hold: bool = False


_PAYS = Behaviour()
_AUTHENTICATES = Behaviour(Authentication.REQUIRED)

BEHAVIOURS = {
    **dict.fromkeys(
        (
            "4343434343434345",
            "4571736000000075",
            "4009930000001421",
            "4404520000001439",
            "5555444444444457",
            "5455590000000009",
            "5339080000000003",
            "5240050000001440",
            "5577510000001446",
            "5123000000000002",
            "2222000000000008",
            "5123000000000001",
        ),
        _PAYS,
    ),
    "4120000000000007": _AUTHENTICATES,
    "4230000000000004": Behaviour(Authentication.DECLINED_BEFORE, "generic_decline"),
    "5234000000000106": Behaviour(Authentication.REQUIRED, "generic_decline"),
    "4200000000000018": Behaviour(failure="card_expired"),
    "4300000000000017": Behaviour(failure="cvc_invalid"),
    **dict.fromkeys(("4400000000000016", "4028220000001457", "4111111111111111"), Behaviour(failure="generic_decline")),
    "4500000000000015": Behaviour(failure="fraudulent"),
    **dict.fromkeys(("5100000000000198", "5240460000001466"), Behaviour(failure="insufficient_funds")),
    "5200000000000197": Behaviour(failure="processor_blocked"),
    **dict.fromkeys(("5300000000000196", "5483530000001462"), Behaviour(failure="lost_card")),
    "5400000000000195": Behaviour(failure="stolen_card"),
    "5500000000000194": Behaviour(failure="processor_unavailable"),
    "4600000000000014": Behaviour(failure="blocked"),
    "5417881844647288": Behaviour(keeps_hold=True),
    "5417886761138807": Behaviour(Authentication.REQUIRED, keeps_hold=True),
}
"""By number, as published. One of them fails the check digit and is accepted all the same."""


def behaviour_of(number: str) -> Behaviour | None:
    """How the card behaves; None for what is no Visa or Mastercard number.

    Numbers outside the list go through the bank's page, so that nobody comes to rely on payments without it.
    """
    known = BEHAVIOURS.get(number)
    if known is not None:
        return known
    return _AUTHENTICATES if brand_of(number) and _passes_luhn(number) else None


def brand_of(number: str) -> str:
    """The brand as payments tell it; empty for others than Visa and Mastercard."""
    if not (number.isascii() and number.isdigit()):
        return ""
    if number[0] == "4" and len(number) in {13, 16, 19}:
        return "visa"
    mastercard = 51 <= int(number[:2]) <= 55 or 2221 <= int(number[:4]) <= 2720
    # The published list holds one number just below Mastercard's range.
    return "mastercard" if len(number) == 16 and (mastercard or number in BEHAVIOURS) else ""


def _passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(_LUHN_DOUBLED[digit] for digit in digits[1::2])) % 10 == 0
