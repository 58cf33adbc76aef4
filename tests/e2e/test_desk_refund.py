"""Money is given back: part of it, all of it, never more than is left, and only where it can be."""

from pathlib import Path

from deskpay.ui.payments.refund_dialog import RefundDialog
from tests.e2e.desk_stage import AtDesk, Key, is_confirmable
from tests.e2e.money_forms import refunding
from tests.kit.hotel import Hotel
from tests.kit.loops import CoroutineRunner

LANDING_S = 21
"""A refund lands 20 s later by the hotel's clock."""


async def given_back(desk: AtDesk) -> list[str]:
    """The amounts of the refunds in the hotel's books."""
    return [row["amount"] for row in (await desk.ledger())["refunds"]]


def test_a_part_is_given_back_and_followed_until_it_lands(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("pepperw 214")
            await desk.confirm(await refunding(desk, "62.4"))
            await desk.outcome("The refund is on its way", "3 to 5 working days")
            await desk.leave()
            await desk.until("the row", lambda: desk.payments()[0][3] == "Refund pending")
            assert desk.payments()[0][4] == "\N{MINUS SIGN}£62.40"
            await desk.later(LANDING_S)
            await desk.clerk.press(Key.Key_F5)
            await desk.until("the refund to land", lambda: desk.payments()[0][3] == "Refunded")
            await desk.until("money to be possible again", lambda: desk.screen.panel.can_move_money)
            assert await given_back(desk) == ["62.40"]

    run(scene())


def test_all_is_given_back_and_no_more(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("pepperw 214")
            await desk.confirm(await refunding(desk, "400"))
            await desk.outcome("The refund is on its way")
            await desk.later(LANDING_S)
            await desk.outcome("The refund was made once")
            await desk.leave()
            await desk.until("the row", lambda: desk.payments()[0][3] == "Refunded")

            dialog = await refunding(desk, "50.01")
            await desk.says("This is more than is left. At most £50.00 can be given back.")
            assert dialog.amount.message.startswith("This is more than is left")
            assert not is_confirmable(dialog)
            await desk.leave()

            await desk.confirm(await refunding(desk))
            await desk.outcome("The refund is on its way", "£50.00 back to Visa •••• 1111")
            await desk.later(LANDING_S)
            await desk.outcome("The refund was made once")
            await desk.leave()
            await desk.until("both rows", lambda: [row[3] for row in desk.payments()[:2]] == ["Refunded"] * 2)

            dialog = await desk.ask(Key.Key_F8, RefundDialog)
            await desk.says("No payment can be given back from here.", "all of it was given back")
            assert not is_confirmable(dialog)
            await desk.leave()
            assert sorted(await given_back(desk)) == ["400.00", "50.00"]

    run(scene())


def test_what_no_card_paid_says_how_it_goes_back(run: CoroutineRunner, sandbox: Hotel, tmp_path: Path) -> None:
    async def scene() -> None:
        async with AtDesk(sandbox, tmp_path) as desk:
            await desk.find("pepperw 214")
            await desk.ask(Key.Key_F8, RefundDialog)
            await desk.says("give it back in cash", "refund on the terminal", "Mews refunds only card")
            await desk.leave()
            assert await given_back(desk) == []

    run(scene())
