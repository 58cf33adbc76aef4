"""The house rules that no linter knows. Each test lists every offence, by file and line."""

import ast
import re
from collections.abc import Iterable

import pytest

from tests.kit.source import GENERATED, ROOT, Source, python, texts

LONGEST_FUNCTION = 60
LONGEST_FILE = 500

TOP = {
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "deskpay",
    "dev.py",
    "docs",
    "packaging",
    "pyproject.toml",
    "requirements.lock",
    "resources",
    "tests",
    "bench.json",
}
PACKAGES = {"app", "domain", "gateways", "journal", "sandbox", "services", "simulation", "ui"}
TEST_FOLDERS = {
    "bench",
    "contract",
    "crash",
    "e2e",
    "kit",
    "mutation",
    "property",
    "shots",
    "soak",
    "ui",
    "unit",
    "vectors",
}

BANNED_WORDS = {"transaction", "info", "manager", "helper", "util"}
"""They say nothing, or, like the first, something else to everyone who reads it."""

SPEAKERS = ("deskpay/app/", "deskpay/sandbox/serve.py", "deskpay/sandbox/__main__.py")
"""The command line, and what it starts."""

MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:work|root|home|tmp|Users)/|[A-Za-z]:\\Users\\")
LEFTOVER = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "HA" + "CK"]) + r")\b")
SUPPRESSION = re.compile(
    r"#\s*(?:noqa|type:\s*ignore|pyright:\s*ignore)"
    r"(?P<codes>\[[^\]]+\]|:\s*[A-Z]+\d+(?:,?\s*[A-Z]+\d+)*)?"
    r"(?P<reason>.*)"
)


def none_of(offences: Iterable[str]) -> None:
    """Fail with all of `offences`, one on a line."""
    found = list(offences)
    assert not found, "\n".join(["", *found])


def called(*names: str) -> "_Called":
    return _Called(names)


