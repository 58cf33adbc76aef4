"""The sandbox's contract table is the published schema, cut to what the wire needs, and nothing else.

Run as a script it writes the table anew: ``python tests/contract/sandbox/test_contract_table.py``.
"""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT / "tests" / "vectors" / "mews" / "_schema.json"
TABLE = ROOT / "deskpay" / "sandbox" / "contract.json"

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
    elif ref_kind == "broken-in-docs":  # named, but described nowhere
        kind = "object"
    openapi = prop.get("openapi", {})
    limits = prop.get("limitsParsed") or {}
    row = {
        "name": prop["name"],
        "kind": kind,
        "list": listed,
        "required": _demanded(prop),
        "nullable": openapi.get("nullable", False),
        # The definition calls the currency of one operation a date-time.
        "format": "currency" if prop["name"] == "Currency" else openapi.get("format"),
        "min_items": openapi.get("minItems"),
        "max_items": limits.get("maxItems"),
        "max_length": limits.get("maxLength"),
        "months": limits.get("maxIntervalMonths"),
    }
    return {key: value for key, value in row.items() if value}


def _demanded(prop: Json) -> bool:
    """Required by the docs' table, or by the definition, which asks for more only in answers."""
    return prop["contract"] == "required" or prop.get("openapi", {}).get("required") is True


def _kept(prop: Json, side: str) -> bool:
    """Deprecated request fields are still accepted; deprecated answer fields are sent only where required."""
    return side == "request" or not prop.get("deprecated") or _demanded(prop)


def cut(schema: Json) -> Json:
    """The tables, objects and enums the operations reach, and the nulls the docs' own samples show."""
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

    # Requests first: what an object accepts when it is sent must not depend on an answer that also holds it.
    requests = {name: walk(source["request"], "request") for name, source in schema["operations"].items()}
    for name, source in schema["operations"].items():
        table["operations"][name] = {
            "restricted": source["restricted"],
            "portfolio": source["portfolioTokens"],
            "request": requests[name],
            "response": walk(source["response"], "response"),
        }
    for name in schema["operations"]:
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


def _rows(rows: list[Json] | bool) -> str:
    if isinstance(rows, bool):
        return json.dumps(rows)
    return "[\n" + ",\n".join(f"    {json.dumps(row)}" for row in rows) + "]" if rows else "[]"


def test_the_shipped_table_is_the_cut_of_the_published_schema() -> None:
    shipped = json.loads(TABLE.read_text(encoding="utf-8"))
    assert shipped == cut(json.loads(SCHEMA.read_text(encoding="utf-8")))


if __name__ == "__main__":
    TABLE.write_text(_as_text(cut(json.loads(SCHEMA.read_text(encoding="utf-8")))), encoding="utf-8")
