"""Charging at PayMongo through the real window: card and code in the pane, the bank's page, what Mews holds then."""

from dataclasses import replace
from pathlib import Path

import pytest

from deskpay.domain.intent import IntentState
from deskpay.ui.payments.bank_dialog import BankDialog
from deskpay.ui.payments.by_hand_dialog import ByHandDialog
from tests.e2e.desk_stage import CONTROL, QUICK, AtDesk, Key
from tests.e2e.paymongo_stage import (
    ASKS,
    LOST,
    PAYS,
    account_of,
    at_bank,
    charge_new,
    charge_saved,
    forget,
    give_back,
    grant,
    open_form,
    there,
    type_code,
    type_foreign,
    type_new,
)
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

PATIENT = replace(QUICK, entries_s=(3_600,))
"""Writes down once and then at leisure, as after a while at a real desk."""


async def is_linked_and_kept_by_paying(desk: AtDesk) -> None:
    """PayMongo knows the guest's address from a stay long ago; they say so, pay, and have the card kept."""
    assert desk.program.open is not None
    front = desk.program.open.front
    assert front.acquirer is not None
    (guest,) = await front.records.customers_named(["Candlewax"])
    known = await front.acquirer.create_customer(guest)
    dialog = await open_form(desk, "1500.50")
    await desk.says(f"PayMongo knows {known.name}, {known.email}.", "Ask the guest whether that is them")
    await desk.clerk.tab_to(dialog.link_button)
    await desk.clerk.press(Key.Key_Space)
    await desk.until("the guest to be linked", dialog.found.isHidden)
    await type_new(desk, dialog, ASKS)
    await desk.clerk.tab_to(dialog.keep)
    await desk.clerk.press(Key.Key_Space)
    await desk.confirm(dialog)
    await at_bank(desk, "authorize")
    await desk.outcome("The card was charged once and stands in Mews")
    await desk.leave()
    assert [link["customer_id"] for link in (await there(desk))["saved_cards"]] == [known.id]


async def says_no_and_leaves(desk: AtDesk) -> None:
    """The guest refuses at the bank once, and another time goes away before they answer."""
    await desk.says("Card •••• 0007, PayMongo · Expires 12/30", of=desk.screen.panel)
    dialog = await open_form(desk, "700")
    await desk.says("card ending 0007, PayMongo, Expires 12/30")
    await type_code(desk, dialog, "123")
    await desk.says("to card ending 0007 at PayMongo")
    await desk.confirm(dialog)
    await at_bank(desk, "fail")
    await desk.outcome("The card was declined", "Nothing was taken", "did not confirm it")
    await desk.leave()
    await charge_saved(desk, "800")
    await desk.see(BankDialog)
    await desk.escape()
    await desk.outcome("The guest's bank has not said yes yet")
    await desk.clerk.press(Key.Key_F7)
    await desk.see(BankDialog)
    await desk.escape()
    await desk.outcome("End this charge")
    await desk.clerk.press(Key.Key_F10)
    await desk.outcome("The charge was ended", "it never can take money")
    await desk.leave()


async def pays_gets_some_back_and_is_forgotten(desk: AtDesk) -> None:
    """The saved card pays once more, a part goes back, then the card is forgotten and then the guest."""
    await charge_saved(desk, "900")
    await at_bank(desk, "authorize")
    await desk.outcome("The card was charged once and stands in Mews")
    await desk.leave()
    await desk.until("the row", lambda: any("900.00" in row[4] for row in desk.payments()))
    await give_back(desk, "500")
    await desk.leave()
    await forget(desk, await open_form(desk, "20"), 0)
    held = await there(desk)
    assert (held["saved_cards"], len(held["customers"])) == ([], 1)
    await forget(desk, await open_form(desk, "20"), 1)


