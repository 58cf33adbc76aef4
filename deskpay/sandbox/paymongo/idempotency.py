"""The first answer to a key, again for a day. Source: PayMongo, "Idempotent requests"."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deskpay.sandbox.paymongo.errors import Problem, Refused

Json = dict[str, Any]

_KEPT_S = 24 * 3_600
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class _First:
    parameters: str
    status: int
    body: Json
    at: int


class Answers:
    """What was answered to whom."""

    def __init__(self) -> None:
        self._firsts: dict[tuple[str, str], _First] = {}

    def once(self, key: str, path: str, body: bytes, now: int, act: Callable[[], Json]) -> tuple[int, Json]:
        """Answer as the first time, or act and keep the answer, refusals included.

        Args:
            key: As sent; empty for none.
            path: Asked for.
            body: As sent; kept as a digest only.
            now: Unix seconds.
            act: Carries the request out.

        Raises:
            Refused: 400 for a key used with other parameters; or what `act` raises before it could begin.
        """
        if not key:
            return 200, act()
        if len(key) > _LONGEST:
            raise Refused(400, Problem("parameter_invalid", "Idempotency-Key is too long."), checked=False)
        parameters = hashlib.sha256(body).hexdigest()
        first = self._firsts.get((key, path))
        if first is not None and now < first.at + _KEPT_S:
            if first.parameters != parameters:
                # That it is refused is documented; with which code is not.
                words = "The Idempotency-Key was used with other parameters."
                raise Refused(400, Problem("parameter_invalid", words), checked=False)
            return first.status, first.body
        try:
            status, answer = 200, act()
        except Refused as refused:
            if not refused.checked:
                raise
            status, answer = refused.status, refused.as_json()
        self._firsts[key, path] = _First(parameters, status, answer, now)
        return status, answer
