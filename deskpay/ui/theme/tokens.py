"""Typed access to the design tokens: colours, type, sizes, radii and shadows of one scheme."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QFont

from deskpay.ui.assets import read_resource


class Scheme(enum.Enum):
    """The two looks; the values are the names in the tokens file."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """One step of the type scale.

    Args:
        size: pixels of the font.
        line: pixels from one line to the next.
        weight: 400, 500 or 600.
        family: `ui`, `display` or `mono`.
    """

    size: int
    line: int
    weight: int
    family: str


@dataclass(frozen=True, slots=True)
class Shadow:
    """How high something floats: blur and offset in pixels, and opacity from 0 to 1."""

    blur: int
    dy: int
    alpha: float


@lru_cache(maxsize=128)
def _font(kind: TypeStyle, families: tuple[str, ...], weight: int, *, tabular: bool) -> QFont:
    font = QFont()
    # A new font starts as the application's own, features and all.
    font.clearFeatures()
    font.setFamilies(list(families))
    font.setPixelSize(kind.size)
    font.setWeight(QFont.Weight(weight))
    features = ("zero",) if kind.family == "mono" else ("lnum",)
    for feature in (*features, *(("tnum",) if tabular else ())):
        font.setFeature(QFont.Tag(feature), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every value of the look in one scheme. Asking for an unknown name raises KeyError: a fault of the caller."""

    scheme: Scheme
    colors: Mapping[str, str]
    families: Mapping[str, tuple[str, ...]]
    styles: Mapping[str, TypeStyle]
    sizes: Mapping[str, float]
    radii: Mapping[str, int]
    shadows: Mapping[str, Shadow]
    scrim_alpha: float
    durations_ms: Mapping[str, int]

    def color(self, name: str) -> QColor:
        """Return a colour by its token, for example `bg.surface`."""
        return QColor(self.colors[name])

    def font(self, style: str = "body", weight: int | None = None, *, tabular: bool = True) -> QFont:
        """Return a font of the type scale, with lining figures.

        Args:
            style: `micro` … `balance`, or `mono` for references.
            weight: 400, 500 or 600 where it differs from the style's own.
            tabular: True gives all figures one width; words with hyphens are set without it.
        """
        kind = self.styles[style]
        # A copy shares what was looked up for it, the glyphs above all, until somebody changes it.
        return QFont(_font(kind, self.families[kind.family], weight or kind.weight, tabular=tabular))

    def line(self, style: str) -> int:
        """Return the line height of a style, in pixels."""
        return self.styles[style].line

    def size(self, name: str) -> int:
        """Return a named size, for example `control.primary`, in whole pixels."""
        return round(self.sizes[name])

    def radius(self, name: str) -> int:
        """Return a corner radius, in pixels: `chip`, `control`, `card` or `dialog`."""
        return self.radii[name]


def load_tokens(scheme: Scheme) -> Tokens:
    """Return the bundled tokens of `scheme`.

    Raises:
        FileNotFoundError: the build lacks the tokens file.
    """
    raw = json.loads(read_resource("tokens.json"))
    scale = {
        name: TypeStyle(step["size"], step["line"], step["weight"], step.get("family", "ui"))
        for name, step in raw["font"]["scale"].items()
    }
    small = scale["small"]
    scale["mono"] = TypeStyle(small.size, small.line, small.weight, "mono")
    side = f"alpha.{scheme.value}"
    elevation = raw["elevation"]
    return Tokens(
        scheme=scheme,
        colors=raw["color"][scheme.value],
        families={name: tuple(families) for name, families in raw["font"]["family"].items()},
        styles=scale,
        sizes=raw["size"],
        radii=raw["radius"],
        shadows={
            level: Shadow(elevation[level]["blur"], elevation[level]["dy"], elevation[level][side])
            for level in ("1", "2")
        },
        scrim_alpha=elevation["scrim"][side],
        durations_ms={name: value for name, value in raw["motion"].items() if isinstance(value, int)},
    )
