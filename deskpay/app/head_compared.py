"""A journal beside a head of it that was kept elsewhere: whether anything was cut off or changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deskpay.domain.errors import HeadNotKept

if TYPE_CHECKING:
    from deskpay.domain.head import JournalHead
    from deskpay.journal.looking import Look
    from deskpay.journal.server import Place


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found.

    Args:
        file: the head's.
        wrong: what is missing or changed; empty where all is there.
    """

    file: str
    wrong: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """It in words."""
        if not self.wrong:
            return f"{self.file}: all that was on record then still is, unchanged."
        return f"{self.file}: NOT all there: {'; '.join(self.wrong)}. Keep everything as it is and ask who was there."

    def as_json(self) -> dict[str, object]:
        """It for scripts."""
        return {"file": self.file, "ok": not self.wrong, "wrong": list(self.wrong)}


def compared(file: Path, journals: Sequence[tuple[Path | Place, Look]]) -> Compared:
    """Compare the journal that a head is of with that head.

    Args:
        file: the head's.
        journals: those that can be read.
    """
    from deskpay.journal.heads import intents_since, read_head

    try:
        head = read_head(file)
    except HeadNotKept as problem:
        return Compared(str(file), (problem.detail,))
    for path, look in journals:
        if look.told.get("journal_id") == head.journal_id:
            found = (intents_since(head, look.events), _security(head, path))
            return Compared(str(file), tuple(wrong for wrong in found if wrong))
    return Compared(str(file), ("its journal is not among those that can be read here",))


def _security(head: JournalHead, path: Path | Place) -> str:
    """Compare the security events of the desk that kept the head; they lie beside a journal in a file alone."""
    from deskpay.journal.heads import security_since

    if not isinstance(path, Path):
        return ""
    try:
        record = path.with_suffix(".security").read_text(encoding="utf-8")
    except FileNotFoundError:
        record = ""
    except (OSError, ValueError):
        return "the record of security events cannot be read"
    return security_since(head, record)
