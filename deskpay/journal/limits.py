"""What each role does alone, as the managers of a hotel set it, in a sealed file beside its journal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from typing_extensions import override

from deskpay.domain.errors import JournalCorrupt
from deskpay.domain.operator import Allowance, Limits, Right, Role
from deskpay.journal.seal import Seal
from deskpay.journal.sealed_file import Held, SealedFile
from deskpay.services.house_limits import LimitStore

VERSION = 1
"""Of the file's keys."""


class FileLimits(LimitStore):
    """Limits in a file.

    Args:
        path: of the file.
        seal: shows whether another hand changed it.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._file = SealedFile(path, seal)

    @override
    async def all(self) -> Limits:
        return self._limits(await self._file.held())

    @override
    async def keep(self, role: Role, right: Right, allowance: Allowance) -> None:
        await self._file.change(lambda held: _held({**self._limits(held), (role, right): allowance}))

    def _limits(self, held: Held | None) -> Limits:
        try:
            rows = self._file.rows(held, "limits", VERSION)
            return {(Role(row["role"]), Right(row["right"])): _allowance(row["most"]) for row in rows}
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise JournalCorrupt(f"{self._file.name} holds no limits") from problem


def _allowance(most: object) -> Allowance:
    """Return the allowance of minor units by currency code; None is one without an end."""
    if most is None:
        return Allowance()
    return Allowance(MappingProxyType({code: int(minor) for code, minor in cast("Mapping[str, int]", most).items()}))


def _held(limits: Limits) -> Held:
    rows = [
        {"role": role.value, "right": right.value, "most": None if kept.limits is None else dict(kept.limits)}
        for (role, right), kept in limits.items()
    ]
    return {"version": VERSION, "limits": rows}
