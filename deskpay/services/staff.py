"""The people of the hotel: proving who somebody is, and keeping the list of them.

Every try counts against its account before the answer is given, so that ending the program in between wins nothing.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from deskpay.domain.entry import check_text
from deskpay.domain.errors import (
    Field,
    InputProblem,
    InputRefused,
    JournalCorrupt,
    SignInProblem,
    SignInRefused,
)
from deskpay.domain.operator import Account, Operator, Right, Role
from deskpay.domain.secret import check_secret
from deskpay.domain.security import SecurityEvent, SecurityKind
from deskpay.services.ports import Clock, Roster, SecretHasher, SecurityLog
from deskpay.services.seat import Proven, Seat


class Staff:
    """The operators of one hotel.

    Args:
        roster: the list of them.
        hasher: of their secrets.
        log: where every try and every change goes on record.
        clock: time.
        server_now: the property system's UTC time, by which an account stays locked: whoever sets the clock of this
            computer forward opens nothing. Without one its own clock counts.
    """

    def __init__(
        self,
        roster: Roster,
        hasher: SecretHasher,
        log: SecurityLog,
        clock: Clock,
        server_now: Callable[[], datetime] | None = None,
    ) -> None:
        self._roster = roster
        self._hasher = hasher
        self._log = log
        self._clock = clock
        self._server_now = server_now or clock.now
        self._one_at_a_time = asyncio.Lock()

    async def people(self) -> Sequence[Operator]:
        """Return who works here, in the order in which they were added.

        Raises:
            JournalError: the list cannot be believed or read.
        """
        return [account.operator for account in await self._roster.accounts() if account.operator.active]

    async def prove(self, operator_id: str, secret: str, why: SecurityKind, subject: str = "") -> Proven:
        """Return who somebody is, where the secret is theirs.

        Args:
            operator_id: who they say they are.
            secret: PIN or password.
            why: what it is for, as it goes on record.
            subject: what it concerns, such as a reference.

        Raises:
            SignInRefused: it is wrong, or the account is locked or gone.
            JournalError: the try cannot be put on record.
        """
        async with self._one_at_a_time:
            account = await self._account(operator_id)
            now_utc = self._server_now()
            if account.locked(now_utc):
                await self.note(SecurityKind.REFUSED, account.operator.name, subject, why.value)
                raise SignInRefused(SignInProblem.LOCKED, until_utc=account.locked_until_utc)
            tried = account.failed(now_utc)
            await self._roster.keep(tried)
            if not await self._hasher.fits(account.secret_hash, secret):
                locked = tried.locked_until_utc is not None
                kind = SecurityKind.LOCKED_OUT if locked else SecurityKind.REFUSED
                await self.note(kind, account.operator.name, subject, why.value)
                if locked:
                    raise SignInRefused(SignInProblem.LOCKED, until_utc=tried.locked_until_utc)
                raise SignInRefused(SignInProblem.WRONG, tried.tries_left)
            await self._roster.keep(account.succeeded())
            await self.note(why, account.operator.name, subject)
            return Proven(account.operator, self._clock.monotonic_s())

    async def recognize(self, account: str) -> Proven | None:
        """Return whoever is known by an account of the operating system; None where nobody is, or theirs is locked.

        The system vouches for them, and they typed nothing: see `Seat.sit`.

        Args:
            account: as the system calls it; empty for none.

        Raises:
            JournalError: the list cannot be believed, or it cannot be put on record.
        """
        async with self._one_at_a_time:
            for known in await self._roster.accounts():
                operator = known.operator
                if account and operator.active and _same(operator.account, account):
                    if known.locked(self._server_now()):
                        await self.note(SecurityKind.REFUSED, operator.name, "", "account")
                        return None
                    await self.note(SecurityKind.SIGNED_IN, operator.name, "", "account")
                    return Proven(operator, self._clock.monotonic_s(), by_secret=False)
        return None

    async def bind(self, seat: Seat, operator_id: str, account: str) -> None:
        """Let an operator be known by an account of the operating system; an empty one ends that.

        Raises:
            NotSignedIn: nobody is at the desk.
            NotYourRight: whoever is may not change the list.
            InputRefused: it is somebody else's here already, or cannot be used.
            SignInRefused: there is no such operator.
            JournalError: it cannot be written.
        """
        seat.check(Right.STAFF)
        named = check_text(account, Field.ACCOUNT).strip()
        bound = await self._account(operator_id)
        others = [kept.operator for kept in await self._roster.accounts() if kept.operator.id != operator_id]
        if named and any(_same(other.account, named) for other in others):
            raise InputRefused(Field.ACCOUNT, InputProblem.TAKEN)
        await self._roster.keep(replace(bound, operator=replace(bound.operator, account=named)))
        await self.note(SecurityKind.STAFF_CHANGED, seat.operator.name, bound.operator.name, "account")

    async def begin(self, name: str, secret: str, *, by_password: bool) -> Operator:
        """Add the first operator of an empty list, a manager.

        Raises:
            InputRefused: name or secret cannot be used, or there is somebody already.
            JournalCorrupt: there was somebody by the record, so the list is gone; whoever removed it is no manager.
            JournalError: it cannot be written.
        """
        if await self._roster.accounts():
            raise InputRefused(Field.NAME, InputProblem.TAKEN)
        if any(event.kind is SecurityKind.STAFF_CHANGED for event in await self._log.events()):
            raise JournalCorrupt("the list of operators is gone")
        return await self._added("", name, Role.MANAGER, secret, by_password=by_password)

    async def add(self, seat: Seat, name: str, role: Role, secret: str, *, by_password: bool) -> Operator:
        """Add an operator.

        Raises:
            NotSignedIn: nobody is at the desk.
            NotYourRight: whoever is may not change the list.
            InputRefused: name or secret cannot be used.
            JournalError: it cannot be written.
        """
        seat.check(Right.STAFF)
        return await self._added(seat.operator.name, name, role, secret, by_password=by_password)

    async def change(self, seat: Seat, operator_id: str, role: Role, *, active: bool = True) -> Operator:
        """Give an operator another role, or end or renew their work here; nobody changes their own.

        Raises:
            NotSignedIn: nobody is at the desk.
            NotYourRight: whoever is may not change the list.
            InputRefused: it is their own account.
            SignInRefused: there is no such account.
            JournalError: it cannot be written.
        """
        seat.check(Right.STAFF)
        if operator_id == seat.operator.id:
            raise InputRefused(Field.NAME, InputProblem.NOT_ALLOWED)
        account = await self._account(operator_id, active_only=False)
        operator = replace(account.operator, role=role, active=active)
        await self._roster.keep(replace(account, operator=operator))
        said = role.value if active else "ended"
        await self.note(SecurityKind.STAFF_CHANGED, seat.operator.name, operator.name, said)
        return operator

    async def set_secret(self, seat: Seat, operator_id: str, secret: str, *, by_password: bool) -> None:
        """Give an operator a new PIN or password, which also opens a locked account. Everybody may renew their own.

        Raises:
            NotSignedIn: nobody is at the desk.
            NotYourRight: it is another person's, and whoever is at the desk may not change the list; or they sit there
                without having typed the one they have.
            InputRefused: it cannot be used.
            SignInRefused: there is no such account.
            JournalError: it cannot be written.
        """
        if operator_id != seat.operator.id or not seat.by_secret:
            seat.check(Right.STAFF)
        kept = check_secret(secret, by_password=by_password)
        account = await self._account(operator_id)
        operator = replace(account.operator, by_password=by_password)
        await self._roster.keep(Account(operator, await self._hasher.hashed(kept)))
        await self.note(SecurityKind.SECRET_SET, seat.operator.name, operator.name)

    async def note(self, kind: SecurityKind, operator: str, subject: str = "", detail: str = "") -> None:
        """Put a security event on record.

        Raises:
            JournalError: it cannot be written.
        """
        await self._log.note(SecurityEvent(self._clock.now(), kind, operator, subject, detail))

    async def events(self) -> Sequence[SecurityEvent]:
        """Return every security event on record, oldest first, proven by their chain.

        Raises:
            JournalError: they cannot be believed or read.
        """
        return await self._log.events()

    async def _added(self, by: str, name: str, role: Role, secret: str, *, by_password: bool) -> Operator:
        cleaned = " ".join(check_text(name, Field.NAME, required=True).split())
        taken = {account.operator.name.casefold() for account in await self._roster.accounts()}
        if cleaned.casefold() in taken:
            raise InputRefused(Field.NAME, InputProblem.TAKEN)
        kept = check_secret(secret, by_password=by_password)
        operator = Operator(str(uuid.uuid4()), cleaned, role, by_password)
        await self._roster.keep(Account(operator, await self._hasher.hashed(kept)))
        await self.note(SecurityKind.STAFF_CHANGED, by or cleaned, cleaned, role.value)
        return operator

    async def _account(self, operator_id: str, *, active_only: bool = True) -> Account:
        for account in await self._roster.accounts():
            if account.operator.id == operator_id and (account.operator.active or not active_only):
                return account
        raise SignInRefused(SignInProblem.GONE)


def _same(account: str, other: str) -> bool:
    """Tell whether two names mean one account; no system that DeskPay runs on has two that differ in case alone."""
    return account.casefold() == other.casefold()
