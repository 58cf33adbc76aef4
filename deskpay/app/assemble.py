"""The object graph of one connection, built in one place and taken down in order."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deskpay.app.connection import Connection
from deskpay.app.desk_memory import FileMemory
from deskpay.app.heads import HeadKeeper, HeadReader
from deskpay.app.loop import report_failure
from deskpay.domain.environment import Environment
from deskpay.domain.errors import JournalCorrupt, JournalError
from deskpay.domain.hotel import Hotel
from deskpay.domain.operator import Operator, Rules
from deskpay.domain.security import SecurityKind
from deskpay.domain.virtual_card import Agency
from deskpay.gateways.http import connector_address, paymongo_address
from deskpay.gateways.mews.client import MewsConnection, connect
from deskpay.gateways.paymongo.client import PayMongo, SavedList, connect_paymongo
from deskpay.gateways.paymongo.keys import keys_of
from deskpay.gateways.secret_hash import Argon2Hasher
from deskpay.journal.damaged import DamagedJournal, open_damaged, open_damaged_shared
from deskpay.journal.journal import StoredJournal, open_journal, open_shared_journal
from deskpay.journal.limits import FileLimits
from deskpay.journal.links import FileLinks
from deskpay.journal.queue_file import QueueFile
from deskpay.journal.roster import FileRoster
from deskpay.journal.seal import Seal
from deskpay.journal.security import FileSecurityLog
from deskpay.services.desk import Desk
from deskpay.services.front_desk import FrontDesk
from deskpay.services.house_limits import HouseLimits
from deskpay.services.intent_runner import IntentRunner, Timings
from deskpay.services.look_up import LookUp
from deskpay.services.night_desk import NightDesk
from deskpay.services.ports import BillOffice, Clock, GuestRecords
from deskpay.services.scope import TaskScope
from deskpay.services.seat import Seat
from deskpay.services.staff import Staff
from deskpay.services.system_clock import SystemClock
from deskpay.services.training_staff import RULES, TrainingRoster
from deskpay.services.write_down import WriteDown
from deskpay.settings import Settings, read_agencies
from deskpay.ui.assets import read_resource
from deskpay.ui.cards.capture.code_call import CodeCall

if TYPE_CHECKING:
    from deskpay.journal.server import Place

DRAIN_S = 60
"""How long quitting waits for acts that were sent; what has no answer by then stays on record as it is."""


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """A desk that is open: what acts at it, and its end.

    Args:
        front: what every act needs.
        guests: what finding guests needs.
        night: what the night audit needs beside it.
        connection: where it is connected.
        office: what is done with bills.
        memory: what its forms start with.
        staff: who works here.
        limits: what each role does alone here.
        journal: where the hotel's journal lies: its file, or its place on the server that desks share.
        heads: keeps the journal's head elsewhere.
        closing: what is to be undone, last first.
    """

    front: FrontDesk
    guests: GuestRecords
    night: NightDesk
    connection: Connection
    office: BillOffice
    memory: FileMemory
    staff: Staff
    limits: HouseLimits
    journal: Path | Place
    heads: HeadKeeper
    closing: AsyncExitStack

    async def aclose(self) -> None:
        """Let acts under way end within their bound, then close the journal and the connection."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                await self.front.runner.all_answered()
        with contextlib.suppress(JournalError):
            await self.heads.keep()
        await self.closing.aclose()


@dataclass(frozen=True, slots=True)
class House:
    """What the files about one hotel's people lie beside and are opened by.

    Args:
        path: of its journal.
        hotel: whose.
        connection: to it.
        settings: of this desk.
        seal: of this computer's files.
    """

    path: Path
    hotel: Hotel
    connection: Connection
    settings: Settings
    seal: Seal

    @property
    def training(self) -> bool:
        """True where the people and limits that ship with DeskPay are met, and no policy counts."""
        return self.connection.environment is Environment.TRAINING


