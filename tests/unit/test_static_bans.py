"""Names that must not stand in the program, because each would let a card number or the loop slip.

The web engine hands typed digits to whoever calls the first group; the second opens doors into it; the third blocks or
re-enters the loop. Comments and docstrings may name them: the source is judged as a syntax tree.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "deskpay"
CARDS = PROGRAM / "ui" / "cards"

# Every name below is banned in all of the program, whatever it is called on.
BANNED = {
    "requestBody": "hands over the typed digits of a request",
    "QWebEngineFrame": "its runJavaScript reaches into the vault's frames",
    "mainFrame": "is a QWebEngineFrame",
    "findFrameByName": "is a QWebEngineFrame",
    "setRunsOnSubFrames": "puts scripts into the vault's frames",
    "QWebEngineScript": "puts scripts into pages",
    "printToPdf": "draws the typed digits",
    "toHtml": "reads the page",
    "QWebChannel": "publishes objects to any script of the page",
    "setWebChannel": "publishes objects to any script of the page",
    "setDevToolsPage": "opens an inspector",
    "setInspectedPage": "opens an inspector",
    "processEvents": "re-enters the loop",
    "asyncSlot": "makes a task nobody owns",
    "asyncClose": "burns a core",
    "exec_": "nests a loop",
    "exec": "nests a loop",
    "setHtml": "gives a page an origin it does not own",
}

# On a web view, a page or anything above it these see every digit, so the cards' package does without them.
BANNED_AT_THE_CARDS = {
    "grab": "draws the typed digits",
    "grabWindow": "draws the typed digits",
    "render": "draws the typed digits",
    "installEventFilter": "sees every key",
    "eventFilter": "sees every key",
    "keyPressEvent": "sees every key",
    "inputMethodEvent": "sees every key",
    "titleChanged": "a page may write there",
    "title": "a page may write there",
    "selectedText": "reads the page",
    "clipboard": "may hold a number",
}

BANNED_WORDS = (
    "remote-debugging",
    "QTWEBENGINE_REMOTE_DEBUGGING",
    "webEngineArgs",
    "--no-sandbox",
    "disable-web-security",
)

# The one call of the main frame's runJavaScript, where no digit is ever typed.
JAVASCRIPT_DOOR = "ui/cards/capture/page.py"


def sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name a piece of code uses, imports or defines, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name):
                yield name, node.lineno
            case ast.Name(id=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node.lineno
            case ast.alias(name=name):
                yield name.rsplit(".", 1)[-1], node.lineno
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
                yield name, node.lineno
            case _:
                pass


def literals(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every string of the code that is not a docstring."""
    prose = {
        id(body[0].value)
        for node in ast.walk(tree)
        if (body := getattr(node, "body", None)) and isinstance(body, list) and isinstance(body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value, node.lineno


def offences(code: str, banned: dict[str, str]) -> list[str]:
    return [f"line {line}: {name} {banned[name]}" for name, line in names(ast.parse(code)) if name in banned]


def banned_words(code: str) -> list[str]:
    return [f"line {line}: {word}" for text, line in literals(ast.parse(code)) for word in BANNED_WORDS if word in text]


def application_filters(code: str) -> list[int]:
    """Lines that put an event filter on the application: it would see every key, and crashes the process besides."""
    lines = []
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Attribute(attr="installEventFilter", value=receiver)):
                target = ast.unparse(receiver)
                if target.rsplit(".", 1)[-1] in {"app", "_app", "qApp", "application"} or target.endswith("instance()"):
                    lines.append(node.lineno)
            case _:
                pass
    return lines


@pytest.mark.parametrize("path", sources(PROGRAM), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_uses_a_banned_name(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    banned = BANNED | (BANNED_AT_THE_CARDS if path.is_relative_to(CARDS) else {})
    assert offences(code, banned) == []
    assert banned_words(code) == []
    assert application_filters(code) == []


def test_scripts_are_run_in_one_place_and_in_the_main_frame_alone() -> None:
    calls = [
        (path.relative_to(PROGRAM).as_posix(), ast.unparse(node.func.value))
        for path in sources(PROGRAM)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "runJavaScript"
    ]
    assert calls == [(JAVASCRIPT_DOOR, "self")]


def test_the_web_engine_is_used_by_the_cards_alone() -> None:
    users = {
        path.relative_to(PROGRAM).as_posix()
        for path in sources(PROGRAM)
        if any(name.startswith(("QtWebEngine", "QWebEngine")) for name, _ in _imports(path))
    }
    assert {user for user in users if not user.startswith("ui/cards/capture/")} <= {"app/doctor_engine.py"}


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module)):
                yield module.rsplit(".", 1)[-1], node.lineno
            case ast.Import(names=aliases):
                yield from ((alias.name.rsplit(".", 1)[-1], node.lineno) for alias in aliases)
            case _:
                pass


@pytest.mark.parametrize("script", sorted((ROOT / "resources" / "card_entry").glob("*.js")), ids=lambda path: path.name)
def test_the_host_page_keeps_and_tells_nothing(script: Path) -> None:
    code = script.read_text(encoding="utf-8")
    for word in (
        "console.",
        "localStorage",
        "sessionStorage",
        "document.title",
        "eval(",
        "innerHTML",
        "document.cookie",
    ):
        assert word not in code


@pytest.mark.parametrize(
    "code",
    [
        "info.requestBody()",
        "from PySide6.QtWebEngineCore import QWebEngineFrame",
        "getattr(page, 'printToPdf')('x')",
        "dialog.exec()",
        "app.processEvents()",
        "from qasync import asyncSlot",
    ],
)
def test_the_ban_bites(code: str) -> None:
    assert offences(code, BANNED)


@pytest.mark.parametrize("code", ["app.installEventFilter(x)", "QApplication.instance().installEventFilter(x)"])
def test_the_ban_on_application_filters_bites(code: str) -> None:
    assert application_filters(code)


def test_the_ban_on_words_bites_but_spares_prose() -> None:
    assert banned_words('flags = "--remote-debugging-port=1"')
    assert not banned_words('"""Never remote-debugging."""')
