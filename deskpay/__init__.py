"""DeskPay: front-desk payments for hotels on the Mews property system."""

__version__ = "0.1.0"
