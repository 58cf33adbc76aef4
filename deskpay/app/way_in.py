"""The way in: hotels that are known, tokens that are typed, a test before anything is kept, and then the desk."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from deskpay.app.connection import Connection
from deskpay.domain.connection import KnownConnection
from deskpay.domain.environment import HOSTS, Environment
from deskpay.domain.errors import AnotherHotel, DeskPayError, FixedByPolicy
from deskpay.services.scope import TaskScope
from deskpay.settings import Settings
from deskpay.ui.connect_page import TypedConnection
from deskpay.ui.main_window import MainWindow

if TYPE_CHECKING:
    from deskpay.app.assemble import OpenDesk
    from deskpay.app.hotels import Hotels
    from deskpay.gateways.token_store import KeyringBackend
    from deskpay.services.probe import Probed

_LOG = logging.getLogger(__name__)


class WayIn:
    """Leads from the window without a connection to the desk.

    Args:
        window: the window.
        settings: of this desk.
        scope: owns what is asked.
        connect: opens the desk.
        backend: keyring to use; None takes the system's own.
    """

    def __init__(
        self,
        window: MainWindow,
        settings: Settings,
        scope: TaskScope,
        connect: Callable[[Connection], Awaitable[OpenDesk]],
        backend: KeyringBackend | None = None,
    ) -> None:
        self._window = window
        self._settings = settings
        self._scope = scope
        self._connect = connect
        self._backend = backend
        self._opened: Hotels | None = None
        self._opening = asyncio.Lock()
        self._chosen: KnownConnection | None = None
        self._tested: tuple[Connection, Probed] | None = None
        page = window.connect_page
        page.connection_entered.connect(lambda typed: self._start(self._enter(typed), "join a hotel"))
        page.known_chosen.connect(lambda known: self._start(self.open(known), "open a known hotel"))

    def _start(self, work: Any, name: str) -> None:
        self._window.connect_page.set_busy(True)
        self._scope.start(self._shown(work), name=name)

    async def _shown(self, work: Awaitable[None]) -> None:
        """Do what was asked; what does not work is said on the page of the way in."""
        try:
            await work
        except DeskPayError as problem:
            self.show_problem(problem)

    def show_problem(self, problem: DeskPayError) -> None:
        """Say on the page of the way in what does not work."""
        self._window.show_connect()
        self._window.connect_page.show_problem(problem)

    async def begin(self, *, again: bool) -> None:
        """Offer what this computer knows, and open the hotel that was used last.

        Args:
            again: False only offers: another hotel is to be chosen.
        """
        try:
            hotels = await self.hotels()
            known = self._allowed(await hotels.all())
            self._window.connect_page.show_known(known, hotels.keyring)
            if known and again:
                await self.open(known[0])
        except DeskPayError as problem:
            self.show_problem(problem)

    def _allowed(self, listed: Sequence[KnownConnection]) -> list[KnownConnection]:
        """Return the hotels that may be opened: those used before, then the policy's; without any of one's own."""
        policy = self._settings.policy
        fixed = {known.id: known for known in policy.connections}
        kept = [known for known in listed if self._is_allowed(known)]
        return [*kept, *(known for known in fixed.values() if known.id not in {k.id for k in kept})]

    def _is_allowed(self, known: KnownConnection) -> bool:
        policy = self._settings.policy
        training = known.environment is Environment.TRAINING
        return training or policy.own_connections or known.id in {fixed.id for fixed in policy.connections}

    async def hotels(self) -> Hotels:
        """Return the hotels of this computer, opened when they are first asked for.

        Raises:
            KeyringUnavailable: the keyring is locked or does not answer.
        """
        async with self._opening:
            if self._opened is None:
                from deskpay.app.hotels import open_hotels

                self._opened = await open_hotels(self._settings.data_folder, self._backend)
            return self._opened

    async def open(self, known: KnownConnection) -> None:
        """Open the desk of a hotel that is known, or ask for its tokens.

        Raises:
            DeskPayError: it cannot be opened.
        """
        page, hotels = self._window.connect_page, await self.hotels()
        # A list that another hand changed is not to be followed, wherever the hotel was read from.
        await hotels.all()
        if not self._is_allowed(known):
            raise FixedByPolicy
        self._chosen = known
        connection = await hotels.connection(known)
        if connection is None:
            page.set_busy(False)
            page.ask_tokens(known.environment)
            return
        self._window.show_waiting(self._window.tr("Connecting to {hotel}").format(hotel=known.name))
        await self._connect(connection.as_set(self._settings))
        await hotels.keep(connection, known.name)

    async def _enter(self, typed: TypedConnection) -> None:
        await asyncio.to_thread(importlib.import_module, "deskpay.gateways.mews.client")
        connection = Connection.typed(typed).as_set(self._settings)
        if typed.environment is Environment.TRAINING:
            await self._train(connection)
            return
        await (await self.hotels()).all()
        await self._test(connection)

    async def _train(self, connection: Connection) -> None:
        """Join a training hotel. Nothing is at stake there, so one that cannot be remembered is joined all the same."""
        opened = await self._connect(connection)
        hotel = opened.front.hotel
        try:
            await (await self.hotels()).keep(connection.for_hotel(hotel.id), hotel.name)
        except DeskPayError as problem:
            _LOG.warning("the training hotel is not remembered: %s", type(problem).__name__)

    async def _test(self, connection: Connection) -> None:
        from deskpay.app.assemble import open_acquirer
        from deskpay.gateways.http import connector_address
        from deskpay.gateways.inspection import inspected_by
        from deskpay.gateways.mews.client import connect
        from deskpay.services.probe import probe, probe_acquirer
        from deskpay.services.system_clock import SystemClock

        clock, address = SystemClock(), connector_address(connection.environment, connection.address)
        budget = self._settings.request_budget
        async with AsyncExitStack() as closing:
            acquirer = await open_acquirer(connection, clock)  # first: a wrong key is told before anything is sent
            if acquirer is not None:
                closing.push_async_callback(acquirer.aclose)
            mews = await connect(address, connection.client_token, connection.access_token, clock, budget)
            closing.push_async_callback(mews.aclose)
            found = await probe(mews.records, clock)
            if acquirer is not None:
                found = replace(found, acquirer=await probe_acquirer(acquirer, clock))
        chosen = self._chosen
        if chosen is not None and chosen.environment is connection.environment and chosen.hotel_id != found.hotel.id:
            self._chosen = None  # the next try is a hotel of its own
            raise AnotherHotel(found.hotel.name)
        if connection.environment is not Environment.TRAINING:
            found = replace(found, inspected_by=await asyncio.to_thread(inspected_by, HOSTS[connection.environment]))
        known = KnownConnection(connection.environment, found.hotel.id, found.hotel.name, connection.address)
        if not self._is_allowed(known):
            raise FixedByPolicy
        self._show_test(connection.for_hotel(found.hotel.id), found)

    def _show_test(self, connection: Connection, found: Probed) -> None:
        page = self._window.connection_test
        if self._tested is None:
            page.accepted.connect(lambda: self._start(self._use(), "use a hotel"))
            page.again.connect(lambda: self._start(self._test_again(), "test once more"))
            page.left.connect(self._on_left)
        self._tested = (connection, found)
        page.show_found(connection.environment, urlsplit(connection.address).netloc, found)
        self._window.connect_page.set_busy(False)
        self._window.show_connection_test()

    async def _use(self) -> None:
        if self._tested is None:
            return
        connection, found = self._tested
        await (await self.hotels()).keep(connection, found.hotel.name)
        self._window.show_waiting(self._window.tr("Connecting to {hotel}").format(hotel=found.hotel.name))
        await self._connect(connection)

    async def _test_again(self) -> None:
        if self._tested is not None:
            await self._test(self._tested[0])

    def _on_left(self) -> None:
        self._window.show_connect()
        self._window.connect_page.set_busy(False)
