"""What of the locked libraries is shipped: what DeskPay needs when it runs, and what that needs in turn."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from release import ROOT

_LICENCE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)


def shipped() -> list[Distribution]:
    """Return the installed libraries that a released DeskPay carries, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, Distribution] = {}
    waiting = [named for text in project["dependencies"] if _holds(named := Requirement(text), ())]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in found:
            continue
        try:
            found[name] = distribution(wanted.name)
        except PackageNotFoundError:
            continue  # of another system
        needs = map(Requirement, found[name].requires or [])
        waiting += [need for need in needs if _holds(need, wanted.extras)]
    return [found[name] for name in sorted(found)]


def _holds(wanted: Requirement, extras: Iterable[str]) -> bool:
    """Tell whether it is wanted on this system, by somebody who was asked for with `extras`."""
    marker = wanted.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def licences(folder: Path) -> None:
    """Copy the licence of every shipped library, and ours, into `folder`."""
    folder.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", folder / "DeskPay.txt")
    for library in shipped():
        for file in library.files or ():
            if ".dist-info" in file.parts[0] and _LICENCE.search(file.name):
                target = folder / library.name / file.name
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(str(file.locate()), target)


def locked() -> str:
    """Return the lines of the lock file that are shipped, hashes and all."""
    names = {canonicalize_name(library.name) for library in shipped()}
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    wanted = [block for block in blocks if canonicalize_name(re.split(r"[=\[ ]", block)[0]) in names]
    return "\n".join(wanted) + "\n"
