"""The sandbox's contract table is the published schema, cut to its operations and nothing else.

Run as a script it writes the table anew: ``python tests/contract/sandbox/test_contract_table.py``.
"""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT / "tests" / "vectors" / "mews" / "_schema.json"
TABLE = ROOT / "deskpay" / "sandbox" / "contract.json"

OPERATIONS = (
    "configuration/get",
    "currencies/getAll",
    "services/getAll",
    "resources/getAll",
    "accountingCategories/getAll",
    "customers/search",
    "customers/getAll",
    "reservations/getAll/2023-06-06",
    "bills/getAll",
    "orderItems/getAll",
    "creditCards/getAll",
    "creditCards/addTokenized",
    "creditCards/charge",
    "creditCards/disable",
    "payments/getAll",
    "payments/addCreditCard",
    "payments/addExternal",
    "payments/refund",
    "paymentRequests/getAll",
    "paymentRequests/add",
    "paymentRequests/cancel",
)

Json = dict[str, Any]


def _field(prop: Json) -> Json:
    """One row of a table, without everything that is false or absent."""
    ref_kind = prop.get("refKind")
    listed = prop["type"].startswith("array of ")
    kind = prop["type"].removeprefix("array of ")
    if ref_kind in {"object", "enum"}:
        kind = f"{ref_kind}:{prop['ref']}"
    elif ref_kind == "map":
        kind = "map"
    openapi = prop.get("openapi", {})
    limits = prop.get("limitsParsed") or {}
    row = {
        "name": prop["name"],
        "kind": kind,
        "list": listed,
        "required": prop["contract"] == "required",
        "nullable": openapi.get("nullable", False),
        "format": openapi.get("format"),
        "min_items": openapi.get("minItems"),
        "max_items": limits.get("maxItems"),
        "max_length": limits.get("maxLength"),
        "months": limits.get("maxIntervalMonths"),
    }
    return {key: value for key, value in row.items() if value}


def _kept(prop: Json, side: str) -> bool:
    """Deprecated request fields are still accepted; deprecated answer fields are sent only where required."""
    return side == "request" or not prop.get("deprecated") or prop["contract"] == "required"


def cut(schema: Json) -> Json:
    """The tables, objects and enums these operations reach, and the nulls the docs' own samples show."""
    table: Json = {"operations": {}, "objects": {}, "enums": {}}

    def walk(props: list[Json], side: str) -> list[Json]:
        rows = []
        for prop in (prop for prop in props if _kept(prop, side)):
            ref = prop.get("ref")
            if prop.get("refKind") == "enum":
                table["enums"][ref] = [value["value"] for value in schema["enums"][ref]["values"]]
            if prop.get("refKind") == "object" and ref not in table["objects"]:
                table["objects"][ref] = []
                table["objects"][ref] = walk(schema["objects"][ref]["properties"], side)
            rows.append(_field(prop))
        return rows

    for name in OPERATIONS:
        source = schema["operations"][name]
        table["operations"][name] = {side: walk(source[side], side) for side in ("request", "response")}
    for name in OPERATIONS:
        for issue in schema["operations"][name]["sampleIssues"]:
            path = re.fullmatch(r"response\.(\S+): required but null in the sample", issue)
            if path:
                _allow_null(table, name, re.sub(r"\[\d+]", "", path[1]).split("."))
    return table


def _allow_null(table: Json, operation: str, path: list[str]) -> None:
    rows = table["operations"][operation]["response"]
    for step in path[:-1]:
        kind = next(row["kind"] for row in rows if row["name"] == step)
        rows = table["objects"][kind.removeprefix("object:")]
    next(row for row in rows if row["name"] == path[-1])["nullable"] = True


def _as_text(table: Json) -> str:
    """One row a line: small, and a change shows as a change of lines."""
    parts = []
    for section, entries in table.items():
        lines = []
        for key, value in entries.items():
            if section == "operations":
                sides = ",\n".join(f"   {json.dumps(side)}: {_rows(rows)}" for side, rows in value.items())
                lines.append(f"  {json.dumps(key)}: {{\n{sides}\n  }}")
            else:
                rows = _rows(value) if section == "objects" else json.dumps(value)
                lines.append(f"  {json.dumps(key)}: {rows}")
        parts.append(f" {json.dumps(section)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _rows(rows: list[Json]) -> str:
    return "[\n" + ",\n".join(f"    {json.dumps(row)}" for row in rows) + "]" if rows else "[]"


def test_the_shipped_table_is_the_cut_of_the_published_schema() -> None:
    shipped = json.loads(TABLE.read_text(encoding="utf-8"))
    assert shipped == cut(json.loads(SCHEMA.read_text(encoding="utf-8")))


if __name__ == "__main__":
    TABLE.write_text(_as_text(cut(json.loads(SCHEMA.read_text(encoding="utf-8")))), encoding="utf-8")
