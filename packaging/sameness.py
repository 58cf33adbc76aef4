"""Whether two makings of one release came out the same, and where they did not, in what."""

from __future__ import annotations

import hashlib
import io
import subprocess
import tarfile
from pathlib import Path


def differences(first: Path, second: Path) -> list[str]:
    """Return what differs between the files of two folders, one line each; of archives, every member that does."""
    ours, theirs = ({file.name: file for file in folder.iterdir()} for folder in (first, second))
    lines = [f"{name} was made once only" for name in sorted(ours.keys() ^ theirs.keys())]
    for name in sorted(ours.keys() & theirs.keys()):
        if digest(ours[name]) != digest(theirs[name]):
            before, after = _members(ours[name]), _members(theirs[name])
            members = sorted(
                member for member in before.keys() | after.keys() if before.get(member) != after.get(member)
            )
            lines += [f"{name}: {member}" for member in members] or [f"{name}: only in how it is packed"]
    return lines


def digest(file: Path) -> str:
    """Return the SHA-256 of `file`, in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _members(file: Path) -> dict[str, str]:
    """Return what tells the members of an archive apart, by name; any other file is its own only member."""
    if file.name.endswith(".tar.xz"):
        with tarfile.open(file) as archive:
            return _listed(archive)
    if file.suffix == ".deb":
        found = dict[str, str]()
        for part in ("--ctrl-tarfile", "--fsys-tarfile"):
            unpacked = subprocess.run(["dpkg-deb", part, str(file)], stdout=subprocess.PIPE, check=True).stdout
            with tarfile.open(fileobj=io.BytesIO(unpacked)) as archive:
                found |= {f"{part[2:6]} {name}": told for name, told in _listed(archive).items()}
        return found
    return {"its content": digest(file)}


def _listed(archive: tarfile.TarFile) -> dict[str, str]:
    found = dict[str, str]()
    for member in archive:
        content = archive.extractfile(member) if member.isfile() else None
        told = hashlib.sha256(content.read()).hexdigest() if content else member.linkname
        found[member.name] = f"{member.mode:o} {member.uid}:{member.gid} {member.mtime} {told}"
    return found
