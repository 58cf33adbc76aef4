"""What the sandbox needs of the card vault behind the Secure Fields."""

from datetime import datetime
from typing import Protocol


class Redeemed(Protocol):
    """What a vault transaction turned out to be.

    ``outcome`` is ``ok``, ``expired``, ``not_found`` or ``consumed``. When it is ``ok``, ``brand`` is the vault's card
    code (``VIS``, ``ECA``, …) and ``masked_number`` the first six and last four digits around ``x``.
    """

    @property
    def outcome(self) -> str: ...  # noqa: D102 - described above
    @property
    def brand(self) -> str | None: ...  # noqa: D102 - described above
    @property
    def masked_number(self) -> str | None: ...  # noqa: D102 - described above


class Vault(Protocol):
    """Exchanges the ``transactionId`` of the hosted fields for the card's facts, once."""

    def redeem(self, transaction_id: str, merchant_id: str, now: datetime) -> Redeemed:
        """Consume `transaction_id` of `merchant_id`; never raises for an id it does not know."""
