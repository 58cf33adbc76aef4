"""Every request, field by field, against the published tables.

One generic walk over `deskpay.sandbox.contract`: closed objects, required fields, types, formats, enums, list
limits and windows. The first offence is answered with a 400 that names the field.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import MAXYEAR, UTC, date, datetime
from decimal import Decimal
from typing import Any

from deskpay.sandbox.clock import utc_time
from deskpay.sandbox.contract import Field, Table, contract
from deskpay.sandbox.errors import Rejected, invalid

INTERVAL = "object:_objects.md#time-interval"
DAYS = "object:_objects.md#date-interval"
UPDATE_VALUE = "object:_objects.md#string-update-value"
LIMITATION = "object:pagination.md#limitation"
MAX_PAGE = 1000

# Every request may carry both or neither (guidelines, "Requests"); the tables list neither.
_LOCALIZATION = ("LanguageCode", "CultureCode")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,7})?(Z|\+00:00)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_CURRENCY = re.compile(r"[A-Z]{3}")


def validate(operation: str, body: Mapping[str, Any]) -> None:
    """Accept `body` as a request of `operation`.

    Raises:
        Rejected: 400 naming the first field that breaks its table.
    """
    for name in _LOCALIZATION:
        if name in body and not (isinstance(body[name], str) and _LANGUAGE.fullmatch(body[name])):
            raise invalid(name)
    given = [name for name in _LOCALIZATION if name in body]
    if len(given) == 1:
        missing = next(name for name in _LOCALIZATION if name not in body)
        raise invalid(missing)
    _walk(
        {name: value for name, value in body.items() if name not in _LOCALIZATION}, contract().requests[operation], ""
    )


def _walk(value: Mapping[str, Any], table: Table, path: str) -> None:
    for name in value:
        if name not in table:
            raise invalid(path + name)
    for field in table.values():
        if field.name not in value:
            if field.required:
                raise invalid(path + field.name)
        elif value[field.name] is None:
            if not field.nullable:
                raise invalid(path + field.name)
        elif field.list:
            _list(value[field.name], field, path + field.name)
        else:
            _single(value[field.name], field, path + field.name)


def _list(value: Any, field: Field, path: str) -> None:
    too_many = field.max_items is not None and isinstance(value, list) and len(value) > field.max_items
    if not isinstance(value, list) or len(value) < field.min_items or too_many:
        raise invalid(path)
    for index, item in enumerate(value):
        _single(item, field, f"{path}[{index}]")


def _single(value: Any, field: Field, path: str) -> None:
    kind, _, ref = field.kind.partition(":")
    if kind == "enum":
        if not isinstance(value, str) or value not in contract().enums[ref]:
            raise invalid(path)
    elif kind == "object":
        if not isinstance(value, dict):
            raise invalid(path)
        table = contract().objects[ref]
        if field.kind == UPDATE_VALUE:  # a limit or a format beside it is one of the value it carries
            table = {"Value": replace(table["Value"], max_length=field.max_length, format=field.format)}
        _walk(value, table, path + ".")
        if field.kind == INTERVAL:
            _window(value, field, path)
        if field.kind == DAYS:
            _days(value, path)
        if field.kind == LIMITATION and not 1 <= value["Count"] <= MAX_PAGE:
            raise invalid(path + ".Count")
    else:
        _TYPES[kind](value, field, path)


_PATTERNS = {
    "uuid": _UUID,
    "date-time": _UTC,
    "date": _DATE,
    "currency": _CURRENCY,
    "email": _EMAIL,
    "uri": _URI,
}


def _string(value: Any, field: Field, path: str) -> None:
    pattern = _PATTERNS.get(field.format or "")
    too_long = isinstance(value, str) and field.max_length is not None and len(value) > field.max_length
    if not isinstance(value, str) or too_long or (pattern and not pattern.fullmatch(value)):
        raise invalid(path)
    if field.format in {"date-time", "date"}:
        _moment(value, path)


def _number(value: Any, field: Field, path: str) -> None:
    # JSON knows no type beyond number: 10.0 is no page size, and true is no number.
    allowed = (int,) if field.kind == "integer" or field.format == "int32" else (int, Decimal)
    if isinstance(value, bool) or not isinstance(value, allowed):
        raise invalid(path)


def _boolean(value: Any, _field: Field, path: str) -> None:
    if not isinstance(value, bool):
        raise invalid(path)


_TYPES: dict[str, Callable[[Any, Field, str], None]] = {
    "string": _string,
    "number": _number,
    "decimal": _number,
    "integer": _number,
    "boolean": _boolean,
}


def _moment(text: str, path: str) -> datetime:
    try:
        return utc_time(text)
    except ValueError as error:  # the right shape, but no such day or hour
        raise invalid(path) from error


def _window(value: Mapping[str, Any], field: Field, path: str) -> None:
    """Both ends, in order, and no longer than the table allows."""
    if value["StartUtc"] is None or value["EndUtc"] is None:
        raise invalid(path)
    start, end = utc_time(value["StartUtc"]), utc_time(value["EndUtc"])
    if start > end:
        raise invalid(path)
    if field.months is not None and end > _months_later(start, field.months):
        raise Rejected(400, f"Invalid {path}: the interval must not be longer than {field.months} months.")


def _days(value: Mapping[str, Any], path: str) -> None:
    if date.fromisoformat(value["Start"]) > date.fromisoformat(value["End"]):
        raise invalid(path)


def _months_later(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > MAXYEAR:
        return datetime.max.replace(tzinfo=UTC)
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))
