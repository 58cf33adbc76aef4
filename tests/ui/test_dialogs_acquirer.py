"""The form of a charge at the acquirer: what it says of amounts, cards, links and consent before anything is sent."""

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from deskpay.domain.acquirer import AcquirerCustomer, VaultedCard
from deskpay.domain.card import Expiry
from deskpay.domain.errors import Field, HotelUnavailable, InputProblem, InputRefused
from deskpay.services.acquirer_guest import GuestThere
from deskpay.ui.cards.capture.flow import CapturedCard, CaptureFailure, FailureReason
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.payments.acquirer_dialog import AcquirerDialog
from deskpay.ui.payments.forget_dialog import Forget, ForgetDialog
from tests.kit.at_acquirer import at_acquirer, typed
from tests.kit.charging import charging
from tests.kit.dialogs import make_window

SAVED = VaultedCard("pm_saved", "", "4345", Expiry(2030, 12), "Ottoline Pepperwick")
OLD = VaultedCard("pm_old", "", "0007", Expiry(2026, 10), "")
TWIN = AcquirerCustomer("cus_1", "Otto Line", "ottoline@pepperwick.example", "")


def rows(dialog: AcquirerDialog) -> dict[str, QAbstractButton]:
    return {row.accessibleName(): row for row in dialog.cards.findChildren(QAbstractButton) if row.isVisibleTo(dialog)}


def label(dialog: AcquirerDialog) -> str:
    assert dialog.confirm_button is not None
    return dialog.confirm_button.label


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "Type an amount above zero."),
        ("19.99", "PayMongo takes ₱20.00 PHP at least."),
        ("10000000", "PayMongo takes ₱9,999,999.99 PHP at most."),
        ("1.234", "This currency does not have that many decimals."),
    ],
)
def test_an_amount_that_cannot_be_charged_is_told_beside_it(qtbot: QtBot, amount: str, words: str) -> None:
    dialog = at_acquirer(qtbot)
    typed(dialog, amount=amount)
    assert dialog.amount.message == words
    assert dialog.compose() is None


def test_the_button_says_amount_card_and_who_charges_it(qtbot: QtBot) -> None:
    dialog = at_acquirer(qtbot)
    typed(dialog, amount="1500.50", expiry="12/30")
    assert label(dialog) == "Charge ₱1,500.50 PHP to this card at PayMongo"
    assert dialog.reason == "Card number or security code not complete yet."
    dialog.show_there(GuestThere("cus_1", (SAVED, OLD)))
    assert label(dialog) == "Charge ₱1,500.50 PHP to Card •••• 4345 at PayMongo"
    assert dialog.confirm_words.what == "₱1,500.50 PHP to Card •••• 4345 at PayMongo"
    expired = rows(dialog)["card ending 0007, PayMongo"]
    assert not expired.isEnabled()
    assert expired.accessibleDescription() == "Expired 10/26"


def test_a_card_just_taken_is_charged_for_the_guest_and_kept_where_they_agree(qtbot: QtBot) -> None:
    dialog = at_acquirer(qtbot)
    typed(dialog, amount="1500.50", expiry="12/30", holder="O. Pepperwick", note_field="Dinner")
    dialog.keep.setChecked(True)
    dialog.pane.captured.emit(CapturedCard("pm_new", "VIS", 0))
    order = dialog.compose()
    assert order is not None
    assert (order.card, order.keep) == (VaultedCard("pm_new", "Visa", "", Expiry(2030, 12), "O. Pepperwick"), True)
    assert (order.amount.minor, order.note, order.reservation_id) == (150_050, "Dinner", "stay")
    before = dialog.reference
    dialog.show_problem(InputRefused(Field.CARD, InputProblem.NOT_GRANTED))
    assert "PayMongo has not switched on saving cards" in dialog.card_field.message
    assert dialog.reference != before, "another try is another act"
    assert dialog.taken.isVisibleTo(dialog)


def test_a_saved_card_that_is_chosen_late_takes_nothing_away(qtbot: QtBot) -> None:
    dialog = at_acquirer(qtbot)
    dialog.pane.brand_recognized.emit("VIS")
    dialog.show_there(GuestThere("cus_1", (SAVED,)))
    assert dialog.cards.current() == "new"


def test_whoever_has_the_address_is_shown_and_no_card_is_kept_before_it_is_said(qtbot: QtBot) -> None:
    dialog = at_acquirer(qtbot)
    wanted: list[str] = []
    dialog.link_requested.connect(wanted.append)
    typed(dialog, amount="1500.50", expiry="12/30")
    dialog.show_there(GuestThere(None, alike=(TWIN,)))
    assert dialog.found.isVisibleTo(dialog)
    dialog.pane.captured.emit(CapturedCard("pm_new", "ECA", 0))
    dialog.keep.setChecked(True)
    assert dialog.compose() is None
    assert "Say first whether PayMongo's customer is this guest" in dialog.reason
    dialog.keep.setChecked(False)
    assert dialog.compose() is not None
    dialog.link_button.click()
    assert wanted == ["cus_1"]


def test_a_guest_without_an_address_keeps_no_card(qtbot: QtBot) -> None:
    dialog = at_acquirer(qtbot, email="")
    assert not dialog.keep.isEnabled()
    assert "needs the guest's e-mail address" in dialog.keep.accessibleName()


def test_where_no_code_can_be_renewed_a_saved_card_says_so(qtbot: QtBot) -> None:
    dialog = at_acquirer(qtbot, renews_codes=False)
    dialog.show_there(GuestThere("cus_1", (SAVED,)))
    row = rows(dialog)["card ending 4345, PayMongo, Expires 12/30"]
    assert (row.isEnabled(), row.accessibleDescription()) == (False, "PayMongo needs the whole card again")
    assert dialog.cards.current() == "new"


def test_what_could_not_be_read_is_told_and_the_form_goes_on(qtbot: QtBot) -> None:
    dialog = at_acquirer(qtbot)
    dialog.show_unread(HotelUnavailable("down"))
    assert "could not be read from PayMongo" in dialog.found.text
    dialog.pane.failed.emit(CaptureFailure(FailureReason.TIMED_OUT, while_submitting=True))
    typed(dialog, amount="1500.50", expiry="12/30")
    assert label(dialog) == "Charge ₱1,500.50 PHP to this card at PayMongo"


def test_forgetting_asks_whether_the_card_or_the_guest_is_meant(qtbot: QtBot) -> None:
    dialog = ForgetDialog(make_window(qtbot), "Ottoline", "Card •••• 4345", Environment.LIVE)
    assert dialog.compose() is Forget.CARD
    assert dialog.confirm_button is not None
    assert dialog.confirm_button.label == "Forget Card •••• 4345"
    dialog.choice.set_current("guest")
    assert dialog.compose() is Forget.GUEST
    assert dialog.confirm_button.label == "Forget the guest at PayMongo"
    bare = ForgetDialog(make_window(qtbot), "Ottoline", "", Environment.LIVE)
    assert bare.compose() is Forget.GUEST


@pytest.mark.parametrize(
    ("why_not", "offered", "possible"), [("", True, True), ("No account.", True, False), (None, False, False)]
)
def test_the_charge_form_offers_the_acquirer_or_says_why_not(
    qtbot: QtBot, why_not: str | None, offered: bool, possible: bool
) -> None:
    dialog = charging(qtbot)()
    dialog.offer_acquirer(why_not)
    found = [button for button in dialog.findChildren(QAbstractButton) if "PayMongo" in button.accessibleName()]
    assert bool(found) is offered
    if found:
        assert (found[0].isEnabled(), found[0].accessibleDescription()) == (possible, why_not)