async def open_desk(
    connection: Connection,
    settings: Settings,
    operator: Operator | None = None,
    timings: Timings | None = None,
    seal: Seal | None = None,
) -> OpenDesk:
    """Connect, open the hotel's journal and take up what an earlier run left.

    Args:
        connection: where to.
        settings: of this desk.
        operator: who is at the desk from the start, in training alone; None for nobody.
        timings: when acts are looked up and read.
        seal: of this computer's files; None for one without a key.

    Raises:
        NotMews: what answers is no property system.
        Unauthorized: the tokens are wrong.
        AnotherHotel: the tokens open another hotel than the connection's.
        HotelUnavailable: there is no usable answer.
        InputRefused: the address may not be connected to.
        JournalInUse: another DeskPay has the hotel's journal, or this desk at it, open.
        JournalAway: the journal is shared, and its server cannot be reached.
        JournalError: the journal cannot be opened. One that is damaged opens for looking, and no money is taken.
    """
    clock, seal = SystemClock(), seal or Seal()
    async with AsyncExitStack() as opening:
        mews, hotel = await _connected(connection, settings, clock, opening)
        path = _journal_path(connection, settings, hotel, opening)
        journal = await _opened_journal(place := _place(path, settings, connection, hotel), settings)
        opening.push_async_callback(journal.aclose)
        listening, money = _scopes(opening)
        house = House(path, hotel, connection, settings, seal)
        staff, log = await _staff(house, clock, mews.records.server_now)
        acquirer = await _acquirer(connection, clock, opening)
        runner = _runner(mews, acquirer, journal, clock, money, timings)
        limits = await _limits(house, seat := _seat(house, clock, operator), staff)
        front = FrontDesk(
            hotel=hotel,
            desk=Desk(settings.desk_id, seat),
            clock=clock,
            records=mews.records,
            gateway=mews.gateway,
            journal=journal,
            runner=runner,
            agencies=known_agencies(settings),
            environment=connection.environment,
            acquirer=acquirer,
            acquirer_links=FileLinks(path.with_suffix(".guests-at-paymongo"), seal) if acquirer else None,
            events=mews.events,
        )
        if runner.stopped is None:
            await runner.resume(settings.desk_id if _is_shared(settings, connection) else None)
        listening.start(mews.events.run(), name="listen to the hotel")
        night = NightDesk(front, mews.audit, QueueFile(path.with_suffix(".queue.json"), seal))
        memory = FileMemory(path.with_suffix(".desk.json"))
        heads = _heads(house, HeadReader(journal, log, hotel.id, settings.desk_id, clock), staff)
        guests, office, closing = mews.records, mews.office, opening.pop_all()
        return OpenDesk(front, guests, night, connection, office, memory, staff, limits, place, heads, closing)


async def _connected(
    connection: Connection, settings: Settings, clock: Clock, opening: AsyncExitStack
) -> tuple[MewsConnection, Hotel]:
    mews = await connect(
        connector_address(connection.environment, connection.address),
        connection.client_token,
        connection.access_token,
        clock,
        settings.request_budget,
        money_deadline_s=settings.money_deadline_s,
    )
    opening.push_async_callback(mews.aclose)
    hotel = await mews.records.hotel()
    connection.check(hotel)
    return mews, hotel


def _scopes(opening: AsyncExitStack) -> tuple[TaskScope, TaskScope]:
    """Return the scopes of what listens and of acts with money, which closes first."""
    listening, money = TaskScope(report_failure), TaskScope(report_failure)
    for scope in (listening, money):
        opening.push_async_callback(scope.close)
    return listening, money


def _heads(house: House, reader: HeadReader, staff: Staff) -> HeadKeeper:
    # A journal that goes with the process needs no head elsewhere.
    return HeadKeeper(house.settings.head_folder if house.connection.lasting else "", reader, staff)


async def _staff(house: House, clock: Clock, server_now: Callable[[], datetime]) -> tuple[Staff, FileSecurityLog]:
    """Return the people of the hotel; a policy that is new to them goes on record."""
    log = FileSecurityLog(house.path.with_suffix(".security"), house.seal)
    roster = TrainingRoster() if house.training else FileRoster(house.path.with_suffix(".operators"), house.seal)
    staff = Staff(roster, Argon2Hasher(), log, clock, server_now)
    fingerprint = house.settings.policy.fingerprint
    noted = [event.detail for event in await staff.events() if event.kind is SecurityKind.POLICY]
    if fingerprint != (noted[-1] if noted else ""):
        await staff.note(SecurityKind.POLICY, "", "", fingerprint)
    return staff, log


