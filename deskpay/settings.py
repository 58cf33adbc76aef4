"""What a desk may set for itself, checked; never a secret.

Read from ``settings.toml`` in the user's configuration folder, over it from ``DESKPAY_…`` variables. The first window
waits for this module, so it is checked by hand: a library for it costs as much time as an empty window.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

import platformdirs

from deskpay.domain.virtual_card import Agency
from deskpay.fleet_policy import FleetPolicy, WrongPolicy, read_policy

_Check = Callable[[object], Any]


class WrongSettings(Exception):
    """The settings cannot be used.

    Args:
        named: what to correct, in words of the settings; never a value.
        sentence: what to say instead of naming it.
    """

    def __init__(self, named: str, sentence: str = "") -> None:
        super().__init__(sentence or f"The settings cannot be used; please correct: {named}")


def _data_folder() -> Path:
    return Path(platformdirs.user_data_dir("DeskPay", appauthor=False))


def _name(given: object) -> str:
    if not (isinstance(given, str) and 1 <= len(given) <= 80):
        raise ValueError("no name")
    return given


def _tender(given: object) -> str:
    if not (isinstance(given, str) and len(given) <= 64 and (not given or given.isalpha())):
        raise ValueError("no external type of Mews")
    return given


def _names(given: object) -> tuple[str, ...]:
    listed = json.loads(given) if isinstance(given, str) else given
    if not isinstance(listed, list):
        raise TypeError("no list")
    return tuple(map(_name, listed))


def _folder(given: object) -> Path:
    if not (isinstance(given, str) and given):
        raise ValueError("no folder")
    return Path(given)


def _address(given: object) -> str:
    if not isinstance(given, str) or re.search(r"password\s*=|://[^/@]*:[^/@]*@", given, re.IGNORECASE):
        raise ValueError("no address, or one with a password")
    return given


def _place(given: object) -> str:
    if not isinstance(given, str) or (given and not Path(given).is_absolute()):
        raise ValueError("no whole path of a folder")
    return given


def _truth(given: object) -> bool:
    if given in ("true", "false"):
        return given == "true"
    if not isinstance(given, bool):
        raise TypeError("neither true nor false")
    return given


def _one_of(*words: str) -> _Check:
    def check(given: object) -> object:
        if given not in words:
            raise ValueError("none of the words")
        return given

    return check


def _number(kind: type[int | float], least: float, most: float) -> _Check:
    def check(given: object) -> int | float:
        # To Python a truth value is a number, and a fraction cut off would be a setting that nobody made.
        if isinstance(given, bool) or not isinstance(given, (str, int, kind)):
            raise TypeError("no such number")
        number = kind(given)
        if not least <= number <= most:
            raise ValueError("out of bounds")
        return number

    return check


def read_agencies(given: object) -> tuple[Agency, ...]:
    """Return the lines of a table of booking sites.

    Args:
        given: a list of tables with `name`, and perhaps `email_domains`, `days_after_arrival` and `limit_percent`.

    Raises:
        ValueError: a line cannot be used.
        TypeError: it is no such list.
    """
    listed = json.loads(given) if isinstance(given, str) else given
    if not isinstance(listed, list):
        raise TypeError("no list")
    return tuple(map(_agency, listed))


def _agency(line: object) -> Agency:
    if not isinstance(line, dict):
        raise TypeError("no table")
    left = dict(line)
    agency = Agency(
        name=_name(left.pop("name", "")),
        email_domains=_names(left.pop("email_domains", [])),
        days_after_arrival=int(_number(int, -365, 365)(left.pop("days_after_arrival", 0))),
        limit_percent=int(_number(int, 1, 200)(left.pop("limit_percent", 100))),
    )
    if left:
        raise ValueError("an unknown word")
    return agency


def _read_by(check: _Check) -> dict[str, _Check]:
    """Mark a setting with what returns the value to keep for what was written, or raises ValueError or TypeError."""
    return {"check": check}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The desk's settings.

    Attributes:
        appearance: light, dark, or as the system says.
        desk_id: name of the workstation, kept with every intent.
        lock_after_min: minutes without a key or a move after which the desk locks itself (PCI DSS 8.2.8 allows 15).
        request_budget: requests that this desk may start in any 30 seconds; all desks of a hotel share 200.
        money_deadline_s: seconds after which an act without an answer counts as unknown.
        data_folder: where the journals lie.
        journal_address: of the PostgreSQL server with the journals that several desks share, as libpq reads it; empty
            where this desk keeps its own. It holds no password, which libpq finds by its own means.
        head_folder: where heads of the journals are kept, best a share where files are only added; empty keeps none.
        sign_in_by_account: whether people may be known by their account of the operating system, without a PIN.
        paymongo_code_call: how the code of a card saved at PayMongo is sent anew, which its sources tell differently;
            ``none`` greys saved cards.
        paymongo_saved_list: which of PayMongo's lists of saved cards is asked.
        paymongo_tender: external type of Mews that PayMongo's charges are written down as; empty for a card payment.
        virtual_cards: what the hotel knows of booking sites' cards, site by site; a line takes the place of the line of
            the same name in the table that ships with DeskPay.
        policy: of this computer; no setting, but what stands above them.
    """

    appearance: Literal["system", "light", "dark"] = field(
        default="system", metadata=_read_by(_one_of("system", "light", "dark"))
    )
    desk_id: str = field(default_factory=lambda: platform.node() or "desk", metadata=_read_by(_name))
    lock_after_min: int = field(default=10, metadata=_read_by(_number(int, 1, 15)))
    request_budget: int = field(default=100, metadata=_read_by(_number(int, 10, 200)))
    money_deadline_s: float = field(default=60.0, metadata=_read_by(_number(float, 5, 120)))
    data_folder: Path = field(default_factory=_data_folder, metadata=_read_by(_folder))
    journal_address: str = field(default="", metadata=_read_by(_address))
    head_folder: str = field(default="", metadata=_read_by(_place))
    sign_in_by_account: bool = field(default=False, metadata=_read_by(_truth))
    paymongo_code_call: Literal["put", "patch", "none"] = field(
        default="put", metadata=_read_by(_one_of("put", "patch", "none"))
    )
    paymongo_saved_list: Literal["v1", "v2"] = field(default="v1", metadata=_read_by(_one_of("v1", "v2")))
    paymongo_tender: str = field(default="", metadata=_read_by(_tender))
    virtual_cards: tuple[Agency, ...] = field(default=(), metadata=_read_by(read_agencies))
    policy: FleetPolicy = field(default_factory=FleetPolicy)


