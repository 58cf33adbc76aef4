"""The trainer's page at ``/_sandbox``: what the day has brought, and buttons for what may still happen."""

from deskpay.sandbox.trainer.asgi import TrainerPage

__all__ = ["TrainerPage"]
