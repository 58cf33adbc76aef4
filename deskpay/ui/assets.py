"""The one door to files that ship with the program, in a checkout, an installed wheel or a frozen build."""

from __future__ import annotations

import sys
from pathlib import Path


def _root() -> Path:
    """Return the folder of resources.

    A frozen build unpacks it as `resources` beside the program, a wheel carries it as `deskpay/_resources`,
    and a checkout has it as `resources` at its root.
    """
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parents[1]
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"


def resource_path(*parts: str) -> Path:
    """Return the path of a bundled file.

    Args:
        parts: its folders and name below the resources' root, for example `"icons", "check.svg"`.

    Raises:
        FileNotFoundError: the build lacks it, which is a fault of the build.
    """
    path = _root().joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"the build lacks the resource {'/'.join(parts)}")
    return path


def read_resource(*parts: str) -> str:
    """Return the text of a bundled UTF-8 file.

    Raises:
        FileNotFoundError: the build lacks it.
    """
    return resource_path(*parts).read_text(encoding="utf-8")
