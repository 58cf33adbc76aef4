"""Trouble on demand, per operation.

| fault | effect done? | what the client sees |
|---|---|---|
| drop_before | no | connection closed without an answer |
| drop_after | yes | connection closed without an answer |
| delay | yes, after ``seconds``, even if the client has gone | a late answer |
| drip | yes | the answer, one byte every ``seconds`` |
| status_before | no | ``status`` with an error body |
| status_after | yes | ``status`` with an error body |
| garbage | no | 200 with a body that is no JSON |
| garbage_after | yes | 200 with a body that is no JSON |
| html | no | 502 with a page of HTML, as a proxy answers |
| too_many | no | 429, with ``Retry-After`` only if ``retry_after`` is given |
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

KINDS = frozenset(
    {
        "drop_before",
        "drop_after",
        "delay",
        "drip",
        "status_before",
        "status_after",
        "garbage",
        "garbage_after",
        "html",
        "too_many",
    }
)
EVERY_OPERATION = "*"
_HTTP_ERRORS = range(400, 600)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble.

    Args:
        operation: ``resource/action`` or ``*``.
        fault: One of `KINDS`.
        times: How often; None for ever.
        seconds: Of delay, or between two bytes of a drip.
        status: For the two status faults.
        retry_after: Seconds for the header of ``too_many``; None leaves the header out.
    """

    operation: str
    fault: str
    times: int | None = None
    seconds: float = 1.0
    status: int = 500
    retry_after: float | None = None


class Faults:
    """The faults in force; for one request the first that matches is used."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put `fault` in force, behind the others."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Lift every fault."""
        self._faults.clear()

    def as_json(self) -> list[dict[str, Any]]:
        """Those in force, as `from_json` takes them."""
        return [asdict(fault) for fault in self._faults]

    def take(self, operation: str) -> Fault | None:
        """The fault this request of `operation` meets, counted off."""
        for index, fault in enumerate(self._faults):
            if fault.operation in {operation, EVERY_OPERATION}:
                if fault.times is not None:
                    left = replace(fault, times=fault.times - 1)
                    self._faults[index : index + 1] = [left] if left.times else []
                return fault
        return None


def from_json(value: Mapping[str, Any], operations: Iterable[str]) -> Fault:
    """Read a fault as the control API takes it.

    Raises:
        ValueError: with the reason, for anything that is no fault.
    """
    unknown = set(value) - {"operation", "fault", "times", "seconds", "status", "retry_after"}
    if unknown:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
    operation, kind = value.get("operation"), value.get("fault")
    if operation != EVERY_OPERATION and operation not in set(operations):
        raise ValueError(f"unknown operation: {operation}")
    if kind not in KINDS:
        raise ValueError(f"unknown fault: {kind}")
    times, status = value.get("times"), value.get("status", 500)
    if times is not None and (not _is_number(times) or times != int(times) or times < 1):
        raise ValueError("times is a whole number from 1, or null")
    seconds, retry_after = value.get("seconds", 1), value.get("retry_after")
    if not _is_number(seconds) or seconds < 0:
        raise ValueError("seconds is a number from 0")
    if retry_after is not None and (not _is_number(retry_after) or retry_after < 0):
        raise ValueError("retry_after is a number from 0, or null")
    if status not in _HTTP_ERRORS:
        raise ValueError("status is between 400 and 599")
    return Fault(str(operation), str(kind), times, float(seconds), status, retry_after)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def from_spec(spec: str, operations: Iterable[str]) -> list[Fault]:
    """Read ``operation=fault[:value][*times]`` entries separated by ``;``, as the command line takes them.

    ``value`` is the status of the two status faults, the seconds of delay and drip, the ``Retry-After`` of too_many.

    Raises:
        ValueError: with the reason.
    """
    known = tuple(operations)
    faults = []
    for entry in filter(None, (part.strip() for part in spec.split(";"))):
        operation, separator, rest = entry.partition("=")
        if not separator:
            raise ValueError(f"expected operation=fault: {entry}")
        rest, _, times = rest.partition("*")
        kind, _, setting = rest.partition(":")
        value: dict[str, Any] = {"operation": operation, "fault": kind}
        if times:
            value["times"] = int(times)
        if setting:
            key = {"delay": "seconds", "drip": "seconds", "too_many": "retry_after"}.get(kind, "status")
            value[key] = float(setting) if key == "seconds" else int(setting)
        faults.append(from_json(value, known))
    return faults
