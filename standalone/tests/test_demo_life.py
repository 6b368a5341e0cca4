"""The whole product in one life: started, its supervisor killed, stopped, continued, wiped."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from shigotoba_standalone.demo.home import Home
from shigotoba_standalone.ports import free_ports
from shigotoba_standalone.supervisor import Status, read_status

pytestmark = pytest.mark.system
PATIENCE_S = 300.0


class Life:
    """One home, in which demos run one after the other."""

    def __init__(self, root: Path, until) -> None:
        self.home = Home(root)
        self.console = root.with_suffix(".console")
        self.port = free_ports(1)[0]
        self._until = until
        self.keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        wishes = ["--home", str(self.home.root), "--port", str(self.port), "--history-days", "1"]
        command = [sys.executable, "-m", "shigotoba_standalone", "demo", *wishes]
        with self.console.open("ab") as output:
            self.keeper = subprocess.Popen(command, stdout=output, stderr=output)
        self.wait_until_running(than=0)

    def wait_until_running(self, than: int) -> Status:
        """Wait for the page of a supervisor with another process id than ``than``."""

        def runs() -> Status | None:
            assert self.keeper.poll() is None, self.console.read_text()
            status = read_status(self.home.status)
            return status if status and status.address and status.pid != than else None

        self._until(runs, "a running demo", PATIENCE_S)
        return runs()

    def stop(self) -> int:
        self.keeper.send_signal(signal.SIGINT)
        return self.keeper.wait()

    def members(self) -> list[str]:
        """Command lines of everybody who has this home's name in command or working directory."""
        return [line for entry in Path("/proc").iterdir() if (line := self._mentions(entry))]

    def _mentions(self, entry: Path) -> str:
        try:
            line = (entry / "cmdline").read_bytes().decode() + str((entry / "cwd").readlink())
        except OSError:
            return ""
        return line if str(self.home.root) in line else ""


@pytest.fixture
def life(reachable_directory: Path, until) -> Iterator[Life]:
    life = Life(reachable_directory / "life", until)
    yield life
    if life.keeper and life.keeper.poll() is None:
        life.stop()


def test_a_demo_heals_stops_continues_and_is_wiped(life: Life):
    life.start()
    first = read_status(life.home.status)
    with urllib.request.urlopen(first.address) as page:
        assert page.status == 200
    born = json.loads(life.home.birth.read_text())

    os.kill(first.pid, signal.SIGKILL)
    second = life.wait_until_running(than=first.pid)
    assert not {each.pid for each in first.processes} & {each.pid for each in second.processes if each.pid}

    assert life.stop() == 0, life.console.read_text()
    assert life.members() == []

    life.start()
    assert json.loads(life.home.birth.read_text()) == born
    assert life.stop() == 0, life.console.read_text()
    assert life.members() == []

    command = [sys.executable, "-m", "shigotoba_standalone", "demo-reset", "--home", str(life.home.root)]
    subprocess.run(command, check=True)
    assert not life.home.root.exists()
