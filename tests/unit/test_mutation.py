"""The mutants themselves: every kind of wrong is put in, one at a time, and words are left alone."""

import ast

import pytest

from tests.bench.__main__ import figure
from tests.mutation.mutants import mutants, mutated


def _texts(code: str) -> list[str]:
    return [ast.unparse(mutated(code, mutant.index)).strip() for mutant in mutants("x.py", code)]


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("x = a == b", "x = a != b"),
        ("x = a < b", "x = a <= b"),
        ("x = a is None", "x = a is not None"),
        ("x = a in b", "x = a not in b"),
        ("x = a and b", "x = a or b"),
        ("x = not a", "x = not not a"),
        ("x = -a", "x = +a"),
        ("x = a + b", "x = a - b"),
        ("x = a | b", "x = a & b"),
        ("x = True", "x = False"),
        ("x = 7", "x = 8"),
        ("x = 'word'", "x = 'wordX'"),
        ("if a:\n    b = c", "if not a:\n    b = c"),
        ("x = [a for a in b if a]", "x = [a for a in b if True]"),
        ("def f():\n    return a", "def f():\n    return None"),
        ("def f():\n    g()", "def f():\n    pass"),
        ("def f():\n    raise E", "def f():\n    pass"),
        ("a.b = c", "pass"),
        ("while a():\n    continue", "while a():\n    pass"),
    ],
)
def test_a_wrong_is_put_in(code: str, wrong: str) -> None:
    assert wrong in _texts(code)


@pytest.mark.parametrize(
    "code",
    [
        '"""Words."""',
        "class A:\n    x: int\n    '''Words.'''",
        "def f(a: 'B') -> 'C':\n    '''Words.'''",
        "if TYPE_CHECKING:\n    import a",
        "x = f'{a} words'",
        "@dataclass(frozen=True)\nclass A:\n    pass",
    ],
)
def test_words_and_types_are_left_alone(code: str) -> None:
    assert mutants("x.py", code) == []


def test_what_an_error_says_is_left_alone() -> None:
    assert _texts("def f():\n    raise E('words', 1)") == ["def f():\n    pass"]


def test_each_wrong_differs_from_the_right_one_and_from_the_others() -> None:
    code = "def f(a, b):\n    if a and b > 1:\n        g(a)\n    return a + b"
    texts = _texts(code)
    assert len({code, *texts}) == len(texts) + 1
    with pytest.raises(IndexError):
        mutated(code, len(texts))


def test_a_figure_keeps_its_limit_up_to_the_limit() -> None:
    assert figure("x", 0.003, 0.002, 1.5).ok
    assert not figure("x", 0.0031, 0.002, 1.5).ok
    assert (figure("x", 0.003, 0.002, 1.5).value, figure("x", 0.003, 0.002, 1.5).unit) == (3.0, "ms")
