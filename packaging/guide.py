"""Try the guide for hotel IT on a machine that has nothing: `python guide.py PACKAGE.deb`, as root on Debian.

The lines are read from the guide itself: one that is added there and not tried here ends the trial. What concerns the
upgrade is tried by `prove.py`.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from inspecting import HOST, ISSUER, inspecting
from machine import HOME, RELEASE, Machine, apt, workshop
from records import NAME, head_of, journal_digest, journal_file, require, worked
from release import ROOT
from smoke import SmokeError

GUIDE = ROOT / "packaging" / "README.md"
LAID = "/srv"
HOTEL = "3fa85f64-5717-4562-b3fc-2c963f66afa6"

_KEYRING = (
    'printf clerk | gnome-keyring-daemon --daemonize --unlock --components=secrets >/dev/null && exec sh -ec "$1"'
)
"""A Secret Service as a desktop starts it at the log-on, on a bus of its own."""


def guided(bare: Machine, package: Path) -> Iterator[str]:
    """Do on `bare` what the guide says; yield a sentence for everything that held.

    Raises:
        SmokeError: something did not hold, or the guide has a line that is not tried.
    """
    told = _told()
    install, policy, tokens, backup, remove = (
        told.pop(part) for part in ("Install", "Policy", "Tokens", "Back up the journal", "Remove")
    )
    require(not told, f"lines that nobody tries: {told}")
    yield _installed(bare, package, install)
    yield _governed(bare, *policy)
    yield _set_by_the_user(bare)
    yield _given_tokens(bare, *tokens)
    yield _inspected(bare)
    yield _backed_up(bare, *backup)
    yield _removed(bare, *remove)


def _told() -> dict[str, list[str]]:
    """Return the lines that the guide sets apart, by the heading that they stand under."""
    told = dict[str, list[str]]()
    for section in GUIDE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, text = section.partition("\n")
        lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
        if lines:
            told[heading] = lines
    return told


def _installed(bare: Machine, package: Path, lines: list[str]) -> str:
    text = GUIDE.read_text(encoding="utf-8")
    for file in (package, package.with_name("SHA256SUMS")):
        shutil.copyfile(file, bare.root / LAID.lstrip("/") / file.name)
    version = package.name.split("_")[1]
    bare.run("apt-get", "-qq", "update")
    for command in ("sha256sum", "apt-get install"):
        (line,) = re.findall(rf"`({command} [^`]+)`", text)
        _done(bare, line.replace("VERSION", version))
    said = [_done(bare, line, clerk=True) for line in lines]
    require(version in said[0], f"another version: {said[0]}")
    played = json.loads((bare.root / HOME.lstrip("/") / "tour" / "tour.json").read_text(encoding="utf-8"))
    require(played["ok"], f"the tour was not read back: {played['steps']}")
    return f"sums checked, installed silently, {len(lines)} lines of an ordinary user"


def _governed(bare: Machine, lay: str, look: str) -> str:
    example = f"/usr/share/doc/{NAME}/examples/policy.toml"
    _done(bare, f"cp {example} policy.toml")
    _done(bare, lay)
    _done(bare, look, clerk=True)
    for harm, words in (
        ("chmod 666", "cannot be used: others than the administrator may write it"),
        ("echo no = toml = >", "cannot be used: it is no TOML"),
        ("sed -i 's/^least_version = .*/least_version = \"999.0.0\"/'", "asks for DeskPay 999.0.0 or newer"),
    ):
        _done(bare, f"{harm} /etc/{NAME}/policy.toml")
        said = _refused(bare, look)
        require(words in said, f"it is not said why: {said}")
        _done(bare, lay)
    return "the policy laid down; one that others may write, that is no TOML or asks for a newer DeskPay is told"


def _set_by_the_user(bare: Machine) -> str:
    folder = f"{HOME}/.config/DeskPay"
    _done(bare, f"mkdir -p {folder} && echo 'desk_id = \"bar\"' > {folder}/settings.toml", clerk=True)
    for line, desk in ((f"{NAME} doctor", "bar"), (f"DESKPAY_DESK_ID=lobby {NAME} doctor", "lobby")):
        said = _done(bare, line, clerk=True)
        require(f"Workstation {desk}," in said, f"not at the {desk}: {said}")
    return "a user's file and a variable set what the policy leaves open"


def _given_tokens(bare: Machine, put: str) -> str:
    line = put.replace("HOTEL-ID", HOTEL)
    _done(bare, "printf 'client\\naccess\\n' > tokens.txt && chmod 600 tokens.txt", clerk=True)
    said = _refused(bare, line)
    require("no keyring" in said, f"it is not said why: {said}")
    apt(bare, "gnome-keyring", "dbus-daemon")
    said = bare.run("dbus-run-session", "--", "sh", "-ec", f"cd {HOME}; {_KEYRING}", "sh", line, clerk=True)
    require(f"The tokens of live-{HOTEL} are in" in said, f"they are not kept: {said}")
    return "tokens on standard input: refused without a keyring, kept in a Secret Service"


def _inspected(bare: Machine) -> str:
    look = f"{NAME} doctor --json"
    with inspecting(bare) as root:
        before = _done(bare, look, clerk=True)
        require("does not trust" in before and ISSUER not in before, f"it is trusted already: {before}")
        _done(bare, f"cp {root} /usr/local/share/ca-certificates/proxy.crt && update-ca-certificates")
        after = _done(bare, look, clerk=True)
        require(f"are inspected by {ISSUER}," in after, f"it is not said who looks in: {after}")
        _done(bare, "rm /usr/local/share/ca-certificates/proxy.crt && update-ca-certificates --fresh")
    return f"a proxy that opens and seals connections to {HOST}: not trusted, then named when its root is the system's"


def _backed_up(bare: Machine, verify: str, backup: str, export: str) -> str:
    kept = worked(bare)
    for line in (verify, backup, export):
        _done(bare, line, clerk=True)
    inside = f"/{journal_file(bare).relative_to(bare.root)}"
    _done(bare, f"test $(wc -l < acts.csv) -gt 1 && rm {inside}* && cp DeskPay-journal.sqlite {inside}", clerk=True)
    _done(bare, verify, clerk=True)
    require(head_of(bare) == kept, "the copy put back is another journal")
    return "the journal verified, copied and exported; the copy put in its place holds the same head"


def _removed(bare: Machine, remove: str, purge: str) -> str:
    records = journal_digest(bare)
    program, policy = (bare.root / name for name in (f"usr/bin/{NAME}", f"etc/{NAME}/policy.toml"))
    _done(bare, remove)
    require(not program.is_symlink() and policy.exists(), "the program stayed, or the policy went")
    _done(bare, purge)
    require(not policy.parent.exists() and journal_digest(bare) == records, "the policy stayed, or the journal went")
    return "removed: policy and journal stay; purged: the policy goes, too"


def _done(bare: Machine, line: str, *, clerk: bool = False) -> str:
    """Run a line as it would be typed, in the folder of whoever types it; return what it said."""
    folder = HOME if clerk else LAID
    return bare.run("sh", "-ec", f"cd {folder}; {line}", clerk=clerk, QT_QPA_PLATFORM="offscreen")


def _refused(bare: Machine, line: str) -> str:
    """Run a line as a user who is to be refused; return what was said."""
    said = _done(bare, f"if {line}; then echo; echo it went through; fi", clerk=True)
    require(not said.endswith("it went through\n"), f"not refused: {line}")
    return said


def main() -> int:
    """Try the guide with the package named on the command line, beside which its sums lie."""
    bare = Machine.base(workshop() / f"bare-{RELEASE}").copy(workshop() / "guided")
    try:
        for sentence in guided(bare, Path(sys.argv[1])):
            print(sentence, flush=True)
    except SmokeError as problem:
        print(f"NOT proven: {problem}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(bare.root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
