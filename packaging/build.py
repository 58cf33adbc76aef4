"""`python3 dev.py package`: all of a release that this machine can make, into `dist/`.

On Debian as root the work is done in a bare machine, for what is bundled depends on what happens to be installed. From
there come tarball, Debian package, bill of materials and sums. Then the package, and the guide that goes with it, are
tried on other bare machines.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import deb
import machine
from archive import sums, tarball
from freeze import BUILD, freeze
from guide import guided
from machine import Machine, apt, workshop
from prove import prove
from release import DIST, Release, export, is_changed, release
from sameness import differences
from sbom import sbom
from smoke import SmokeError, smoke

TOOLS = ("python3", "libpython3.11", "dpkg-dev", "binutils", "xz-utils")
LIBRARIES = ("libcups2", "libwayland-cursor0", "libwayland-egl1")
"""What printing and Wayland link to; a training desk does without them, an installed one does not."""

LINTERS = ("lintian", "desktop-file-utils", "appstream", "man-db", "shellcheck")
SOURCE = "/srv/deskpay"
ELSEWHERE = "/var/lib/another/deskpay"

LEAST_SAVED = 0.25
"""Share of an untrimmed freeze that an installation has to save."""


def main() -> int:
    """Make what the command line asks for; return 1 when something made does not stand its trial."""
    parser = argparse.ArgumentParser(prog="dev.py package", description=__doc__)
    parser.add_argument("--here", action="store_true", help="on this machine, instead of in a bare one")
    parser.add_argument("--no-trial", action="store_true", help="do not install the package on a bare machine")
    parser.add_argument("--twice", action="store_true", help="make it on a second bare machine, too, and compare")
    chosen = parser.parse_args()
    made = release()
    DIST.mkdir(exist_ok=True)
    try:
        if chosen.here or not machine.can_be_made():
            if not chosen.here:
                _say("This machine cannot make a bare one (Debian, root and debootstrap do): freezing here.")
            return _here(made)
        return _in_a_bare_machine(made, trial=not chosen.no_trial, twice=chosen.twice)
    except SmokeError as problem:
        print(f"NOT proven: {problem}", file=sys.stderr)
        return 1


def _here(made: Release) -> int:
    frozen = freeze(made)
    _say(f"frozen: {frozen.folder}")
    _say(smoke(frozen.program))
    files = [sbom(made, DIST)]
    sizes = {"untrimmed": frozen.installed_bytes + frozen.trimmed_bytes, "frozen": frozen.installed_bytes}
    if sys.platform.startswith("linux"):
        files.append(tarball(frozen.folder, made, DIST))
        if deb.can_be_made():
            files.append(deb.deb(frozen.folder, BUILD / "icons", made, DIST))
            sizes["installed by the Debian package"] = deb.installed_bytes(files[-1])
            # What an upgrade is tried with: the same program under a version that is older than any.
            deb.deb(frozen.folder, BUILD / "icons", made, BUILD, version="0.0.1~trial", level=0)
        else:
            _say(f"no Debian package: {' and '.join(deb.TOOLS)} are needed")
    else:
        _say("the installer is made by packaging/inno.py on Windows, by packaging/macos/sign.sh on macOS")
    sums(files, DIST)
    return _report(sizes | {file.name: file.stat().st_size for file in files})


def _in_a_bare_machine(made: Release, *, trial: bool, twice: bool) -> int:
    if is_changed():
        _say("The work tree holds changes that are not committed; they are not packaged.")
    base = Machine.base(workshop() / f"bare-{machine.RELEASE}")
    _say(f"a bare Debian ({machine.RELEASE}) is ready")
    builder = base.copy(workshop() / "builder")
    print(_made(builder, SOURCE, made), end="")
    inside = builder.root / SOURCE.lstrip("/")
    shutil.rmtree(DIST)
    shutil.copytree(inside / "dist", DIST)
    package = DIST / f"{made.name}_{made.version}_amd64.deb"
    ok = _linted(builder, package)
    _timed(builder)
    if twice:
        ok = _is_the_same_again(base, made) and ok
    if trial:
        older = inside / "build" / f"{made.name}_0.0.1~trial_amd64.deb"
        for sentence in prove(base.copy(workshop() / "bare"), older, package):
            _say(f"  {sentence}")
        _say("the guide for hotel IT, line by line, on another bare machine:")
        for sentence in guided(base.copy(workshop() / "guided"), package):
            _say(f"  {sentence}")
    print((DIST / "SHA256SUMS").read_text(encoding="utf-8"), end="")
    _say("done" if ok else "NOT in order, see above")
    return 0 if ok else 1


def _made(builder: Machine, source: str, made: Release, zone: str = "UTC") -> str:
    """Make the release from its source, laid into `source` on `builder`, in a time zone; return what was said."""
    apt(builder, *TOOLS, *LIBRARIES)
    export(builder.root / source.lstrip("/"))
    command = f"cd {source} && python3 dev.py package --here"
    return builder.run("sh", "-ec", command, SOURCE_DATE_EPOCH=str(made.epoch), TZ=zone)


def _is_the_same_again(base: Machine, made: Release) -> bool:
    """Make the release on another machine, in another folder and time zone; tell whether it is the same to the byte."""
    other = base.copy(workshop() / "second-builder")
    _made(other, ELSEWHERE, made, zone="Asia/Manila")
    found = differences(DIST, other.root / ELSEWHERE.lstrip("/") / "dist")
    shutil.rmtree(other.root)
    for line in found:
        print(f"differs: {line}")
    _say(f"made a second time, elsewhere: {f'{len(found)} differences' if found else 'every file is the same'}")
    return not found


def _timed(builder: Machine) -> None:
    """Say how quickly the frozen program starts. Only said: what else this machine does is not the release's fault."""
    apt(builder, "xvfb", "x11-utils")
    command = "exec .venv/bin/python packaging/cold_start.py build/frozen/deskpay/deskpay"
    for line in builder.run("sh", "-ec", f"cd {SOURCE} && {command}", check=False).splitlines():
        _say(line)


