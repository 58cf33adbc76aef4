"""The training hotel as a process of its own, which never outlives this one."""

from __future__ import annotations

import asyncio
import json
import subprocess
from dataclasses import dataclass, field

from deskpay.app.own_program import own_program
from deskpay.domain.errors import HotelUnavailable

START_TIMEOUT_S = 30
_STOP_TIMEOUT_S = 5

_GRANTED = ("--paymongo-grants", "vaulting,code_by_public_key")
"""What PayMongo grants account by account, and this hotel practises."""


@dataclass(frozen=True, slots=True)
class TrainingHotel:
    """Where a training hotel listens, and its tokens, which open nothing else.

    Args:
        connector: address of its Connector API.
        fields: address of its card fields.
        control: address of its control API.
        client_token: as the Connector API asks.
        access_token: as the Connector API asks.
        paymongo_secret_key: of its merchant's account at PayMongo, which it plays below a path of the same server.
        paymongo_public_key: of the same account.
    """

    connector: str
    fields: str
    control: str
    client_token: str = field(repr=False)
    access_token: str = field(repr=False)
    paymongo_secret_key: str = field(repr=False)
    paymongo_public_key: str

    @classmethod
    def from_line(cls, line: str | bytes) -> TrainingHotel:
        """Read what `deskpay sandbox` prints when it listens.

        Raises:
            HotelUnavailable: that is not it.
        """
        try:
            said = json.loads(line)
            return cls(**{name: str(said[name]) for name in cls.__slots__})
        except (ValueError, KeyError, TypeError) as problem:
            raise HotelUnavailable("the training hotel did not say where it is") from problem


class TrainingProcess:
    """A training hotel started here. It ends when this process does, however that ends.

    Args:
        arguments: more arguments for `deskpay sandbox`.
    """

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program, our own arguments
            [*own_program(), "sandbox", "--die-with-stdin", *_GRANTED, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    async def ready(self) -> TrainingHotel:
        """Wait until it listens.

        Raises:
            HotelUnavailable: it ended, or took longer than 30 s.
        """
        stdout = self._process.stdout
        if stdout is None:
            raise AssertionError("the process was started with a pipe")
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                line = await asyncio.to_thread(stdout.readline)
        except TimeoutError as problem:
            self._process.kill()
            raise HotelUnavailable("the training hotel did not start") from problem
        return TrainingHotel.from_line(line)

    async def stop(self) -> None:
        """End it and wait for its end."""
        await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
