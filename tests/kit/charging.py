"""A charge form over a window, and what a clerk finds on it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from deskpay.domain.hotel import AccountingCategory
from deskpay.ui.components.button import Button
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.field import ChoiceField
from deskpay.ui.payments.charge_dialog import ChargeDialog
from deskpay.ui.payments.charge_start import ChargeOffers, ChargeStart
from tests.kit.dialogs import make_window
from tests.kit.guest_file import make_guest_file

REFERENCE = "DP-7K4M-2Q9C"
OFFERS = ChargeOffers(categories=(AccountingCategory("cat-1", "City tax"),))
Make = Callable[..., ChargeDialog]


def charging(qtbot: QtBot) -> Make:
    """What makes a form for Ottoline, with changes of her file."""

    def charge(start: ChargeStart | None = None, offers: ChargeOffers = OFFERS, **changed: Any) -> ChargeDialog:
        file = make_guest_file(**changed)
        return ChargeDialog(make_window(qtbot), file, offers, Environment.LIVE, REFERENCE, "214", start)

    return charge


def button(dialog: ChargeDialog) -> Button:
    """The confirming button."""
    found = dialog.confirm_button
    assert found is not None
    return found


def rows(dialog: ChargeDialog) -> dict[str, QAbstractButton]:
    """The cards, by the name that a screen reader says."""
    return {row.accessibleName().split(",")[0]: row for row in dialog.cards.findChildren(QAbstractButton)}


def choose(field: ChoiceField, key: str) -> None:
    """Choose from a list, as by hand."""
    field.editor.setCurrentIndex(field.editor.findData(key))
    field.editor.activated.emit(field.editor.currentIndex())
