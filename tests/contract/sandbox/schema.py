"""The published schema, read without the sandbox's help: what an answer must be, and requests right and wrong.

Where docs and definition differ, the stricter of the two holds for answers.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "mews"
SCHEMA: dict[str, Any] = json.loads((VECTORS / "_schema.json").read_text(encoding="utf-8"))
IDENTITY = frozenset(SCHEMA["common"]["authFields"])

Json = dict[str, Any]
Columns = list[Json]

_FORMATS = {
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "date": re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?"),  # the docs' samples show both
    "currency": re.compile(r"[A-Z]{3}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
}
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, Decimal),
    "decimal": (int, Decimal),
    "integer": (int,),
    "boolean": (bool,),
}


def columns(operation: str, side: str) -> Columns:
    """The table of a request or an answer."""
    table: Columns = SCHEMA["operations"][operation][side]
    return table


def names(operation: str) -> frozenset[str]:
    """Every field a request of `operation` may hold, at any depth."""
    found: set[str] = set()
    tables = [columns(operation, "request")]
    while tables:
        for column in tables.pop():
            if column.get("refKind") == "object" and column["name"] not in found:
                tables.append(SCHEMA["objects"][column["ref"]]["properties"])
            found.add(column["name"])
    return frozenset(found)


# What an answer must be


def disagreements(operation: str, answer: Mapping[str, Any]) -> list[str]:
    """Everything in an answer that docs or definition do not allow."""
    return list(_walk(answer, columns(operation, "response"), ""))


def _walk(value: Mapping[str, Any], table: Columns, place: str) -> Iterator[str]:
    by_name = {column["name"]: column for column in table}
    yield from (f"{place}{name}: not in the table" for name in value if name not in by_name)
    for name, column in by_name.items():
        definition = column.get("openapi", {})
        if name not in value:
            deprecated = column.get("deprecated") and column["contract"] != "required"
            if (column["contract"] == "required" or definition.get("required")) and not deprecated:
                yield f"{place}{name}: required but absent"
        elif value[name] is None:
            if not definition.get("nullable"):
                yield f"{place}{name}: null"
        elif column["type"].startswith("array of "):
            yield from _list(value[name], column, place + name)
        else:
            yield from _single(value[name], column, place + name)


def _list(value: Any, column: Json, place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{place}: no list"
        return
    if len(value) > (column.get("limitsParsed") or {}).get("maxItems", len(value)):
        yield f"{place}: too many"
    for index, item in enumerate(value):
        yield from _single(item, column, f"{place}[{index}]")


def _single(value: Any, column: Json, place: str) -> Iterator[str]:
    kind = column.get("refKind")
    if kind == "object":
        if isinstance(value, dict):
            yield from _walk(value, SCHEMA["objects"][column["ref"]]["properties"], place + ".")
        else:
            yield f"{place}: no object"
    elif kind == "enum":
        if value not in words(column):
            yield f"{place}: {value!r} is no word of {column['ref']}"
    elif kind is None and column["type"].removeprefix("array of ") in _TYPES:
        yield from _plain(value, column, place)
    elif not isinstance(value, dict):  # maps, and objects nobody described
        yield f"{place}: no object"


def _plain(value: Any, column: Json, place: str) -> Iterator[str]:
    kind = column["type"].removeprefix("array of ")
    if not isinstance(value, _TYPES[kind]) or (kind != "boolean" and isinstance(value, bool)):
        yield f"{place}: {value!r} is no {kind}"
        return
    pattern = _FORMATS.get(format_of(column))
    if isinstance(value, str) and pattern and not pattern.fullmatch(value):
        yield f"{place}: {value!r} is no {format_of(column)}"
    longest = (column.get("limitsParsed") or {}).get("maxLength")
    if longest is not None and isinstance(value, str) and len(value) > longest:
        yield f"{place}: too long"


def words(column: Json) -> list[str]:
    """The words of an enum."""
    return [word["value"] for word in SCHEMA["enums"][column["ref"]]["values"]]


def format_of(column: Json) -> str:
    """The format of a field; the definition calls one operation's currency a date-time."""
    return "currency" if column["name"] == "Currency" else str(column.get("openapi", {}).get("format") or "")


