"""The statements of a commit, compiled once.

A charge waits for them, and building each anew from its parts takes SQLAlchemy longer than a fast disk takes to sync.
Parameters bear the names of the columns.
"""

from __future__ import annotations

from sqlalchemy import ClauseElement, bindparam, delete, func, insert, literal_column, select, update
from sqlalchemy.dialects import sqlite

from deskpay.journal.tables import claims, events, intents, journal_meta


def _compiled(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="named")))


HOLDER = _compiled(
    select(intents.c.reference)
    .join(claims, claims.c.intent_id == intents.c.id)
    .where(claims.c.enterprise_id == bindparam("enterprise_id"), claims.c.claim == bindparam("claim"))
)
"""The reference of the intent that holds a claim."""

USED = _compiled(select(intents.c.id).where(intents.c.reference == bindparam("reference")))
"""The intent with a reference."""

LAST_INTENT = _compiled(select(func.max(intents.c.number)))
"""The number of the last intent."""

INTENT = _compiled(select(intents).where(intents.c.id == bindparam("id")))
"""The row of an intent."""

STEPS = _compiled(select(events).where(events.c.intent_id == bindparam("id")).order_by(events.c.number))
"""The rows of its events, oldest first."""

_LAST = select(func.max(events.c.number)).scalar_subquery()

END_OF_CHAIN = _compiled(
    select(journal_meta.c.value, events.c.number, events.c.digest)
    .select_from(journal_meta.outerjoin(events, events.c.number == _LAST))
    .where(journal_meta.c.key == literal_column("'head'"))
)
"""The head of the chain, and the last event's number and digest, both None while there is no event."""

ADD_INTENT = _compiled(insert(intents))
ADD_EVENT = _compiled(insert(events))
ADD_CLAIM = _compiled(insert(claims))

MOVE_HEAD = _compiled(
    update(journal_meta).where(journal_meta.c.key == literal_column("'head'")).values(value=bindparam("digest"))
)
"""Makes a digest the head of the chain."""

GIVE_UP = _compiled(delete(claims).where(claims.c.intent_id == bindparam("id")))
"""Ends an intent's claim."""
