"""The published field tables of the operations served here.

``contract.json`` is cut by a script from the extracted documentation tables; a test holds the two together.
"""

import json
from collections.abc import Iterator
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
    """All tables: request and response per operation, objects and enums by their reference in the docs."""

    requests: dict[str, Table]
    responses: dict[str, Table]
    objects: dict[str, Table]
    enums: dict[str, frozenset[str]]

    def blank(self, ref: str) -> dict[str, Any]:
        """A row of object `ref` holding null wherever the table lets it, in the table's order."""
        return {
            field.name: None
            for field in self.objects[ref].values()
            if field.nullable or not field.required  # an absent value is sent as null, as the docs' samples do
        }


@cache
def contract() -> Contract:
    """The shipped tables, read once."""
    text = resources.files("deskpay.sandbox").joinpath("contract.json").read_text(encoding="utf-8")
    raw = json.loads(text)
    return Contract(
        requests={name: _table(sides["request"]) for name, sides in raw["operations"].items()},
        responses={name: _table(sides["response"]) for name, sides in raw["operations"].items()},
        objects={ref: _table(rows) for ref, rows in raw["objects"].items()},
        enums={ref: frozenset(values) for ref, values in raw["enums"].items()},
    )


def _table(rows: list[dict[str, Any]]) -> Table:
    return dict(_fields(rows))


def _fields(rows: list[dict[str, Any]]) -> Iterator[tuple[str, Field]]:
    for row in rows:
        yield row["name"], Field(**row)
