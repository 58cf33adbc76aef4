"""The people of the training hotel. Their PIN is public and opens nothing else; wrong ones lock them as anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from typing_extensions import override

from deskpay.domain.operator import Account, Operator, Right, Role, Rules
from deskpay.services.ports import Roster

TRAINING_PIN = "123456"
"""Of everybody in training. It would be refused as a new PIN."""

_HASH = "$argon2id$v=19$m=65536,t=3,p=4$PBMdhwaxyE/Eg4PuyNI4Kw$edxo4/a0Cp4S1WaO5hg3N2AtDbMijSFv8MFT53eFAnY"

STAFF = (
    Operator("training-1", "Poppy Inkwell", Role.CLERK),
    Operator("training-2", "Jasper Mugglewood", Role.CLERK),
    Operator("training-3", "Wren Copperpot", Role.AUDITOR),
    Operator("training-4", "Edmund Tallowby", Role.SUPERVISOR),
    Operator("training-5", "Hattie Quince-Marlow", Role.MANAGER),
)

CLERK, *_ = STAFF

RULES = (
    Rules()
    .with_limits(Role.CLERK, Right.CHARGE, MappingProxyType({"GBP": 2_000_00, "EUR": 2_000_00}))
    .with_limits(Role.AUDITOR, Right.REFUND, MappingProxyType({"GBP": 150_00, "EUR": 150_00}))
)
"""Limits that a trainee meets, in minor units."""


class TrainingRoster(Roster):
    """The people of the training hotel, in memory; a new start has forgotten every wrong PIN."""

    def __init__(self) -> None:
        self._accounts = {person.id: Account(person, _HASH) for person in STAFF}

    @override
    async def accounts(self) -> Sequence[Account]:
        return list(self._accounts.values())

    @override
    async def keep(self, account: Account) -> None:
        self._accounts[account.operator.id] = account
