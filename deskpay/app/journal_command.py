"""`deskpay journal`: the record of intents verified, exported and backed up, without a window.

DeskPay may be open meanwhile. What a command finds is said in plain sentences, or as JSON for scripts; the exit code is
1 where a journal cannot be believed or read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskpay.app.head_compared import compared
from deskpay.domain.errors import JournalCorrupt, JournalError, JournalTooNew, JournalUnavailable

if TYPE_CHECKING:
    from deskpay.journal.looking import Look
    from deskpay.journal.server import Place

_REMEDIES = {
    JournalCorrupt: (
        "DeskPay takes no money with this journal. Keep the file, and restore the latest backup in its place."
    ),
    JournalTooNew: "Install the newest DeskPay on this computer.",
    JournalUnavailable: "Nothing is known of its contents.",
}


@dataclass(frozen=True, slots=True)
class _Seen:
    path: Path | Place
    look: Look | None
    problem: JournalError | None


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `journal` and its own commands to the command line."""
    parser = commands.add_parser("journal", help="verify, export or back up the record of intents")
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    verify = acts.add_parser("verify", help="check the chain, every story and every claim")
    verify.add_argument("--json", action="store_true", help="say it in JSON")
    verify.add_argument(
        "--head", type=Path, metavar="FILE", help="compare with a head that was kept elsewhere: is anything cut off?"
    )
    export = acts.add_parser("export", help="write intents as a table, events as JSON lines")
    export.add_argument("--csv", type=Path, metavar="F", help="a table of all intents")
    export.add_argument("--jsonl", type=Path, metavar="F", help="every event with its digest, one on a line")
    backup = acts.add_parser("backup", help="copy a journal, open or not, and check the copy")
    backup.add_argument("file", type=Path, metavar="FILE", help="where the copy goes; it must not exist yet")
    for act in (verify, export, backup):
        act.add_argument("--journal", type=Path, metavar="F", help="this file instead of all journals")


def run(chosen: argparse.Namespace) -> int:
    """Do what was chosen; return 0, 1 where something is wrong, 2 for wrong words."""
    if chosen.act == "export" and chosen.csv is None and chosen.jsonl is None:
        sys.stderr.write("deskpay journal export: say where to, with --csv F or --jsonl F or both\n")
        return 2
    try:
        paths = _all() if chosen.journal is None else [chosen.journal]
    except JournalError as problem:
        sys.stderr.write(f"The shared journals cannot be read: {problem.detail}.\n")
        return 1
    if chosen.act == "verify":
        return _verify(paths, chosen.head, as_json=chosen.json)
    if not paths:
        sys.stderr.write("There is no journal yet.\n")
        return 1
    if chosen.act == "export":
        return _export(paths, chosen.csv, chosen.jsonl)
    return _back_up(paths, chosen.file)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


def _all() -> list[Path | Place]:
    from deskpay.settings import read_settings

    kept = read_settings()
    return [
        *sorted(kept.data_folder.rglob("*.sqlite")),
        *(_shared(kept.journal_address) if kept.journal_address else ()),
    ]


def _shared(address: str) -> list[Place]:
    from deskpay.journal.server import Place, names

    return [Place(address, name) for name in names(address)]


def _see(path: Path | Place) -> _Seen:
    try:
        seen = looked_at(path)
    except JournalError as problem:
        return _Seen(path, None, problem)
    return _Seen(path, seen, seen.problem)


def looked_at(path: Path | Place) -> Look:
    """Return what a journal holds, in a file or on the server that desks share.

    Raises:
        JournalError: nothing of it can be read.
    """
    if isinstance(path, Path):
        from deskpay.journal.looking import look

        return look(path)
    from deskpay.journal.shared import look_at_shared

    return look_at_shared(path)


def _name(path: Path | Place) -> str:
    return str(path) if isinstance(path, Path) else f"shared journal {path.name}"


def _verify(paths: Sequence[Path | Place], head: Path | None, *, as_json: bool) -> int:
    seen = [_see(path) for path in paths]
    since = None if head is None else compared(head, [(one.path, one.look) for one in seen if one.look is not None])
    ok = all(one.problem is None for one in seen) and not (since and since.wrong)
    if as_json:
        compared_with = {} if since is None else {"head": since.as_json()}
        _say(json.dumps({"ok": ok, "journals": [_as_json(one) for one in seen], **compared_with}))
        return 0 if ok else 1
    if not seen:
        _say("There is no journal yet.")
    for one in seen:
        _say(_sentence(one))
    if since is not None:
        _say(since.sentence)
    return 0 if ok else 1


def _as_json(one: _Seen) -> dict[str, Any]:
    counted: dict[str, Any] = {}
    if one.look is not None:
        counted = {
            "intents": len(one.look.intents),
            "events": len(one.look.events),
            "unfinished": _unfinished(one.look),
            "head": one.look.told.get("head"),
        }
    named = {} if one.problem is None else {"problem": type(one.problem).__name__, "detail": one.problem.detail}
    return {"path": _name(one.path), "ok": one.problem is None, **counted, **named}


def _sentence(one: _Seen) -> str:
    if one.problem is not None:
        remedy = next(words for kind, words in _REMEDIES.items() if isinstance(one.problem, kind))
        return f"{_name(one.path)}: NOT in order: {one.problem.detail}. {remedy}"
    if one.look is None:
        raise AssertionError("what has no problem was seen")
    return (
        f"{_name(one.path)}: in order. {len(one.look.intents)} intents, {len(one.look.events)} events, "
        f"{_unfinished(one.look)} unfinished. Head of the chain: {one.look.told['head']}"
    )


def _unfinished(look: Look) -> int:
    return sum(not record.state.final for record in look.records)


def _export(paths: Sequence[Path | Place], table: Path | None, lines: Path | None) -> int:
    from deskpay.journal.export import write_csv, write_jsonl

    seen = [_see(path) for path in paths]
    looks = [one.look for one in seen if one.look is not None]
    try:
        if table is not None:
            _say(f"{table}: {write_csv(looks, table)} intents")
        if lines is not None:
            _say(f"{lines}: {write_jsonl(looks, lines)} events")
    except JournalError as problem:
        sys.stderr.write(f"Not exported: {problem.detail}.\n")
        return 1
    wrong = [one for one in seen if one.problem is not None]
    for one in wrong:
        left = one.look.unreadable if one.look is not None else "all"
        sys.stderr.write(f"{_sentence(one)} What can be read was exported; stories that cannot: {left}.\n")
    return 1 if wrong else 0


def _back_up(paths: Sequence[Path | Place], target: Path) -> int:
    if len(paths) > 1:
        names = "\n  ".join(map(_name, paths))
        sys.stderr.write(f"There are several journals; say which one with --journal F:\n  {names}\n")
        return 2
    path = paths[0]
    if not isinstance(path, Path):
        words = f'pg_dump --schema="{path.name}" --file={target}'
        sys.stderr.write(f"Not backed up: the {_name(path)} is copied on its server, for example with {words}.\n")
        return 1
    from deskpay.journal.backup import back_up

    try:
        back_up(path, target)
    except JournalError as problem:
        sys.stderr.write(f"Not backed up: {problem.detail}.\n")
        return 1
    _say(f"{target}: a whole copy of {path}, checked")
    return 0
