"""Every error has its words, and words from outside stay words."""

import ast
import inspect
import itertools
from collections.abc import Iterator

from deskpay.domain import card, entry, errors
from deskpay.domain.errors import (
    Declined,
    DeskPayError,
    Field,
    GuestBeingChecked,
    InputProblem,
    InputRefused,
)
from deskpay.services import checks, record_payment, refund_payment, save_card, take_payment
from deskpay.ui.present_error import CLASSES, FIELDS, INPUTS, MAX_QUOTE, quoted, words_for


def kinds(top: type[DeskPayError]) -> Iterator[type[DeskPayError]]:
    yield top
    for kind in top.__subclasses__():
        yield from kinds(kind)


def test_every_class_of_the_error_tree_has_its_own_words() -> None:
    for kind in kinds(DeskPayError):
        sentence, remedy = CLASSES[kind]
        assert sentence.endswith("."), kind
        assert remedy.endswith("."), kind


def test_no_words_are_kept_for_errors_that_do_not_exist() -> None:
    assert set(CLASSES) == set(kinds(DeskPayError))
    assert set(INPUTS) == set(InputProblem)


def test_whatever_is_wrong_with_whatever_field_is_said() -> None:
    for field, problem in itertools.product(Field, InputProblem):
        assert words_for(InputRefused(field, problem)).sentence.endswith("."), (field, problem)


def raised_pairs() -> set[tuple[Field, InputProblem]]:
    """Every pair that the domain and the services name in a `raise InputRefused(Field.…, InputProblem.…)`."""
    found = set()
    for module in (entry, card, errors, checks, record_payment, refund_payment, save_card, take_payment):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("InputRefused")):
                continue
            named = [ast.unparse(argument).rpartition(".") for argument in node.args]
            if [name for name, _, _ in named] == ["Field", "InputProblem"]:
                found.add((Field[named[0][2]], InputProblem[named[1][2]]))
    return found


def test_a_sentence_that_says_this_is_never_all_a_field_gets() -> None:
    pairs = raised_pairs()
    assert len(pairs) > 15
    plain = {InputProblem.NEGATIVE, InputProblem.TOO_MANY_DECIMALS, InputProblem.TOO_LARGE, InputProblem.MORE_THAN_LEFT}
    missing = {pair for pair in pairs if pair not in FIELDS and pair[1] not in plain}
    assert not missing


def test_the_words_of_mews_are_quoted_and_support_can_find_the_request() -> None:
    words = words_for(Declined(server_message="Payment card was <b>declined</b>.", request_id="req-7"))
    assert "“Payment card was <b>declined</b>.”" in words.sentence
    assert "Nothing was taken" in words.sentence
    assert "req-7" in words.support
    assert words.text.endswith(words.support)


def test_a_sentence_from_outside_is_cut_and_cannot_steer_the_text() -> None:
    said = quoted("no\n\n\tcard\u202e\u200b drac\x00" + "x" * 400)
    assert said.startswith("“no card drac")
    assert len(said) == MAX_QUOTE + 2
    assert said.endswith("…”")
    assert quoted("short") == "“short”"


def test_what_waits_is_named() -> None:
    assert "DP-7K4M-2Q9C" in words_for(GuestBeingChecked("DP-7K4M-2Q9C")).sentence
