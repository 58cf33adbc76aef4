"""Try a Debian package on a machine that has nothing: `python prove.py OLDER.deb NEWER.deb`, as root on Debian.

Installed, run from /usr/bin by an ordinary user, upgraded, removed. What is printed was seen, not assumed.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from machine import HOME, RELEASE, Machine, apt, workshop
from records import NAME, PATIENCE_S, head_of, journal_digest, require, verified, worked
from smoke import SmokeError

_OWN_BOOKS = ("/var/lib/dpkg/", "/var/lib/apt/", "/var/cache/", "/var/log/")
"""Where the packaging system writes down what it did."""


def prove(bare: Machine, older: Path, newer: Path) -> Iterator[str]:
    """Install, use, upgrade and remove on `bare`; yield a sentence for everything that held.

    Raises:
        SmokeError: something did not hold.
    """
    before = bare.files()
    require(not bare.run("sh", "-c", "command -v python3 || true").strip(), "the machine has a Python")
    _install(bare, older)
    pythons = bare.run("sh", "-c", "dpkg-query -W -f '${Package}\\n' | grep -i python || true").split()
    require(not pythons, f"Python came with it: {pythons}")
    yield f"installed {older.name} on a bare Debian ({RELEASE}); no Python package is there"
    yield _examined(bare)
    head = worked(bare)
    yield f"an ordinary user took money at a training hotel; the journal's head is {head[:12]}"
    yield _held_back(bare, older, newer)
    head = head_of(bare)
    records = journal_digest(bare)
    _install(bare, newer, DESKPAY_UPGRADE_ANYWAY="1")
    version = _version(bare)
    require(version == newer.name.split("_")[1], f"the version is {version}")
    require(head_of(bare) == head, "the journal changed")
    yield f"upgraded to {version}; the journal's head is the same and its chain holds"
    yield _toured(bare)
    bare.run("apt-get", "-qq", "purge", "-y", NAME)
    left = _left(bare, before)
    require(not left, f"left behind: {left[:20]}")
    require(journal_digest(bare) == records, "the journal went or changed")
    yield "purged: nothing of it is left but the journal, which is the same to the byte"


def _install(bare: Machine, package: Path, **variables: str) -> None:
    _laid(bare, package)
    apt(bare, f"/srv/{package.name}", **variables)
    (bare.root / "srv" / package.name).unlink()


def _laid(bare: Machine, package: Path) -> None:
    shutil.copyfile(package, bare.root / "srv" / package.name)


def _version(bare: Machine) -> str:
    return bare.run("dpkg-query", "-W", "-f", "${Version}", NAME)


def _held_back(bare: Machine, older: Path, newer: Path) -> str:
    """Kill a desk in the middle of a charge, and see that it is not replaced then."""
    hotel = bare.start(NAME, "sandbox", "--die-with-stdin", "--faults", "creditCards/charge=delay:600")
    if hotel.stdin is None or hotel.stdout is None:
        raise AssertionError("it was started with pipes")
    try:
        control = json.loads(hotel.stdout.readline())["control"]
        tour = bare.start(NAME, "tour", "--out", f"{HOME}/cut", "--sandbox", control, QT_QPA_PLATFORM="offscreen")
        ends = time.monotonic() + PATIENCE_S
        # Other acts are unfinished for a moment, too: the charge is the one that goes on being so.
        head = ""
        while not (seen := verified(bare))["unfinished"] or seen["head"] != head:
            require(time.monotonic() < ends and tour.poll() is None, "no charge was sent")
            head = seen["head"]
        bare.kill(tour)
    finally:
        hotel.stdin.close()
        hotel.wait(PATIENCE_S)
    _laid(bare, newer)
    said = bare.run("apt-get", "-qq", "install", "-y", f"/srv/{newer.name}", check=False)
    (bare.root / "srv" / newer.name).unlink()
    require("payments that are not known yet" in said, f"nobody was told why it is not replaced: {said}")
    require(_version(bare) == older.name.split("_")[1], "it was replaced while a payment was not known")
    return "killed in the middle of a charge; the upgrade is refused while nobody knows what became of it"


def _examined(bare: Machine) -> str:
    said: dict[str, Any] = json.loads(bare.run(NAME, "doctor", "--training", "--json", clerk=True))
    engine = next(check for check in said["checks"] if check["name"] == "engine")
    require(said["ok"] and engine["state"] == "ok", f"the doctor is not content: {said}")
    return f"doctor, as an ordinary user: {engine['sentence']}"


def _toured(bare: Machine) -> str:
    bare.run(f"/usr/bin/{NAME}", "tour", "--out", f"{HOME}/tour", clerk=True, QT_QPA_PLATFORM="offscreen")
    told = json.loads((bare.root / HOME.lstrip("/") / "tour" / "tour.json").read_text(encoding="utf-8"))
    require(told["ok"], f"the tour was not read back: {told['steps']}")
    return f"tour from /usr/bin, as an ordinary user: {len(told['steps'])} steps, every outcome read back"


def _left(bare: Machine, before: set[str]) -> list[str]:
    """Return what is there now, was not before and bears the package's name, as all that it owns alone does."""
    now = bare.files()
    new = [name for name in now if name not in before and not name.startswith((*_OWN_BOOKS, f"{HOME}/"))]
    return [name for name in new if NAME in name.lower()]


def main() -> int:
    """Try the two packages named on the command line."""
    older, newer = map(Path, sys.argv[1:3])
    base = Machine.base(workshop() / f"bare-{RELEASE}")
    bare = base.copy(workshop() / "bare")
    try:
        for sentence in prove(bare, older, newer):
            print(sentence, flush=True)
    except SmokeError as problem:
        print(f"NOT proven: {problem}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(bare.root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
