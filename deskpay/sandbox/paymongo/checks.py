"""Checks of attributes, all problems in one answer, in the recorded words."""

from collections.abc import Sequence
from typing import Any

from deskpay.sandbox.paymongo.errors import Problem, Refused

Json = dict[str, Any]

_MISSING = object()


class Checks:
    """Collects what is wrong with the attributes of one request.

    Args:
        attributes: As sent.
    """

    def __init__(self, attributes: Json) -> None:
        self._attributes = attributes
        self._problems: list[Problem] = []

    def _value(self, pointer: str) -> object:
        value: object = self._attributes
        for name in pointer.split("."):
            value = value.get(name, _MISSING) if isinstance(value, dict) else _MISSING
        return _MISSING if value is None else value

    def _add(self, code: str, detail: str, pointer: str) -> None:
        self._problems.append(Problem(code, detail, pointer))

    def given(self, *pointers: str) -> None:
        """Require attributes to be there."""
        for pointer in pointers:
            if self._value(pointer) is _MISSING:
                self._add("parameter_required", f"{pointer} is required.", pointer)

    def whole(self, pointer: str, least: int, most: int) -> None:
        """Require a whole number between two bounds, if there is a value at all."""
        value = self._value(pointer)
        if value is _MISSING:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            self._add("parameter_data_type_invalid", f"{pointer} should be an integer.", pointer)
        elif value < least:
            self._add("parameter_below_minimum", f"The value for {pointer} cannot be less than {least}.", pointer)
        elif value > most:
            self._add("parameter_above_maximum", f"The value for {pointer} cannot be more than {most}.", pointer)

    def text(self, pointer: str, longest: int) -> None:
        """Require a text, if there is a value at all."""
        value = self._value(pointer)
        if value is _MISSING:
            return
        if not isinstance(value, str):
            self._add("parameter_data_type_invalid", f"{pointer} should be a string.", pointer)
        elif len(value) > longest:
            self._add("parameter_above_maximum", f"{pointer} is too long.", pointer)

    def one_of(self, pointer: str, *words: str) -> None:
        """Require one of some words, if there is a value at all."""
        value = self._value(pointer)
        if value is not _MISSING and value not in words:
            self._add("parameter_invalid", f"The value for {pointer} must be one of {', '.join(words)}.", pointer)

    def words(self, pointer: str, allowed: Sequence[str]) -> None:
        """Require a list of known words, not empty, if there is a value at all."""
        value = self._value(pointer)
        if value is _MISSING:
            return
        if not isinstance(value, list) or not value or any(word not in allowed for word in value):
            self._add("parameter_invalid", f"The value for {pointer} is invalid.", pointer)

    def flat(self, pointer: str) -> None:
        """Require an object of plain values, if there is a value at all."""
        value = self._value(pointer)
        if value is _MISSING:
            return
        if not isinstance(value, dict) or any(isinstance(part, dict | list) for part in value.values()):
            self._add("parameter_data_type_invalid", f"{pointer} should be a flat object.", pointer)

    def done(self, status: int = 400) -> None:
        """Refuse the request when anything is wrong.

        Raises:
            Refused: with everything that is.
        """
        if self._problems:
            raise Refused(status, *self._problems, checked=False)
