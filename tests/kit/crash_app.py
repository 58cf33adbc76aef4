"""The real app in a process of its own: it opens a desk at a running hotel, charges a card and tells when it was sent.

`python -m tests.kit.crash_app HOW` with the hotel's line of JSON on the input. HOW is ``wait`` for whoever will end it
from outside, or what comes once the hotel has the request: ``close`` of the window, ``logoff`` of the session.
"""

import asyncio
import json
import sys

from PySide6.QtGui import QGuiApplication
from typing_extensions import override

from deskpay.app import desk
from deskpay.app.connection import Connection
from deskpay.app.training import TrainingProcess
from deskpay.domain.errors import DeskPayError
from deskpay.domain.intent import IntentKind
from deskpay.ui.present_error import words_for
from tests.kit.crash_desk import BareDesk
from tests.kit.hotel import Hotel
from tests.kit.seats import somebody


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def _until_it_arrived(hotel: Hotel) -> None:
    while not hotel.ledger()["requests"].get("creditCards/charge"):
        continue


class Working(desk.Program):
    """The app, with a clerk at it who charges a card as soon as it is open."""

    @override
    async def run(self, process: TrainingProcess | None = None, *, again: bool = True) -> int:
        self._operator = somebody("Poppy Inkwell")
        self._scope.start(self._charge(), name="charge")
        return await super().run(process, again=again)

    async def _charge(self) -> None:
        hotel = Hotel(**json.loads(sys.stdin.readline()))
        connection = Connection(hotel.connector, "", hotel.client_token, hotel.access_token, lasting=True)
        try:
            opened = await self.connect(connection)
        except DeskPayError as problem:
            _say(words_for(problem).sentence)
            self.window.close()
            return
        await BareDesk(opened.front, opened.night.books, self._scope, []).act(IntentKind.CHARGE)
        await asyncio.to_thread(_until_it_arrived, hotel)
        _say("sent")
        if sys.argv[1] == "close":
            self.window.close()
            self.window.close()
        if sys.argv[1] == "logoff":
            application = QGuiApplication.instance()
            assert isinstance(application, QGuiApplication)
            application.commitDataRequest.emit(None)


if __name__ == "__main__":
    desk.Program = Working  # type: ignore[misc]  # what `start` opens
    sys.exit(desk.start(training=False))
