"""The statements of a commit, compiled once for each engine.

A charge waits for them, and building each anew from its parts takes SQLAlchemy longer than a fast disk takes to sync.
Parameters bear the names of the columns.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ClauseElement, Dialect, bindparam, delete, func, insert, literal_column, select, update

from deskpay.journal.tables import claims, events, intents, journal_meta

_LAST = select(func.max(events.c.number)).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Statements:
    """What a commit and the reading of one story say to the engine.

    Args:
        holder: the reference of the intent that holds a claim.
        used: the intent with a reference.
        last_intent: the number of the last intent.
        intent: the row of an intent.
        steps: the rows of its events, oldest first.
        end_of_chain: the head of the chain, and the last event's number and digest, both None while there is no event.
        add_intent: writes an intent.
        add_event: writes an event.
        add_claim: takes a claim.
        move_head: makes a digest the head of the chain.
        give_up: ends an intent's claim.
    """

    holder: str
    used: str
    last_intent: str
    intent: str
    steps: str
    end_of_chain: str
    add_intent: str
    add_event: str
    add_claim: str
    move_head: str
    give_up: str


def statements_for(dialect: Dialect) -> Statements:
    """Return the statements in the words of one engine."""

    def compiled(statement: ClauseElement) -> str:
        return str(statement.compile(dialect=dialect))

    is_head = journal_meta.c.key == literal_column("'head'")
    return Statements(
        holder=compiled(
            select(intents.c.reference)
            .join(claims, claims.c.intent_id == intents.c.id)
            .where(claims.c.enterprise_id == bindparam("enterprise_id"), claims.c.claim == bindparam("claim"))
        ),
        used=compiled(select(intents.c.id).where(intents.c.reference == bindparam("reference"))),
        last_intent=compiled(select(func.max(intents.c.number))),
        intent=compiled(select(intents).where(intents.c.id == bindparam("id"))),
        steps=compiled(select(events).where(events.c.intent_id == bindparam("id")).order_by(events.c.number)),
        end_of_chain=compiled(
            select(journal_meta.c.value, events.c.number, events.c.digest)
            .select_from(journal_meta.outerjoin(events, events.c.number == _LAST))
            .where(is_head)
        ),
        add_intent=compiled(insert(intents)),
        add_event=compiled(insert(events)),
        add_claim=compiled(insert(claims)),
        move_head=compiled(update(journal_meta).where(is_head).values(value=bindparam("digest"))),
        give_up=compiled(delete(claims).where(claims.c.intent_id == bindparam("id"))),
    )
