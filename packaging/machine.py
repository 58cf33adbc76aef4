"""A bare Debian in a folder: made from the distribution's own packages, and entered as if it were the machine.

A chroot is not enough, for the web engine's sandbox makes a user namespace and the kernel allows none inside a chroot:
the folder becomes the root of a mount namespace of its own instead, which goes away with the last process in it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

RELEASE = "bookworm"
"""The oldest Debian that Qt's wheels run on (glibc 2.34): what is built there runs on everything newer."""

CLERK_UID = 1000
HOME = "/srv/clerk"

_ENTER = """
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
cd "$1"
shift
pivot_root . .
umount -l .
cd /
exec "$@"
"""

_NETWORK = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
"""How this machine reaches its package archives; the bare one reaches them the same way."""


def can_be_made() -> bool:
    """Tell whether this machine can make a bare one: Debian, root, and `debootstrap`."""
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("debootstrap") is not None


class Machine:
    """A bare machine.

    Args:
        root: the folder that it lives in.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def base(cls, root: Path) -> Machine:
        """Return the one that others are copied from, made if it is not there: Debian's smallest set of packages."""
        if not root.exists():
            unfinished = root.with_suffix(".part")
            shutil.rmtree(unfinished, ignore_errors=True)
            command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", RELEASE, str(unfinished)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=900)
            for file in map(Path, _NETWORK):
                if file.exists():
                    shutil.copyfile(file, unfinished / file.relative_to("/"))
            unfinished.rename(root)
        return cls(root)

    def copy(self, root: Path) -> Machine:
        """Return a fresh copy in the folder `root`, in place of what was there."""
        if root.exists():
            shutil.rmtree(root)
        subprocess.run(["cp", "-a", "--reflink=auto", str(self.root), str(root)], check=True, timeout=300)
        twin = Machine(root)
        twin.run("useradd", "--create-home", "--home-dir", HOME, "--uid", str(CLERK_UID), "clerk")
        return twin

    def run(self, *command: str, clerk: bool = False, check: bool = True, **variables: str) -> str:
        """Run a command in the machine and return what it printed.

        Args:
            command: program and arguments.
            clerk: as an ordinary user instead of root.
            check: False lets it fail.
            variables: of its environment, beside the plainest.

        Raises:
            subprocess.CalledProcessError: it failed.
        """
        done = subprocess.run(
            self._entered(command, clerk=clerk, variables=variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=1800,
            check=False,
        )
        if check and done.returncode != 0:
            print(done.stdout)
            raise subprocess.CalledProcessError(done.returncode, command)
        return done.stdout

    def start(self, *command: str, **variables: str) -> subprocess.Popen[str]:
        """Start a command as an ordinary user; it ends with its input, its output can be read."""
        return subprocess.Popen(
            self._entered(command, clerk=True, variables=variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def kill(self, started: subprocess.Popen[str]) -> None:
        """End what `start` started as a power cut would. Its first process is the last of its world: all go with it."""
        children = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text(encoding="ascii").split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        started.wait(60)

    def files(self) -> set[str]:
        """Return every file, link and folder of the machine outside of what is made anew at each start."""
        found = set[str]()
        for folder, below, names in os.walk(self.root):
            inside = Path(folder).relative_to(self.root)
            below[:] = [
                name for name in below if (inside / name).as_posix() not in {"proc", "dev", "sys", "tmp", "run"}
            ]
            found |= {f"/{(inside / name).as_posix()}" for name in (*names, *below)}
        return found

    def _entered(self, command: Sequence[str], *, clerk: bool, variables: Mapping[str, str]) -> list[str]:
        home = HOME if clerk else "/root"
        plain = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "LANG": "C.UTF-8", "TERM": "dumb"}
        plain |= {"DEBIAN_FRONTEND": "noninteractive", **variables}
        environment = ["/usr/bin/env", "-i", *(f"{name}={value}" for name, value in plain.items())]
        user = ["/usr/bin/setpriv", "--reuid=clerk", "--regid=clerk", "--init-groups"] if clerk else []
        namespace = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", _ENTER, "sh"]
        return [*namespace, str(self.root), *environment, *user, *command]


def apt(machine: Machine, *packages: str, **variables: str) -> None:
    """Install packages from the archive, or from a `.deb` by its absolute path."""
    machine.run("apt-get", "-qq", "update")
    machine.run(
        "apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages, clerk=False, check=True, **variables
    )


def workshop() -> Path:
    """Return the folder where machines are made: not in the source, whose every file is somebody's to look at."""
    there = Path(os.environ.get("DESKPAY_WORKSHOP", Path(tempfile.gettempdir()) / "deskpay-workshop"))
    there.mkdir(parents=True, exist_ok=True)
    return there
