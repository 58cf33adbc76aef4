"""What installers are made from, looked at quickly. What they do is proven by `dev.py package`, on bare machines."""

import configparser
import io
import plistlib
import re
import subprocess
import sys
import tarfile
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

import closure
import pytest
import trim
from archive import sums
from packaging.utils import canonicalize_name
from release import Release
from sameness import differences

import deskpay
from deskpay import fleet_policy
from deskpay.app import cli
from tests.kit.source import ROOT

PACKAGING = ROOT / "packaging"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
QT = "PySide6/Qt"


def text(name: str) -> str:
    return (PACKAGING / name).read_text(encoding="utf-8")


def kept(entries: list[trim.Entry], links: dict[str, list[str]] | None = None) -> list[str]:
    def imports_of(source: str) -> Iterable[tuple[str, str | None]]:
        return [(name, None) for name in (links or {}).get(source, [])]

    return [name for name, _, _ in trim.trimmed(entries, imports_of)]


def test_only_those_libraries_of_qt_stay_that_something_links_to() -> None:
    names = ["QtWidgets.abi3.so", "Qt/lib/libQt6Widgets.so.6", "Qt/lib/libQt6Core.so.6", "Qt/lib/libQt6Charts.so.6"]
    entries = [(f"PySide6/{name}", name, "BINARY") for name in names]
    links = {
        "QtWidgets.abi3.so": ["libQt6Widgets.so.6"],
        "Qt/lib/libQt6Widgets.so.6": ["libQt6Core.so.6", "libc.so.6"],
    }
    assert kept(entries, links) == [f"PySide6/{name}" for name in names[:3]]


def test_a_link_without_what_it_points_to_goes_too() -> None:
    entries = [
        ("libQt6Core.so.6", f"{QT}/lib/libQt6Core.so.6", "SYMLINK"),
        ("libQt6Charts.so.6", f"{QT}/lib/libQt6Charts.so.6", "SYMLINK"),
        (f"{QT}/lib/libQt6Core.so.6", "core", "BINARY"),
        (f"{QT}/lib/libQt6Charts.so.6", "charts", "BINARY"),
        ("main", "main", "EXTENSION"),
    ]
    assert kept(entries, {"main": ["libQt6Core.so.6"]}) == ["libQt6Core.so.6", f"{QT}/lib/libQt6Core.so.6", "main"]


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        (f"{QT}/translations/qtwebengine_locales/en-GB.pak", True),
        (f"{QT}/translations/qtwebengine_locales/fr.pak", False),
        (f"{QT}/translations/qtbase_en.qm", True),
        (f"{QT}/translations/qtbase_fr.qm", False),
        (f"{QT}/resources/qtwebengine_devtools_resources.pak", False),
        (f"{QT}/resources/v8_context_snapshot.debug.bin", False),
        (f"{QT}/resources/icudtl.dat", True),
        (f"{QT}/qml/QtCharts/plugin.so", False),
        (f"{QT}/plugins/generic/libqevdevkeyboardplugin.so", False),
        ("rapidfuzz/fuzz_cpp_avx2.cpython-311-x86_64-linux-gnu.so", False),
        ("rapidfuzz/distance/metrics_cpp_avx2.cpython-311-x86_64-linux-gnu.so", True),
        ("PySide6\\resources\\qtwebengine_devtools_resources.pak", False),
        ("babel/locale-data/de_AT.dat", True),
        ("babel/locale-data/fi.dat", False),
        ("resources/tokens.json", True),
        ("keyring-25.7.0.dist-info/RECORD", False),
        ("keyring-25.7.0.dist-info/METADATA", True),
    ],
)
def test_words_of_languages_not_spoken_and_the_engine_s_inspector_stay_out(name: str, stays: bool) -> None:
    assert kept([(name, "file", "DATA")]) == ([name] if stays else [])