async def _limits(house: House, seat: Seat, staff: Staff) -> HouseLimits:
    """Return the limits of the hotel, which hold from now on."""
    fixed = () if house.training else house.settings.policy.limits
    store = FileLimits(house.path.with_suffix(".limits"), house.seal)
    limits = HouseLimits(seat, staff, store, house.hotel.currencies, fixed)
    await limits.begin()
    return limits


def known_agencies(settings: Settings) -> tuple[Agency, ...]:
    """Return the table that ships with DeskPay, with the hotel's own lines in place of or before its lines."""
    own = {agency.name for agency in settings.virtual_cards}
    shipped = read_agencies(read_resource("agencies.json"))
    return (*settings.virtual_cards, *(agency for agency in shipped if agency.name not in own))


def _seat(house: House, clock: Clock, operator: Operator | None) -> Seat:
    if house.training:
        return Seat(RULES, clock, operator)
    return Seat(house.settings.policy.rules(Rules(), house.hotel), clock)


def _runner(
    mews: MewsConnection,
    acquirer: PayMongo | None,
    journal: StoredJournal | DamagedJournal,
    clock: Clock,
    money: TaskScope,
    timings: Timings | None,
) -> IntentRunner:
    trouble = journal.trouble if isinstance(journal, DamagedJournal) else None
    server_now = mews.records.server_now
    write_down = WriteDown(mews.records, mews.gateway, acquirer, server_now, timings) if acquirer else None
    look_up = LookUp(mews.records, acquirer)
    runner = IntentRunner(journal, look_up, clock, server_now, money, timings, trouble, write_down)
    mews.events.listen(runner.hear)
    return runner


async def _acquirer(connection: Connection, clock: Clock, opening: AsyncExitStack) -> PayMongo | None:
    acquirer = await open_acquirer(connection, clock)
    if acquirer is not None:
        opening.push_async_callback(acquirer.aclose)
    return acquirer


async def open_acquirer(connection: Connection, clock: Clock) -> PayMongo | None:
    """Return a connection to the hotel's account at PayMongo, None where it has none. Nothing is sent.

    Raises:
        InputRefused: a key is none, is the other one, or belongs to another kind of connection.
    """
    account = connection.paymongo
    if account is None:
        return None
    return await connect_paymongo(
        paymongo_address(connection.environment, account.address),
        keys_of(connection.environment, account.secret_key, account.public_key),
        clock,
        saved_list=SavedList(account.saved_list),
        renews_codes=account.code_call is not CodeCall.NONE,
        tender=account.tender,
    )


def _is_shared(settings: Settings, connection: Connection) -> bool:
    return bool(connection.lasting and settings.journal_address)


def _place(path: Path, settings: Settings, connection: Connection, hotel: Hotel) -> Path | Place:
    """Return where the journal of `hotel` lies: on the server that desks share, or in the file at `path`."""
    if not _is_shared(settings, connection):
        return path
    from deskpay.journal.server import Place

    return Place(settings.journal_address, f"deskpay_{connection.environment.value}_{hotel.id}")


async def _opened_journal(place: Path | Place, settings: Settings) -> StoredJournal | DamagedJournal:
    if isinstance(place, Path):
        try:
            return await open_journal(place)
        except JournalCorrupt as problem:
            return await open_damaged(place, problem)
    try:
        return await open_shared_journal(place, settings.desk_id)
    except JournalCorrupt as problem:
        return await open_damaged_shared(place, problem)


def _journal_path(connection: Connection, settings: Settings, hotel: Hotel, opening: AsyncExitStack) -> Path:
    if connection.lasting:
        return settings.data_folder / connection.environment.value / f"{hotel.id}.sqlite"
    folder = opening.enter_context(tempfile.TemporaryDirectory(prefix="deskpay-training-", ignore_cleanup_errors=True))
    return Path(folder) / f"{hotel.id}.sqlite"