# Requests that keep to the tables

TIME_INTERVAL, DATE_INTERVAL = "_objects.md#time-interval", "_objects.md#date-interval"
LIMITATION, UPDATE_VALUE = "pagination.md#limitation", "_objects.md#string-update-value"
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=15) | st.sampled_from(
    ["Pepperwick", "1111", "2028-10", "Visa", "2026-12-01", "GBP"]
)


class Requests:
    """Strategies of requests that keep to the tables.

    Args:
        ids: Ids worth asking for, by the name of the field they stand in.
        noon: A moment around which the windows lie.
    """

    def __init__(self, ids: Mapping[str, list[str]], noon: datetime) -> None:
        self._ids = ids
        self._every_id = sorted({row_id for some in ids.values() for row_id in some})
        self._moments = [noon + timedelta(hours=hours) for hours in (-900, -300, -26, -2, 0, 3, 400)]

    def of(self, operation: str) -> st.SearchStrategy[Json]:
        """Requests of `operation`, without the tokens."""
        return self._object([column for column in columns(operation, "request") if column["name"] not in IDENTITY])

    def _object(self, table: Columns, within: Json | None = None) -> st.SearchStrategy[Json]:
        fields = {column["name"]: self._field(column, within) for column in table}
        needed = {column["name"] for column in table if column["contract"] == "required"}
        return st.fixed_dictionaries(
            {name: fields[name] for name in fields if name in needed},
            optional={name: fields[name] for name in fields if name not in needed},
        )

    def _field(self, column: Json, within: Json | None) -> st.SearchStrategy[Any]:
        one = self._one(column, within)
        if column["type"].startswith("array of "):
            one = st.lists(one, min_size=1, max_size=min(3, (column.get("limitsParsed") or {}).get("maxItems", 3)))
        return one

    def _one(self, column: Json, within: Json | None) -> st.SearchStrategy[Any]:
        kind, plain = column.get("refKind"), column["type"].removeprefix("array of ")
        if kind == "enum":
            return st.sampled_from(words(column))
        if kind == "object":
            return self._described(column)
        if plain == "boolean":
            return st.booleans()
        if plain != "string":
            whole = plain == "integer" or format_of(column) == "int32"
            return st.integers(1, 1000) if whole else st.integers(-(10**6), 10**9).map(lambda number: number / 100)
        return self._string(column, within)

    def _described(self, column: Json) -> st.SearchStrategy[Any]:
        ref = column["ref"]
        if ref in {TIME_INTERVAL, DATE_INTERVAL}:
            ends = st.lists(st.sampled_from(self._moments), min_size=2, max_size=2).map(sorted)
            return ends.map(_interval if ref == TIME_INTERVAL else _days)
        table = SCHEMA["objects"][ref]["properties"]
        if ref == LIMITATION:  # a strange cursor is refused, so most have none
            count = st.fixed_dictionaries({"Count": st.integers(1, 1000)})
            return count | count | self._object(table)
        return self._object(table, column)

    def _string(self, column: Json, within: Json | None) -> st.SearchStrategy[str]:
        carried = within is not None and within.get("ref") == UPDATE_VALUE
        named: Json = within if carried and within is not None else column
        known = [
            row_id for key in (named["name"], named["name"].removesuffix("s")) for row_id in self._ids.get(key, [])
        ]
        if known:
            return st.sampled_from(known) | st.sampled_from(self._every_id)
        texts = {
            "uuid": st.sampled_from(self._every_id) | st.uuids().map(str),
            "date-time": st.sampled_from([_utc(moment) for moment in self._moments]),
            "date": st.sampled_from([moment.date().isoformat() for moment in self._moments]),
            "currency": st.sampled_from(["GBP", "EUR", "JPY"]),
            "email": st.sampled_from(["one@mail.example", "two@mail.example", "ottoline@pepperwick.example"]),
            "uri": st.sampled_from(["https://back.example/here", "https://gildedteapot.example"]),
        }
        longest = (named.get("limitsParsed") or {}).get("maxLength", 15)
        return texts.get(format_of(named), _TEXTS.map(lambda text: text[:longest]))


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _interval(ends: list[datetime]) -> Json:
    return {"StartUtc": _utc(ends[0]), "EndUtc": _utc(ends[1])}


