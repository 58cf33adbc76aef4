"""The shared journal's place on a PostgreSQL server: how it is reached, made, and opened so that a commit survives.

One server keeps many journals, each in a schema of its own, one for each hotel. The address is libpq's, and so are the
means to keep its password out of it: a password file, a service file or the environment (PostgreSQL, "libpq").
"""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    MetaData,
    NullPool,
    Table,
    Text,
    create_engine,
    insert,
)
from sqlalchemy.exc import DBAPIError

from deskpay.domain.errors import JournalAway, JournalCorrupt, JournalError, JournalTooNew, JournalUnavailable
from deskpay.journal.chain import genesis
from deskpay.journal.reading import meta
from deskpay.journal.tables import events, intents, journal_meta, schema

VERSION = 1
"""Of what stands on the server; kept in `journal_meta`."""

PREFIX = "deskpay_"
"""How the name of every journal on a server begins."""

DURABILITY = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "server_encoding": "UTF8"}
"""What the server must say. Source: PostgreSQL, "Write Ahead Log"; text in another encoding could not be kept whole."""

_SESSION = {
    "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",
    "lock_timeout": "5s",
    "statement_timeout": "60s",
    # A desk that fell asleep in the midst of a write lets the others go on, and before they give up waiting for it.
    "idle_in_transaction_session_timeout": "3s",
    # The session of a computer that lost its power, and with it the desk's name, ends within a minute.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}

_NAME_BYTES = 63
"""PostgreSQL cuts longer names off without a word."""

_shared = MetaData()

desks = Table(
    "desks",
    _shared,
    Column("desk_id", Text, primary_key=True, nullable=False),
    Column("epoch", BigInteger, nullable=False),
)
"""How often each desk was opened. Only the DeskPay that opened it last writes in its name."""

sendings = Table(
    "sendings",
    _shared,
    Column("intent_id", Text, ForeignKey(intents.c.id), primary_key=True, nullable=False),
    Column("desk_id", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
)
"""Which opening of which desk sent an intent; the key refuses a second sending."""

ONLY_GROW = (intents.name, events.name, sendings.name)

_RULES = (
    """
    CREATE FUNCTION only_grow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% only grow', TG_TABLE_NAME; END $$
    """,
    *(
        f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION only_grow()"
        for table in ONLY_GROW
    ),
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keep" for table in ONLY_GROW),
)
"""What refuses to change or remove a row; its owner can take it away, and the chain tells what was done then."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shared journal stands.

    Args:
        address: libpq's connection string or URL, without a password.
        name: of the journal's schema; begins with `PREFIX`.
    """

    address: str
    name: str


@contextmanager
def told_apart() -> Generator[None]:
    """Turn what the body raises from PostgreSQL into the journal's errors; what is a bug of ours passes as it is.

    Raises:
        JournalAway: the server cannot be reached, or does not do its work now.
        JournalUnavailable: it does not let this user do what a desk must.
        JournalCorrupt: what it keeps is damaged.
    """
    try:
        yield
    except (DBAPIError, psycopg.Error) as problem:
        origin = problem.orig if isinstance(problem, DBAPIError) else problem
        kind = _kind_of(origin)
        if kind is None:
            raise
        first_line = str(origin).partition("\n")[0]
        raise kind(f"PostgreSQL: {first_line}") from problem


def _kind_of(problem: BaseException | None) -> type[JournalError] | None:
    """Source: PostgreSQL, "Error Codes", and PEP 249 for the classes above them."""
    errors = psycopg.errors
    if isinstance(problem, (errors.DataCorrupted, errors.IndexCorrupted, errors.UndefinedTable)):
        return JournalCorrupt
    if isinstance(problem, errors.InsufficientPrivilege):
        return JournalUnavailable
    ended = (errors.ReadOnlySqlTransaction, errors.IdleInTransactionSessionTimeout)
    if isinstance(problem, (psycopg.OperationalError, psycopg.InterfaceError, *ended)):
        return JournalAway
    return None


def connect(place: Place) -> Connection:
    """Open the journal at `place`, made new where there is none, with every commit durable; the caller closes it.

    Raises:
        JournalUnavailable: the server is not set so that a commit is durable, or the name is too long.
        JournalCorrupt: what stands under the name is no journal of DeskPay.
        JournalTooNew: a newer DeskPay made it.
        psycopg.Error, sqlalchemy.exc.DBAPIError: told apart by the caller.
    """
    if len(place.name.encode()) > _NAME_BYTES:
        raise JournalUnavailable(f"{place.name} is too long for a name")
    # Transactions begin by the store's own statement. The type of another extension is nothing that a journal needs.
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: _dialled(place), poolclass=NullPool, use_native_hstore=False
    )
    connection = engine.connect()
    try:
        with connection.begin():
            connection.exec_driver_sql("BEGIN")
            _make_sure_of(connection, place.name)
        with connection.begin():
            _check_version(connection)
    except BaseException:
        hang_up(connection)
        raise
    return connection


def driver_of(connection: Connection) -> psycopg.Connection[Any]:
    """Return what SQLAlchemy's `connection` drives."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def hang_up(connection: Connection) -> None:
    """Close `connection` whatever has become of it."""
    connection.invalidate()
    connection.close()


def names(address: str) -> list[str]:
    """Return the names of all journals on the server at `address`.

    Raises:
        JournalAway: it cannot be reached.
    """
    with told_apart(), closing(_plain(address)) as driver:
        found = driver.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) ORDER BY 1", [PREFIX])
        return [str(row[0]) for row in found]


def _plain(address: str) -> psycopg.Connection[Any]:
    # Statements are not prepared, so that a pooler between may hand out another session for each.
    return psycopg.connect(address, autocommit=True, prepare_threshold=None, connect_timeout=5, client_encoding="utf8")


def _dialled(place: Place) -> psycopg.Connection[Any]:
    driver = _plain(place.address)
    try:
        quoted = place.name.replace('"', '""')
        for name, value in {**_SESSION, "search_path": f'"{quoted}"'}.items():
            driver.execute("SELECT set_config(%s, %s, false)", [name, value])
        _check_durable(driver)
    except BaseException:
        driver.close()
        raise
    return driver


def _check_durable(driver: psycopg.Connection[Any]) -> None:
    for name, wanted in DURABILITY.items():
        if driver.execute("SELECT current_setting(%s)", [name]).fetchone() != (wanted,):
            raise JournalUnavailable(f"PostgreSQL does not keep {name}={wanted}")


def _make_sure_of(connection: Connection, name: str) -> None:
    """Make the journal unless there is one; two desks that come at the same moment take turns."""
    driver = driver_of(connection)
    driver.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    if driver.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name]).fetchone() is not None:
        return
    driver.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    schema.create_all(connection, checkfirst=False)
    _shared.create_all(connection, checkfirst=False)
    for rule in _RULES:
        connection.exec_driver_sql(rule.replace("%", "%%"))
    journal_id = secrets.token_hex(16)
    told = {"journal_id": journal_id, "version": str(VERSION), "head": genesis(journal_id)}
    connection.execute(insert(journal_meta), [{"key": key, "value": value} for key, value in told.items()])


def _check_version(connection: Connection) -> None:
    version = meta(connection).get("version", "")
    if not version.isdecimal():
        raise JournalCorrupt("what stands under this name is no journal of DeskPay")
    if int(version) > VERSION:
        raise JournalTooNew(f"the journal has version {version}, this DeskPay knows {VERSION}")
