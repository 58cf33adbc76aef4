"""The memory of the desk's own process after a card was typed and saved, searched for its number.

Neither number nor code ever stands in this file, nor whole in this process: digits are made one at a time from a
disguised form, and memory is disguised the same way before it is searched.
"""

import asyncio
import gc
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from deskpay.ui.cards.add_card_dialog import AddCardDialog
from deskpay.ui.cards.capture.flow import State
from tests.e2e.desk_stage import AtDesk, cursor_in
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

MASK = 0x55
DISGUISE = bytes(value ^ MASK for value in range(256))
NUMBER = bytes.fromhex("60676565656565656565656565656562")
"""A number on the training vault's list."""

CODE = bytes.fromhex("6d6665")
BEFORE, AFTER = b"&cardNumber=", b"&cvv="
"""What the vault's page writes around the number in the request that it sends to the vault."""

KNOWN = 5
"""How many of those bytes must still stand for the place to be known as the request's: the engine writes over the
first sixteen of what it gives back, wherever they end."""

WIDE = b"".join(bytes((value, MASK)) for value in NUMBER)


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


def found() -> list[bytes]:
    """What stands around each place where the number is held; its digits as wide characters count as well."""
    around = []
    for held in regions():
        for needle in (NUMBER, WIDE):
            for at in re.finditer(re.escape(needle), held):
                before = held[max(0, at.start() - len(BEFORE)) : at.start()].rjust(len(BEFORE), b"\0")
                around.append((before + held[at.end() : at.end() + len(AFTER)]).translate(DISGUISE))
    return around


def of_the_request(around: bytes) -> bool:
    """Whether these bytes stood around the number in the request; memory given back has bytes written over."""
    return sum(held == sent for held, sent in zip(around, BEFORE + AFTER, strict=False)) >= KNOWN


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_object_of_the_desk_is_left_with_the_number(sandbox: Hotel, run: CoroutineRunner, tmp_path: Path) -> None:
    # Where tests of the training vault ran in this process, its list of numbers is held before one is typed.
    listed = Counter(found())

    async def story() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("candlewax")
            await desk.clerk.press(Qt.Key.Key_F7)
            dialog = await desk.see(AddCardDialog)
            await desk.until("the vault's fields", lambda: dialog.pane.state is State.READY)
            await cursor_in(dialog, "number")
            for digit in digits(NUMBER):
                await desk.clerk.write(digit)
            await desk.clerk.press(Qt.Key.Key_Tab)
            await cursor_in(dialog, "code")
            for digit in digits(CODE):
                await desk.clerk.write(digit)
            await desk.until("a whole card", lambda: dialog.card_type.text() == "Mastercard")
            await desk.clerk.tab_to(dialog.expiry.editor)
            await desk.clerk.write("1228")
            await desk.clerk.tab_to(dialog.consent)
            await desk.clerk.press(Qt.Key.Key_Space)
            await desk.confirm(dialog)
            await desk.outcome("The card was saved once")
            await desk.leave()
            await asyncio.sleep(0.5)
            gc.collect()
            # The engine's network service lives in this process, and the body that it sent may lie in memory that it
            # has given back. Nothing else holds the number.
            assert [around for around in Counter(found()) - listed if not of_the_request(around)] == []

    run(story())
    known = Counter(found())
    held = bytes(value ^ MASK for value in NUMBER)
    assert any(not of_the_request(around) for around in Counter(found()) - known), "a number that is held is found"
    del held
