"""Vulture over the package: what is defined in `deskpay` and used nowhere in `deskpay`. Tests do not count as a use.

Run as `python -m tests.kit.dead_code`. It is not vulture's own command line, because that one also reports every
parameter that an overridden method must take and every field that only a wire or a table reads; ruff's ARG and F rules
look after parameters and variables.
"""

import sys
from pathlib import Path

from vulture import Vulture

from tests.kit.source import ROOT

KINDS = {"class", "function", "import", "method", "property", "unreachable_code"}
CALLED_FROM_OUTSIDE = ["@override", "@field_validator", "@model_validator", "@field_serializer", "@event.listens_for"]
"""Marks of what Qt, pydantic and SQLAlchemy call."""

AHEAD_OF_ITS_SCREEN = {
    *("bookable_services", "disable_card", "sweep"),
    "payments_since",
}
"""What can be done before a screen asks for it: the contract is played whole, and a lost journal can be made up for."""


def dead_code(package: Path) -> list[str]:
    """Each finding in the folder `package`, as `path:line: unused kind name` with the path from the folder's parent."""
    vulture = Vulture(ignore_decorators=CALLED_FROM_OUTSIDE)
    vulture.scavenge([str(package)])
    return [
        f"{item.filename.relative_to(package.parent).as_posix()}:{item.first_lineno}: unused {item.typ} {item.name}"
        for item in vulture.get_unused_code()
        if item.typ in KINDS and item.name not in AHEAD_OF_ITS_SCREEN
    ]


if __name__ == "__main__":
    sys.exit("\n".join(dead_code(ROOT / "deskpay")) or 0)
