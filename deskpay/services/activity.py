"""Everything that was done at this desk: acts with money and events of people, in one list, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deskpay.domain.intent import IntentRecord
from deskpay.domain.security import SecurityEvent
from deskpay.services.front_desk import FrontDesk
from deskpay.services.staff import Staff


@dataclass(frozen=True, slots=True)
class Entry:
    """One of them: an act, or an event of people.

    Args:
        at_utc: when it began.
        who: who did it.
        record: the act with its story, None for an event.
        event: None for an act.
    """

    at_utc: datetime
    who: str
    record: IntentRecord | None = None
    event: SecurityEvent | None = None

    @property
    def key(self) -> str:
        """What it is called in a list."""
        if self.record is not None:
            return self.record.intent.id
        kind = "" if self.event is None else self.event.kind.value
        return f"{self.at_utc.isoformat()} {kind} {self.who}"

    @property
    def words(self) -> str:
        """What it is found by: names, references, amounts as digits."""
        if self.record is not None:
            intent = self.record.intent
            amount = "" if intent.amount is None else format(intent.amount.to_decimal(), "f")
            people = " ".join(name for event in self.record.events for name in event.people)
            said = (intent.reference, intent.customer_name, intent.subject, amount, self.record.outcome_id or "")
            return " ".join((*said, self.record.request_id or "", self.who, people)).casefold()
        said_of = () if self.event is None else (self.event.subject, self.event.detail)
        return " ".join((self.who, *said_of)).casefold()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be seen of it.

    Args:
        text: words that must all be in an entry.
        who: name of a person; empty for everybody.
        money_only: True leaves out events of people.
    """

    text: str = ""
    who: str = ""
    money_only: bool = False

    def fits(self, entry: Entry) -> bool:
        """Tell whether an entry is to be seen."""
        if (self.money_only and entry.record is None) or (self.who and entry.who != self.who):
            return False
        return all(word in entry.words for word in self.text.casefold().split())


async def read_activity(front: FrontDesk, staff: Staff, first: date, last: date) -> Sequence[Entry]:
    """Return what was begun on these UTC days, both included, newest first.

    Raises:
        JournalError: one of the two records cannot be believed or read.
    """
    records = await front.journal.drafted_on(first, last)
    events = await staff.events()
    entries = [Entry(record.intent.drafted_utc, record.intent.operator, record) for record in records]
    entries += [
        Entry(event.at_utc, event.operator, event=event) for event in events if first <= event.at_utc.date() <= last
    ]
    return sorted(entries, key=lambda entry: entry.at_utc, reverse=True)
