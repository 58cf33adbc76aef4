"""What `deskpay doctor` looks at. Each check is a function that returns what it found; none moves money or writes."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from deskpay import __version__
from deskpay.app.connection import Connection
from deskpay.app.own_program import own_program
from deskpay.domain.environment import HOSTS, Environment
from deskpay.domain.errors import DeskPayError, JournalError, Refused
from deskpay.fleet_policy import FleetPolicy
from deskpay.settings import Settings, WrongSettings, read_settings
from deskpay.ui.present_error import words_for

if TYPE_CHECKING:
    from deskpay.gateways.mews.reads import MewsRecords

LITTLE_ROOM_BYTES = 200_000_000
"""Below this the disk of the journals is called nearly full: a day's intents need a few megabytes."""

MOST_SKEW = timedelta(minutes=2)
"""How far this computer's clock may be from the hotel's before people would read wrong times. Money does not depend on
it: the hotel's clock decides."""

_ENGINE_PATIENCE_S = 90
_KEYRING_PATIENCE_S = 15


class State(Enum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Args:
        name: of the check, one word for scripts.
        state: how it ended.
        sentence: what was found and, where something is wrong, what to do.
    """

    name: str
    state: State
    sentence: str

    def as_json(self) -> dict[str, str]:
        """The finding for scripts."""
        return {**asdict(self), "state": self.state.value}

    @classmethod
    def from_json(cls, said: dict[str, str]) -> Finding:
        """Read what `as_json` wrote."""
        return cls(said["name"], State(said["state"]), said["sentence"])


def program() -> Finding:
    """Tell which DeskPay this is and what it runs on."""
    built = "a released build" if getattr(sys, "frozen", False) else "a source tree"
    words = f"DeskPay {__version__} from {built}, Python {platform.python_version()}, {platform.platform()}."
    return Finding("program", State.OK, words)


def version(policy: FleetPolicy) -> list[Finding]:
    """Tell whether this DeskPay is as new as the policy of the computer asks; nothing where it asks for nothing."""
    if not policy.least_version:
        return []
    if policy.is_met_by(__version__):
        return [Finding("version", State.OK, f"The policy asks for DeskPay {policy.least_version} or newer.")]
    words = f"The policy asks for DeskPay {policy.least_version} or newer, this is {__version__}. Install a newer one."
    return [Finding("version", State.FAIL, words)]


def settings() -> tuple[Finding, Settings | None]:
    """Read the settings; return them too, None where they cannot be used."""
    try:
        kept = read_settings()
    except WrongSettings as problem:
        return Finding("settings", State.FAIL, f"{problem}."), None
    words = f"The settings are in order. Workstation {kept.desk_id}, records in {kept.data_folder}."
    return Finding("settings", State.OK, words), kept


def journals(folder: Path) -> list[Finding]:
    """Check the room for the journals and, without touching it, each journal that there is."""
    found = [_journal(path) for path in sorted(folder.rglob("*.sqlite"))]
    return [_room(folder), *(found or [Finding("journal", State.OK, "There is no journal yet.")])]


def _room(folder: Path) -> Finding:
    """Tell whether journals can be written where they belong."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not os.access(there, os.W_OK):
        return Finding("room", State.FAIL, f"Nothing can be written to {there}. Give this user the right to.")
    free = shutil.disk_usage(there).free
    words = f"{free // 1_000_000:,} MB are free for the journals in {folder}."
    if free < LITTLE_ROOM_BYTES:
        return Finding("room", State.WARN, f"{words} Make room: with a full disk DeskPay takes no money.")
    return Finding("room", State.OK, words)


def _journal(path: Path) -> Finding:
    from deskpay.journal.looking import look

    try:
        seen = look(path)
    except JournalError as problem:
        return Finding("journal", State.FAIL, f"{path}: {problem.detail}. DeskPay takes no money with it.")
    if seen.problem is not None:
        words = (
            f"{path}: {seen.problem.detail}. DeskPay takes no money with it; restore the latest backup in its place."
        )
        return Finding("journal", State.FAIL, words)
    unfinished = sum(not record.state.final for record in seen.records)
    words = f"{path}: in order, {len(seen.intents)} intents."
    if unfinished:
        return Finding("journal", State.WARN, f"{words} {unfinished} of them are not known yet: open DeskPay to look.")
    return Finding("journal", State.OK, words)


async def keyring() -> Finding:
    """Name the keyring that tokens would go to."""
    try:
        async with asyncio.timeout(_KEYRING_PATIENCE_S):
            backend = await asyncio.to_thread(_keyring_backend)
    except TimeoutError:
        return Finding("keyring", State.FAIL, "The system's keyring does not answer; log off and on again.")
    if backend is None:
        words = "This system offers no keyring; tokens are asked for at every start and kept nowhere."
        return Finding("keyring", State.WARN, words)
    return Finding("keyring", State.OK, f"The system's keyring is {backend}.")


def _keyring_backend() -> str | None:
    """Return the name of the keyring that tokens go to, None where this system offers none."""
    from deskpay.gateways.token_store import system_keyring

    backend = system_keyring()
    return None if backend is None else str(backend.name)


async def engine() -> Finding:
    """Try the web engine in a process of its own: where it cannot start, it ends the process that asked it to."""
    try:
        done = await asyncio.to_thread(
            subprocess.run,
            [*own_program(), "doctor", "--engine"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ENGINE_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding("engine", State.FAIL, "The web engine did not show a page in time; no card can be added.")
    try:
        return Finding.from_json(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError):
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        words = f"The web engine ended with code {done.returncode}; no card can be added."
        return Finding("engine", State.FAIL, " ".join([words, *last]))


def no_connection() -> Finding:
    """Say that no hotel was asked: the tokens of one are not the doctor's to use."""
    words = (
        "No hotel was asked, so connection, permissions and clock were not checked. With --training they are checked "
        "at the training hotel; a live one is tested in DeskPay itself, where it is set up."
    )
    return Finding("connection", State.WARN, words)


async def inspection() -> Finding:
    """Tell who looks into connections to the live Mews; no token is sent."""
    from deskpay.gateways.inspection import inspected_by

    host = HOSTS[Environment.LIVE]
    by = await asyncio.to_thread(inspected_by, host)
    if by is None:
        words = f"{host} cannot be reached from here, or with a certificate that this system does not trust."
        return Finding("inspection", State.WARN, words)
    if by:
        words = f"Connections to {host} are inspected by {by}, whose certificate this system trusts."
        return Finding("inspection", State.WARN, words)
    return Finding("inspection", State.OK, f"Nobody looks into connections to {host} on their way.")


async def hotel(connection: Connection, kept: Settings) -> list[Finding]:
    """Check the connection to a hotel, what its tokens may read, and the clocks."""
    from deskpay.gateways.http import connector_address
    from deskpay.gateways.mews.client import connect
    from deskpay.services.system_clock import SystemClock

    clock = SystemClock()
    try:
        address = connector_address(connection.environment, connection.address)
        mews = await connect(address, connection.client_token, connection.access_token, clock, kept.request_budget)
    except DeskPayError as problem:
        return [Finding("connection", State.FAIL, _words(problem))]
    try:
        began_s = clock.monotonic_s()
        found = await mews.records.hotel()
        took_ms = (clock.monotonic_s() - began_s) * 1e3
        skew = clock.now() - mews.records.server_now()
        return [
            Finding("connection", State.OK, f"{found.name} answers at {connection.address} in {took_ms:.0f} ms."),
            await _permissions(mews.records),
            clocks(skew),
        ]
    except DeskPayError as problem:
        return [Finding("connection", State.FAIL, _words(problem))]
    finally:
        await mews.aclose()


async def _permissions(records: MewsRecords) -> Finding:
    """Ask for one thing of every kind that the desk reads."""
    now = records.server_now()
    stays = await records.stays_touching(now - timedelta(days=1), now)
    guest = [stay.customer_id for stay in stays[:1]]
    reads: dict[str, Callable[[], Awaitable[object]]] = {
        "rooms": records.rooms,
        "accounting categories": records.accounting_categories,
        "guests": lambda: records.customers(guest),
        "saved cards": lambda: records.credit_cards(guest[0]),
        "bills": lambda: records.bills(guest[0]),
        "items": lambda: records.open_items(guest),
        "payments": lambda: records.payments(guest),
    }
    refused, last = [], ""
    for name, read in reads.items() if guest else list(reads.items())[:2]:
        try:
            await read()
        except Refused as problem:
            refused.append(name)
            last = _words(problem)
    if refused:
        words = f"The access token may not read: {', '.join(refused)}. Ask Mews to allow it. {last}"
        return Finding("permissions", State.FAIL, words)
    if not guest:
        words = "The access token may read the house. No guest is in it, so nothing of a guest was asked for."
        return Finding("permissions", State.WARN, words)
    words = "The access token may read all that the desk reads. Taking money was not tried."
    return Finding("permissions", State.OK, words)


def clocks(skew: timedelta) -> Finding:
    """Judge by how much this computer's clock is ahead of the hotel's."""
    seconds = round(skew.total_seconds())
    words = f"This computer's clock is {abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} the hotel's."
    if abs(skew) > MOST_SKEW:
        return Finding("clock", State.WARN, f"{words} Let the system set it; money is not affected.")
    return Finding("clock", State.OK, words)


def _words(problem: DeskPayError) -> str:
    said = words_for(problem)
    return " ".join(part for part in (said.sentence, said.text) if part)
