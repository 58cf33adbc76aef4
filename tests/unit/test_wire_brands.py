"""Brands are read in the desk's words and sent back in the wire's."""

import json
from pathlib import Path

import pytest

from deskpay.gateways.mews.wire.brands import home_brand, wire_brand

_SCHEMA = Path(__file__).parents[1] / "vectors" / "mews" / "_schema.json"
_TYPES: list[str] = next(
    [value["value"] for value in enum["values"]]
    for name, enum in json.loads(_SCHEMA.read_text())["enums"].items()
    if "credit-card-type" in name
)


@pytest.mark.parametrize("wire", [*_TYPES, "", "SomethingNew"])
def test_a_brand_goes_there_and_back(wire: str) -> None:
    assert wire_brand(home_brand(wire)) == wire


def test_a_clerk_reads_mastercard() -> None:
    assert (home_brand("MasterCard"), home_brand("Visa")) == ("Mastercard", "Visa")
