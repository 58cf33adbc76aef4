"""Seats for tests that are about money: somebody sits there who may do everything alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from typing_extensions import override

from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.operator import Account, Allowance, Limits, Operator, Right, Role, Rules
from deskpay.domain.security import SecurityEvent
from deskpay.services.change_setting import OwnSettings, Setting
from deskpay.services.house_limits import LimitStore
from deskpay.services.ports import Clock, Roster, SecretHasher, SecurityLog
from deskpay.services.seat import Seat


def somebody(name: str, role: Role = Role.MANAGER) -> Operator:
    """An operator whose id is their name in lower case."""
    return Operator(name.lower(), name, role)


def seat_of(name: str, clock: Clock) -> Seat:
    """A seat that is taken by a manager."""
    return Seat(Rules(), clock, somebody(name))


@dataclass(eq=False)
class MemoryRoster(Roster):
    """A roster in memory."""

    kept: dict[str, Account] = field(default_factory=dict)

    @override
    async def accounts(self) -> Sequence[Account]:
        return list(self.kept.values())

    @override
    async def keep(self, account: Account) -> None:
        self.kept[account.operator.id] = account


class QuickHasher(SecretHasher):
    """Keeps a secret backwards: as quick as tests of everything around it need."""

    @override
    async def hashed(self, secret: str) -> str:
        return secret[::-1]

    @override
    async def fits(self, secret_hash: str, secret: str) -> bool:
        return secret_hash == secret[::-1]


@dataclass(eq=False)
class MemorySettings(OwnSettings):
    """Settings in memory, which take anything but an empty value."""

    kept: list[Setting] = field(default_factory=list)

    @override
    async def all(self) -> Sequence[Setting]:
        return list(self.kept)

    @override
    async def keep(self, name: str, written: str) -> None:
        if not written:
            raise InputRefused(Field.SETTING, InputProblem.BAD_FORM)
        self.kept = [replace(one, value=written) if one.name == name else one for one in self.kept]


@dataclass(eq=False)
class MemoryLimits(LimitStore):
    """Limits in memory."""

    kept: dict[tuple[Role, Right], Allowance] = field(default_factory=dict)

    @override
    async def all(self) -> Limits:
        return dict(self.kept)

    @override
    async def keep(self, role: Role, right: Right, allowance: Allowance) -> None:
        self.kept[role, right] = allowance


@dataclass(eq=False)
class MemoryLog(SecurityLog):
    """A record in memory."""

    noted: list[SecurityEvent] = field(default_factory=list)

    @override
    async def note(self, event: SecurityEvent) -> None:
        self.noted.append(event)

    @override
    async def events(self) -> Sequence[SecurityEvent]:
        return list(self.noted)
