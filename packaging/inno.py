"""Make the Windows installer from a frozen program: `python packaging/inno.py`, on Windows with Inno Setup 6.

Signing is somebody else's step before and after this one; without a certificate the installer says so by its name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from release import DIST, ROOT, release

COMPILERS = ("ISCC.exe", r"C:\Program Files (x86)\Inno Setup 6\ISCC.exe")


def main() -> int:
    """Compile the installer; return 1 where the compiler is missing."""
    made = release()
    compiler = next((found for name in COMPILERS if (found := shutil.which(name))), None)
    if compiler is None:
        print("Inno Setup 6 is not installed", file=sys.stderr)
        return 1
    DIST.mkdir(exist_ok=True)
    told = {
        "Version": made.version,
        "Source": str(ROOT / "build" / "frozen" / made.name),
        "Output": str(DIST),
        "Icon": str(ROOT / "build" / "icons" / f"{made.name}.ico"),
    }
    if "DESKPAY_SIGNTOOL" in os.environ:
        told["SignTool"] = os.environ["DESKPAY_SIGNTOOL"]
    defines = [f"/D{name}={value}" for name, value in told.items()]
    subprocess.run([compiler, "/Qp", *defines, str(ROOT / "packaging" / "windows" / "deskpay.iss")], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
