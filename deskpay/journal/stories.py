"""The acts of a journal as blocking calls, for one thread: each is one durable commit or nothing.

Several processes may share a journal. Whatever a move depends on is read again behind the engine's own lock for
writing, so the one that comes second sees what the first one did. What is particular to an engine stands in
`deskpay.journal.store` and `deskpay.journal.shared`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from deskpay.domain.errors import GuestBeingChecked, JournalCorrupt, NotAllowed
from deskpay.domain.intent import IllegalMoveError, IntentEvent, IntentKind, IntentRecord, IntentState
from deskpay.journal.chain import link
from deskpay.journal.coding import event_row, intent_row
from deskpay.journal.reading import Driver, meta, record_of, records_where
from deskpay.journal.statements import Statements
from deskpay.journal.tables import events, intents

_ENDS = [state.value for state in IntentState if state.final]


class Stories(ABC):
    """An open journal; used and closed by the thread that opened it.

    Args:
        statements: in the words of the engine.
    """

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    @abstractmethod
    def close(self) -> None:
        """Let go of the journal."""

    @abstractmethod
    def check(self) -> None:
        """Prove that the whole journal can be believed.

        Raises:
            JournalCorrupt: it contradicts itself.
            JournalUnavailable: it cannot be read now.
        """

    @abstractmethod
    def _reading(self) -> AbstractContextManager[tuple[Connection, Driver]]:
        """Give what reads one state of the journal, whatever others write meanwhile."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[Driver]:
        """Give what writes, alone; what it wrote is durable once the block ends, and nothing of it if it fails."""

    def draft(self, record: IntentRecord) -> None:
        """Write an intent that has only its first event, and take its claim, in one commit.

        Raises:
            GuestBeingChecked: another unresolved intent holds the claim.
            NotAllowed: an intent with this reference was written before; one form makes one intent.
            IllegalMoveError: the record has a story already.
            JournalError: nothing was written.
        """
        if len(record.events) != 1:
            raise IllegalMoveError("a draft has no story yet")
        intent, say = record.intent, self._statements
        with self._writing() as driver:
            taken = {"enterprise_id": intent.enterprise_id, "claim": intent.claim, "intent_id": intent.id}
            holder = driver.execute(say.holder, taken).fetchone()
            if holder is not None:
                raise GuestBeingChecked(str(holder[0]))
            if driver.execute(say.used, {"reference": intent.reference}).fetchone() is not None:
                raise NotAllowed(f"{intent.reference} was used before")
            row = intent_row(intent, (driver.execute(say.last_intent).fetchone()[0] or 0) + 1)
            driver.execute(say.add_intent, row)
            self._write_event(driver, record, row)
            driver.execute(say.add_claim, taken)

    def append(self, intent_id: str, event: IntentEvent) -> IntentRecord:
        """Add `event` and, where the record no longer holds its claim, give that up in the same commit.

        Raises:
            IllegalMoveError: the state may not follow.
            KeyError: there is no such intent.
            JournalError: nothing was written, or it cannot be told; the journal says so at the next opening.
        """
        with self._writing() as driver:
            before = record_of(driver, self._statements, intent_id)
            if before is None:
                raise KeyError(intent_id)
            record = before.moved(event)
            self._write_event(driver, record, None)
            if not record.holds_claim:
                driver.execute(self._statements.give_up, {"id": intent_id})
        return record

    def find(self, intent_id: str) -> IntentRecord | None:
        """Return the intent, None when there is none."""
        with self._reading() as (_, driver):
            return record_of(driver, self._statements, intent_id)

    def unfinished(self) -> list[IntentRecord]:
        """Return the intents whose story has not ended, oldest first."""
        latest = select(func.max(events.c.number)).group_by(events.c.intent_id)
        going_on = select(events.c.intent_id).where(events.c.number.in_(latest), events.c.state.not_in(_ENDS))
        return self._read(intents.c.id.in_(going_on))

    def of_customer(self, customer_id: str) -> list[IntentRecord]:
        """Return the guest's intents, newest first."""
        return self._read(intents.c.customer_id == customer_id, newest_first=True)

    def refunds_of(self, payment_ids: Collection[str]) -> list[IntentRecord]:
        """Return the intents to refund these payments, oldest first."""
        refund = intents.c.kind == IntentKind.REFUND.value
        return self._read(refund & intents.c.payment_id.in_(payment_ids))

    def drafted_on(self, first: date, last: date) -> list[IntentRecord]:
        """Return the intents drafted on these UTC days, both included, newest first."""
        day = func.substr(intents.c.drafted_utc, 1, 10)
        return self._read(day.between(first.isoformat(), last.isoformat()), newest_first=True)

    def head(self) -> tuple[str, int, str]:
        """Return the journal's own id, how many events it has, and the digest that stands for all of them."""
        with self._reading() as (connection, driver):
            head, last, _digest = driver.execute(self._statements.end_of_chain).fetchone()
            return meta(connection)["journal_id"], last or 0, head

    def _read(self, condition: ColumnElement[bool], *, newest_first: bool = False) -> list[IntentRecord]:
        with self._reading() as (connection, _):
            return records_where(connection, condition, newest_first=newest_first)

    def _write_event(self, driver: Driver, moved: IntentRecord, new_intent: dict[str, object] | None) -> str:
        """Chain the last event of `moved` to the journal and return its digest.

        Raises:
            JournalCorrupt: the chain is broken.
        """
        end = driver.execute(self._statements.end_of_chain).fetchone()
        head, last, digest = end or (None, None, None)
        if head is None or digest not in {None, head}:
            raise JournalCorrupt("the chain does not reach its head")
        row = event_row(moved.events[-1], moved.intent.id, (last or 0) + 1)
        row["digest"] = made = link(head, row, new_intent)
        driver.execute(self._statements.add_event, row)
        driver.execute(self._statements.move_head, row)
        return made
