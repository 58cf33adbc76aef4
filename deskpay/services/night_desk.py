"""What the night audit needs beside the front desk."""

from __future__ import annotations

from dataclasses import dataclass

from deskpay.services.front_desk import FrontDesk
from deskpay.services.ports import AuditBooks, QueueStore


@dataclass(frozen=True, slots=True)
class NightDesk:
    """One desk at night.

    Args:
        front: the desk.
        books: whole spans of the hotel's books.
        queues: the durable record of the queue of charges.
    """

    front: FrontDesk
    books: AuditBooks
    queues: QueueStore
