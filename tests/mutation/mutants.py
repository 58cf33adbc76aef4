"""Small wrongs that can be put into a module, one at a time."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}

SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Pow: ast.Mult,
}

NOT_RUN = ("annotation", "returns", "type_params", "decorator_list")
"""Fields of a node that say something to readers and checkers only, or that break everything when changed."""


@dataclass(frozen=True)
class Mutant:
    """One wrong.

    Attributes:
        path: Of the file, from the root.
        index: Its number among those of the file.
        line: Where.
        what: In words.
    """

    path: str
    index: int
    line: int
    what: str


Change = tuple[int, str, Callable[[], None]]
"""A line, words, and what changes the tree in place."""


def mutants(path: str, text: str) -> list[Mutant]:
    """Every wrong that can be put into the module `text`."""
    return [Mutant(path, index, line, what) for index, (line, what, _) in enumerate(_changes(ast.parse(text)))]


def mutated(text: str, index: int) -> ast.Module:
    """The module `text` with wrong number `index` in it."""
    tree = copy.deepcopy(ast.parse(text))
    for number, (_, _, change) in enumerate(_changes(tree)):
        if number == index:
            change()
            return ast.fix_missing_locations(tree)
    raise IndexError(index)


def _changes(tree: ast.Module) -> Iterator[Change]:
    for node in list(_run(tree)):
        yield from _of_expression(node)
        for block in _blocks(node):
            yield from _of_block(node, block)


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that do something when the module runs, in the order of the text."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return  # words for the log, and docstrings
    yield node
    for name, value in ast.iter_fields(node):
        if name in NOT_RUN:
            continue
        for child in value if isinstance(value, list) else [value]:
            # What an error says is for the log: tests hold its class.
            if isinstance(child, ast.AST) and not (isinstance(node, ast.Raise) and name == "exc"):
                yield from _run(child)


def _of_expression(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                other = COMPARISONS[type(operator)]
                words = f"{type(operator).__name__} is {other.__name__}"
                yield node.lineno, words, _placer(node.ops, place, other())
        case ast.BoolOp():
            opposite = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node.lineno, f"{type(node.op).__name__} is {type(opposite).__name__}", _setter(node, "op", opposite)
        case ast.BinOp() if type(node.op) in SUMS:
            sign = SUMS[type(node.op)]
            yield node.lineno, f"{type(node.op).__name__} is {sign.__name__}", _setter(node, "op", sign())
        case ast.UnaryOp():
            yield from _of_sign(node)
        case ast.Constant():
            yield from _of_constant(node)
        case ast.If() | ast.While() | ast.IfExp() if not isinstance(node.test, ast.Compare | ast.UnaryOp):
            yield node.lineno, "condition is turned", _setter(node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension():
            for place, condition in enumerate(node.ifs):
                yield condition.lineno, "filter is dropped", _placer(node.ifs, place, ast.Constant(value=True))
        case _:
            return


def _of_sign(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.Not):
        # Twice not is none; an outer one keeps the type.
        yield node.lineno, "Not is dropped", _setter(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
    elif isinstance(node.op, ast.USub):
        yield node.lineno, "minus is dropped", _setter(node, "op", ast.UAdd())


def _of_constant(node: ast.Constant) -> Iterator[Change]:
    match node.value:
        case bool():
            yield node.lineno, f"{node.value} is {not node.value}", _setter(node, "value", not node.value)
        case int() | float():
            yield node.lineno, f"{node.value} is {node.value + 1}", _setter(node, "value", node.value + 1)
        case str():
            other = f"{node.value}X"
            yield node.lineno, f"{node.value[:30]!r} is another text", _setter(node, "value", other)
        case _:
            return


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block


def _of_block(owner: ast.AST, block: list[ast.stmt]) -> Iterator[Change]:
    if isinstance(owner, ast.ClassDef):
        return
    for place, statement in enumerate(block):
        words, instead = _in_place_of(statement)
        if instead is not None:
            yield statement.lineno, words, _placer(block, place, instead)


def _in_place_of(statement: ast.stmt) -> tuple[str, ast.stmt | None]:
    match statement:
        case ast.Expr(value=ast.Constant()):
            return "a docstring", None
        case ast.Raise():
            return "raise is dropped", ast.Pass()
        case ast.Expr() | ast.AugAssign() | ast.Delete() | ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            return "statement is dropped", ast.Pass()
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            return "None is returned", ast.Return(ast.Constant(value=None))
        case ast.Continue() | ast.Return():
            return "statement is dropped", ast.Pass()
        case _:
            return "nothing of it", None


T = TypeVar("T")


def _placer(items: list[T], place: int, item: T) -> Callable[[], None]:
    return lambda: items.__setitem__(place, item)


def _setter(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, name, value)
