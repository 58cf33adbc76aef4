"""The memory of the desk's own process after a card was typed and saved, searched for its number.

Neither number nor code ever stands in this file, nor whole in this process: digits are made one at a time from a
disguised form, and memory is disguised the same way before it is searched.
"""

import asyncio
import gc
import re
import struct
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from deskpay.ui.cards.add_card_dialog import AddCardDialog
from deskpay.ui.cards.capture.flow import State
from deskpay.ui.cards.capture.pane import CapturePane
from deskpay.ui.payments.acquirer_dialog import AcquirerDialog
from tests.e2e.desk_stage import AtDesk, cursor_in
from tests.e2e.paymongo_stage import account_of, grant, open_form
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

MASK = 0x55
DISGUISE = bytes(value ^ MASK for value in range(256))
CODE = bytes.fromhex("6d6665")
AROUND = 16
"""Bytes that are looked at before a number and behind it."""

KNOWN = 5
"""How many of the bytes around a number must still stand for the place to be known as the request's: the engine writes
over the first sixteen of what it gives back, wherever they end."""

BEFORE = tuple(struct.pack("<II", 8 + 32, count) for count in (32, 16))
BEHIND = struct.pack("<II", 16, 0)
"""What stands around sixteen wide digits in the engine's messages about the text around the cursor, which the page's
process sends for input methods: the head of an array, of 32 bytes or of 16 characters, and that of what follows it. No
text of Qt or Python has it: theirs end with a zero."""


@dataclass(frozen=True)
class Canary:
    """A card that is typed.

    Args:
        number: on the list of whoever takes it, disguised.
        request: what its page writes before and behind the number in the request that carries it.
    """

    number: bytes
    request: tuple[bytes, bytes]

    def found(self) -> list[tuple[bytes, bytes]]:
        """What stands before and behind each place where the number is held; wide digits count as well."""
        around = []
        for held in regions():
            for needle in (self.number, b"".join(bytes((value, MASK)) for value in self.number)):
                for at in re.finditer(re.escape(needle), held):
                    before, behind = held[max(0, at.start() - AROUND) : at.start()], held[at.end() : at.end() + AROUND]
                    around.append((before.translate(DISGUISE), behind.translate(DISGUISE)))
        return around

    def of_the_engine(self, around: tuple[bytes, bytes]) -> bool:
        """Whether this is one of the two places of the engine; memory given back has bytes written over."""
        before, behind = around
        sent = zip(before[-len(self.request[0]) :] + behind, b"".join(self.request), strict=False)
        in_request = sum(held == known for held, known in sent) >= KNOWN
        return in_request or before.endswith(BEFORE) or behind.startswith(BEHIND)


VAULT = Canary(bytes.fromhex("60676565656565656565656565656562"), (b"&cardNumber=", b"&cvv="))
PAYMONGO = Canary(bytes.fromhex("60606262606465656565656564616163"), (b'"card_number":"', b'","exp_month":'))


def digits(disguised: bytes) -> Iterator[str]:
    for value in disguised:
        yield chr(value ^ MASK)


def regions() -> Iterator[bytes]:
    """What this process may write to, region by region, disguised."""
    maps = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        for line in maps:
            told = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if told is None:
                continue
            first, end = int(told[1], 16), int(told[2], 16)
            try:
                memory.seek(first)
                yield memory.read(end - first).translate(DISGUISE)
            except (OSError, ValueError, OverflowError):
                continue  # regions of the kernel's own cannot be read


async def save_at_the_vault(desk: AtDesk) -> None:
    """Save a card in the vault's own fields."""
    await desk.clerk.press(Qt.Key.Key_F7)
    dialog = await desk.see(AddCardDialog)
    await write_card(desk, dialog.pane, dialog, VAULT)
    await desk.until("a whole card", lambda: dialog.card_type.text() == "Mastercard")
    await desk.clerk.tab_to(dialog.expiry.editor)
    await desk.clerk.write("1228")
    await desk.clerk.tab_to(dialog.consent)
    await desk.clerk.press(Qt.Key.Key_Space)
    await desk.confirm(dialog)
    await desk.outcome("The card was saved once")


async def charge_at_paymongo(desk: AtDesk) -> None:
    """Charge a card that is typed into DeskPay's own page for PayMongo."""
    dialog = await open_form(desk, "1500.50")
    await write_card(desk, dialog.pane, dialog, PAYMONGO)
    await desk.until("a whole card", lambda: dialog._complete)
    await desk.clerk.tab_to(dialog.expiry.editor)
    await desk.clerk.write("1230")
    await desk.confirm(dialog)
    await desk.outcome("The card was charged once and stands in Mews")


async def write_card(desk: AtDesk, pane: CapturePane, dialog: AddCardDialog | AcquirerDialog, card: Canary) -> None:
    """Type number and code, a digit at a time."""
    await desk.until("the card fields", lambda: pane.state is State.READY)
    pane.focus_number()
    await cursor_in(dialog, "number")
    for digit in digits(card.number):
        await desk.clerk.write(digit)
    await desk.clerk.press(Qt.Key.Key_Tab)
    await cursor_in(dialog, "code")
    for digit in digits(CODE):
        await desk.clerk.write(digit)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("card", "act"), [(VAULT, save_at_the_vault), (PAYMONGO, charge_at_paymongo)], ids=["vault", "paymongo"]
)
def test_no_object_of_the_desk_is_left_with_the_number(
    sandbox: Hotel, run: CoroutineRunner, tmp_path: Path, card: Canary, act: Callable[[AtDesk], Awaitable[None]]
) -> None:
    # Where tests of the training vault ran in this process, its list of numbers is held before one is typed.
    listed = Counter(card.found())

    async def story() -> None:
        await grant(sandbox)
        async with AtDesk(sandbox, tmp_path, account=account_of(sandbox)) as desk:
            await desk.find("candlewax")
            await act(desk)
            await desk.leave()
            await asyncio.sleep(0.5)
            gc.collect()
            # The engine's network service and its ear for input methods live in this process. The body that was sent
            # and the text around the cursor may lie in memory that it has given back. Nothing else holds the number.
            assert [around for around in Counter(card.found()) - listed if not card.of_the_engine(around)] == []

    run(story())
    known = Counter(card.found())
    held = bytes(value ^ MASK for value in card.number)
    assert any(not card.of_the_engine(around) for around in Counter(card.found()) - known), "a number held is found"
    del held
