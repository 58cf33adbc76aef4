"""Archives and sums that come out the same whenever they are made from the same files."""

from __future__ import annotations

import subprocess
from pathlib import Path

from release import Release
from sameness import digest


def tarball(folder: Path, made: Release, out: Path) -> Path:
    """Pack `folder` as a tree of its own: for Linux without Debian's packages."""
    file = out / f"{made.name}-{made.version}-linux-x86_64.tar.xz"
    order = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"--mtime=@{made.epoch}", "--format=gnu"]
    # One thread a core changes where xz begins a block, so the blocks are given their size.
    packer = "--use-compress-program=xz -1 --threads=2 --block-size=16MiB"
    name = f"--transform=s,^{folder.name},{made.name}-{made.version},"
    subprocess.run(["tar", *order, packer, name, "-cf", str(file), "-C", str(folder.parent), folder.name], check=True)
    return file


def sums(files: list[Path], out: Path) -> Path:
    """Write the SHA-256 of every file, as `sha256sum --check` reads it."""
    listed = out / "SHA256SUMS"
    lines = [f"{digest(file)}  {file.name}\n" for file in sorted(files)]
    listed.write_text("".join(lines), encoding="utf-8", newline="\n")
    return listed
