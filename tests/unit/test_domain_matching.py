"""Finding a guest by what was typed, whatever the accents, and showing where it stands."""

import pytest

from deskpay.domain.matching import fold, matches, spans, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zo\u00eb", "zoe"),
        ("\u0141ukasz", "lukasz"),
        ("\u00d8degaard", "odegaard"),
        ("STRASSE", "strasse"),
        ("Stra\u00dfe", "strasse"),
        ("\u00c6gir", "aegir"),
        ("\u0130zmir", "izmir"),
        ("Nguy\u1ec5n \u0110\u1ee9c", "nguyen duc"),
        ("\u738b", "\u738b"),
    ],
)
def test_accents_and_case_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_the_words_are_those_between_the_spaces() -> None:
    assert words("  Zo\u00eb  L\u00f3pez ") == ("zoe", "lopez")
    assert words(" ") == ()


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Zo\u00eb Zola", "zo", ((0, 2), (4, 6))),
        ("Mary-Ann", "ann", ((5, 8),)),
        ("Johannes", "ann", ()),
        ("Stra\u00dfe 1", "strass", ((0, 5),)),
        ("Stra\u00dfe 1", "1 strasse", ((0, 6), (7, 8))),
        ("e\u0301tienne", "etienne", ((0, 8),)),
        ("Ann", "", ()),
    ],
)
def test_what_was_typed_is_shown_where_a_word_begins_with_it(
    text: str, typed: str, found: tuple[tuple[int, int], ...]
) -> None:
    assert spans(text, words(typed)) == found
    assert spans(text, ("",)) == ()


def test_every_word_must_begin_a_word_of_some_field() -> None:
    fields = ("Zo\u00eb L\u00f3pez", "204")
    assert matches(fields, words("lop zoe"))
    assert matches(fields, words("zoe 20"))
    assert not matches(fields, words("zoe 21"))
    assert not matches(fields, words("opez"))
    assert not matches(fields, ())
    assert not matches((), words("zoe"))
