"""Card brands: the wire's words and the desk's."""

from __future__ import annotations

_HOME = {
    "MasterCard": "Mastercard",
    "DinersClub": "Diners Club",
    "Jcb": "JCB",
    "VPay": "V PAY",
    "CarteBleue": "Carte Bleue",
}
_WIRE = {home: wire for wire, home in _HOME.items()}


def home_brand(wire: str) -> str:
    """Return the brand as the desk says it; a word without another name is used as it is."""
    return _HOME.get(wire, wire)


def wire_brand(home: str) -> str:
    """Return the brand as the interface spells it."""
    return _WIRE.get(home, home)
