"""The simulated card gateway: what becomes of a charge is written on the card, in its last four digits.

| last four | seeded card, or card of the test vault | outcome |
|---|---|---|
| 1009, 0003 | Barnaby Quillfeather's Amex; 4900 0000 0000 0003 | declined: Refused |
| 9995 | none; for tests | declined: Not enough balance |
| 3155, 0026 | Cosmo Lanternby's Visa; 4000 0010 0000 0026 | Verifying for a day, then Canceled |
| 0077 | Henrietta Larkspindle's MasterCard | Pending, then Charged |
| any other | | Charged |
"""

from dataclasses import dataclass
from datetime import timedelta

# Reference "3-D Secure and declines": the link mailed to the guest lives for 24 hours.
VERIFYING_FOR = timedelta(hours=24)
PENDING_FOR = timedelta(seconds=20)

_DECLINES = {"1009": "Refused", "0003": "Refused", "9995": "Not enough balance"}
_VERIFIES = frozenset({"3155", "0026"})
_PENDS = frozenset({"0077"})


@dataclass(frozen=True, slots=True)
class Authorization:
    """The gateway's answer.

    Args:
        state: Payment state it leads to.
        declined: The reason, when it is a no.
        later: After how long the payment reaches which state by itself, or None.
    """

    state: str
    declined: str | None = None
    later: tuple[timedelta, str] | None = None


def authorize(obfuscated_number: str | None) -> Authorization:
    """Ask the card's bank."""
    last_four = (obfuscated_number or "")[-4:]
    if last_four in _DECLINES:
        return Authorization("Failed", declined=_DECLINES[last_four])
    if last_four in _VERIFIES:
        return Authorization("Verifying", later=(VERIFYING_FOR, "Canceled"))
    if last_four in _PENDS:
        return Authorization("Pending", later=(PENDING_FOR, "Charged"))
    return Authorization("Charged")
