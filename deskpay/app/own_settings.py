"""The settings file of this desk, read for the settings page and written one line at a time."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

from typing_extensions import override

from deskpay.domain.errors import Field, InputProblem, InputRefused, SettingsUnusable
from deskpay.services.change_setting import OwnSettings, Setting, Source
from deskpay.settings import WrongSettings, checked, read_settings, settings_place, source_of

SHOWN = (
    "appearance",
    "desk_id",
    "lock_after_min",
    "request_budget",
    "money_deadline_s",
    "data_folder",
    "journal_address",
    "head_folder",
    "sign_in_by_account",
)
"""What the page shows; the table of booking sites is edited in the file."""


class FileSettings(OwnSettings):
    """The settings in the user's own file, below what stands above it."""

    @override
    async def all(self) -> Sequence[Setting]:
        return await asyncio.to_thread(_read)

    @override
    async def keep(self, name: str, written: str) -> None:
        await asyncio.to_thread(_keep, name, written)


def _read() -> list[Setting]:
    try:
        settings = read_settings()
        return [Setting(name, _text(getattr(settings, name)), Source(source_of(name, settings))) for name in SHOWN]
    except WrongSettings as problem:
        raise SettingsUnusable(str(problem)) from problem


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _keep(name: str, written: str) -> None:
    try:
        value = checked(name, written)
    except (TypeError, ValueError):
        raise InputRefused(Field.SETTING, InputProblem.BAD_FORM) from None
    place = settings_place()
    try:
        before = place.read_text(encoding="utf-8") if place.exists() else ""
        _write(place, _with_line(before, name, value))
    except (OSError, ValueError) as problem:
        raise SettingsUnusable(f"settings.toml cannot be written: {type(problem).__name__}") from problem


def _with_line(text: str, name: str, value: object) -> str:
    """Return the text of the file with one value in place, and everything else as it was.

    Raises:
        ValueError: the file is written in a way in which one line cannot be changed alone.
    """
    import tomllib

    kept: int | float | str = value if isinstance(value, (int, float)) else str(value)
    line = f"{name} = {json.dumps(kept, ensure_ascii=False)}"
    lines = text.splitlines()
    tables = next((at for at, old in enumerate(lines) if old.lstrip().startswith("[")), len(lines))
    own = re.compile(rf"\s*{name}\s*=")
    at = next((at for at, old in enumerate(lines[:tables]) if own.match(old)), None)
    lines[tables if at is None else at : tables if at is None else at + 1] = [line]
    changed = "\n".join(lines) + "\n"
    if tomllib.loads(changed) != tomllib.loads(text) | {name: kept}:
        raise ValueError("the line cannot be changed alone")
    return changed


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_name(f"{place.name}.new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(place)