class _Called:
    """Matches `anything.name(…)` for any of the names."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def __call__(self, callee: ast.expr) -> bool:
        return isinstance(callee, ast.Attribute) and callee.attr in self._names


def test_no_nested_event_loop() -> None:
    offences = [place for source in python("deskpay", "tests") for place in source.calls(called("exec", "exec_"))]
    offences += [place for source in python("deskpay") for place in source.calls(called("processEvents"))]
    none_of(offences)


def test_every_task_has_an_owner() -> None:
    offences: list[str] = []
    for source in python("deskpay"):
        if source.path == "deskpay/services/scope.py":
            continue
        offences += source.calls(called("ensure_future", "run_coroutine_threadsafe"))
        offences += source.calls(_Ungrouped(_bound_by_async_with(source)))
    none_of(offences)


def _bound_by_async_with(source: Source) -> set[str]:
    """The names of groups that wait for their own tasks, as `async with … as group` binds them."""
    return {
        item.optional_vars.id
        for node in source.nodes(ast.AsyncWith)
        if isinstance(node, ast.AsyncWith)
        for item in node.items
        if isinstance(item.optional_vars, ast.Name)
    }


class _Ungrouped:
    """Matches `anything.create_task(…)`, except on one of the groups."""

    def __init__(self, groups: set[str]) -> None:
        self._groups = groups

    def __call__(self, callee: ast.expr) -> bool:
        if not isinstance(callee, ast.Attribute) or callee.attr != "create_task":
            return False
        return not (isinstance(callee.value, ast.Name) and callee.value.id in self._groups)


@pytest.mark.parametrize(
    "code",
    [
        "loop.create_task(work())",
        "async def f():\n async with g() as a:\n  b.create_task(c())",
        "self.x.create_task(y)",
    ],
)
def test_a_task_without_owner_is_recognized(code: str) -> None:
    source = Source("deskpay/x.py", code)
    assert len(list(source.calls(_Ungrouped(_bound_by_async_with(source))))) == 1


def test_a_task_of_a_group_has_an_owner() -> None:
    source = Source("deskpay/x.py", "async def f():\n async with TaskGroup() as group:\n  group.create_task(c())")
    assert list(source.calls(_Ungrouped(_bound_by_async_with(source)))) == []


@pytest.mark.parametrize("code", ["dialog.exec()", "QMenu(self).exec(point)", "app.processEvents()", "f(x.exec_())"])
def test_a_nested_loop_is_recognized(code: str) -> None:
    assert list(Source("x.py", code).calls(called("exec", "exec_", "processEvents"))) == ["x.py:1"]


@pytest.mark.parametrize("folder", ["work/shared", "root/deskpay", "home/ann", "tmp/shots"])
def test_a_path_of_a_machine_is_recognized(folder: str) -> None:
    assert MACHINE_PATH.search(f"see /{folder}/notes")
    assert not MACHINE_PATH.search(f"see https://hotel.example/{folder}/notes")


def test_no_path_of_somebodys_machine() -> None:
    none_of(_lines_with(MACHINE_PATH))


def test_nothing_left_for_later() -> None:
    none_of(_lines_with(LEFTOVER))


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{source.path}:{number}: {line.strip()}"
        for source in texts()
        for number, line in enumerate(source.lines, 1)
        if pattern.search(line)
    ]


def test_names_say_something() -> None:
    offences = []
    for source in python():
        stem = source.path.rsplit("/", 1)[-1].removesuffix(".py")
        names = [stem, *(node.name for node in source.nodes(ast.ClassDef) if isinstance(node, ast.ClassDef))]
        offences += [f"{source.path}: {name}" for name in names if _says_nothing(name)]
    folders = {folder for source in python() for folder in source.path.split("/")[:-1]}
    none_of(offences + [folder for folder in sorted(folders) if _says_nothing(folder)])


def _says_nothing(name: str) -> bool:
    words = [word.lower().removesuffix("s") for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]
    return words in (["data"], ["datum"]) or not BANNED_WORDS.isdisjoint(words)


@pytest.mark.parametrize("name", ["TransactionRow", "bill_utils", "info", "HTTPHelper", "Data", "PaymentManagers"])
def test_a_banned_name_is_recognized(name: str) -> None:
    assert _says_nothing(name)


@pytest.mark.parametrize("name", ["Information", "utility_bill", "DataClassName", "informal", "manage_cards"])
def test_an_innocent_name_is_not(name: str) -> None:
    assert not _says_nothing(name)


def test_functions_fit_a_screen() -> None:
    functions = [
        (source, node)
        for source in python()
        for node in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    none_of(
        f"{source.path}:{node.lineno}: {node.name} has {length} lines"
        for source, node in functions
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    )


def test_files_are_of_one_matter() -> None:
    code = [source for source in texts() if source.path.endswith((".py", ".js", ".css"))]
    none_of(f"{file.path}: {len(file.lines)} lines" for file in code if len(file.lines) > LONGEST_FILE)


def test_what_is_public_says_what_it_promises() -> None:
    offences = []
    for source in python("deskpay"):
        if not ast.get_docstring(source.tree):
            offences.append(source.path)
        offences += [f"{source.path}:{line}: {name}" for line, name in _undocumented(source)]
    none_of(offences)


def _undocumented(source: Source) -> list[tuple[int, str]]:
    found = []
    scopes: list[ast.Module | ast.ClassDef] = [source.tree]
    for scope in scopes:
        for node in scope.body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            inherits = any(ast.unparse(mark) in {"override", "overload"} for mark in node.decorator_list)
            if node.name.startswith("_") or inherits:
                continue
            if not ast.get_docstring(node):
                found.append((node.lineno, node.name))
            if isinstance(node, ast.ClassDef):
                scopes.append(node)
    return found


def test_only_the_command_line_prints() -> None:
    offences = [
        place
        for source in python("deskpay")
        if not source.path.startswith(SPEAKERS)
        for place in source.calls(lambda callee: isinstance(callee, ast.Name) and callee.id == "print")
    ]
    none_of(offences)


def test_a_silenced_checker_is_told_why() -> None:
    none_of(
        f"{source.path}:{line}: {comment}"
        for source in python()
        for line, comment in source.comments()
        if _is_unexplained(comment)
    )


def _is_unexplained(comment: str) -> bool:
    """Tell whether `comment` silences a checker without naming the rule or without two words of reason."""
    found = SUPPRESSION.search(comment)
    return found is not None and (found["codes"] is None or len(re.findall(r"\w+", found["reason"])) < 2)


@pytest.mark.parametrize("rest", ["", ": S105", ": S105, S106", ": S105 - token", " - because it is so"])
def test_a_silencer_without_its_reason_is_recognized(rest: str) -> None:
    assert _is_unexplained("# no" + "qa" + rest)


@pytest.mark.parametrize("comment", ["qa: S105 - the name of a field", "qa: S1, S2  # why it is so", "body is told"])
def test_an_explained_silencer_is_not(comment: str) -> None:
    assert not _is_unexplained("# no" + comment)


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    none_of(f"{source.path}:{line}" for source in python("tests") for line in _excuses(source))


def _excuses(source: Source) -> list[int]:
    """Lines that skip a test or expect it to fail. What an operating system does not have may be left out there."""
    by_system = {
        id(node.func)
        for node in source.nodes(ast.Call)
        if isinstance(node, ast.Call) and node.args and re.match(r"os\.name|sys\.platform", ast.unparse(node.args[0]))
    }
    is_excuse = called("skip", "skipif", "xfail", "importorskip")
    return [
        node.lineno
        for node in source.nodes(ast.Attribute)
        if isinstance(node, ast.Attribute) and is_excuse(node) and not (node.attr == "skipif" and id(node) in by_system)
    ]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("pytest.skip('later')", [1]),
        ("@pytest.mark.xfail\ndef test(): ...", [1]),
        ("pytest.mark.skipif(sys.version_info < (3, 12), reason='no')", [1]),
        ("pytest.mark.skipif(os.name == 'nt', reason='no such signal')", []),
        ("queue.skipped()", []),
    ],
)
def test_an_excuse_is_recognized(code: str, lines: list[int]) -> None:
    assert _excuses(Source("tests/x.py", code)) == lines


def test_fonts_and_icons_come_with_their_licences() -> None:
    fonts = sorted(path for path in (ROOT / "resources").rglob("*") if path.suffix in {".ttf", ".otf", ".woff2"})
    icons = sorted((ROOT / "resources" / "icons").glob("*.svg"))
    assert fonts
    assert icons
    for font in fonts:
        licences = [path for path in font.parent.glob("*OFL*") if font.name.startswith(path.name.split("-")[0])]
        assert licences, f"{font.name} has no licence beside it"
        assert "SIL OPEN FONT LICENSE" in licences[0].read_text(encoding="utf-8").upper()
    assert "ISC License" in (ROOT / "resources" / "icons" / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_layout_is_the_agreed_one() -> None:
    assert _visible(".") <= TOP
    assert _folders("deskpay") == PACKAGES
    assert _folders("tests") <= TEST_FOLDERS


def _visible(folder: str) -> set[str]:
    names = {path.name for path in (ROOT / folder).iterdir()}
    return {name for name in names if not name.startswith(".") and name not in GENERATED}


def _folders(folder: str) -> set[str]:
    return {name for name in _visible(folder) if (ROOT / folder / name).is_dir()}
