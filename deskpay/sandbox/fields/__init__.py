"""A stand-in for the hosted card fields and their vault, for training, demos and tests.

It serves the documented paths of Secure Fields 2.0.0 from a loopback host of its own, so that the unchanged host page
and capture pane run against it. It takes only published test cards and the failure triggers of `cards`; any other
number is refused and forgotten. It was written from public documentation; no vendor code is in it.
"""

from deskpay.sandbox.fields.asgi import fields_app
from deskpay.sandbox.fields.vault import Redeemed, Vault

__all__ = ["Redeemed", "Vault", "fields_app"]
