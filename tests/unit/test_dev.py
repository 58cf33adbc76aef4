"""The developer's door on machines that are not this one: too old, bare, without a screen, half set up."""

import ast
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import dev

PACKAGE = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


class Machine:
    """What dev.py asks of a machine and does to it.

    Attributes:
        missing: Sonames that do not load.
        programs: Programs on PATH.
        user: The effective user id.
        failing: Words that make a command fail with exit code 1 when one stands in it.
        commands: What was run, in order.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.missing: set[str] = set()
        self.programs = {"apt-get"}
        self.user = 0
        self.failing: set[str] = set()
        self.commands: list[list[str]] = []
        self.environments: list[dict[str, str]] = []

    def loads(self, soname: str) -> bool:
        return soname not in self.missing

    def which(self, program: str) -> str | None:
        return program if program in self.programs else None

    def run(self, command: list[str], extra: dict[str, str] | None = None) -> int:
        self.commands.append(command)
        self.environments.append(extra or {})
        if not self.failing.isdisjoint(command):
            return 1
        if "venv" in command:
            python = self.folder / ".venv" / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch()
        return 0

    def apt(self, *arguments: str) -> str:
        self.commands.append(["apt-get", *arguments])
        if not self.failing.isdisjoint(arguments):
            self.failing.discard("once")
            return "E: Unable to locate package"
        if arguments[0] == "install":
            self.missing.clear()
        return ""

    def ran(self, *words: str) -> list[list[str]]:
        return [command for command in self.commands if set(words) <= set(command)]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path)
    (tmp_path / "requirements.lock").write_text("qasync==0.28.0\n", encoding="utf-8")
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "FONT_FOLDERS", (tmp_path / "fonts",))
    monkeypatch.setattr(dev, "SERVER_FOLDER", tmp_path / "postgresql")
    (tmp_path / "postgresql" / "15" / "bin").mkdir(parents=True)
    (tmp_path / "postgresql" / "15" / "bin" / "initdb").touch()
    (tmp_path / "fonts" / "noto").mkdir(parents=True)
    (tmp_path / "fonts" / "noto" / "NotoSansCJK-Regular.ttc").touch()
    monkeypatch.setattr(dev, "loads", machine.loads)
    monkeypatch.setattr(dev, "run", machine.run)
    monkeypatch.setattr(dev, "apt", machine.apt)
    monkeypatch.setattr(dev, "is_known", lambda name: name in machine.programs)
    monkeypatch.setattr("dev.shutil.which", machine.which)
    monkeypatch.setattr("dev.sys.platform", "linux")
    monkeypatch.setattr("dev.os.name", "posix")
    monkeypatch.setattr("dev.os.geteuid", lambda: machine.user)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    return machine


def test_an_older_python_can_read_the_file_that_refuses_it() -> None:
    ast.parse(Path(dev.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_an_older_python_is_told_which_one_is_needed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("dev.sys.version_info", (3, 10, 14, "final", 0))
    assert dev.main(["test"]) == 1
    assert capsys.readouterr().err == (
        "dev.py: DeskPay needs Python 3.11 or newer; this is 3.10. Run dev.py with a newer one.\n"
    )
    assert machine.commands == []


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (4, 0)])
def test_a_newer_python_is_accepted(version: tuple[int, int]) -> None:
    dev.require_python(version)


def test_nothing_is_done_for_an_unknown_command(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["tset"]) == 2
    assert "python3 dev.py COMMAND" in capsys.readouterr().err
    assert dev.main(["--help"]) == 0
    assert "python3 dev.py COMMAND" in capsys.readouterr().out
    assert machine.commands == []


def test_root_on_debian_gets_just_the_missing_packages(machine: Machine) -> None:
    machine.missing = {"libnss3.so", "libxcb-cursor.so.0"}
    dev.ready()
    assert [command[-2:] for command in machine.ran("install", "apt-get")] == [["libnss3", "libxcb-cursor0"]]
    assert machine.ran("update") == []


def test_package_lists_are_fetched_when_the_machine_has_none(machine: Machine) -> None:
    machine.missing = {"libnss3.so"}
    machine.failing = {"once", "libnss3"}

    def apt(*arguments: str) -> str:
        if arguments == ("update",):
            machine.failing.clear()
        return machine.apt(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dev, "apt", apt)
        dev.ready()
    assert [command[1] for command in machine.commands if command[0] == "apt-get"] == ["install", "update", "install"]


def test_a_failing_apt_is_quoted(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.missing = {"libnss3.so"}
    machine.failing = {"libnss3"}
    assert dev.main(["test"]) == 1
    assert capsys.readouterr().err == "dev.py: apt-get failed:\nE: Unable to locate package\n"
    assert not (machine.folder / ".venv").exists()


def test_packages_are_asked_for_by_the_names_of_the_release(machine: Machine) -> None:
    machine.missing = {"libasound.so.2", "libglib-2.0.so.0", "libnss3.so"}
    machine.programs.add("libasound2t64")
    dev.ready()
    [command] = machine.ran("install", "apt-get")
    assert command[-3:] == ["libglib2.0-0", "libnss3", "libasound2t64"]


def test_somebody_else_is_told_the_command(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.user = 1000
    machine.missing = {"libEGL.so.1", "libnss3.so"}
    assert dev.main(["demo"]) == 1
    assert "  sudo apt-get update && sudo apt-get install -y libegl1 libnss3\n" in capsys.readouterr().err
    assert machine.commands == []


def test_another_distribution_is_told_the_names(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.programs.clear()
    machine.missing = {"libEGL.so.1"}
    assert dev.main(["demo"]) == 1
    assert "On Debian they are called: libegl1" in capsys.readouterr().err


def test_a_python_without_ensurepip_gets_its_package(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev.importlib.util.find_spec", lambda _name: None)
    assert dev.missing_packages() == [PACKAGE]
    machine.programs.add("uv")
    assert dev.missing_packages() == []


def test_a_font_for_every_script_is_installed_only_where_nobody_has_to_be_asked(machine: Machine) -> None:
    (machine.folder / "fonts" / "noto" / "NotoSansCJK-Regular.ttc").unlink()
    assert dev.missing_packages() == ["fonts-droid-fallback"]
    machine.user = 1000
    assert dev.missing_packages() == []


def test_the_tests_alone_get_a_server_for_the_journal(machine: Machine) -> None:
    (machine.folder / "postgresql" / "15" / "bin" / "initdb").unlink()
    assert dev.main(["demo"]) == 0
    assert machine.ran("postgresql") == []
    dev.main(["test", "tests/unit"])
    assert [command[-1] for command in machine.ran("install", "apt-get")] == ["postgresql"]
    machine.programs.add("initdb")
    assert dev.missing_servers() == []


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_only_linux_is_asked_for_its_libraries(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    machine.missing = set(dev.LIBRARIES)
    monkeypatch.setattr("dev.sys.platform", platform)
    (machine.folder / "postgresql" / "15" / "bin" / "initdb").unlink()
    assert dev.missing_packages() == []
    assert dev.missing_servers() == []


def test_the_list_of_libraries_is_whole_and_loads_here() -> None:
    assert len(dev.LIBRARIES) == 17
    assert [soname for soname in dev.LIBRARIES if not dev.loads(soname)] == []
    assert not dev.loads("libnobody-has-this.so.7")


def test_the_first_run_installs_by_hash_and_the_second_nothing(machine: Machine) -> None:
    python = dev.ready()
    assert python == str(machine.folder / ".venv" / "bin" / "python")
    assert len(machine.ran("pip", "--require-hashes", "--no-deps", str(dev.LOCK))) == 1
    made = len(machine.commands)
    assert dev.ready() == python
    assert len(machine.commands) == made


def test_uv_is_used_where_it_is(machine: Machine) -> None:
    machine.programs.add("uv")
    dev.ready()
    assert [command[:2] for command in machine.commands] == [["uv", "venv"], ["uv", "pip"]]
    assert machine.ran("uv", "--require-hashes")


def test_a_changed_lock_makes_the_environment_anew(machine: Machine) -> None:
    dev.ready()
    left_over = machine.folder / ".venv" / "left-over"
    left_over.touch()
    dev.LOCK.write_text("qasync==0.28.1\n", encoding="utf-8")
    dev.ready()
    assert len(machine.ran("pip")) == 2
    assert not left_over.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("dev.platform.python_implementation", lambda: "PyPy"), ("dev.sys.version_info", (3, 99, 0, "final", 0))],
)
def test_another_python_makes_the_environment_anew(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    dev.ready()
    monkeypatch.setattr(name, value)
    dev.ready()
    assert len(machine.ran("pip")) == 2


def test_an_interrupted_beginning_is_made_anew(machine: Machine) -> None:
    machine.failing = {"pip"}
    assert dev.main(["test"]) == 1
    assert (machine.folder / ".venv").exists()
    machine.failing.clear()
    dev.ready()
    assert len(machine.ran("pip")) == 2
    dev.venv_python().unlink()
    dev.ready()
    assert len(machine.ran("pip")) == 3


def test_the_environment_does_not_remake_itself(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dev.ready()
    dev.LOCK.write_text("changed\n", encoding="utf-8")
    monkeypatch.setattr("dev.sys.prefix", str(dev.VENV))
    assert dev.main(["test"]) == 1
    assert "run dev.py with the system's Python" in capsys.readouterr().err
    assert dev.venv_python().exists()
    assert len(machine.ran("pip")) == 1


def test_windows_keeps_its_interpreter_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev.os.name", "nt")
    assert dev.venv_python().parts[-2:] == ("Scripts", "python.exe")


def test_demo_opens_the_app_where_there_is_a_screen(machine: Machine) -> None:
    assert dev.main(["demo"]) == 0
    assert machine.commands[-1][1:] == ["-m", "deskpay", "demo"]


@pytest.mark.parametrize(("name", "value"), [("DISPLAY", ""), ("QT_QPA_PLATFORM", "offscreen")])
def test_demo_plays_the_tour_where_there_is_none(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert dev.main(["demo"]) == 0
    assert machine.commands[-1][1:] == ["-m", "deskpay", "tour", "--out", str(dev.TOUR)]
    assert machine.environments[-1] == {"QT_QPA_PLATFORM": "offscreen"}
    assert "There is no screen here" in capsys.readouterr().out


def test_demo_says_when_the_tour_failed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY")
    machine.failing = {"tour"}
    assert dev.main(["demo"]) == 1
    assert "The tour is NOT complete" in capsys.readouterr().out


def test_wayland_is_a_screen_and_so_are_windows_and_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dev.sys.platform", "linux")
    assert dev.has_screen({"WAYLAND_DISPLAY": "wayland-0"})
    assert not dev.has_screen({})
    monkeypatch.setattr("dev.sys.platform", "darwin")
    assert dev.has_screen({})


def test_arguments_go_to_pytest_and_leave_the_floors_out(machine: Machine) -> None:
    machine.failing = {"-x"}
    assert dev.main(["test", "-k", "tidy"]) == 0
    assert machine.commands[-1][1:] == ["-m", "pytest", "-k", "tidy"]
    assert dev.main(["test", "-x"]) == 1


def figures(statements: int, branches: int) -> dict[str, dict[str, int]]:
    return {
        "summary": {
            "num_statements": 100,
            "covered_lines": statements,
            "num_branches": 100,
            "covered_branches": branches,
        }
    }


WELL_COVERED = {f"deskpay/{name}/a.py": figures(97, 96) for name in ("domain", "services", "gateways", "journal")}


@pytest.mark.parametrize(
    ("files", "below"),
    [
        (WELL_COVERED, []),
        ({**WELL_COVERED, "deskpay/domain/b.py": figures(97, 90)}, ["deskpay/domain"]),
        ({**WELL_COVERED, "deskpay\\journal\\b.py": figures(80, 99)}, ["deskpay/journal"] if os.name == "nt" else []),
        ({**WELL_COVERED, "deskpay/ui/a.py": figures(70, 20)}, ["deskpay"]),
        ({**WELL_COVERED, "deskpay/domains/a.py": figures(90, 90)}, []),
        (
            {name: figure for name, figure in WELL_COVERED.items() if "journal" not in name},
            ["deskpay/journal"],
        ),
    ],
)
def test_each_package_is_held_to_its_floor(files: dict[str, dict[str, dict[str, int]]], below: list[str]) -> None:
    assert [row.name for row in dev.coverage_rows(files) if not row.ok] == below


def test_a_package_without_branches_is_judged_by_its_statements() -> None:
    straight = {"summary": {"num_statements": 4, "covered_lines": 4, "num_branches": 0, "covered_branches": 0}}
    [domain] = [row for row in dev.coverage_rows({"deskpay/domain/a.py": straight}) if row.name == "deskpay/domain"]
    assert (domain.statements, domain.branches, domain.ok) == (100, 100, True)


@pytest.mark.parametrize(
    ("files", "exit_code", "expected"),
    [(WELL_COVERED, 0, 0), ({**WELL_COVERED, "deskpay/domain/b.py": figures(0, 0)}, 0, 1), (WELL_COVERED, 1, 1)],
)
def test_the_closing_line_of_pytest_stands_below_the_table(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, dict[str, dict[str, int]]],
    exit_code: int,
    expected: int,
) -> None:
    monkeypatch.setattr(dev, "run_showing", lambda _command: (exit_code, "=== 9 passed in 1.0s ==="))
    monkeypatch.setattr(dev, "measured", lambda _python: files)
    assert dev.main(["test"]) == expected
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "=== 9 passed in 1.0s ==="
    assert ("BELOW" in "".join(lines)) == (expected == 1 and exit_code == 0)
    assert machine.ran("pip")


def test_the_figures_are_read_from_coverage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\necho '{json.dumps({'files': WELL_COVERED})}'\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    assert dev.measured(str(fake)) == WELL_COVERED
    fake.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    with pytest.raises(dev.Stop, match="could not be read"):
        dev.measured(str(fake))


def test_output_is_passed_on_and_its_last_line_kept(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    command = [sys.executable, "-c", "print('first'); print('last'); raise SystemExit(3)"]
    assert dev.run_showing(command) == (3, "last")
    assert capfdbinary.readouterr().out.split() == [b"first", b"last"]


def test_check_runs_everything_and_names_what_failed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = {"good": "pass", "bad": "raise SystemExit('the reason')", "also good": "pass"}
    monkeypatch.setattr(dev, "CHECKS", {name: ["-c", program] for name, program in programs.items()})
    monkeypatch.setattr(dev, "ready", lambda: sys.executable)
    monkeypatch.setattr(dev, "ROOT", machine.folder)
    assert dev.main(["check"]) == 1
    said = capsys.readouterr().out
    assert "the reason" in said
    assert said.splitlines()[-1] == "2 of 3 checks passed: not bad"
    monkeypatch.setattr(dev, "CHECKS", {"good": ["-c", "pass"]})
    assert dev.main(["check"]) == 0
    assert dev.main(["check", "--fast"]) == 1


def test_the_other_commands_run_what_they_say(machine: Machine) -> None:
    assert dev.main(["shots", "--only", "desk"]) == 0
    assert machine.commands[-1][1:] == ["-m", "tests.shots", "--only", "desk"]
    assert dev.main(["soak"]) == 0
    assert machine.commands[-1][1:] == ["-m", "pytest", "-m", "soak", "tests/soak"]
    assert dev.main(["bench", "--out", "figures.json"]) == 0
    assert machine.commands[-1][1:] == ["-m", "tests.bench", "--out", "figures.json"]
    assert dev.main(["mutate", "--sample", "300"]) == 0
    assert machine.commands[-1][1:] == ["-m", "tests.mutation", "--sample", "300"]


@pytest.mark.parametrize("runner", ["run", "run_showing"])
def test_ctrl_c_lets_the_child_close_and_ends_without_a_traceback(tmp_path: Path, runner: str) -> None:
    child = (
        "import os, signal, sys\n"
        "def close(*_): os.write(1, b'closed in order\\n'); sys.exit(0)\n"
        "signal.signal(signal.SIGINT, close)\n"
        "os.write(1, b'up\\n')\n"
        "signal.pause()\n"
    )
    door = (
        "import sys; sys.path.insert(0, sys.argv[1]); import dev\n"
        f"dev.demo = lambda _arguments: dev.{runner}([sys.executable, '-c', {child!r}])\n"
        "sys.exit(dev.main(['demo']))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", door, str(Path(dev.__file__).parent)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (out, err, process.returncode) == ("closed in order\n", "\nStopped.\n", 130)
