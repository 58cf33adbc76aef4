"""Try the Windows installer's script where there is no Windows: `python wine.py FOLDER`, as root on Debian.

FOLDER holds Inno Setup 6's compiler, ISCC.exe, as npm's package `innosetup-compiler` does in `bin`. It compiles the
script around a stand-in for DeskPay, in a bare machine with wine, and what comes of it is signed with a throw-away key,
installed, upgraded and removed silently. Access lists, SmartScreen, Defender and DeskPay itself do not show there.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from machine import RELEASE, Machine, apt, workshop
from release import ROOT
from smoke import SmokeError

SILENTLY = ("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")
VERSIONS = ("0.9.0", "1.0.0")
REFUSED = 7
"""How Inno Setup ends when the script found at the preparation that it may not go on."""

_SIGN = """
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=Thrown away" -addext extendedKeyUsage=codeSigning \
    -keyout key.pem -out certificate.pem
osslsigncode sign -h sha256 -certs certificate.pem -key key.pem -n DeskPay -in "$1" -out signed.exe
osslsigncode verify -CAfile certificate.pem signed.exe
mv signed.exe "$1"
"""


class Windows:
    """What takes itself for a Windows 10, in a bare machine.

    Args:
        machine: a bare Debian with wine.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.place = machine.root / "srv" / "windows"
        self.drive = machine.root / "root" / ".wine" / "drive_c"
        self.place.mkdir()

    def run(self, *command: str) -> tuple[int, str]:
        """Run a program there and wait until it and all that it started have ended; return its code and its words."""
        # The uninstaller goes on after its first process has ended, and dies with the screen; and xvfb-run waits for
        # ever where it is the first process of its world.
        script = 'wine "$@"; code=$?; timeout 20 wineserver -w; echo; echo $code'
        screen = ("sh", "-c", 'cd /srv/windows; xvfb-run --auto-servernum "$@"; exit', "sh", "sh", "-c", script, "sh")
        said = self._machine.run(*screen, *command, WINEDEBUG="-all", WINEDLLOVERRIDES="mscoree,mshtml=")
        words, _, code = said.rstrip().rpartition("\n")
        return int(code), words

    def sign(self, file: str) -> None:
        """Sign a file of `place` with a key that nobody keeps, and check the signature."""
        self._machine.run("sh", "-ec", f"cd /srv/windows; {_SIGN}", "sh", file)


def prove(windows: Windows) -> Iterator[str]:
    """Compile, sign, install, upgrade and remove; yield a sentence for everything that held.

    Raises:
        SmokeError: something did not hold.
    """
    _done(windows, "winecfg", "-v", "win10")
    for version in VERSIONS:
        _compiled(windows, version)
        windows.sign(_setup(version))
    yield "compiled by Inno Setup, signed with a throw-away key, signature checked"
    program, policy = (
        windows.drive / "Program Files" / "DeskPay",
        windows.drive / "ProgramData" / "DeskPay" / "policy.toml",
    )
    first, second = map(_setup, VERSIONS)
    code, _ = windows.run(first, *SILENTLY, r"/Policy=C:\nothing\here.toml")
    _require(code == REFUSED and not program.exists(), f"a policy that is not there: ended with {code}")
    yield f"a policy that is not there is refused with exit code {code}, and nothing is installed"
    (windows.place / "policy.toml").write_text("version = 1\n", encoding="utf-8")
    _done(windows, first, *SILENTLY, r"/Policy=Z:\srv\windows\policy.toml")
    _require(policy.read_text(encoding="utf-8") == "version = 1\n", "the policy did not arrive")
    _require(_version(windows) == VERSIONS[0], "the registry does not tell the version")
    yield f"installed {VERSIONS[0]} silently, with a policy"
    journal = windows.drive / "users" / "root" / "AppData" / "Local" / "DeskPay" / "journal.sqlite"
    journal.parent.mkdir(parents=True)
    journal.write_text("money", encoding="utf-8")
    (program / "_internal" / "of the older version").touch()
    _done(windows, second, *SILENTLY)
    _require(_version(windows) == VERSIONS[1], "the registry tells the older version")
    _require(not (program / "_internal" / "of the older version").exists(), "something of the older program was left")
    _require(journal.exists() and policy.exists(), "the upgrade took the journal or the policy")
    yield f"upgraded to {VERSIONS[1]}: nothing of the older program is left, journal and policy are"
    remover = r"C:\Program Files\DeskPay\unins000.exe"
    _done(windows, remover, *SILENTLY)
    _require(not program.exists() and not _version(windows), "the removal left something")
    _require(journal.exists() and policy.exists(), "the removal took the journal or the policy")
    yield "removed: journal and policy are kept"
    _done(windows, second, *SILENTLY)
    _done(windows, remover, *SILENTLY, "/Journals=delete")
    _require(not journal.parent.exists(), "the journals were to go and stayed")
    yield "installed again and removed with the journals, as was said"


def _compiled(windows: Windows, version: str) -> None:
    told = {"Version": version, "Source": r"Z:\srv\windows\program", "Output": r"Z:\srv\windows"}
    _done(windows, r"compiler\ISCC.exe", "/Qp", *(f"/D{name}={value}" for name, value in told.items()), "deskpay.iss")


def _setup(version: str) -> str:
    return f"deskpay-{version}-windows-x64.exe"


def _version(windows: Windows) -> str:
    """Return the version that detection rules read, nothing where there is none."""
    _, said = windows.run("reg", "query", r"HKLM\Software\DeskPay", "/v", "Version", "/reg:64")
    told = re.search(r"Version +REG_SZ +(\S+)", said)
    return told[1] if told else ""


def _done(windows: Windows, *command: str) -> None:
    code, said = windows.run(*command)
    _require(code == 0, f"{command[0]} ended with {code}:\n{said}")


def _require(held: bool, otherwise: str) -> None:
    if not held:
        raise SmokeError(otherwise)


def _ready(compiler: Path) -> Windows:
    """Return a Windows that has the compiler, the script and a stand-in for DeskPay."""
    debian = Machine.base(workshop() / f"bare-{RELEASE}").copy(workshop() / "wine")
    debian.run("dpkg", "--add-architecture", "i386")
    apt(debian, "wine", "wine32:i386", "wine64", "xvfb", "xauth", "openssl", "osslsigncode")
    windows = Windows(debian)
    shutil.copytree(compiler, windows.place / "compiler")
    shutil.copyfile(ROOT / "packaging" / "windows" / "deskpay.iss", windows.place / "deskpay.iss")
    internal = windows.place / "program" / "_internal"
    internal.mkdir(parents=True)
    (internal / "library.dll").touch()
    for name in ("deskpay.exe", "deskpay-cli.exe"):
        (some,) = (debian.root / "usr" / "lib" / "x86_64-linux-gnu" / "wine").rglob("x86_64-windows/hostname.exe")
        shutil.copyfile(some, internal.parent / name)
    return windows


def main() -> int:
    """Try the script with the compiler named on the command line."""
    try:
        for sentence in prove(_ready(Path(sys.argv[1]))):
            print(sentence, flush=True)
    except SmokeError as problem:
        print(f"NOT proven: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
