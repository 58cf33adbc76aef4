"""What a desk remembers: a comfort that survives a restart, holds nothing of a guest, and never stands in the way."""

from pathlib import Path

import pytest

from deskpay.app.assemble import known_agencies
from deskpay.app.desk_memory import FileMemory
from deskpay.domain.remembered import Remembered
from deskpay.domain.virtual_card import Agency
from deskpay.settings import Settings
from tests.kit.guards import LogWatch
from tests.kit.loops import CoroutineRunner


def test_what_was_remembered_is_recalled_after_a_restart(run_plain: CoroutineRunner, tmp_path: Path) -> None:
    kept = Remembered("category", "R-0099")

    async def scene() -> Remembered:
        await FileMemory(tmp_path / "desk.json").remember(kept)
        return await FileMemory(tmp_path / "desk.json").recall()

    assert run_plain(scene()) == kept
    assert [file.name for file in tmp_path.iterdir()] == ["desk.json"]


@pytest.mark.parametrize(
    "written", ["", "{", "[]", '{"accounting_category_id": 3, "receipt_number": ""}', '{"receipt_number": "1"}']
)
def test_what_cannot_be_read_is_forgotten(run_plain: CoroutineRunner, tmp_path: Path, written: str) -> None:
    file = tmp_path / "desk.json"
    file.write_text(written, encoding="utf-8")
    assert run_plain(FileMemory(file).recall()) == Remembered()


def test_a_file_of_other_hands_is_read_as_carefully(run_plain: CoroutineRunner, tmp_path: Path) -> None:
    file = tmp_path / "desk.json"
    file.write_text('{"accounting_category_id": "c", "receipt_number": "for Mrs Pepperwick"}', encoding="utf-8")
    assert run_plain(FileMemory(file).recall()) == Remembered("c")


def test_a_disk_that_takes_nothing_holds_nobody_up(
    run_plain: CoroutineRunner, tmp_path: Path, expect_log: LogWatch
) -> None:
    expect_log("the desk's memory could not be written")

    async def scene() -> Remembered:
        memory = FileMemory(tmp_path / "no folder" / "desk.json")
        await memory.remember(Remembered("category"))
        return await memory.recall()

    assert run_plain(scene()) == Remembered()


def test_the_hotels_own_line_takes_the_place_of_the_shipped_one() -> None:
    own = Agency("Expedia", ("expedia.example",), 1, 80)
    found = known_agencies(Settings(virtual_cards=(own, Agency("Local site", (), 0, 50))))
    assert found[0] == own
    assert [agency.name for agency in found].count("Expedia") == 1
    assert {"Booking.com", "Local site"} <= {agency.name for agency in found}
