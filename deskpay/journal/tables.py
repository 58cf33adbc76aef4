"""The tables of the journal. `PRAGMA user_version` names their shape; the first change of it brings Alembic along.

`intents` and `events` only grow, which triggers hold. `claims` follow from the stories and say which guest is busy.
`journal_meta` keeps the journal's own id, the digest of this schema, and the head of the chain of events. No column is
made for a card number or a capture reference.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Table, Text

SCHEMA_VERSION = 1
"""What `PRAGMA user_version` holds."""

APPLICATION_ID = 0x44505931
"""What `PRAGMA application_id` holds: the letters DPY1."""

schema = MetaData()

_LONG = Integer().with_variant(BigInteger, "postgresql")
"""A whole number of 64 bits; SQLite's strict tables know only the one word for it."""

intents = Table(
    "intents",
    schema,
    Column("number", _LONG, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("enterprise_id", Text, nullable=False),
    Column("desk_id", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("drafted_utc", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("amount_minor", _LONG),
    Column("currency", Text),
    Column("currency_precision", Integer),
    Column("payment_id", Text),
    Column("detail", Text, nullable=False),
    CheckConstraint("amount_minor > 0"),
    CheckConstraint("(amount_minor IS NULL) = (currency IS NULL)"),
    CheckConstraint("(amount_minor IS NULL) = (currency_precision IS NULL)"),
    Index("intents_of_customer", "customer_id"),
    Index("intents_of_payment", "payment_id"),
    sqlite_strict=True,
)

events = Table(
    "events",
    schema,
    Column("number", _LONG, primary_key=True, autoincrement=False),
    Column("intent_id", Text, ForeignKey("intents.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("at_utc", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("outcome_id", Text),
    Column("request_id", Text),
    Column("detail", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Index("events_of_intent", "intent_id", "number"),
    sqlite_strict=True,
)

claims = Table(
    "claims",
    schema,
    Column("enterprise_id", Text, primary_key=True, nullable=False),
    Column("claim", Text, primary_key=True, nullable=False),
    Column("intent_id", Text, ForeignKey("intents.id"), nullable=False, unique=True),
    sqlite_strict=True,
)

journal_meta = Table(
    "journal_meta",
    schema,
    Column("key", Text, primary_key=True, nullable=False),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)

TRIGGERS = tuple(
    f"CREATE TRIGGER {table}_keep_{act.lower()} BEFORE {act} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{table} only grow'); END"
    for table in (intents.name, events.name)
    for act in ("UPDATE", "DELETE")
)
"""What refuses to change or remove a row."""
