"""The errors of the desk: what they carry, and that the tree drawn above them is the one below."""

import inspect
import re

from deskpay.domain import errors
from deskpay.domain.errors import (
    DeskPayError,
    Field,
    GuestBeingChecked,
    InputProblem,
    InputRefused,
    LooksRepeated,
    RateLimited,
    Repeat,
)


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    drawn: dict[str, str | None] = {}
    above: list[tuple[int, str]] = []
    tree = re.search(r"::\n\n(.*?)\n\n", errors.__doc__ or "", re.DOTALL)
    assert tree is not None
    for line in tree[1].splitlines():
        depth, name = len(line) - len(line.lstrip()), line.split()[0]
        above = [(d, n) for d, n in above if d < depth]
        drawn[name] = above[-1][1] if above else None
        above.append((depth, name))
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, DeskPayError)]
    assert drawn == {c.__name__: None if c is DeskPayError else c.__base__.__name__ for c in classes if c.__base__}


def test_an_error_names_itself_and_carries_what_support_needs() -> None:
    limited = RateLimited(
        "slow down", retry_after_s=7, operation="payments/getAll", request_id="r", server_message="No"
    )
    assert str(limited) == limited.detail == "slow down"
    assert (limited.retry_after_s, limited.operation, limited.request_id) == (7, "payments/getAll", "r")
    assert limited.server_message == "No"
    assert str(RateLimited()) == "RateLimited"
    refused = InputRefused(Field.AMOUNT, InputProblem.ZERO)
    assert (str(refused), refused.field, refused.problem) == ("amount: zero", Field.AMOUNT, InputProblem.ZERO)
    repeat = Repeat("p", "DP-7K2M-4QXA", 4)
    assert LooksRepeated(repeat).repeat is repeat
    assert GuestBeingChecked("DP-7K2M-4QXA").reference == "DP-7K2M-4QXA"
