"""Prove a frozen DeskPay: `python smoke.py PROGRAM` runs doctor and tour as a clerk would and reads what came of it.

Standard library only, for it runs wherever an installer was made: on a bare machine and on a hosted one. As root it
gives up its rights first, for the web engine's sandbox is on in a released build and refuses root.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CLERK_UID = 1000
PATIENCE_S = 300

HARMLESS = (
    # Said by Qt and Chromium on machines without a desktop; none of it is about us.
    r"Failed to connect to the bus",
    r"GBM is not supported",
    r"GLX: No DRI3",
    r"This plugin does not support ",
    r"QRhiGles2: Failed to create (temporary )?context",
    r"Failed to create RHI for backend: OpenGL",
    r"GPUInfo not initialized on GpuInfoUpdate",
    r"Unable to detect GPU vendor",
)


class SmokeError(Exception):
    """The frozen program does not do what it should."""


def smoke(program: Path) -> str:
    """Run the doctor and the tour of `program`; return what was proven in one sentence.

    Raises:
        SmokeError: something failed, or an unknown line was written.
    """
    with tempfile.TemporaryDirectory(prefix="deskpay-smoke-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        if _is_root():
            os.chown(home, CLERK_UID, CLERK_UID)
            home.chmod(0o700)
        checks = _doctor(program, home)
        steps = _tour(program, home)
    who = "an ordinary user" if os.name == "posix" else "this user"
    return f"doctor: {checks} checks passed, tour: {steps} steps read back, as {who}; {_engine_words(checks)}"


def _engine_words(checks: int) -> str:
    return "the web engine ran in its own sandbox" if checks and sys.platform.startswith("linux") else "no failure"


def _doctor(program: Path, home: Path) -> int:
    done = _run(program, home, "doctor", "--training", "--json")
    said: dict[str, Any] = json.loads(done)
    states = {check["name"]: check["state"] for check in said["checks"]}
    missing = {"program", "settings", "journal", "keyring", "engine", "connection", "permissions", "clock"} - set(
        states
    )
    if not said["ok"] or missing or states["engine"] != "ok":
        raise SmokeError(f"the doctor is not content:\n{done}")
    return len(states)


def _tour(program: Path, home: Path) -> int:
    _run(program, home, "tour", "--out", str(home / "tour"))
    told: dict[str, Any] = json.loads((home / "tour" / "tour.json").read_text(encoding="utf-8"))
    if not told["ok"] or not told["ledger"]["charges"]:
        raise SmokeError(f"the tour was not read back: {told['steps']}")
    for step in told["steps"]:
        if step["picture"] and (home / "tour" / step["picture"]).stat().st_size < 5_000:
            raise SmokeError(f"an empty picture: {step['picture']}")
    return len(told["steps"])


def _run(program: Path, home: Path, *words: str) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DESKPAY_", "XDG_", "PYTHON"))},
        "HOME": str(home),
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
    }
    rights: dict[str, Any] = {"user": CLERK_UID, "group": CLERK_UID, "extra_groups": []} if _is_root() else {}
    done = subprocess.run(
        [str(program), *words],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        **rights,
    )
    strange = [line for line in done.stderr.splitlines() if line.strip() and not _is_harmless(line)]
    if done.returncode != 0 or strange:
        raise SmokeError(f"deskpay {words[0]} ended with {done.returncode}:\n{done.stdout}\n" + "\n".join(strange))
    return str(done.stdout)


def _is_harmless(line: str) -> bool:
    return any(re.search(pattern, line) for pattern in HARMLESS)


def _is_root() -> bool:
    return os.name == "posix" and os.geteuid() == 0


def main() -> int:
    """Prove the program named on the command line."""
    program = shutil.which(sys.argv[1])
    if program is None:
        print(f"{sys.argv[1]} is no program", file=sys.stderr)
        return 2
    try:
        print(smoke(Path(program).absolute()))
    except SmokeError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
