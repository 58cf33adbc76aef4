"""What a connection is, and so what is at stake."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Environment(Enum):
    """The live Mews, Mews's public demo, or the training hotel on this computer."""

    TRAINING = "training"
    DEMO = "demo"
    LIVE = "live"


HOSTS: Mapping[Environment, str] = MappingProxyType(
    {Environment.LIVE: "api.mews.com", Environment.DEMO: "api.mews-demo.com"}
)
"""The one host of each; training has its own on loopback. Source: Mews Connector API guidelines, "Environments"."""
