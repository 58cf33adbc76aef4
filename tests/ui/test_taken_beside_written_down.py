"""Money that DeskPay took and money that it only wrote down: whoever sees one is never led to think of the other."""

import html
import re
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from deskpay.domain.intent import IntentKind
from deskpay.domain.receipt import ReceiptKind
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.payments.act_words import act_words
from deskpay.ui.payments.record_dialog import RecordDialog
from deskpay.ui.receipts.paper import Paper
from deskpay.ui.receipts.receipt_document import Look, receipt_html
from deskpay.ui.words.guest_language import LANGUAGES, guest_language
from deskpay.ui.words.money import MoneyWords
from tests.kit.charging import button, charging
from tests.kit.dialogs import make_window
from tests.kit.guest_file import make_guest_file
from tests.kit.intents import make_intent
from tests.shots.house import HOTEL
from tests.shots.receipts import CHARGED

WRITTEN_DOWN = {
    "card": make_intent(kind=IntentKind.RECORD_CARD),
    "cash": make_intent(kind=IntentKind.RECORD_EXTERNAL, subject="Cash", tender="Cash", credit_card_id=None),
    "transfer": make_intent(
        kind=IntentKind.RECORD_EXTERNAL, subject="WireTransfer", tender="WireTransfer", credit_card_id=None
    ),
}


@pytest.mark.parametrize("means", WRITTEN_DOWN)
def test_what_came_of_it_differs_in_verb_colour_icon_and_chip(means: str) -> None:
    taken, written = (act_words(intent, MoneyWords()) for intent in (make_intent(), WRITTEN_DOWN[means]))
    assert (taken.strip, written.strip) == ("Charge", "Record payment")
    assert (taken.confirmed, written.confirmed) == ("The card was charged once", "The payment was recorded once")
    assert "No card was charged" in written.confirmed_text
    assert taken.tone is not written.tone
    assert taken.icon != written.icon
    for part in ("words", "tone", "icon"):
        assert getattr(taken.good, part) != getattr(written.good, part), part


def test_the_buttons_say_what_they_do(qtbot: QtBot) -> None:
    taking = button(charging(qtbot)()).text()
    record = RecordDialog(make_window(qtbot), make_guest_file(), Environment.LIVE, "DP-4F8H-6WNC", "214")
    assert record.confirm_button is not None
    writing = record.confirm_button.text()
    assert (taking.split()[0], writing.split()[0]) == ("Charge", "Record")


@pytest.mark.parametrize("language", LANGUAGES)
def test_their_receipts_have_another_title_verb_and_note_in_every_language(language: str) -> None:
    words = guest_language(language)
    look = Look(words, Paper.ROLL, HOTEL.name, HOTEL.zone)
    taken, written = (
        html.unescape(re.sub(r"<[^>]*>", "\n", receipt_html(replace(CHARGED, kind=kind), look)))
        for kind in (ReceiptKind.CHARGED, ReceiptKind.RECORDED)
    )
    for name in ("receipt", "paid_title"):
        assert f"\n{words.words[name]}\n" in taken
        assert f"\n{words.words[name]}\n" not in written
    for name in ("recorded_receipt", "recorded_title", "recorded_note"):
        assert words.words[name] in written
        assert words.words[name] not in taken
