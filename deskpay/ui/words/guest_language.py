"""What guests read, in their own language, which may be another than the desk's: receipts, links, the guest's screen.

The words are data files, one a language, with the same names in each; a new language is a new file. Nothing in them is
markup. What no file has is said in English.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from deskpay.domain.money import Money
from deskpay.ui.assets import read_resource
from deskpay.ui.words.dates import DateWords
from deskpay.ui.words.money import MoneyWords

LANGUAGES = ("en", "de", "fr", "es", "nl")


@dataclass(frozen=True, slots=True)
class GuestLanguage:
    """One language.

    Args:
        code: of the language, two letters.
        locale: for money and dates.
        words: by name.
    """

    code: str
    locale: str
    words: Mapping[str, str]

    @property
    def name(self) -> str:
        """What its speakers call it."""
        return self.words["name"]

    @property
    def tag(self) -> str:
        """The code as the property system takes it, such as ``de-DE``."""
        return self.locale.replace("_", "-")

    def say(self, name: str, **values: str) -> str:
        """Return the words of that name, with `values` in their places."""
        return self.words[name].format(**values)

    def money(self, money: Money) -> str:
        """Return an amount as its readers write it."""
        return MoneyWords(self.locale).show(money)

    def moment(self, when: datetime, zone: ZoneInfo) -> str:
        """Return a day with its hour, on the hotel's clock: "Thu 12 Nov 2026, 14:32"."""
        local = DateWords(zone).local(when)
        return f"{format_date(local.date(), 'EEE d MMM y', locale=self.locale)}, {local:%H:%M}"


@cache
def guest_language(code: str) -> GuestLanguage:
    """Return the language of a code such as ``de`` or ``de-AT``; English for one that has no file."""
    short = code.replace("_", "-").split("-")[0].lower()
    known = short if short in LANGUAGES else LANGUAGES[0]
    words: dict[str, str] = json.loads(read_resource("guest", f"{known}.json"))
    return GuestLanguage(known, words["locale"], words)
