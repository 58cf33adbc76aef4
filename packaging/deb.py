"""The Debian package: the frozen program under /opt, what is the distribution's left to the distribution."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from icons import SIZES
from release import ROOT, Release

LINUX = ROOT / "packaging" / "linux"
TOOLS = ("dpkg-deb", "dpkg-shlibdeps")

BUNDLED = ("libpython", "libmpdec")
"""Libraries that stay with the program though this distribution has them: the next one has only a newer kind."""

FONT = "fonts-dejavu-core | fonts-liberation | fonts-liberation2 | fonts-noto-core"
"""Without any font the web engine shows pages without letters."""


def can_be_made() -> bool:
    """Tell whether this machine has what makes Debian packages."""
    return all(map(shutil.which, TOOLS))


def deb(frozen: Path, icons: Path, made: Release, out: Path, version: str | None = None, level: int = 1) -> Path:
    """Build the package of `frozen` into `out`.

    Args:
        frozen: the frozen program.
        icons: where the drawn icons lie.
        made: the release.
        out: where to.
        version: another version than the release's, to try an upgrade with.
        level: of the compression by xz; more than the least takes minutes for some per cent.
    """
    version = version or made.version
    tree = out.parent / "build" / f"deb-{version}"
    shutil.rmtree(tree, ignore_errors=True)
    program = tree / "opt" / made.name
    shutil.copytree(frozen, program, symlinks=True)
    _leave_to_the_distribution(program / "_internal")
    _lay(tree, icons, made, version)
    control = tree / "DEBIAN"
    control.mkdir()
    for script in ("preinst", "postinst", "postrm"):
        shutil.copyfile(LINUX / script, control / script)
        (control / script).chmod(0o755)
    size = sum(file.lstat().st_size for file in tree.rglob("*") if not file.is_dir()) // 1024
    (control / "control").write_text(_control(made, version, size, _depends(program)), encoding="utf-8")
    for file in (tree, *tree.rglob("*")):
        if file.is_dir():
            file.chmod(0o755)
        os.utime(file, (made.epoch, made.epoch), follow_symlinks=False)
    package = out / f"{made.name}_{version}_amd64.deb"
    # The number of threads decides where xz begins a block, and so the bytes.
    form = ["--root-owner-group", "-Zxz", f"-z{level}", "--threads-max=2"]
    command = ["dpkg-deb", *form, "--build", str(tree), str(package)]
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SOURCE_DATE_EPOCH": str(made.epoch)}
    )
    return package


def installed_bytes(package: Path) -> int:
    """Return what the package takes where it is installed, as it tells itself."""
    told = subprocess.run(["dpkg-deb", "-f", str(package), "Installed-Size"], stdout=subprocess.PIPE, check=True)
    return int(told.stdout) * 1024


def _leave_to_the_distribution(internal: Path) -> None:
    """Take out every library that a package of this distribution has: its security fixes come from there."""
    for file in internal.glob("*.so*"):
        if file.name.startswith(BUNDLED):
            continue
        owner = subprocess.run(["dpkg-query", "--search", f"*/{file.name}"], capture_output=True, check=False)
        if owner.returncode == 0:
            file.unlink()


def _lay(tree: Path, icons: Path, made: Release, version: str) -> None:
    """Lay the files around the program into `tree`."""
    words = {"VERSION": version, "DATE": made.date, "SUMMARY": made.summary}
    share = tree / "usr" / "share"
    plain = {
        f"opt/{made.name}/apparmor": "apparmor",
        "usr/share/applications/deskpay.desktop": "deskpay.desktop",
        "usr/share/metainfo/app.deskpay.DeskPay.metainfo.xml": "app.deskpay.DeskPay.metainfo.xml.in",
        "usr/share/doc/deskpay/copyright": "copyright",
        "usr/share/doc/deskpay/examples/policy.toml": "policy.toml",
        "usr/share/lintian/overrides/deskpay": "lintian-overrides",
    }
    for target, source in plain.items():
        _write(tree / target, _filled((LINUX / source).read_text(encoding="utf-8"), words).encode())
    _write(share / "doc/deskpay/README.md", (ROOT / "packaging" / "README.md").read_bytes())
    changes = (
        f"{made.name} ({version}) stable; urgency=medium\n\n  * See README.md.\n\n -- {MAINTAINER}  {made.mail_date}\n"
    )
    _write(share / "doc/deskpay/changelog.gz", gzip.compress(changes.encode(), 9, mtime=0))
    manual = _filled((LINUX / "deskpay.1.in").read_text(encoding="utf-8"), words).encode()
    _write(share / "man/man1/deskpay.1.gz", gzip.compress(manual, 9, mtime=0))
    for size in SIZES:
        icon = share / f"icons/hicolor/{size}x{size}/apps/deskpay.png"
        _write(icon, (icons / f"{made.name}-{size}.png").read_bytes())
    _write(share / "icons/hicolor/scalable/apps/deskpay.svg", (ROOT / "resources" / "deskpay.svg").read_bytes())
    # Where the policy goes. It is shipped empty: a policy is the hotel's, and no upgrade may ask about it.
    (tree / "etc" / "deskpay").mkdir(parents=True)
    command = tree / "usr" / "bin" / "deskpay"
    command.parent.mkdir(parents=True)
    command.symlink_to("/opt/deskpay/deskpay")


MAINTAINER = "The DeskPay project <packages@deskpay.app>"


def _control(made: Release, version: str, size_kib: int, depends: str) -> str:
    return f"""\
Package: {made.name}
Version: {version}
Architecture: amd64
Maintainer: {MAINTAINER}
Installed-Size: {size_kib}
Section: misc
Priority: optional
Depends: {depends}, ca-certificates, tzdata, {FONT}
Recommends: gnome-keyring | kwalletmanager
Homepage: https://deskpay.app
Description: front-desk payments for hotels on the Mews property system
 Find the guest, see the saved cards and what is owed, take the money, write
 down what was taken elsewhere, give it back. Every act is written to a journal
 on this computer before it is sent, sent once, and looked up afterwards.
"""


def _depends(program: Path) -> str:
    """Return the packages of the libraries that the program links to, as Debian's own tool finds them."""
    work = program.parents[2] / "shlibdeps"
    shutil.rmtree(work, ignore_errors=True)
    (work / "debian").mkdir(parents=True)
    (work / "debian" / "control").write_text("Source: deskpay\n\nPackage: deskpay\nArchitecture: amd64\n", "utf-8")
    code = [file for file in program.rglob("*") if file.is_file() and not file.is_symlink() and _is_elf(file)]
    private = sorted({f"-l{file.parent}" for file in code})
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", *private, *(f"-e{file}" for file in sorted(code))]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError("\n".join(line for line in done.stderr.splitlines() if " error: " in line))
    (line,) = done.stdout.splitlines()
    return line.removeprefix("shlibs:Depends=")


def _is_elf(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"@([A-Z]+)@", lambda mark: words[mark[1]], text)


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    target.chmod(0o644)
