"""What a frozen DeskPay leaves out of Qt, on every system.

PyInstaller collects every Qt module that any plug-in reaches, whatever the program uses; leaving modules out by name
does not help, for the libraries come in through plug-ins and QML. So the list of what was collected is filtered: first
by name, then by following the links of what is left. Some of what goes may not be shipped under the LGPL at all
(Qt Charts, Data Visualization, Virtual Keyboard), so this is a matter of the licence, too.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

Entry = tuple[str, str, str]
"""A row of PyInstaller's table of contents: name in the bundle, file on this machine, kind."""

LANGUAGES = ("en",)
"""What the interface speaks, and so what Qt and the web engine need words for."""

GUESTS = frozenset(file.stem for file in (Path(__file__).parents[1] / "resources" / "guest").glob("*.json"))
"""What guests are written to in, and so what money and dates need words for."""

DROPPED = (
    "*/qml/*",
    "*/qmltooling/*",
    "*/plugins/position/*",
    "*/plugins/sensors/*",
    "*/plugins/generic/*",
    "*/plugins/multimedia/*",
    "*/plugins/sqldrivers/*",
    "*/plugins/assetimporters/*",
    "*/plugins/geometryloaders/*",
    "*/plugins/sceneparsers/*",
    "*/plugins/renderers/*",
    "*/plugins/renderplugins/*",
    "*/plugins/canbus/*",
    "*/plugins/designer/*",
    "*/plugins/texttospeech/*",
    "*/plugins/networkinformation/*",
    "*/plugins/virtualkeyboard/*",
    "*/plugins/platforminputcontexts/*virtualkeyboard*",
    "*/plugins/platforms/*eglfs*",
    "*/plugins/platforms/*linuxfb*",
    "*/plugins/platforms/*minimal*",
    "*/plugins/platforms/*vkkhrdisplay*",
    "*/plugins/platforms/*vnc*",
    "*/plugins/egldeviceintegrations/*",
    "*/plugins/platformthemes/*gtk3*",
    "*/plugins/imageformats/*pdf*",
    "*/plugins/imageformats/*tga*",
    "*/plugins/imageformats/*tiff*",
    "*/plugins/imageformats/*wbmp*",
    "*/plugins/imageformats/*webp*",
    "*/plugins/imageformats/*icns*",
    # The engine's inspector, which must not open over a card, and what Chromium's own developers debug with.
    "*qtwebengine_devtools_resources*",
    "*.debug.*",
    "*/Qt/metatypes/*",
    "*/Qt/include/*",
    # How alike two words are in ways that nothing here asks for.
    "rapidfuzz/fuzz_cpp*",
    # The sums of what an installer of libraries wrote, and so of its scripts, which name the folder they were made in.
    "*.dist-info/RECORD",
    # Mesa's drivers load the machine's own C++ library; an older one found first breaks them.
    "libstdc++.so.6",
    "libgcc_s.so.1",
)
"""Patterns of names that are left out."""


def trimmed(entries: Iterable[Entry], imports_of: Callable[[str], Iterable[tuple[str, str | None]]]) -> list[Entry]:
    """Return what of `entries` a frozen DeskPay needs.

    Args:
        entries: binaries and data as PyInstaller collected them.
        imports_of: the libraries that a file links to: name and, where it was found, path; PyInstaller's `get_imports`.
    """
    wanted = [entry for entry in entries if not _is_dropped(entry[0]) and not _is_foreign_word(entry[0])]
    reached = _reached(wanted, imports_of)
    kept = [entry for entry in wanted if _library(entry[0]) in {None, *reached}]
    names = {_posix(entry[0]) for entry in kept}
    return [entry for entry in kept if entry[2] != "SYMLINK" or _target(entry) in names]


def _posix(name: str) -> str:
    return name.replace("\\", "/")


def _is_dropped(name: str) -> bool:
    return any(fnmatch.fnmatch(_posix(name), pattern) for pattern in DROPPED)


def _is_foreign_word(name: str) -> bool:
    """Tell whether it is a translation into a language that the interface does not speak."""
    path = PurePosixPath(_posix(name))
    if "qtwebengine_locales" in path.parts and path.suffix == ".pak":
        return path.stem.split("-")[0] not in LANGUAGES
    if path.suffix == ".qm" and "translations" in path.parts:
        return not any(path.stem.endswith(f"_{language}") for language in LANGUAGES)
    if path.suffix == ".dat" and "locale-data" in path.parts:
        return path.stem.split("_")[0] not in {*LANGUAGES, *GUESTS, "root"}
    return False


def _library(name: str) -> str | None:
    """Return the name by which others link to a library of Qt, None for any other file.

    A framework of macOS is a library with all that lies in its folder.
    """
    path = PurePosixPath(_posix(name))
    for part in path.parts:
        if part.startswith("Qt") and part.endswith(".framework"):
            return part.removesuffix(".framework")
    is_library = any(fnmatch.fnmatch(path.name, pattern) for pattern in ("libQt6*.so*", "Qt6*.dll"))
    return path.name if is_library else None


def _reached(entries: list[Entry], imports_of: Callable[[str], Iterable[tuple[str, str | None]]]) -> set[str]:
    """Return the names of all libraries to which a chain of links leads from what is no library of Qt itself."""
    code = [(name, source) for name, source, kind in entries if kind in {"BINARY", "EXTENSION", "EXECUTABLE"}]
    libraries = {key: source for name, source in code if (key := _library(name)) == PurePosixPath(_posix(name)).name}
    waiting = [source for name, source in code if _library(name) is None]
    seen = set[str]()
    while waiting:
        for linked, _ in imports_of(waiting.pop()):
            base = PurePosixPath(_posix(linked)).name
            if base in libraries and base not in seen:
                seen.add(base)
                waiting.append(libraries[base])
    return seen


def _target(entry: Entry) -> str:
    """Return the name in the bundle that a link points to; its second column is relative to its folder."""
    parts = list(PurePosixPath(_posix(entry[0])).parent.parts)
    for part in PurePosixPath(_posix(entry[1])).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
