"""The demo's own decisions: what it remembers, what it writes for each room, what it wipes and what it refuses."""

import json
import os
import socket
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shigotoba_backend.settings import BackendSettings
from shigotoba_dashboard.settings import Settings as DashboardSettings
from shigotoba_sim.settings import read_sim_settings
from shigotoba_standalone import cli
from shigotoba_standalone.demo.birth import born, recall, remember
from shigotoba_standalone.demo.board import Board, read_history
from shigotoba_standalone.demo.ground import Ground, Wishes, facts, find_ground
from shigotoba_standalone.demo.home import Home
from shigotoba_standalone.demo.settings import as_toml, write_settings
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.locks import held
from shigotoba_standalone.platforms import check_platform
from shigotoba_standalone.ports import HOST, free_ports, is_free
from shigotoba_standalone.supervisor import Progress, Status, read_status, write_status
from shigotoba_wire.settings import read_settings

MORNING = datetime(2026, 11, 20, 23, 12, 0, 5, tzinfo=UTC)


@pytest.fixture
def home(reachable_directory: Path, request: pytest.FixtureRequest) -> Home:
    root = reachable_directory / f"demo-{abs(hash(request.node.name)) % 10**8}"
    root.mkdir()
    return Home(root)


@pytest.fixture
def ground(home: Home) -> Ground:
    said: list[str] = []
    return find_ground(home, Wishes(free_ports(1)[0], 30), MORNING, said.append)


def test_a_demo_born_in_the_morning_in_japan_has_its_history_up_to_that_day():
    birth = born(MORNING, 30, seed=7)
    assert birth.birthday == birth.lively_from == "2026-11-21T08:12:00+09:00"
    assert birth.opened_on == "2026-10-22"
    assert date.fromisoformat(born(MORNING, 0, 7).opened_on) == date(2026, 11, 21)
    assert date.fromisoformat(born(MORNING, None, 7).opened_on) == date(2026, 10, 1)


def test_a_birth_is_remembered_word_for_word(tmp_path: Path):
    path, birth = tmp_path / "demo.json", born(MORNING, 30, seed=7)
    assert recall(path) is None
    remember(path, birth)
    assert recall(path) == birth


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', "{"])
def test_a_damaged_birth_is_one_line_that_says_what_to_do(tmp_path: Path, text: str):
    (tmp_path / "demo.json").write_text(text)
    with pytest.raises(StandaloneError, match="make demo-reset"):
        recall(tmp_path / "demo.json")


@pytest.mark.integration
def test_every_room_accepts_the_settings_file_written_for_it(ground: Ground):
    files = write_settings(ground.home.settings, facts(ground))
    sim = read_sim_settings(Path(files.of("sim")))
    assert sim.opened_on == date(2026, 10, 22)
    assert sim.snmp_ports == ground.printer_ports
    assert sim.dbus_socket == ground.dbus_socket
    backend = read_settings(Path(files.of("backend")), BackendSettings)
    assert backend.database == ground.database
    assert backend.broker.password_file == ground.home.secrets / "upstream" / "ingest"
    assert read_settings(Path(files.of("dashboard")), DashboardSettings).port == ground.page_port
    for room in ("edge", "gateway"):
        assert tomllib.loads(Path(files.of(room)).read_text())["gateway"] == "gw-1"


@pytest.mark.integration
def test_no_settings_file_holds_a_password(ground: Ground):
    write_settings(ground.home.settings, facts(ground))
    passwords = [path.read_text().strip() for path in ground.home.secrets.rglob("*") if path.is_file()]
    assert len(passwords) == 7
    text = "".join(path.read_text() for path in ground.home.settings.iterdir())
    assert not [password for password in passwords if password in text]


@pytest.mark.integration
def test_a_demo_that_continues_keeps_its_past_whatever_is_wished(ground: Ground):
    later = find_ground(ground.home, Wishes(ground.page_port, 5), datetime(2027, 1, 1, tzinfo=UTC), print)
    assert later.birth == ground.birth
    assert later.cluster == ground.cluster


@pytest.mark.parametrize("value", ['a "quoted" path', "仕事場", "back\\slash", "line\nbreak", 7])
def test_values_come_back_from_toml_as_they_went_in(value: str | int):
    assert tomllib.loads(f"key = {as_toml(value)}") == {"key": value}


