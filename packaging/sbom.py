"""The bill of materials: every library that is shipped, with the hashes it was locked by, as CycloneDX."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from closure import locked
from release import ROOT, Release, release


def sbom(made: Release, out: Path) -> Path:
    """Write the bill of the libraries that `made` ships.

    Raises:
        subprocess.CalledProcessError: the tool finds it no valid CycloneDX.
    """
    file = out / f"{made.name}-{made.version}.cdx.json"
    command = ["-m", "cyclonedx_py", "requirements", "--pyproject", str(ROOT / "pyproject.toml"), "--validate"]
    form = ["--output-reproducible", "--output-format", "JSON", "--output-file", str(file), "-"]
    subprocess.run([sys.executable, *command, *form], input=locked(), text=True, check=True, stderr=subprocess.DEVNULL)
    return file


if __name__ == "__main__":
    (ROOT / "dist").mkdir(exist_ok=True)
    print(sbom(release(), ROOT / "dist"))
