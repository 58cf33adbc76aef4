"""Changing what this desk may set for itself: who may, what is fixed for it, and what goes on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from deskpay.domain.entry import check_text
from deskpay.domain.errors import Field, InputProblem, InputRefused
from deskpay.domain.operator import Right
from deskpay.domain.security import SecurityKind
from deskpay.services.seat import Seat
from deskpay.services.staff import Staff


class Source(Enum):
    """Where the value of a setting comes from; each stands above those before it."""

    DEFAULT = "default"
    FILE = "file"
    VARIABLE = "variable"
    POLICY = "policy"


FIXED = frozenset({Source.VARIABLE, Source.POLICY})
"""What cannot be changed at the desk."""

FOR_EVERYBODY = frozenset({"appearance"})
"""What takes nothing but to be at the desk; all else is a manager's."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One of them.

    Args:
        name: as the settings file writes it.
        value: as the settings file writes it, without quotation marks.
        source: where it comes from.
    """

    name: str
    value: str
    source: Source

    @property
    def fixed(self) -> bool:
        """True where the desk cannot change it."""
        return self.source in FIXED


class OwnSettings(Protocol):
    """The settings of this desk, where they are kept."""

    async def all(self) -> Sequence[Setting]:
        """Return those a desk may look at, as they will hold from the next start on.

        Raises:
            SettingsUnusable: they cannot be read.
        """
        ...

    async def keep(self, name: str, written: str) -> None:
        """Keep another value.

        Raises:
            InputRefused: it is none that this setting takes.
            SettingsUnusable: it cannot be written.
        """
        ...


def may_change(seat: Seat, setting: Setting) -> bool:
    """Tell whether whoever is at the desk may change `setting`."""
    if seat.taken_by is None or setting.fixed:
        return False
    return setting.name in FOR_EVERYBODY or seat.may(Right.STAFF)


async def change_setting(seat: Seat, staff: Staff, settings: OwnSettings, name: str, written: str) -> None:
    """Give a setting of this desk another value; it goes on record with the one before.

    Args:
        seat: who does it.
        staff: keeps the record.
        settings: where they are kept.
        name: of the setting.
        written: what was typed or chosen.

    Raises:
        NotSignedIn: nobody is at the desk.
        NotYourRight: it takes a manager.
        InputRefused: it is fixed for this computer, or the value is none that it takes.
        SettingsUnusable: they cannot be read or written.
        JournalError: it cannot be put on record; the value is kept all the same.
    """
    operator = seat.operator
    if name not in FOR_EVERYBODY:
        seat.check(Right.STAFF)
    before = {setting.name: setting for setting in await settings.all()}.get(name)
    if before is None or before.fixed:
        raise InputRefused(Field.SETTING, InputProblem.NOT_ALLOWED)
    # The name of the desk goes into the journal with every act, so a card number is no value of any setting.
    cleaned = check_text(written, Field.SETTING).strip()
    if cleaned == before.value:
        return
    await settings.keep(name, cleaned)
    await staff.note(SecurityKind.SETTING_CHANGED, operator.name, name, f"{before.value} → {cleaned}")
