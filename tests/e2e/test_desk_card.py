"""A card is typed into the vault's fields and saved for the guest, or is not, and the clerk reads why."""

import asyncio
from pathlib import Path

import pytest

from deskpay.ui.cards.add_card_dialog import AddCardDialog
from deskpay.ui.cards.capture.flow import State
from deskpay.ui.payments.charge_dialog import ChargeDialog
from tests.e2e.desk_stage import AtDesk, Key, cursor_in
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner


@pytest.mark.parametrize(
    ("number", "code", "label"),
    [("4242424242424242", "123", "Visa •••• 4242"), ("375811111111115", "1234", "Amex •••• 1115")],
    ids=["visa", "amex"],
)
def test_a_card_is_saved_once_and_can_be_charged(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, number: str, code: str, label: str
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("candlewax")
            await desk.says("No card on file")
            await desk.save_card(number, code)
            await desk.outcome("The card was saved once", "No money was taken")
            await desk.leave()
            await desk.says(label, of=desk.screen.panel.cards)
            ledger = await desk.ledger()
            assert len(ledger["cards"]) == 1
            assert ledger["charges"] == []
            dialog = await desk.ask(Key.Key_F2, ChargeDialog)
            await desk.says(f"ending {number[-4:]}")
            await desk.clerk.type_over("10")
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once")
            await desk.leave()

    run(scene())


def test_a_lost_answer_saves_one_card_only(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("candlewax")
            await desk.broken("creditCards/addTokenized", "drop_after")
            await desk.save_card("4242424242424242")
            await desk.outcome("The card was saved once", "Found in Mews after")
            await desk.leave()
            ledger = await desk.ledger()
            assert len(ledger["cards"]) == 1
            assert ledger["requests"]["creditCards/addTokenized"] == 1

    run(scene())


def test_refused_tokens_save_no_card(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("candlewax")
            await desk.broken("creditCards/addTokenized", "status_before", status=401)
            await desk.save_card("4242424242424242")
            await desk.outcome("Mews could not accept this", "No card was saved")
            await desk.leave()
            assert (await desk.ledger())["cards"] == []

    run(scene())


def test_a_reference_the_vault_has_forgotten_saves_no_card(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("candlewax")
            await desk.save_card("4900000000007016")
            await desk.outcome("Mews did not save the card", "Please enter the card again")
            await desk.leave()
            assert (await desk.ledger())["cards"] == []

    run(scene())


def test_a_card_the_vault_refuses_is_told_on_the_form(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("candlewax")
            dialog = await desk.save_card("4900000000007032")
            await desk.until("the refusal", lambda: dialog.pane.state is State.FAILED)
            await desk.says("Nothing was saved")
            assert dialog.expiry.text() == "12/28"
            await desk.leave()
            ledger = await desk.ledger()
            assert ledger["cards"] == []
            assert "creditCards/addTokenized" not in ledger["requests"]

    run(scene())


def test_a_vault_that_cannot_be_reached_is_told_and_tried_again(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    sandbox.serve_fields(script_available=False)

    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("candlewax")
            await desk.clerk.press(Key.Key_F7)
            dialog = await desk.see(AddCardDialog)
            await desk.until("the failure", lambda: dialog.pane.state is State.FAILED)
            await desk.until("the way on", dialog.pane._retry.isVisible)
            await asyncio.to_thread(sandbox.serve_fields, script_available=True)
            await desk.clerk.tab_to(dialog.pane._retry)
            await desk.clerk.press(Key.Key_Space)
            await desk.until("the vault's fields", lambda: dialog.pane.state is State.READY)
            await cursor_in(dialog, "number")
            await desk.leave()
            assert desk.screen.panel.can_move_money

    run(scene())


def test_a_charge_form_leads_to_adding_a_card(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("candlewax")
            await desk.ask(Key.Key_F2, ChargeDialog)
            await desk.says("No saved card can be charged.")
            await desk.clerk.press(Key.Key_F7)
            await desk.see(AddCardDialog)
            await desk.leave()
            assert (await desk.ledger())["attempts"] == {}

    run(scene())
