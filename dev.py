#!/usr/bin/env python3
"""The developer's door: `python3 dev.py demo` and `python3 dev.py test` work on a machine that has only Python.

Standard library only. The first run installs what is missing (as root on Debian and Ubuntu; elsewhere it names the
command) and makes `.venv` from `requirements.lock`, every file checked against its hash. Later runs start at once.

The file must stay parseable by Python 3.8, for it is the older interpreter that has to read the sentence which refuses
it. Names that came later may be used, syntax may not.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
TOUR = ROOT / "tour"

SERVER_FOLDER = Path("/usr/lib/postgresql")
"""Where Debian keeps PostgreSQL's programs, off the path."""

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libnss3.so": "libnss3",
    "libasound.so.2": "libasound2",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libxkbfile.so.1": "libxkbfile1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""What Qt and its web engine load on Linux, and the Debian package of each: the smallest list that was found to work,
by taking names away from a bare Debian 12 one at a time."""

FONT = "fonts-droid-fallback"
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

RENAMED = {"libglib2.0-0", "libasound2"}
"""Packages whose name ends in t64 since Debian 13 and Ubuntu 24.04."""

FLOORS = {
    "deskpay/domain": 95,
    "deskpay/services": 95,
    "deskpay/gateways": 95,
    "deskpay/journal": 95,
    "deskpay": 85,
}
"""The least share of branches, and of statements, that the tests must run, in per cent."""

CHECKS = {
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "ruff check": ["-m", "ruff", "check", "."],
    "mypy": ["-m", "mypy"],
    "pyright": ["-m", "pyright"],
    "lint-imports": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "vulture": ["-m", "tests.kit.dead_code"],
    "deptry": ["-m", "deptry", "."],
    "codespell": ["-m", "codespell_lib"],
    "validate-pyproject": ["-m", "validate_pyproject", "pyproject.toml"],
    "tidy tests": ["-m", "pytest", "-q", "tests/unit/test_tidy.py"],
}

USAGE = """\
usage: python3 dev.py COMMAND

  demo            train on the embedded hotel; without a screen the tour is played instead
  test [ARGS]     the tests, then the coverage floors; with ARGS for pytest, only those tests
  check           formatter, linters, type checkers, layers, tidy tests
  shots [ARGS]    a picture of every screen and dialog
  bench [ARGS]    how quick it is beside the bare machine, into bench.json
  mutate [ARGS]   small wrongs put into the money core, and how many the tests notice
  soak            200,000 turns of the loop, as many requests to the training hotel, card numbers
  package [ARGS]  all of a release that this machine can make, into dist/
