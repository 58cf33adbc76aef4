"""What whoever runs many desks has fixed for all of them: one file on each computer, which its users cannot write.

===========  ==================================================
system       place
===========  ==================================================
Windows      ``DeskPay/policy.toml`` in the folder ProgramData
macOS        ``/Library/Application Support/DeskPay/policy.toml``
Linux        ``/etc/deskpay/policy.toml``
===========  ==================================================

::

    version = 1
    own_connections = false          # only the hotels below
    card_entry = false               # no card is typed at this desk
    least_version = "1.4.0"          # `deskpay doctor` fails where DeskPay is older

    [settings]                       # any of the settings; they cannot be changed then
    lock_after_min = 5

    [[connections]]                  # without tokens
    environment = "live"
    hotel_id = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
    name = "The Gilded Teapot Hotel"

    [limits.clerk]                   # what a role does alone, by currency; {} is never alone
    charge = { GBP = "1000.00", EUR = "1200.00" }
    refund = {}

A file that cannot be used, or that others than the administrator may write, keeps DeskPay from starting: with half a
policy nobody knows which half. It is checked by hand for the same reason as the settings, whose window waits for it.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import platformdirs

from deskpay.domain.connection import KnownConnection
from deskpay.domain.environment import HOSTS
from deskpay.domain.hotel import Hotel
from deskpay.domain.operator import Right, Role, Rules

VERSION = 1

_WORDS = frozenset({"version", "own_connections", "card_entry", "least_version", "settings", "connections", "limits"})
_TRUSTED = 0
"""The user id of whoever may write the file, on systems that have one."""

_HOTEL_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_CODE = re.compile(r"[A-Z]{3}")
_RELEASE = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}", re.ASCII)


class WrongPolicy(Exception):
    """The policy of this computer cannot be used.

    Args:
        why: what to correct, in words of the file; never a value.
    """

    def __init__(self, why: str) -> None:
        super().__init__(f"The policy of this computer cannot be used: {why}. Ask your hotel's IT")


_Limits = Mapping[tuple[Role, Right], Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPolicy:
    """A policy as it was read.

    Attributes:
        present: False where there is no file, and nothing is fixed.
        fingerprint: of the file, to tell two of them apart; empty where there is none.
        own_connections: whether hotels may be set up that the policy does not name.
        card_entry: whether cards may be typed at this desk.
        least_version: what this computer's DeskPay should at least be, three numbers with dots; empty asks for none.
        settings: what is fixed, by the name of the setting.
        connections: hotels of this computer.
        limits: by role and right, major units by currency code.
    """

    present: bool = False
    fingerprint: str = ""
    own_connections: bool = True
    card_entry: bool = True
    least_version: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    connections: tuple[KnownConnection, ...] = ()
    limits: _Limits = field(default_factory=dict)

    def is_met_by(self, version: str) -> bool:
        """Tell whether a DeskPay of this version is new enough; `version` is three numbers with dots."""
        return not self.least_version or _numbers(version) >= _numbers(self.least_version)

    def rules(self, base: Rules, hotel: Hotel) -> Rules:
        """Return the rules of `hotel`: `base`, with the limits of the policy in the currencies that it takes."""
        rules = base
        for (role, right), amounts in self.limits.items():
            minor = {
                currency.code: int((amounts[currency.code].scaleb(currency.precision)).to_integral_value(ROUND_FLOOR))
                for currency in hotel.currencies
                if currency.code in amounts
            }
            rules = rules.with_limits(role, right, minor)
        return rules


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def policy_place() -> Path:
    """Return where the policy of this computer lies, whatever the variables of its user say."""
    if sys.platform == "win32":
        return Path(platformdirs.site_config_dir("DeskPay", appauthor=False)) / "policy.toml"
    if sys.platform == "darwin":
        return Path("/Library/Application Support/DeskPay/policy.toml")
    return Path("/etc/deskpay/policy.toml")


def read_policy() -> FleetPolicy:
    """Return the policy of this computer; one that fixes nothing where there is no file.

    Raises:
        WrongPolicy: it cannot be used.
    """
    place = policy_place()
    try:
        text = place.read_bytes()
        _check_hands(place)
    except FileNotFoundError:
        return FleetPolicy()
    except OSError:
        raise WrongPolicy("it cannot be read") from None
    import tomllib

    try:
        given: dict[str, Any] = tomllib.loads(text.decode())
    except ValueError:  # no UTF-8, no TOML
        raise WrongPolicy("it is no TOML") from None
    return _policy(given, hashlib.sha256(text).hexdigest())


def _check_hands(place: Path) -> None:
    """Refuse a file, or a folder around it, that others than the administrator may write.

    Windows keeps this in access lists, which are the installer's part there.
    """
    if sys.platform == "win32":
        return
    for part in (place, place.parent):
        status = os.stat(part)  # noqa: PTH116 - a link counts as what it leads to, and tests stand in for the owner
        if status.st_uid != _TRUSTED or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise WrongPolicy("others than the administrator may write it")


def _policy(given: dict[str, Any], fingerprint: str) -> FleetPolicy:
    unknown = given.keys() - _WORDS
    if unknown:
        raise WrongPolicy(f"it has unknown words: {', '.join(sorted(unknown))}")
    if given.get("version") != VERSION:
        raise WrongPolicy(f"version is not {VERSION}")
    return FleetPolicy(
        present=True,
        fingerprint=fingerprint,
        own_connections=_truth(given, "own_connections"),
        card_entry=_truth(given, "card_entry"),
        least_version=_release(given.get("least_version", "")),
        settings=MappingProxyType(_table(given.get("settings", {}), "settings")),
        connections=_connections(given.get("connections", [])),
        limits=MappingProxyType(_limits(_table(given.get("limits", {}), "limits"))),
    )


def _truth(given: dict[str, Any], word: str) -> bool:
    value = given.get(word, True)
    if not isinstance(value, bool):
        raise WrongPolicy(f"{word} is neither true nor false")
    return value


def _release(given: object) -> str:
    if not (isinstance(given, str) and (not given or _RELEASE.fullmatch(given))):
        raise WrongPolicy('least_version is not written as "1.4.0"')
    return given


def _table(given: object, word: str) -> dict[str, object]:
    if not isinstance(given, dict):
        raise WrongPolicy(f"{word} is no table")
    return cast("dict[str, object]", given)


def _connections(given: object) -> tuple[KnownConnection, ...]:
    if not isinstance(given, list):
        raise WrongPolicy("connections is no list")
    return tuple(_connection(line, f"connections, number {number}") for number, line in enumerate(given, 1))


def _connection(line: object, where: str) -> KnownConnection:
    row = _table(line, where)
    if row.keys() != {"environment", "hotel_id", "name"}:
        raise WrongPolicy(f"{where} has other words than environment, hotel_id and name")
    environment = {kind.value: kind for kind in HOSTS}.get(str(row["environment"]))
    hotel_id, name = row["hotel_id"], row["name"]
    if environment is None:
        raise WrongPolicy(f"{where}: environment is neither live nor demo")
    if not (isinstance(hotel_id, str) and _HOTEL_ID.fullmatch(hotel_id)):
        raise WrongPolicy(f"{where}: hotel_id is no id")
    if not (isinstance(name, str) and 1 <= len(name) <= 80):
        raise WrongPolicy(f"{where}: name is no name")
    return KnownConnection(environment, hotel_id, name, f"https://{HOSTS[environment]}")


def _limits(given: dict[str, object]) -> dict[tuple[Role, Right], Mapping[str, Decimal]]:
    found: dict[tuple[Role, Right], Mapping[str, Decimal]] = {}
    for role_word, rights in given.items():
        for right_word, amounts in _table(rights, f"limits.{role_word}").items():
            where = f"limits.{role_word}.{right_word}"
            try:
                role, right = Role(role_word), Right(right_word)
            except ValueError:
                raise WrongPolicy(f"{where} names no role and right") from None
            if Rules().allowance(role, right) is None:
                raise WrongPolicy(f"{where}: that role does not have that right")
            found[role, right] = {code: _amount(code, text, where) for code, text in _table(amounts, where).items()}
    return found


def _amount(code: str, text: object, where: str) -> Decimal:
    try:
        amount = Decimal(text) if isinstance(text, str) and _CODE.fullmatch(code) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise WrongPolicy(f'{where} has amounts that are not written as GBP = "1000.00"')
    return amount
