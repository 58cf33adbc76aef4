"""Which of the acquirer's customers a guest is: kept over a restart, and not to be changed by another hand."""

import asyncio
from pathlib import Path

import pytest

from deskpay.domain.errors import JournalCorrupt
from deskpay.journal.links import FileLinks
from deskpay.journal.seal import Seal, write_sealed

SEAL = Seal(b"key")


def test_a_link_is_kept_over_a_restart_and_forgotten_for_good(tmp_path: Path) -> None:
    path = tmp_path / "hotel.links"

    async def story() -> None:
        links = FileLinks(path, SEAL)
        assert await links.customer_of("anna") is None
        await links.keep("anna", "cus-1")
        await links.keep("bela", "cus-2")
        await links.keep("anna", "cus-3")
        again = FileLinks(path, SEAL)
        assert (await again.customer_of("anna"), await again.customer_of("bela")) == ("cus-3", "cus-2")
        await again.forget("anna")
        await again.forget("nobody")
        assert await FileLinks(path, SEAL).customer_of("anna") is None
        assert await FileLinks(path, SEAL).customer_of("bela") == "cus-2"

    asyncio.run(story())


def test_a_link_that_another_hand_changed_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "hotel.links"

    async def story() -> None:
        await FileLinks(path, SEAL).keep("anna", "cus-1")
        path.write_text(path.read_text(encoding="utf-8").replace("cus-1", "cus-2"), encoding="utf-8")
        with pytest.raises(JournalCorrupt):
            await FileLinks(path, SEAL).customer_of("anna")

    asyncio.run(story())


def test_a_file_of_something_else_holds_no_links(tmp_path: Path) -> None:
    path = tmp_path / "hotel.links"
    write_sealed(path, ["anna"], SEAL)
    with pytest.raises(JournalCorrupt, match="holds nothing of this desk"):
        asyncio.run(FileLinks(path, SEAL).customer_of("anna"))
