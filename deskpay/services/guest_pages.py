"""Which alternative methods are offered, and where guests finish them.

An address is kept as long as DeskPay runs and nowhere else: it comes only with the answer that begins the payment, so
after a restart or a lost answer the payment is followed and its address cannot be shown again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from deskpay.domain.environment import Environment
from deskpay.domain.guest_address import guest_address

METHODS = ("Ideal", "ApplePay", "GooglePay")
"""Methods that need nothing of the guest beforehand. Source: Mews Connector API, payments/addAlternative.

SEPA direct debit asks for an account number, a mandate and the guest's own device; that is nothing to type at a desk.
"""

IDEAL_CURRENCY = "EUR"
"""iDEAL takes euros only."""


@dataclass(slots=True)
class GuestPages:
    """Where guests pay by themselves.

    Args:
        methods: those that the hotel's subscription has; the property system does not tell.
        return_address: where iDEAL sends the guest afterwards.
    """

    methods: tuple[str, ...] = ("Ideal",)
    return_address: str = "https://www.mews.com/"
    _addresses: dict[str, str] = field(default_factory=dict[str, str])

    def offered(self, currency_code: str) -> tuple[str, ...]:
        """Return the methods that take this currency."""
        return tuple(m for m in self.methods if m in METHODS and (m != "Ideal" or currency_code == IDEAL_CURRENCY))

    def keep(self, intent_id: str, address: str, environment: Environment) -> None:
        """Keep the address of a payment, unless no guest may be sent there."""
        fit = guest_address(address, environment)
        if fit is not None:
            self._addresses[intent_id] = fit

    def address_of(self, intent_id: str) -> str | None:
        """Return where the guest pays, None where that is not known or not fit to be shown."""
        return self._addresses.get(intent_id)
