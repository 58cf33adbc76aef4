"""Filters shared by every ``getAll``: lists of values and half-open windows, all of which must hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deskpay.sandbox.clock import utc_time
from deskpay.sandbox.errors import Rejected

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filters:
    """How request fields select rows.

    Args:
        values: Request field to row field: the row's value is among those asked for (or is the one asked for).
        windows: Request field to row field: the row's time lies in the window.
        needs: At least one of these request fields must be given; empty when nothing is mandatory.
    """

    values: Mapping[str, str]
    windows: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()

    def select(self, rows: Iterable[Row], body: Mapping[str, Any]) -> list[Row]:
        """The rows that pass every filter `body` gives.

        Raises:
            Rejected: 400 when none of the mandatory filters is there.
        """
        if self.needs and not any(body.get(name) is not None for name in self.needs):
            raise Rejected(400, f"Invalid filter: at least one of {', '.join(sorted(self.needs))} is required.")
        selected = list(rows)
        for name, key in self.values.items():
            if body.get(name) is not None:
                wanted = _wanted(body[name])
                selected = [row for row in selected if row.get(key) in wanted]
        for name, key in self.windows.items():
            if body.get(name) is not None:
                start, end = bounds(body[name])
                selected = [row for row in selected if row.get(key) and inside(utc_time(row[key]), start, end)]
        return selected


def bounds(interval: Mapping[str, str]) -> tuple[datetime, datetime]:
    """Both ends of a validated time interval."""
    return utc_time(interval["StartUtc"]), utc_time(interval["EndUtc"])


def inside(moment: datetime, start: datetime, end: datetime) -> bool:
    """Whether ``start <= moment < end``; equal ends ask for exactly that moment."""
    return start <= moment < end or start == moment == end


def _wanted(asked: Any) -> frozenset[Any]:
    values = asked if isinstance(asked, list) else [asked]
    # Ids may be spelled in upper case; every other value is matched as it is, in both spellings harmlessly.
    return frozenset(values) | {value.lower() for value in values if isinstance(value, str)}


def activity(body: Mapping[str, Any]) -> frozenset[bool]:
    """The values of ``IsActive`` that ``ActivityStates`` asks for; active rows when it is left out."""
    states = body.get("ActivityStates") or ["Active"]
    return frozenset(state == "Active" for state in states)