def test_every_library_that_the_program_names_is_shipped_and_locked_and_no_tool_is() -> None:
    of_here = [line for line in PROJECT["dependencies"] if "win32" not in line]
    named = {canonicalize_name(re.split(r"[\[><=; ]", line)[0]) for line in of_here}
    shipped = {canonicalize_name(library.name) for library in closure.shipped()}
    assert named <= shipped
    assert {"psycopg-binary", "shiboken6"} <= shipped
    assert not shipped & {"pytest", "mypy", "pyinstaller", "zizmor"}
    blocks = re.split(r"\n(?=\S)", closure.locked().strip())
    assert {canonicalize_name(block.split("==")[0]) for block in blocks} == shipped
    assert all("--hash=sha256:" in block for block in blocks)


def test_there_is_one_version() -> None:
    assert deskpay.__version__ == PROJECT["version"]
    assert PROJECT["version"] not in text("deskpay.spec") + text("deb.py") + text("windows/deskpay.iss")


def test_files_of_a_release_are_summed_as_sha256sum_reads_them(tmp_path: Path) -> None:
    for name in ("b.deb", "a.exe"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    listed = sums([tmp_path / "b.deb", tmp_path / "a.exe"], tmp_path)
    done = subprocess.run(
        ["sha256sum", "--check", listed.name], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "a.exe: OK\nb.deb: OK\n"


def test_what_a_second_making_did_otherwise_is_told_by_name(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, word in ((first, b"one"), (second, b"two")):
        folder.mkdir()
        (folder / "alike.json").write_text("{}", encoding="utf-8")
        (folder / "changed.json").write_bytes(word)
        with tarfile.open(folder / "packed.tar.xz", "w:xz") as archive:
            for name, content in (("kept", b"same"), ("changed", word)):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    (second / "more").touch()
    assert differences(first, first) == []
    assert differences(first, second) == [
        "more was made once only",
        "changed.json: its content",
        "packed.tar.xz: changed",
    ]


def test_a_release_is_dated_by_its_commit() -> None:
    made = Release("deskpay", "1.2.3", "", 86_400)
    assert (made.date, made.mail_date) == ("1970-01-02", "Fri, 02 Jan 1970 00:00:00 -0000")


def test_the_policy_shown_as_an_example_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet_policy, "policy_place", lambda: PACKAGING / "linux" / "policy.toml")
    monkeypatch.setattr(fleet_policy, "_check_hands", lambda _: None)
    policy = fleet_policy.read_policy()
    assert (policy.present, policy.own_connections, len(policy.connections)) == (True, False, 1)


def test_the_menu_entry_and_the_shop_page_name_the_same_program() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]  # keys of desktop files keep their capitals
    entry.read_string(text("linux/deskpay.desktop"))
    page = ET.fromstring(text("linux/app.deskpay.DeskPay.metainfo.xml.in"))  # noqa: S314 - our own file
    assert entry["Desktop Entry"]["Exec"] == page.findtext("provides/binary") == PROJECT["name"]
    assert page.findtext("launchable") == "deskpay.desktop"
    assert entry["Desktop Action training"]["Exec"] == "deskpay demo"


def test_macos_gives_the_four_rights_that_the_web_engine_asks_for_and_no_other() -> None:
    rights = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    asked = (
        "allow-jit",
        "allow-unsigned-executable-memory",
        "disable-executable-page-protection",
        "disable-library-validation",
    )
    assert rights == {f"com.apple.security.cs.{right}": True for right in asked}


def test_workflows_hold_to_their_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    subprocess.run([*command, *map(str, WORKFLOWS)], check=True, timeout=60)


def test_workflows_are_safe() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    subprocess.run([str(zizmor), "--offline", "--quiet", *map(str, WORKFLOWS)], check=True, timeout=60)


@pytest.mark.parametrize("script", ["linux/preinst", "linux/postinst", "linux/postrm", "macos/sign.sh"])
def test_scripts_of_the_shell_can_be_read(script: str) -> None:
    subprocess.run(["sh", "-n", str(PACKAGING / script)], check=True, timeout=10)


def test_the_manual_tells_of_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    commands = re.findall(r"^    ([a-z]+)\b", capsys.readouterr().out, re.MULTILINE)
    assert "demo" in commands
    manual = re.findall(r'^\.B[IR]? "?([a-z]+)', text("linux/deskpay.1.in"), re.MULTILINE)
    assert set(commands) <= set(manual)
