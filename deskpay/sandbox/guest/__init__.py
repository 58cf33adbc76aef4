"""What the guest sees: the page a payment request leads to, and the bank's page that confirms or cancels a payment.

In Mews these are pages of the property system and of banks, outside the Connector API. No card number is ever typed
here: a trainer plays the guest and chooses what the guest's card or bank does.
"""

from deskpay.sandbox.guest.asgi import GuestPages

__all__ = ["GuestPages"]