def read_settings() -> Settings:
    """Return the settings of this desk; what the policy of the computer fixes stands above everything else.

    Raises:
        WrongSettings: they cannot be used, or the policy cannot.
    """
    try:
        policy = read_policy()
    except WrongPolicy as problem:
        raise WrongSettings("policy.toml", str(problem)) from problem
    given = {**_from_file(), **_from_variables(), **policy.settings}
    kept: dict[str, Any] = {}
    wrong: list[str] = []
    for one in _settable():
        if one.name in given:
            try:
                kept[one.name] = one.metadata["check"](given.pop(one.name))
            except (TypeError, ValueError):
                wrong.append(one.name)
    wrong += given
    if wrong:
        raise WrongSettings(", ".join(wrong))
    return Settings(**kept, policy=policy)


def checked(name: str, written: object) -> object:
    """Return the value that a setting takes from what was written.

    Raises:
        ValueError: there is no such setting, or it does not take this.
        TypeError: it does not take this.
    """
    check = {one.name: one.metadata["check"] for one in _settable()}.get(name)
    if check is None:
        raise ValueError("no such setting")
    return check(written)


def source_of(name: str, settings: Settings) -> Literal["default", "file", "variable", "policy"]:
    """Return what says the value of a setting.

    Args:
        name: of the setting.
        settings: as they were read.

    Raises:
        WrongSettings: the file cannot be read.
    """
    if name in settings.policy.settings:
        return "policy"
    if name in _from_variables():
        return "variable"
    return "file" if name in _from_file() else "default"


def settings_place() -> Path:
    """Return where the settings of this user lie."""
    return Path(platformdirs.user_config_dir("DeskPay", appauthor=False)) / "settings.toml"


def _settable() -> list[Field[Any]]:
    return [one for one in fields(Settings) if "check" in one.metadata]


def _from_file() -> Mapping[str, object]:
    file = settings_place()
    try:
        if not file.exists():
            return {}
        import tomllib

        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not to be read, no UTF-8, no TOML
        raise WrongSettings("settings.toml") from None


def _from_variables() -> Mapping[str, object]:
    written = {one.name: os.environ.get(f"DESKPAY_{one.name.upper()}") for one in _settable()}
    return {name: text for name, text in written.items() if text}
