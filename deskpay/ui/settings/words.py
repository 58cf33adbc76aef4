"""What the settings are called, and what they take."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from deskpay.domain.operator import Right
from deskpay.services.change_setting import Setting, Source

_MINUTES = ("1", "2", "3", "5", "10", "15")


def _said(words: str) -> str:
    return QCoreApplication.translate("Settings", words)


@dataclass(frozen=True, slots=True)
class SettingWords:
    """How one setting is shown.

    Args:
        section: key of the section it stands in.
        title: what it is.
        note: what it does.
        takes: what can be typed, said when something else was.
        options: value and words of each choice; empty for a line to type in.
        at_once: False where it holds from the next start on.
    """

    section: str
    title: str
    note: str
    takes: str = ""
    options: tuple[tuple[str, str], ...] = ()
    at_once: bool = False


def sections() -> tuple[tuple[str, str, str], ...]:
    """Return key, words and icon of every section, in their order."""
    return (
        ("look", _said("Appearance"), "monitor"),
        ("desk", _said("This desk"), "concierge-bell"),
        ("rules", _said("Safety and limits"), "shield-check"),
        ("record", _said("Journal"), "notebook-text"),
        ("mews", _said("Connection"), "link"),
    )


def setting_words() -> dict[str, SettingWords]:
    """Return the words of every setting that is shown, by its name, in the order of the page."""
    minutes = tuple((text, _said("after {count} min").format(count=text)) for text in _MINUTES)
    return {
        "appearance": SettingWords(
            "look",
            _said("Light or dark"),
            _said("For whoever works at this computer"),
            options=(("system", _said("As the system")), ("light", _said("Light")), ("dark", _said("Dark"))),
            at_once=True,
        ),
        "desk_id": SettingWords(
            "desk",
            _said("Name of this desk"),
            _said("Stands in the journal beside every payment"),
            _said("A name has 1 to 80 characters."),
        ),
        "lock_after_min": SettingWords(
            "rules",
            _said("Lock when nobody is there"),
            _said("Guest data is hidden; checks go on"),
            options=minutes,
            at_once=True,
        ),
        "sign_in_by_account": SettingWords(
            "rules",
            _said("Know people by their account of this computer"),
            _said("Only where nobody shares one. They sit as front desk; more takes their PIN"),
            options=(("false", _said("No, always by PIN")), ("true", _said("Yes, when DeskPay starts"))),
        ),
        **_of_the_record(),
        "request_budget": SettingWords(
            "mews",
            _said("Questions to Mews in 30 seconds"),
            _said("All desks of a hotel share 200"),
            _said("Type a number from 10 to 200."),
        ),
        "money_deadline_s": SettingWords(
            "mews",
            _said("Seconds to wait for an answer about money"),
            _said("Without one by then it is not known, and DeskPay looks for it"),
            _said("Type seconds from 5 to 120."),
        ),
    }


def _of_the_record() -> dict[str, SettingWords]:
    return {
        "data_folder": SettingWords(
            "record",
            _said("Folder of the journals"),
            _said("On a disk of this computer, never on a share. A journal stays where it is"),
            _said("Type the whole path of a folder."),
        ),
        "journal_address": SettingWords(
            "record",
            _said("Server of a journal that desks share"),
            _said("As PostgreSQL reads it, without a password; empty keeps the journal here"),
            _said("An address holds no password: PostgreSQL finds it by its own means."),
        ),
        "head_folder": SettingWords(
            "record",
            _said("Folder for the journal's heads"),
            _said("Best a share where files are only added; with a head nobody cuts off the end unseen"),
            _said("Type the whole path of a folder, or nothing."),
        ),
    }


def together_words(right: Right) -> str:
    """Return what a right comes to that nobody of a role uses alone.

    The night's batch goes on for hours, so nobody stands by it for another: whoever may run it alone sits down.
    """
    return _said("Not alone") if right is Right.BATCH else _said("With approval")


def lock_words(*, fixed: bool, manages: bool) -> str:
    """Return why whoever is at the desk cannot set a limit.

    Args:
        fixed: whether the policy of this computer says it.
        manages: whether they may set others.
    """
    if fixed:
        return _said("Set by hotel IT")
    return _said("Nobody sets their own") if manages else _said("Managers only")


def fixed_words(setting: Setting, *, may_change: bool) -> str:
    """Return why whoever is at the desk cannot change a setting; empty where they can."""
    fixed = {Source.POLICY: _said("Set by hotel IT"), Source.VARIABLE: _said("Set by a variable")}
    return fixed.get(setting.source, "" if may_change else _said("Managers only"))