def test_one_guest_from_the_first_payment_to_being_forgotten(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        await grant(sandbox)
        for story in (is_linked_and_kept_by_paying, says_no_and_leaves, pays_gets_some_back_and_is_forgotten):
            async with AtDesk(sandbox, tmp_path, account=account_of(sandbox)) as desk:
                await desk.find("candlewax")
                await story(desk)
        held, ledger = await sandbox.aask("GET", "paymongo"), await sandbox.aledger()
        paid = [(p["attributes"]["amount"], p["attributes"]["status"]) for p in held["payments"]]
        assert paid == [(150_050, "paid"), (70_000, "failed"), (90_000, "paid")]
        ends = [intent["attributes"]["status"] for intent in held["intents"]]
        assert ends == ["succeeded", "awaiting_payment_method", "cancelled", "succeeded"]
        assert [refund["attributes"]["amount"] for refund in held["refunds"]] == [50_000]
        assert (held["saved_cards"], held["customers"]) == ([], [])
        assert [row["amount"] for row in ledger["records"]] == ["1500.50", "900.00"]
        assert (ledger["charges"], ledger["refunds"]) == ([], []), "Mews moved nothing"

    run(scene(), timeout_s=180)


@pytest.mark.parametrize("as_error", [True, False])
def test_a_declined_card_is_told_without_its_reason_for_suspicion(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path, as_error: bool
) -> None:
    async def scene() -> None:
        await grant(sandbox, declines_as_error=as_error)
        async with AtDesk(sandbox, tmp_path, account=account_of(sandbox)) as desk:
            await desk.find("candlewax")
            await charge_new(desk, "1500.50", LOST)
            await desk.outcome("The card was declined", "Nothing was taken", "The bank gave no reason")
            assert "lost" not in desk.read()
            await desk.leave()
            assert (await desk.ledger())["records"] == []

    run(scene(), timeout_s=60)


def test_saving_that_is_not_granted_is_told_and_the_card_is_charged_without(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, account=account_of(sandbox)) as desk:
            await desk.find("candlewax")
            dialog = await open_form(desk, "19.99")
            await desk.says("PayMongo takes ₱20.00")
            await desk.clerk.type_over("1500.50")
            await type_foreign(desk, dialog)
            await type_new(desk, dialog, PAYS)
            await desk.clerk.tab_to(dialog.keep)
            await desk.clerk.press(Key.Key_Space)
            await desk.confirm(dialog)
            await desk.says("PayMongo has not switched on saving cards", "it need not be typed again")
            held = await there(desk)
            assert (held["payments"], len(held["customers"])) == ([], 1)
            await desk.clerk.tab_to(dialog.keep)
            await desk.clerk.press(Key.Key_Space)
            await desk.confirm(dialog)
            await desk.outcome("The card was charged once and stands in Mews")
            await desk.leave()
            assert len((await there(desk))["payments"]) == 1
            assert sorted(act.state.value for act in await desk.acts()) == ["abandoned", "confirmed"]

    run(scene(), timeout_s=60)


def test_what_mews_refuses_is_written_by_hand_and_told_to_the_morning(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, timings=PATIENT, account=account_of(sandbox)) as desk:
            await desk.broken("payments/addCreditCard", "status_before", status=403, times=1_000)
            await desk.find("candlewax")
            await charge_new(desk, "1500.50", PAYS)
            await desk.outcome("The card was charged once", "It does not stand in Mews yet", "Charged, not in Mews")
            await desk.says("Mews says")
            await desk.leave()
        # It outlives the program, and the next one lists it.
        async with AtDesk(sandbox, tmp_path, timings=PATIENT, account=account_of(sandbox)) as desk:
            await desk.until("the matter", lambda: desk.states() == [IntentState.TAKEN])
            await desk.clerk.press(Key.Key_3, CONTROL)
            assert desk.screen.journal.table.rows.rowCount() == 1
            await desk.clerk.press(Key.Key_F8)
            dialog = await desk.see(ByHandDialog)
            (payment,) = (await there(desk))["payments"]
            await desk.says("₱1,500.50", payment["id"], "Mortimer Candlewax")
            await desk.clerk.press(Key.Key_Space)
            await desk.clerk.tab_to(dialog.where.editor)
            await desk.clerk.write("Bill 1, entered by hand")
            await desk.confirm(dialog)
            await desk.clerk.back_at_the_window()
            await desk.until("an end", lambda: desk.states() == [])
            assert (await desk.ledger())["records"] == []
            assert len((await there(desk))["payments"]) == 1

    run(scene(), timeout_s=60)


def test_money_goes_back_where_it_was_taken_and_a_person_tells_mews(
    run: CoroutineRunner, sandbox: Hotel, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path, account=account_of(sandbox)) as desk:
            await desk.find("candlewax")
            await charge_new(desk, "1500.50", PAYS)
            await desk.outcome("The card was charged once and stands in Mews")
            await desk.leave()
            await desk.until("the row", lambda: any("1,500.50" in row[4] for row in desk.payments()))
            await give_back(desk, "500")
            await desk.clerk.press(Key.Key_F8)
            by_hand = await desk.see(ByHandDialog)
            (refund,) = (await there(desk))["refunds"]
            await desk.says(refund["id"])
            await desk.clerk.press(Key.Key_Space)
            await desk.clerk.tab_to(by_hand.where.editor)
            await desk.clerk.write("Minus 500 on bill 1")
            await desk.confirm(by_hand)
            await desk.says("A person wrote it into Mews", "Minus 500 on bill 1")
            assert (refund["attributes"]["amount"], refund["attributes"]["status"]) == (50_000, "succeeded")
            assert (await desk.ledger())["refunds"] == [], "Mews was asked for none"

    run(scene(), timeout_s=60)
