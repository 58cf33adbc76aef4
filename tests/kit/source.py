"""The project's own files, read as text and as syntax trees, for the tests that hold the house rules."""

import ast
import io
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

GENERATED = {"shots", "tour", "dist", "build", "__pycache__"}
_VECTORS = ROOT / "tests" / "vectors"
_TEXT = {".py", ".md", ".toml", ".html", ".js", ".css", ".qss", ".sh", ".yml", ".yaml", ".cfg", ".ini", ".sql"}


@dataclass(frozen=True)
class Source:
    """One text file of the project.

    Attributes:
        path: Its path from the root, with forward slashes.
        text: What it says.
    """

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree; Python files only."""
        return _tree(self)

    @property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.text.splitlines()

    def comments(self) -> Iterator[tuple[int, str]]:
        """The comments of a Python file with their line numbers; what stands in a string is none."""
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """All nodes of the given kinds, at any depth."""
        return (node for node in _nodes(self) if isinstance(node, kinds))

    def calls(self, matches: Callable[[ast.expr], bool]) -> Iterator[str]:
        """`path:line` of each call whose callee `matches`."""
        for node in self.nodes(ast.Call):
            assert isinstance(node, ast.Call)
            if matches(node.func):
                yield f"{self.path}:{node.lineno}"


@cache
def _tree(source: Source) -> ast.Module:
    return ast.parse(source.text, source.path)


@cache
def _nodes(source: Source) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_tree(source)))


@cache
def texts() -> tuple[Source, ...]:
    """Every text file that somebody wrote: code, documents, configuration; not vectors, locks and what is generated."""
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(_walk(ROOT))
        if path.suffix in _TEXT or path.parent.name == ".ci"
    )


def python(*prefixes: str) -> list[Source]:
    """The Python files below any of `prefixes`; all of them when none is given."""
    return [source for source in texts() if source.path.endswith(".py") and source.path.startswith(prefixes or "")]


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        hidden = path.name.startswith(".") and path.name != ".ci"
        if hidden or path.name in GENERATED or path == _VECTORS:
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path