def _linted(builder: Machine, package: Path) -> bool:
    """Run the distribution's own judges over what was made; tell whether none complains."""
    apt(builder, *LINTERS)
    tree = f"{SOURCE}/build/deb-{package.name.split('_')[1]}"
    judges = {
        "lintian": ["lintian", "--fail-on=error,warning", "--tag-display-limit=0", f"{SOURCE}/dist/{package.name}"],
        "desktop-file-validate": ["desktop-file-validate", f"{tree}/usr/share/applications/deskpay.desktop"],
        "appstreamcli": [
            "appstreamcli",
            "validate",
            "--no-net",
            f"{tree}/usr/share/metainfo/app.deskpay.DeskPay.metainfo.xml",
        ],
        "shellcheck": [
            "shellcheck",
            *(
                f"{SOURCE}/packaging/{name}"
                for name in ("linux/preinst", "linux/postinst", "linux/postrm", "macos/sign.sh")
            ),
        ],
        "man": ["man", "--warnings", "--encoding=utf8", "-l", f"{tree}/usr/share/man/man1/deskpay.1.gz"],
    }
    ok = True
    for name, command in judges.items():
        try:
            builder.run(*command)
            _say(f"{name}: nothing to complain of")
        except subprocess.CalledProcessError:
            _say(f"{name}: complains, see above")
            ok = False
    return ok


def _report(sizes: dict[str, int]) -> int:
    """Print and keep the sizes; return 1 when what is installed saves too little."""
    for name, size in sizes.items():
        _say(f"{size / 1e6:8.1f} MB  {name}")
    installed = sizes.get("installed by the Debian package", sizes["frozen"])
    saved = 1 - installed / sizes["untrimmed"]
    _say(f"an installation is {saved:.0%} smaller than an untrimmed freeze (at least {LEAST_SAVED:.0%})")
    (DIST / "sizes.json").write_text(json.dumps(sizes, indent=2) + "\n", encoding="utf-8")
    return 0 if saved >= LEAST_SAVED else 1


def _say(words: str) -> None:
    print(f"[{time.monotonic() - _BEGAN:5.0f} s] {words}", flush=True)


_BEGAN = time.monotonic()

if __name__ == "__main__":
    sys.exit(main())
