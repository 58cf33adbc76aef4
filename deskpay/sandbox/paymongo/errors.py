"""Refusals in PayMongo's form. Source: PayMongo, "Errors"."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One of the things that are wrong with a request.

    Args:
        code: For programs.
        detail: For people.
        pointer: Path of the attribute, dotted.
        sub_code: Why a card was declined.
    """

    code: str
    detail: str | None
    pointer: str = ""
    sub_code: str = ""

    def as_json(self) -> dict[str, Any]:
        """The member of ``errors``."""
        body: dict[str, Any] = {"code": self.code, "detail": self.detail}
        if self.sub_code:
            body["sub_code"] = self.sub_code
        if self.pointer:
            source = {"pointer": self.pointer}
            if self.detail is not None:  # the newer style of customers names no attribute
                source["attribute"] = self.pointer.rpartition(".")[2]
            body["source"] = source
        return body


class Refused(Exception):
    """The request is answered with an error.

    Args:
        status: HTTP status.
        problems: All that is wrong, at least one.
        checked: False when the request failed validation, so that its idempotency key stays unused.
    """

    def __init__(self, status: int, *problems: Problem, checked: bool = True) -> None:
        super().__init__(status, problems)
        self.status = status
        self.problems = problems
        self.checked = checked

    def as_json(self) -> dict[str, Any]:
        """The body."""
        return {"errors": [problem.as_json() for problem in self.problems]}


def unauthorized() -> Refused:
    """A missing, wrong or insufficient key. What PayMongo answers besides the status is not documented."""
    return Refused(401, Problem("authentication_invalid", "The API key is missing or may not do this."), checked=False)


def not_found(kind: str, object_id: str) -> Refused:
    """No such object of this merchant and mode."""
    return Refused(404, Problem("resource_not_found", f"No such {kind} with id {object_id}."))


def state(code: str, intent_id: str, words: str) -> Refused:
    """An intent that is past the asked step."""
    return Refused(400, Problem(code, f"Payment intent with id {intent_id} has already {words}."))