"""


class Stop(Exception):  # named for what it does: it is a sentence for the reader and exit 1, no error of the program
    """The command cannot go on; the message says why and what to do."""


def main(argv: list[str]) -> int:
    """Run the command in `argv` and return the exit code: 0, 1 (failed or stopped with a sentence), 2 or 130."""
    commands = {
        "demo": demo,
        "test": test,
        "check": check,
        "shots": shots,
        "bench": bench,
        "mutate": mutate,
        "soak": soak,
        "package": package,
    }
    if not argv or argv[0] not in commands:
        asked_for_help = argv[:1] in (["-h"], ["--help"])
        print(USAGE, end="", file=sys.stdout if asked_for_help else sys.stderr)
        return 0 if asked_for_help else 2
    try:
        require_python(sys.version_info[:2])
        return commands[argv[0]](argv[1:])
    except Stop as stop:
        print(f"dev.py: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def demo(arguments: list[str]) -> int:
    """Open the app in training mode, or play the tour where there is no screen to open it on."""
    python = ready()
    if has_screen(os.environ):
        return run([python, "-m", "deskpay", "demo", *arguments])
    print(f"There is no screen here, so the tour is played without one; its pictures go to {TOUR}.", flush=True)
    command = [python, "-m", "deskpay", "tour", "--out", str(TOUR), *arguments]
    code = run(command, {"QT_QPA_PLATFORM": "offscreen"})
    print(f"The tour is {'done' if code == 0 else 'NOT complete'}: {TOUR / 'tour.json'}")
    return code


def test(arguments: list[str]) -> int:
    """Run the tests; without arguments measure coverage too and hold it against the floors."""
    python = ready(missing_servers())
    if arguments:
        return run([python, "-m", "pytest", *arguments])
    # Every core takes tests from the same heap; each worker has a training hotel of its own.
    command = [python, "-m", "pytest", "--numprocesses=auto", "--dist=worksteal", "--cov", "--cov-report="]
    if sys.stdout.isatty():
        command.append("--color=yes")
    code, closing_line = run_showing(command)
    if code in (0, 1):
        rows = coverage_rows(measured(python))
        print(coverage_table(rows))
        if not all(row.ok for row in rows):
            code = 1
    print(closing_line)
    return code


def check(arguments: list[str]) -> int:
    """Run every checker, show what the failing ones say, and sum up."""
    if arguments:
        raise Stop("check takes no arguments")
    python = ready()
    failed = []
    for name, command in CHECKS.items():
        began = time.monotonic()
        done = subprocess.run(
            [python, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        took_s = time.monotonic() - began
        print(f"{'ok  ' if done.returncode == 0 else 'FAIL'}  {name:<20}{took_s:6.1f} s", flush=True)
        if done.returncode != 0:
            failed.append(name)
            print(done.stdout.decode(errors="replace"), flush=True)
    print(
        f"{len(CHECKS) - len(failed)} of {len(CHECKS)} checks passed" + (": not " if failed else "") + ", ".join(failed)
    )
    return 1 if failed else 0


def shots(arguments: list[str]) -> int:
    """Render every screen and dialog in its main states."""
    return run([ready(), "-m", "tests.shots", *arguments], {"QT_QPA_PLATFORM": "offscreen"})


def bench(arguments: list[str]) -> int:
    """Measure against the bare machine and write `bench.json`."""
    return run([ready(), "-m", "tests.bench", *arguments], {"QT_QPA_PLATFORM": "offscreen"})


def mutate(arguments: list[str]) -> int:
    """Put small wrongs into the money core, one at a time, and count those that no test notices."""
    return run([ready(), "-m", "tests.mutation", *arguments], {"QT_QPA_PLATFORM": "offscreen"})


def soak(arguments: list[str]) -> int:
    """Turn Qt's loop 200,000 times, ask the training hotel as often, and look for what they lose."""
    return run([ready(), "-m", "pytest", "-m", "soak", "tests/soak", *arguments])


def package(arguments: list[str]) -> int:
    """Make all of a release that this machine can; on Debian as root that is in a bare machine, made by debootstrap."""
    makes_machines = os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") and "--here" not in arguments
    python = ready(["debootstrap"] if makes_machines and not shutil.which("debootstrap") else [])
    return run([python, str(ROOT / "packaging" / "build.py"), *arguments])


def require_python(version: tuple[int, ...]) -> None:
    """Refuse an interpreter that cannot run DeskPay.

    Raises:
        Stop: `version` is below 3.11.
    """
    if version < (3, 11):
        shown = ".".join(map(str, version))
        raise Stop(f"DeskPay needs Python 3.11 or newer; this is {shown}. Run dev.py with a newer one.")


