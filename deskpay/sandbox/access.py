"""What an access token opens: which properties, and which operations Mews has granted it.

The token is opaque and travels in the body. Restricted operations, and the exchange of a vault's id for a card, are
granted one by one at certification; without the grant they answer 401 like a wrong token (reference, "Errors").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deskpay.sandbox.contract import contract
from deskpay.sandbox.errors import Rejected, invalid
from deskpay.sandbox.hotel.state import Hotel

# Public on purpose: they open nothing but this sandbox.
CLIENT_TOKEN = "7EA90707000000000000000000C11E47-0000000000000000000000000DE5C9A"  # noqa: S105 - see above
ACCESS_TOKEN = "7EA90707000000000000000000ACCE55-0000000000000000000000000DE5C9A"  # noqa: S105 - see above
LIMITED_TOKEN = "7EA907070000000000000000001141ED-0000000000000000000000000DE5C9A"  # noqa: S105 - see above
NET_TOKEN = "7EA907070000000000000000000D011A-0000000000000000000000000DE5C9A"  # noqa: S105 - see above
PORTFOLIO_TOKEN = "7EA9070700000000000000000000F011-0000000000000000000000000DE5C9A"  # noqa: S105 - see above

# Granted apart although its page does not call it restricted (reference, section 13).
GRANTED_APART = contract().restricted | {"creditCards/addTokenized"}
# The same for everybody, so that any token may ask.
_GLOBAL = frozenset({"currencies/getAll", "languages/getAll", "taxEnvironments/getAll", "taxations/getAll"})


@dataclass(slots=True)
class Access:
    """What one token opens.

    Args:
        hotel: Its property, or the properties of a portfolio as one.
        withheld: Operations that are not granted.
    """

    hotel: Hotel
    withheld: set[str] = field(default_factory=set)

    @property
    def is_portfolio(self) -> bool:
        """Whether it stands for several properties, and so cannot charge."""
        return len(self.hotel.members) > 1

    def permit(self, operation: str) -> None:
        """Let `operation` pass.

        Raises:
            Rejected: 401 where it is not granted, or not open to portfolio tokens.
        """
        if operation in self.withheld:
            raise Rejected(401, "The access token has no permission for this operation.")
        if self.is_portfolio and operation not in contract().portfolio | _GLOBAL and not _narrows(operation):
            raise Rejected(401, "The operation does not support portfolio access tokens.")

    def hotel_for(self, operation: str, request: Mapping[str, Any]) -> Hotel:
        """The property `request` is about; a portfolio is read as one and written to by the property it names.

        Raises:
            Rejected: 400 where a portfolio token does not name one of its properties, or their chain.
        """
        table = contract().requests[operation]
        names = [name for name in ("EnterpriseId", "ChainId") if name in table]
        if not self.is_portfolio or not names:
            return self.hotel
        given = request.get(names[0])
        if given is None and operation == "configuration/get":
            return self.hotel
        for hotel in self.hotel.members:
            if given is not None and hotel.enterprise[_OWN_NAMES[names[0]]] == given.lower():
                return hotel
        raise invalid(names[0])


_OWN_NAMES = {"EnterpriseId": "Id", "ChainId": "ChainId"}


def _narrows(operation: str) -> bool:
    """Whether its table takes properties although its page does not say that it supports portfolio tokens."""
    return "EnterpriseIds" in contract().requests[operation]
