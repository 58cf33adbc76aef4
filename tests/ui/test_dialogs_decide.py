"""Two people say what nobody can prove: nothing is chosen for them, and nothing short of all answers is enough."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from deskpay.domain.adoption import Candidate, Finding, Sight, Verdict
from deskpay.domain.errors import ReleaseProblem, ReleaseRefused, UserCancelled
from deskpay.domain.operator import Operator
from deskpay.domain.policy import Decision, Found, NothingThere
from deskpay.services.training_staff import STAFF
from deskpay.ui.components.environment_bar import Environment
from deskpay.ui.components.text import Text
from deskpay.ui.payments.decide_dialog import Decided, DecideDialog
from deskpay.ui.present_error import words_for
from deskpay.ui.staff.signature import Signature
from deskpay.ui.words.dates import DateWords
from tests.kit.dialogs import answer_to, confirm, escape, make_window, write
from tests.kit.fake_hotel import TheHotel
from tests.kit.intents import NOW, make_card, make_intent, make_payment
from tests.kit.loops import CoroutineRunner

FIRST, *OTHERS = STAFF
THEIRS = Candidate("payment-1", ours=False, payment=make_payment(1, notes="Dinner"))
OURS = Candidate("payment-2", ours=True, payment=make_payment(2))
UNCLEAR = Verdict(Finding.UNCLEAR)


def ask(
    qtbot: QtBot, *candidates: Candidate, people: Sequence[Operator] = OTHERS, may_deny: bool = True
) -> DecideDialog:
    dates = DateWords(TheHotel.zone)
    dialog = DecideDialog(make_window(qtbot), Environment.LIVE, "Ottoline · 214", make_intent(), FIRST, people, dates)
    dialog.show_sight(Sight(UNCLEAR, candidates) if candidates else Sight.nothing(), NOW, may_deny=may_deny)
    return dialog


def words_of(dialog: DecideDialog) -> str:
    return " | ".join(label.text() for label in dialog.findChildren(Text))


def answer(dialog: DecideDialog, key: str) -> None:
    dialog.choice._choose(key)
    dialog.looked.setChecked(True)
    dialog.second.set_current("training-3")
    dialog._on_chosen()
    write(dialog.secret, "135724")
    write(dialog.why, "not on her account")


@pytest.mark.parametrize(
    ("candidates", "key", "decision"),
    [
        ((), "none", NothingThere()),
        ((THEIRS,), "none", NothingThere(frozenset({"payment-1"}))),
        ((THEIRS, OURS), "payment-2", Found("payment-2")),
    ],
)
def test_two_people_answer_everything(
    qtbot: QtBot, run: CoroutineRunner, candidates: tuple[Candidate, ...], key: str, decision: Decision
) -> None:
    dialog = ask(qtbot, *candidates)

    def people() -> None:
        assert dialog.choice.current() == ""
        answer(dialog, key)
        confirm(dialog)

    decided = run(answer_to(dialog, people))
    two = Signature("training-3", "135724")
    assert "135724" not in repr(decided)
    assert decided == Decided(decision, "not on her account", two, looked_in_mews=True)
    dialog.finish()


@pytest.mark.parametrize("missing", ["choice", "tick", "reason", "second", "secret", "number"])
def test_nothing_less_is_enough(qtbot: QtBot, run: CoroutineRunner, missing: str) -> None:
    dialog = ask(qtbot)

    def people() -> None:
        answer(dialog, "none")
        if missing == "choice":
            dialog.show_sight(Sight(UNCLEAR, (THEIRS,)), NOW, may_deny=True)
        elif missing == "tick":
            QTest.keyClick(dialog.looked, Qt.Key.Key_Space)
        elif missing == "reason":
            write(dialog.why, " ")
        elif missing == "number":
            write(dialog.why, "4111 1111 1111 1111")
        elif missing == "secret":
            write(dialog.secret, "")
        else:
            dialog.second.set_current("")
            dialog._on_chosen()
        confirm(dialog)
        assert dialog.asked
        escape(dialog)

    with pytest.raises(UserCancelled):
        run(answer_to(dialog, people))


@pytest.mark.parametrize(
    ("candidates", "may_deny"), [((), False), ((THEIRS,), False), ((OURS,), True), ((THEIRS, OURS), True)]
)
def test_that_nothing_was_done_cannot_be_said_too_early_or_against_our_reference(
    qtbot: QtBot, candidates: tuple[Candidate, ...], may_deny: bool
) -> None:
    dialog = ask(qtbot, *candidates, may_deny=may_deny)
    answer(dialog, "none")
    assert dialog.choice.current() == ""
    assert dialog.compose() is None
    dialog.finish()


def test_where_nobody_else_works_nobody_decides(qtbot: QtBot) -> None:
    dialog = ask(qtbot, people=())
    answer(dialog, "none")
    assert dialog.compose() is None
    assert "Nobody else works here" in dialog.reason
    dialog.finish()


def test_the_entries_are_told_as_text_of_others(qtbot: QtBot) -> None:
    card = Candidate("card-7", ours=False, card=make_card(7))
    dialog = ask(qtbot, THEIRS, OURS, card)
    told = [row.accessibleName() for row in dialog.choice._rows]
    assert "£312.40" in told[0]
    assert "made by another hand" in told[0]
    assert "“Dinner”" in told[0]
    assert "bears DeskPay's reference" in told[1]
    assert "Visa •••• 1111" in told[2]
    dialog.finish()


@pytest.mark.parametrize("problem", list(ReleaseProblem))
def test_every_refusal_has_a_sentence_of_its_own(problem: ReleaseProblem) -> None:
    sentences = {words_for(ReleaseRefused(other)).sentence for other in ReleaseProblem}
    assert len(sentences) == len(ReleaseProblem)
    assert words_for(ReleaseRefused(problem)).sentence.endswith((".", "!"))