def has_screen(environment: os._Environ[str] | dict[str, str]) -> bool:
    """Tell whether windows can be shown: always on Windows and macOS, by the display's variables elsewhere."""
    if environment.get("QT_QPA_PLATFORM", "").split(":")[0] in {"offscreen", "minimal"}:
        return False
    if not sys.platform.startswith("linux"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def ready(besides: Sequence[str] = ()) -> str:
    """Make the machine ready and return the path of the interpreter that has everything.

    Args:
        besides: Debian packages that this command needs beside those that all need.

    Raises:
        Stop: Something is missing that cannot be installed from here.
    """
    packages = [*missing_packages(), *besides]
    if packages:
        install(packages)
    python = venv_python()
    stamp = VENV / "deskpay.stamp"
    wanted = stamp_text()
    # The stamp is written last: without it, the folder is a beginning that somebody interrupted.
    if not (python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        make_venv(python)
        beside = stamp.with_suffix(".new")
        beside.write_text(wanted, encoding="utf-8")
        beside.replace(stamp)
    return str(python)


def venv_python() -> Path:
    """Where the interpreter of `.venv` is on this system."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def stamp_text() -> str:
    """What `.venv` depends on: the lock file, and the Python it was made with."""
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{lock} {platform.python_implementation()} {sys.version_info[0]}.{sys.version_info[1]}\n"


def missing_packages() -> list[str]:
    """The Debian packages to install before anything can run; empty except on Linux."""
    if not sys.platform.startswith("linux"):
        return []
    packages = [package for soname, package in LIBRARIES.items() if not loads(soname)]
    if importlib.util.find_spec("ensurepip") is None and shutil.which("uv") is None and not venv_python().exists():
        packages.append(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    # Guests' names come in every script. Nothing breaks without the font, so it is taken where nobody has to be asked.
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") and not reads_every_script():
        packages.append(FONT)
    return packages


def missing_servers() -> list[str]:
    """The Debian packages that only the tests need: the journal that desks share is tested on a real server."""
    if not sys.platform.startswith("linux"):
        return []
    there = shutil.which("initdb") or next(SERVER_FOLDER.glob("*/bin/initdb"), None)
    return [] if there else ["postgresql"]


def reads_every_script() -> bool:
    """Tell whether some font for Chinese, Japanese and Korean names is installed, by its usual file names."""
    names = ("*CJK*", "DroidSansFallback*", "wqy-*", "unifont*")
    return any(next(folder.rglob(name), None) is not None for folder in FONT_FOLDERS for name in names)


def loads(soname: str) -> bool:
    """Tell whether the dynamic linker finds `soname` and all it needs."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def install(packages: list[str]) -> None:
    """Install Debian packages, as root.

    Raises:
        Stop: Not root, not Debian, or apt failed; the message names the command, or the packages.
    """
    if shutil.which("apt-get") is None:
        raise Stop(f"system libraries are missing. On Debian they are called: {' '.join(packages)}")
    if os.geteuid() != 0:
        named = " ".join(current_names(packages))
        raise Stop(f"system libraries are missing. Run:\n  sudo apt-get update && sudo apt-get install -y {named}")
    began = time.monotonic()
    print(f"Installing {len(packages)} system packages: {' '.join(packages)}", flush=True)
    # A machine with fresh package lists needs no update, and one without any says so within a second.
    failure = apt_install(packages)
    if failure:
        failure = apt("update") or apt_install(packages)
    if failure:
        raise Stop(f"apt-get failed:\n{failure}")
    print(f"  done in {time.monotonic() - began:.0f} s", flush=True)


def current_names(packages: list[str]) -> list[str]:
    """The packages by the names this release of Debian or Ubuntu gives them."""
    return [f"{name}t64" if name in RENAMED and is_known(f"{name}t64") else name for name in packages]


def is_known(package: str) -> bool:
    """Tell whether apt's lists hold `package`."""
    return subprocess.run(["apt-cache", "show", package], capture_output=True, check=False).returncode == 0


def apt_install(packages: list[str]) -> str:
    """Install `packages`; return what apt said if it failed, else nothing."""
    return apt("install", "-y", "--no-install-recommends", *current_names(packages))


def apt(*arguments: str) -> str:
    """Run apt-get without questions; return what it said if it failed, else nothing."""
    done = subprocess.run(
        ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode(errors="replace") or "no word" if done.returncode else ""


def make_venv(python: Path) -> None:
    """Make `.venv` anew from the lock file.

    Raises:
        Stop: It would saw off the interpreter it runs on, or an installer failed.
    """
    if VENV.exists() and Path(sys.prefix) == VENV:
        raise Stop("the environment must be made anew; run dev.py with the system's Python, not with the one in .venv")
    began = time.monotonic()
    print("Making .venv from requirements.lock, once", flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    hashed = ["--require-hashes", "--no-deps", "-r", str(LOCK)]
    uv = shutil.which("uv")
    if uv:
        steps = [
            [uv, "venv", "-q", "--python", sys.executable, str(VENV)],
            [uv, "pip", "install", "-q", "--python", str(python), *hashed],
        ]
    else:
        pip = [str(python), "-m", "pip", "install", "-q", "--no-input", "--disable-pip-version-check"]
        steps = [[sys.executable, "-m", "venv", str(VENV)], [*pip, *hashed]]
    for step in steps:
        if run(step) != 0:
            raise Stop(f".venv could not be made; this failed:\n  {' '.join(step)}")
    print(f"  done in {time.monotonic() - began:.0f} s", flush=True)


def run(command: list[str], extra: dict[str, str] | None = None) -> int:
    """Run `command` in the project's folder with `extra` variables and return its exit code."""
    with ctrl_c_is_for_the_child() as children:
        children.append(subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(extra or {})}))
        return children[0].wait()


def run_showing(command: list[str]) -> tuple[int, str]:
    """Run `command`, pass its output on as it comes, and return its exit code and its last line."""
    reader, writer = os.pipe()
    tail = b""
    with ctrl_c_is_for_the_child() as children:
        children.append(subprocess.Popen(command, cwd=ROOT, stdout=writer))
        os.close(writer)
        for chunk in iter(lambda: os.read(reader, 65_536), b""):
            tail = (tail + chunk)[-2_000:]
            sys.stdout.buffer.write(chunk)
            sys.stdout.flush()
        os.close(reader)
        code = children[0].wait()
    lines = tail.decode(errors="replace").strip().splitlines()
    return code, lines[-1] if lines else ""


@contextlib.contextmanager
def ctrl_c_is_for_the_child() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Let a child that hears Ctrl+C close in order, and stop after it has; the third Ctrl+C ends it at once.

    Yields:
        The list to put the child into.

    Raises:
        KeyboardInterrupt: Ctrl+C was pressed meanwhile.
    """
    children: list[subprocess.Popen[bytes]] = []
    pressed: list[int] = []

    def hear(number: int, _frame: object) -> None:
        pressed.append(number)
        for child in children:
            if len(pressed) > 2:  # the docstring says so
                child.kill()

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield children
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed:
            raise KeyboardInterrupt


class Row:
    """One line of the coverage table.

    Attributes:
        name: The package's folder.
        statements: Per cent of its statements that ran.
        branches: Per cent of its branches that ran.
        floor: What both must reach.
    """

    def __init__(self, name: str, statements: float, branches: float, floor: int) -> None:
        self.name = name
        self.statements = statements
        self.branches = branches
        self.floor = floor

    @property
    def ok(self) -> bool:
        """True when both shares reach the floor."""
        return min(self.statements, self.branches) >= self.floor


def measured(python: str) -> dict[str, dict[str, dict[str, int]]]:
    """The figures of the last measured run, by file.

    Raises:
        Stop: coverage cannot read them.
    """
    done = subprocess.run(
        [python, "-m", "coverage", "json", "-q", "-o", "-"], cwd=ROOT, stdout=subprocess.PIPE, check=False
    )
    if done.returncode != 0:
        raise Stop("the coverage of the tests could not be read")
    files: dict[str, dict[str, dict[str, int]]] = json.loads(done.stdout)["files"]
    return files


def coverage_rows(files: dict[str, dict[str, dict[str, int]]]) -> list[Row]:
    """Sum the figures up by package. A package with nothing measured has 0 per cent: it is not there, or not run."""
    rows = []
    for name, floor in FLOORS.items():
        summaries = [file["summary"] for path, file in files.items() if Path(path).as_posix().startswith(f"{name}/")]
        statements = share(summaries, "covered_lines", "num_statements")
        branches = share(summaries, "covered_branches", "num_branches") if summaries else 0.0
        rows.append(Row(name, statements if summaries else 0.0, branches, floor))
    return rows


def share(summaries: list[dict[str, int]], part: str, whole: str) -> float:
    """The sum of `part` in per cent of the sum of `whole`; 100 when there is nothing to run."""
    total = sum(summary[whole] for summary in summaries)
    return 100 * sum(summary[part] for summary in summaries) / total if total else 100.0


def coverage_table(rows: list[Row]) -> str:
    """The rows as text, with the floor and a mark on each that misses it."""
    lines = ["", f"{'coverage, per cent':<20}{'statements':>12}{'branches':>10}{'floor':>7}"]
    for row in rows:
        mark = "" if row.ok else "  BELOW"
        lines.append(f"{row.name:<20}{row.statements:>12.1f}{row.branches:>10.1f}{row.floor:>7}{mark}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
