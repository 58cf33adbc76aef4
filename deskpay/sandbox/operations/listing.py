"""Filters shared by every ``getAll``: lists of values and half-open windows, all of which must hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from deskpay.sandbox.clock import utc_time
from deskpay.sandbox.errors import Rejected
from deskpay.sandbox.hotel.tables import Passes, Table, Windows

Row = dict[str, Any]

ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filters:
    """How request fields select rows.

    Args:
        values: Request field to row field: the row's value is among those asked for (or is the one asked for).
        windows: Request field to row field: the row's time lies in the window.
        collides: The row's first and last moment, where ``CollidingUtc`` may be asked for: it tells which rows cannot
            collide; whether one does, both ends included, the operation decides.
        needs: At least one of these request fields must be given; empty when nothing is mandatory.
    """

    values: Mapping[str, str]
    windows: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    collides: tuple[str, str] | None = None

    def select(self, rows: Iterable[Row], body: Mapping[str, Any], also: Passes | None = None) -> Iterable[Row]:
        """The rows that pass every filter `body` gives.

        Args:
            rows: Where to look; of a table, rows are built only as they are read.
            body: The request.
            also: What else they must pass, or None.

        Raises:
            Rejected: 400 when none of the mandatory filters is there.
        """
        if self.needs and not any(body.get(name) is not None for name in self.needs):
            raise Rejected(400, f"Invalid filter: at least one of {', '.join(sorted(self.needs))} is required.")
        wanted = {key: _wanted(body[name]) for name, key in self.values.items() if body.get(name) is not None}
        windows = {key: bounds(body[name]) for name, key in self.windows.items() if body.get(name) is not None}

        def passes(row: Row) -> bool:
            return (
                all(row.get(key) in values for key, values in wanted.items())
                and all(row.get(key) and inside(utc_time(row[key]), *window) for key, window in windows.items())
                and (also is None or also(row))
            )

        if isinstance(rows, Table):
            return rows.select(wanted, {**windows, **self._colliding(body, windows)}, passes)
        return [row for row in rows if passes(row)]

    def _colliding(self, body: Mapping[str, Any], windows: Windows) -> Windows:
        if self.collides is None or body.get("CollidingUtc") is None:
            return {}
        begins, ends = self.collides
        start, end = bounds(body["CollidingUtc"])
        earliest, before = windows.get(begins, (ALWAYS[0], end))
        after, latest = windows.get(ends, (start, ALWAYS[1]))
        return {begins: (earliest, min(before, end)), ends: (max(after, start), latest)}


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
