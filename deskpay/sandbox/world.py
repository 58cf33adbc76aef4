"""Everything one running sandbox holds."""

import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from deskpay.sandbox.access import ACCESS_TOKEN, GRANTED_APART, LIMITED_TOKEN, NET_TOKEN, PORTFOLIO_TOKEN, Access
from deskpay.sandbox.clock import Clock
from deskpay.sandbox.events import Events
from deskpay.sandbox.faults import Faults
from deskpay.sandbox.fields import Vault
from deskpay.sandbox.hotel.portfolio import Portfolio
from deskpay.sandbox.hotel.seed import seed_hotel
from deskpay.sandbox.hotel.sister import seed_sister
from deskpay.sandbox.hotel.state import Hotel
from deskpay.sandbox.ledger import Ledger
from deskpay.sandbox.limits import RateLimit
from deskpay.sandbox.paymongo.account import Account
from deskpay.sandbox.paymongo.idempotency import Answers

DEFAULT_SEED = 1
DEFAULT_RATE = 200


@dataclass(slots=True)
class World:
    """The hotel and what surrounds it.

    Args:
        seed: Seed of the hotel.
        size: ``small`` or ``large``.
        rate: Requests per access token in 30 s; 0 for no limit.
        clock: The sandbox's time.
        monotonic: Seconds for the request limit.
        events: Who listens to its hotels; they go on listening after a reset.
        origin: Where its pages answer; the process that serves it says so.
    """

    seed: int = DEFAULT_SEED
    size: str = "small"
    rate: int = DEFAULT_RATE
    clock: Clock = field(default_factory=Clock)
    monotonic: Callable[[], float] = time.monotonic
    origin: str = "http://127.0.0.1"
    events: Events = field(default_factory=Events)
    hotel: Hotel = field(init=False)
    accesses: dict[str, Access] = field(init=False)
    ledger: Ledger = field(init=False)
    faults: Faults = field(init=False)
    limit: RateLimit = field(init=False)
    vault: Vault = field(init=False)
    paymongo: Account = field(init=False)
    paymongo_answers: Answers = field(init=False)

    def __post_init__(self) -> None:
        """Open the hotel."""
        self.faults = Faults()
        self.limit = RateLimit(self.rate, self.monotonic)
        self.vault = Vault(clock=self.clock.now)
        self._open()

    def reset(self) -> None:
        """Return to the first day: seeded hotel, empty ledger, no faults, real time."""
        self.clock.reset()
        self.faults.clear()
        self.limit.reset()
        self.vault.reset()
        self._open()

    def _open(self) -> None:
        now = self.clock.now()
        self.hotel = seed_hotel(self.seed, self.size, now)
        sister = seed_sister(self.seed, now)
        for house in (self.hotel, sister):
            house.tell = partial(self.events.tell, house.enterprise_id)
        self.accesses = {
            ACCESS_TOKEN: Access(self.hotel),
            LIMITED_TOKEN: Access(self.hotel, set(GRANTED_APART)),
            NET_TOKEN: Access(sister),
            PORTFOLIO_TOKEN: Access(Portfolio(self.hotel, sister)),
        }
        self.ledger = Ledger()
        self.paymongo = Account(self.seed, self.clock.now)
        self.paymongo_answers = Answers()

    def settle(self) -> None:
        """Move everything whose moment has come, in every hotel."""
        self.everything.settle(self.clock.now())

    def ledger_json(self) -> dict[str, Any]:
        """The ledger as of now."""
        self.settle()
        return self.ledger.as_json(self.everything)

    @property
    def everything(self) -> Hotel:
        """All its hotels as one."""
        return self.accesses[PORTFOLIO_TOKEN].hotel

    def seen_by(self, hotel: Hotel) -> "World":
        """The same world around another of its hotels."""
        if hotel is self.hotel:
            return self
        seen = copy(self)
        seen.hotel = hotel
        return seen
