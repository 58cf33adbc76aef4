"""What a desk may set for itself, checked; never a secret.

Read from ``settings.toml`` in the user's configuration folder, over it from ``DESKPAY_…`` variables.
"""

from __future__ import annotations

import getpass
import platform
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from typing_extensions import override


def _operator() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # KeyError before Python 3.13
        return platform.node() or "DeskPay"


class WrongSettings(Exception):
    """The settings cannot be used.

    Args:
        named: what to correct, in words of the settings; never a value.
    """

    def __init__(self, named: str) -> None:
        super().__init__(f"The settings cannot be used; please correct: {named}")


class Settings(BaseSettings):
    """The desk's settings.

    Attributes:
        appearance: light, dark, or as the system says.
        desk_id: name of the workstation, kept with every intent.
        operator: name of the person, kept with every intent.
        approvers: names of those who decide, two together, what became of an act that cannot be proven; with fewer than
            two nobody can. Names prove nothing about who types them; signing in replaces this.
        request_budget: requests that this desk may start in any 30 seconds; all desks of a hotel share 200.
        money_deadline_s: seconds after which an act without an answer counts as unknown.
        data_folder: where the journals lie.
    """

    model_config = SettingsConfigDict(
        env_prefix="DESKPAY_", extra="forbid", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    appearance: Literal["system", "light", "dark"] = "system"
    desk_id: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        default_factory=lambda: platform.node() or "desk"
    )
    operator: Annotated[str, Field(min_length=1, max_length=80)] = Field(default_factory=_operator)
    approvers: tuple[Annotated[str, Field(min_length=1, max_length=80)], ...] = ()
    request_budget: Annotated[int, Field(ge=10, le=200)] = 100
    money_deadline_s: Annotated[float, Field(ge=5, le=120)] = 60
    data_folder: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("DeskPay", appauthor=False)))

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the file under the variables, and leave the other sources out."""
        file = Path(platformdirs.user_config_dir("DeskPay", appauthor=False)) / "settings.toml"
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)


def read_settings() -> Settings:
    """Return the settings of this desk.

    Raises:
        WrongSettings: they cannot be used.
    """
    try:
        return Settings()
    except ValidationError as problem:
        named = ", ".join(".".join(map(str, error["loc"])) for error in problem.errors(include_input=False))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        named = "settings.toml"
    raise WrongSettings(named)
