"""The look: colours that can be read, fonts that are there, icons in any colour."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from deskpay.ui.assets import read_resource, resource_path
from deskpay.ui.components.button import Button, ButtonKind
from deskpay.ui.components.painting import Run, lay_out
from deskpay.ui.theme import Scheme, Tokens, apply_theme, icon_pixmap, load_tokens, tokens

ROOT = Path(__file__).resolve().parents[2]
TEXT, GRAPHICS = 4.5, 3.0
GROUNDS = ("bg.surface", "bg.window", "bg.raised")
TINTS = ("success", "warning", "danger", "unknown", "neutral")

TEXT_PAIRS = [
    *[(ink, ground) for ink in ("text.primary", "text.secondary", "text.tertiary") for ground in GROUNDS],
    *[(f"{tone}.text", ground) for tone in ("accent", "success", "warning", "danger", "unknown") for ground in GROUNDS],
    *[(f"{tone}.text", f"{tone}.bg") for tone in TINTS],
    *[("text.primary", f"{tone}.bg") for tone in ("success", "warning", "danger", "unknown")],
    *[(ink, "bg.selected") for ink in ("text.primary", "text.secondary", "text.tertiary", "accent.text")],
    *[(ink, "bg.hover") for ink in ("text.primary", "text.secondary", "text.tertiary")],
    ("text.primary", "bg.pressed"),
    ("text.secondary", "bg.sunken"),
    ("text.tertiary", "bg.sunken"),
    ("bg.surface", "text.secondary"),
    ("accent.on", "accent.fill"),
    ("accent.on", "accent.hover"),
    ("accent.on", "accent.pressed"),
    ("danger.on", "danger.fill"),
    ("danger.on", "danger.hover"),
    ("accent.on", "unknown.fill"),
    ("match.text", "match.bg"),
    ("env.training.text", "env.training.bg"),
    ("env.training.text", "env.training.stripe"),
    ("env.demo.text", "env.demo.bg"),
    ("env.demo.text", "env.demo.stripe"),
    ("env.live.text", "env.live.bg"),
]
GRAPHIC_PAIRS = [
    *[("border.control", ground) for ground in (*GROUNDS, "bg.selected", "bg.pressed")],
    *[("focus.ring", ground) for ground in (*GROUNDS, "bg.selected")],
    *[(f"{tone}.fill", "bg.surface") for tone in ("accent", "success", "warning", "danger", "unknown")],
    ("unknown.fill", "unknown.bg"),
    ("accent.fill", "bg.window"),
]


def _luminance(color: QColor) -> float:
    channels = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def light(qapp: QApplication) -> Iterator[Tokens]:
    yield apply_theme(qapp, Scheme.LIGHT)
    apply_theme(qapp, Scheme.LIGHT)


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [(*pair, TEXT) for pair in TEXT_PAIRS] + [(*pair, GRAPHICS) for pair in GRAPHIC_PAIRS],
)
def test_what_is_read_stands_out_from_its_ground(scheme: Scheme, ink: str, ground: str, least: float) -> None:
    theme = load_tokens(scheme)
    assert contrast(theme.color(ink), theme.color(ground)) >= least


def test_both_schemes_name_the_same_colours() -> None:
    assert load_tokens(Scheme.LIGHT).colors.keys() == load_tokens(Scheme.DARK).colors.keys()


@pytest.mark.parametrize(
    ("style", "family", "weight"),
    [("body", "Inter", 400), ("micro", "Inter", 500), ("title", "Inter", 600), ("balance", "Inter Display", 600)],
)
def test_bundled_fonts_are_used(light: Tokens, style: str, family: str, weight: int) -> None:
    found = QFontInfo(light.font(style))
    assert (found.family(), found.weight()) == (family, weight)


def test_references_are_set_in_the_mono_font(light: Tokens) -> None:
    assert QFontInfo(light.font("mono")).family() == "JetBrains Mono"


@pytest.mark.parametrize("style", ["body", "small", "amount", "balance"])
def test_figures_are_tabular(light: Tokens, style: str) -> None:
    metrics = QFontMetricsF(light.font(style))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")


def test_hyphens_of_words_stay_narrow_among_tabular_figures(light: Tokens) -> None:
    font = light.font("body")
    word = lay_out((Run("e-mail"),), font, 18).width
    assert word == pytest.approx(lay_out((Run("e-mail"),), light.font("body", tabular=False), 18).width)
    assert word < QFontMetricsF(font).horizontalAdvance("e-mail")


def test_an_unknown_token_is_a_fault_of_the_caller(light: Tokens) -> None:
    with pytest.raises(KeyError):
        light.color("bg.nowhere")


def test_changing_the_scheme_repaints_what_is_on_screen(qtbot: QtBot, light: Tokens, qapp: QApplication) -> None:
    button = Button("Charge", ButtonKind.PRIMARY)
    qtbot.addWidget(button)
    button.show()
    assert button.grab().toImage().pixelColor(6, 16) == light.color("accent.fill")
    dark = apply_theme(qapp, Scheme.DARK)
    assert button.grab().toImage().pixelColor(6, 16) == dark.color("accent.fill")
    assert qapp.palette().color(QPalette.ColorRole.WindowText) == dark.color("text.primary")
    assert tokens() is dark


def test_an_icon_is_painted_in_the_colour_asked_for(light: Tokens) -> None:
    picture = icon_pixmap("check", light.color("danger.text"), 32).toImage()
    colors = {
        picture.pixelColor(x, y).name() for x in range(32) for y in range(32) if picture.pixelColor(x, y).alpha() == 255
    }
    assert colors == {light.color("danger.text").name()}
    assert picture.pixelColor(0, 0).alpha() == 0


def test_every_bundled_icon_can_be_painted(light: Tokens) -> None:
    for path in resource_path("icons").glob("*.svg"):
        picture = icon_pixmap(path.stem, light.color("text.primary"), 16).toImage()
        assert any(picture.pixelColor(x, y).alpha() for x in range(16) for y in range(16)), path.stem


def test_every_icon_the_program_names_is_bundled() -> None:
    named = re.compile(r'(?:icon="|paint_icon\(painter, "|"icon:)([a-z][a-z0-9-]+)"')
    bundled = {path.stem for path in resource_path("icons").glob("*.svg")}
    for source in (ROOT / "deskpay" / "ui").rglob("*.py"):
        missing = set(named.findall(source.read_text(encoding="utf-8"))) - bundled
        assert not missing, (source.name, missing)


def test_licences_travel_with_fonts_and_icons() -> None:
    assert "SIL Open Font License" in read_resource("fonts", "Inter-OFL.txt")
    assert "SIL Open Font License" in read_resource("fonts", "JetBrainsMono-OFL.txt")
    assert "ISC License" in read_resource("icons", "LICENSE")


def test_a_frozen_build_reads_from_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "tokens.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert read_resource("tokens.json") == "{}"
    with pytest.raises(FileNotFoundError, match=r"icons/check\.svg"):
        resource_path("icons", "check.svg")