def test_a_port_in_use_is_refused_with_what_to_do(home: Home):
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StandaloneError, match=f"port {port} .* in use.*--port {port + 1}"):
            find_ground(home, Wishes(port, 30), MORNING, print)
    assert not home.birth.exists()


def test_free_ports_differ_and_lie_below_those_of_outgoing_connections():
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert all(is_free(port) for port in ports)
    assert max(ports) < int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])


@pytest.mark.parametrize(("system", "machine"), [("darwin", "arm64"), ("win32", "AMD64"), ("linux", "riscv64")])
def test_another_platform_is_told_so_in_one_line(system: str, machine: str):
    with pytest.raises(StandaloneError, match=f"this is {system} on {machine}"):
        check_platform(system, machine)


def test_the_platforms_we_run_on_are_accepted():
    check_platform("linux", "x86_64")
    check_platform("linux", "aarch64")


def test_a_reset_wipes_what_is_ours_and_nothing_else(home: Home, capsys: pytest.CaptureFixture[str]):
    remember(home.birth, born(MORNING, 30, 7))
    for part in (home.logs, home.state, home.root / "postgres" / "data"):
        part.mkdir(parents=True)
        (part / "file").touch()
    (home.root / "mine.txt").touch()
    assert cli.main(["demo-reset", "--home", str(home.root)]) == 0
    assert [path.name for path in home.root.iterdir()] == ["mine.txt"]
    assert cli.main(["demo-reset", "--home", str(home.root)]) == 2
    assert "no demo.json" in capsys.readouterr().err


def test_a_reset_removes_a_home_that_held_nothing_else(home: Home):
    remember(home.birth, born(MORNING, 30, 7))
    assert cli.main(["demo-reset", "--home", str(home.root)]) == 0
    assert not home.root.exists()
    assert cli.main(["demo-reset", "--home", str(home.root)]) == 0, "nothing to wipe is no error"


@pytest.mark.parametrize("command", ["demo", "demo-reset"])
def test_while_a_demo_runs_another_start_or_a_reset_is_refused_in_one_line(home: Home, command: str):
    remember(home.birth, born(MORNING, 30, 7))
    with held(home.lock):
        arguments = [sys.executable, "-m", "shigotoba_standalone", command, "--home", str(home.root)]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"a demo is already running in {home.root} (pid {os.getpid()}). "
        "Stop it with Ctrl-C in its terminal, or name another home with --home.\n"
    )
    assert home.birth.exists()


def test_the_status_file_comes_back_as_it_was_written(tmp_path: Path):
    status = Status(1, "running", Progress(5, 5), "http://127.0.0.1:8050/", Progress(3, 30))
    write_status(tmp_path / "status.json", status)
    assert read_status(tmp_path / "status.json") == status
    assert read_status(tmp_path / "none") is None


def test_status_of_a_home_where_nothing_runs_says_so(home: Home, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["status", "--home", str(home.root)]) == 2
    assert "no demo is running" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"done": "x", "total": 3}', '{"done": 1}'])
def test_a_history_file_that_says_nothing_shows_nothing(tmp_path: Path, text: str):
    (tmp_path / "history.json").write_text(text)
    assert read_history(tmp_path / "history.json") is None


def test_history_progress_is_read(tmp_path: Path):
    (tmp_path / "history.json").write_text(json.dumps({"done": 12, "total": 30, "finished": False}))
    assert read_history(tmp_path / "history.json") == Progress(12, 30)


def test_a_status_that_cannot_be_written_is_said_once_and_stops_nobody(tmp_path: Path):
    said: list[str] = []
    board = Board(tmp_path / "missing" / "status.json", said.append)
    board.address("http://127.0.0.1:8050/")
    board.step("running", Progress(5, 5))
    assert len(said) == 1
    assert "cannot be written" in said[0]


def test_the_supervisor_alone_is_not_a_command_for_people(home: Home, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["supervise", "--home", str(home.root)]) == 2
    assert "Run: make demo" in capsys.readouterr().err


def test_a_home_where_nothing_can_be_made_is_named_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "file").touch()
    assert cli.main(["demo", "--home", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.startswith(f"{tmp_path / 'file'}")
