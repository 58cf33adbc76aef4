"""The published field tables of all operations.

``contract.json`` is cut by a script from the extracted documentation tables; a test holds the two together.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a field table.

    Args:
        name: Its name on the wire.
        kind: ``string``, ``number``, ``decimal``, ``integer``, ``boolean``, ``object``, ``map``, ``object:<ref>`` or
            ``enum:<ref>``.
        list: Whether it is a list of `kind`.
        required: Whether the docs' table calls it required.
        nullable: Whether null is allowed where it is present.
        format: ``uuid``, ``date-time``, ``currency``, ``int32``, … or None.
        min_items: Fewest entries of a list that is present.
        max_items: Most entries of a list.
        max_length: Most characters of a string.
        months: Longest window of a time interval, in calendar months.
    """

    name: str
    kind: str
    list: bool = False
    required: bool = False
    nullable: bool = False
    format: str | None = None
    min_items: int = 0
    max_items: int | None = None
    max_length: int | None = None
    months: int | None = None


Table = dict[str, Field]


@dataclass(frozen=True, slots=True)
class Contract:
    """All tables: request and response per operation, objects and enums by their reference in the docs.

    Args:
        requests: What an operation takes.
        responses: What it answers.
        restricted: Operations that Mews grants to few.
        portfolio: Operations that the docs open to portfolio tokens.
        objects: Tables of the objects.
        enums: Words of the lists.
    """

    requests: dict[str, Table]
    responses: dict[str, Table]
    restricted: frozenset[str]
    portfolio: frozenset[str]
    objects: dict[str, Table]
    enums: dict[str, frozenset[str]]

    def blank(self, ref: str) -> dict[str, Any]:
        """A row of object `ref` holding null wherever the table lets it, as the docs' samples do, in its order."""
        return {field.name: None for field in self.objects[ref].values() if field.nullable}

    def shown(self, ref: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """`row` as object `ref`: its fields and no others, null where it holds none."""
        return {name: row.get(name) for name in self.objects[ref]}


@cache
def contract() -> Contract:
    """The shipped tables, read once."""
    text = resources.files("deskpay.sandbox").joinpath("contract.json").read_text(encoding="utf-8")
    raw = json.loads(text)
    operations = raw["operations"].items()
    return Contract(
        requests={name: _table(sides["request"]) for name, sides in operations},
        responses={name: _table(sides["response"]) for name, sides in operations},
        restricted=frozenset(name for name, sides in operations if sides["restricted"]),
        portfolio=frozenset(name for name, sides in operations if sides["portfolio"]),
        objects={ref: _table(rows) for ref, rows in raw["objects"].items()},
        enums={ref: frozenset(values) for ref, values in raw["enums"].items()},
    )


def _table(rows: list[dict[str, Any]]) -> Table:
    return dict(_fields(rows))


def _fields(rows: list[dict[str, Any]]) -> Iterator[tuple[str, Field]]:
    for row in rows:
        yield row["name"], Field(**row)
