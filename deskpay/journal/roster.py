"""The list of operators in a sealed file beside the hotel's journal. It holds hashes, never a PIN or password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

from typing_extensions import override

from deskpay.domain.errors import JournalCorrupt
from deskpay.domain.operator import Account, Operator, Role
from deskpay.journal.seal import Seal
from deskpay.journal.sealed_file import Held, SealedFile
from deskpay.services.ports import Roster

VERSION = 1
"""Of the file's keys."""


class FileRoster(Roster):
    """A roster in a file.

    Args:
        path: of the file.
        seal: shows whether another hand changed it.
    """

    def __init__(self, path: Path, seal: Seal) -> None:
        self._file = SealedFile(path, seal)

    @override
    async def accounts(self) -> Sequence[Account]:
        return self._accounts(await self._file.held())

    @override
    async def keep(self, account: Account) -> None:
        await self._file.change(lambda held: self._with(held, account))

    def _accounts(self, held: Held | None) -> list[Account]:
        try:
            return [_account(row) for row in self._file.rows(held, "accounts", VERSION)]
        except (KeyError, TypeError, ValueError) as problem:
            raise JournalCorrupt(f"{self._file.name} holds no operators") from problem

    def _with(self, held: Held | None, account: Account) -> Held:
        accounts = {kept.operator.id: kept for kept in self._accounts(held)}
        accounts[account.operator.id] = account
        return {"version": VERSION, "accounts": [_row(kept) for kept in accounts.values()]}


def _row(account: Account) -> dict[str, object]:
    operator, until_utc = account.operator, account.locked_until_utc
    return {
        "id": operator.id,
        "name": operator.name,
        "role": operator.role.value,
        "by_password": operator.by_password,
        "active": operator.active,
        "account": operator.account,
        "secret_hash": account.secret_hash,
        "failures": account.failures,
        "locked_until_utc": None if until_utc is None else until_utc.isoformat(),
    }


def _account(row: Mapping[str, object]) -> Account:
    until_utc = row["locked_until_utc"]
    operator = Operator(
        id=str(row["id"]),
        name=str(row["name"]),
        role=Role(row["role"]),
        by_password=row["by_password"] is True,
        active=row["active"] is True,
        account=str(row.get("account", "")),  # files written before it was there have none
    )
    return Account(
        operator=operator,
        secret_hash=str(row["secret_hash"]),
        failures=int(cast("int", row["failures"])),
        locked_until_utc=None if until_utc is None else datetime.fromisoformat(str(until_utc)),
    )
