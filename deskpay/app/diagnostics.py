"""The bundle for whoever helps: versions, health and Request-Ids, made of named things alone.

Nothing of a guest, a card or a token is put in: every part is written down here by name. Lines of failures lose every
number long enough to be a card's all the same.
"""

from __future__ import annotations

import json
import platform
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from deskpay import __version__
from deskpay.app.failures import kept_failures
from deskpay.domain.entry import without_long_numbers
from deskpay.domain.errors import JournalError
from deskpay.domain.intent import IntentRecord
from deskpay.settings import Settings

MOST_ACTS = 100
_LIBRARIES = ("pyside6-essentials", "qasync", "httpx2", "pydantic", "sqlalchemy", "keyring", "argon2-cffi")


def bundle(settings: Settings) -> str:
    """Return the whole bundle as text, as it is shown before it is saved. Blocks while journals are read."""
    policy = settings.policy
    told = {
        "made_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "deskpay": __version__,
        "released": bool(getattr(sys, "frozen", False)),
        "python": platform.python_version(),
        "system": platform.platform(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "settings": {
            "appearance": settings.appearance,
            "request_budget": settings.request_budget,
            "money_deadline_s": settings.money_deadline_s,
            "lock_after_min": settings.lock_after_min,
            "policy": policy.fingerprint,
            "shared_journal": bool(settings.journal_address),
            "fixed_by_policy": sorted(policy.settings),
        },
        "journals": [_journal(path) for path in sorted(settings.data_folder.rglob("*.sqlite"))],
        "failures": [without_long_numbers(line) for line in kept_failures(settings.data_folder)],
    }
    return json.dumps(told, indent=1)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not there"


def _journal(path: Path) -> dict[str, object]:
    from deskpay.journal.looking import look

    try:
        seen = look(path)
    except JournalError as problem:
        return {"environment": path.parent.name, "problem": type(problem).__name__}
    return {
        "environment": path.parent.name,
        "problem": None if seen.problem is None else type(seen.problem).__name__,
        "intents": len(seen.intents),
        "events": len(seen.events),
        "head": seen.told.get("head", ""),
        "acts": [_act(record) for record in seen.records[-MOST_ACTS:]],
    }


def _act(record: IntentRecord) -> dict[str, object]:
    """Return what helps to find an act in the property system's own logs; whose money and how much is not told."""
    return {
        "reference": record.intent.reference,
        "kind": record.intent.kind.value,
        "story": [
            [
                event.at_utc.isoformat(timespec="milliseconds"),
                event.state.value,
                event.evidence.value,
                event.request_id or "",
            ]
            for event in record.events
        ],
    }
