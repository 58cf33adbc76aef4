"""A form of a charge at the acquirer over a window, its card page never loaded."""

from dataclasses import replace
from typing import Any

from pytestqt.qtbot import QtBot

from deskpay.domain.environment import Environment as Where
from deskpay.gateways.paymongo.client import TERMS
from deskpay.services.scope import TaskScope
from deskpay.ui.cards.capture.code_call import CodeCall
from deskpay.ui.cards.capture.origin import acquirer_origin
from deskpay.ui.cards.capture.own_page import OwnFields
from deskpay.ui.cards.capture.pane import CapturePane
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.payments.acquirer_dialog import AcquirerDialog, CardEntry
from deskpay.ui.theme import tokens
from tests.kit.dialogs import make_window
from tests.kit.guest_file import make_customer, make_guest_file


def at_acquirer(
    qtbot: QtBot, *, renews_codes: bool = True, email: str = "ottoline@pepperwick.example"
) -> AcquirerDialog:
    """The form for Ottoline."""
    failures: list[BaseException] = []
    host = acquirer_origin(Where.DEMO)
    entry = CardEntry(
        make_pane=lambda parent: CapturePane(host, TaskScope(failures.append), tokens(), parent),
        fields=OwnFields("", CodeCall.PUT),
        public_key="pk_test_1",
    )
    file = make_guest_file(customer=make_customer(email=email))
    terms = replace(TERMS, renews_codes=renews_codes)
    return AcquirerDialog(make_window(qtbot), file, terms, entry, Environment.LIVE, "DP-4F8H-6WNC", "214")


def typed(dialog: AcquirerDialog, **values: Any) -> None:
    """Fill inputs by name, as by hand."""
    for name, text in values.items():
        field = getattr(dialog, name)
        field.set_text(text)
        field.edited.emit(text)
