"""What a connection is, and so what is at stake."""

from __future__ import annotations

from enum import Enum


class Environment(Enum):
    """The live Mews, Mews's public demo, or the training hotel on this computer."""

    TRAINING = "training"
    DEMO = "demo"
    LIVE = "live"