def _days(ends: list[datetime]) -> Json:
    first, last = (moment.date() for moment in ends)
    return {"Start": first.isoformat(), "End": min(last, first + timedelta(days=20)).isoformat()}


# Requests that break one rule

Broken = tuple[str, Json]


def breakages(operation: str, request: Json) -> list[Broken]:
    """`request` with exactly one rule of the tables broken, each with the name that must be complained about."""
    table = [column for column in columns(operation, "request") if column["name"] not in IDENTITY]
    return list(_broken(request, table, "", lambda fields: fields))


def _broken(fields: Json, table: Columns, place: str, whole: Callable[[Json], Json]) -> Iterator[Broken]:
    yield f"{place}Unheard", whole(fields | {"Unheard": 1})
    for column in table:
        name = column["name"]
        if column["contract"] == "required" and name in fields:
            yield place + name, whole({key: value for key, value in fields.items() if key != name})
        if fields.get(name) is None:
            continue

        def put(value: Any, name: str = name) -> Json:
            return whole(fields | {name: value})

        if not column.get("openapi", {}).get("nullable"):
            yield place + name, put(None)
        if column["type"].startswith("array of "):
            yield from _broken_list(fields[name], column, place + name, put)
        else:
            yield from _broken_value(fields[name], column, place + name, put)


def _broken_list(items: list[Any], column: Json, place: str, put: Callable[[Any], Json]) -> Iterator[Broken]:
    yield place, put({"0": items[0]})
    longest = (column.get("limitsParsed") or {}).get("maxItems")
    if longest is not None:
        yield place, put([items[0]] * (longest + 1))
    if column.get("openapi", {}).get("minItems"):
        yield place, put([])
    yield from _broken_value(items[0], column, f"{place}[0]", lambda value: put([value, *items[1:]]))


def _broken_value(value: Any, column: Json, place: str, put: Callable[[Any], Json]) -> Iterator[Broken]:
    kind, plain = column.get("refKind"), column["type"].removeprefix("array of ")
    if kind == "enum":
        yield from ((place, put(wrong)) for wrong in ("NoSuchWord", 7, ["Open"]))
    elif kind == "object":
        yield place, put("no object")
        yield from _broken_interval(value, column, place, put)
        if column["ref"] == LIMITATION:
            yield from ((f"{place}.Count", put(value | {"Count": count})) for count in (0, 1001, 10.5))
        yield from _broken(value, SCHEMA["objects"][column["ref"]]["properties"], place + ".", put)
    elif plain == "boolean":
        yield from ((place, put(wrong)) for wrong in ("true", 1))
    elif plain == "string":
        yield place, put(7)
        if format_of(column) in {"uuid", "date-time", "date", "currency", "email", "uri"}:
            yield place, put("not in the format")
        longest = (column.get("limitsParsed") or {}).get("maxLength")
        if longest is not None:
            yield place, put("x" * (longest + 1))
    else:
        yield from ((place, put(wrong)) for wrong in ("7", True))


def _broken_interval(value: Json, column: Json, place: str, put: Callable[[Any], Json]) -> Iterator[Broken]:
    if column["ref"] not in {TIME_INTERVAL, DATE_INTERVAL}:
        return
    utc = column["ref"] == TIME_INTERVAL
    start, end = ("StartUtc", "EndUtc") if utc else ("Start", "End")
    later = datetime.fromisoformat(value[start]) + timedelta(days=1)
    yield place, put({start: _utc(later) if utc else later.date().isoformat(), end: value[start]})
    months = (column.get("limitsParsed") or {}).get("maxIntervalMonths")
    if months is not None:
        far = later + timedelta(days=31 * months)
        yield place, put(value | {end: _utc(far) if utc else far.date().isoformat()})
