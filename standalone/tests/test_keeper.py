"""The keeper as a real process: it outlives its supervisor's SIGKILL, and nobody outlives the two of them."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shigotoba_standalone.locks import is_held

SUPERVISOR = """
import asyncio, os, sys
from pathlib import Path
from shigotoba_standalone.programs import Program
from shigotoba_standalone.supervise import say, until_stopped
from shigotoba_standalone.supervisor import Supervisor

async def work():
    async with Supervisor(Path(sys.argv[1]), say, lambda _states: None) as supervisor:
        await supervisor.start_and_wait(Program("runaway", [sys.executable, "-c", RUNAWAY]))
        await supervisor.start_and_wait(Program("sleeper", ["/bin/sleep", "4242"]))
        say(f"supervisor {os.getpid()}")
        await supervisor.serve()

RUNAWAY = "import subprocess, time; subprocess.Popen(['/bin/sleep', '4243'], start_new_session=True); time.sleep(600)"
asyncio.run(until_stopped(work()))
"""

KEEPER = """
import signal, sys
from pathlib import Path
from shigotoba_standalone.keeper import Keeper
from shigotoba_standalone.locks import held
from shigotoba_standalone.programs import Program

home = Path(sys.argv[1])
command = [sys.executable, sys.argv[2], str(home / "log")]
program = Program("supervisor", command, orphan_signal=signal.SIGTERM)
with held(home / "run" / "lock") as lock:
    line = lambda text: print(text, flush=True)
    sys.exit(Keeper(program, home / "log", lock, line, lambda: None).keep())
"""


class Family:
    """A keeper, and everybody below it."""

    def __init__(self, home: Path, until) -> None:
        self.home, self._until = home, until
        for name, code in (("supervisor.py", SUPERVISOR), ("keeper.py", KEEPER)):
            (home / name).write_text(code)
        self.output = home / "output"
        command = [sys.executable, str(home / "keeper.py"), str(home), str(home / "supervisor.py")]
        with self.output.open("wb") as output:
            self.keeper = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)

    def supervisors(self) -> list[int]:
        lines = self.output.read_text().splitlines()
        return [int(line.split()[1]) for line in lines if line.startswith("supervisor ")]

    def wait_for_life(self, number: int) -> int:
        self._until(lambda: len(self.supervisors()) >= number, f"life {number} of the supervisor")
        return self.supervisors()[number - 1]

    def members(self) -> dict[int, str]:
        """Everybody who inherited this home's mark in the environment: process id to command line."""
        mark = f"KEEPER_TEST={self.home}".encode()
        entries = [entry for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        return {
            int(entry.name): _read(entry / "cmdline").decode() for entry in entries if mark in _read(entry / "environ")
        }

    def has(self, argument: str) -> bool:
        return any(argument in command for command in self.members().values())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.fixture
def family(tmp_path: Path, until, monkeypatch: pytest.MonkeyPatch) -> Iterator[Family]:
    monkeypatch.setenv("KEEPER_TEST", str(tmp_path))
    family = Family(tmp_path, until)
    yield family
    family.keeper.kill()
    family.keeper.wait()
    for pid in family.members():  # a killed keeper cannot bury what its programs hid from the supervisor
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until(lambda: not family.members(), "the end of everybody")


def test_ctrl_c_stops_everybody_and_the_status_is_0(family: Family, until):
    family.wait_for_life(1)
    until(lambda: family.has("4243"), "the runaway's child")
    assert family.has("4242")
    family.keeper.send_signal(signal.SIGINT)
    assert family.keeper.wait() == 0
    assert not family.members()
    assert not is_held(family.home / "run" / "lock")


def test_a_supervisor_killed_by_a_signal_is_started_again_without_leftovers(family: Family, until):
    first = family.wait_for_life(1)
    until(lambda: family.has("4243"), "the runaway's child")
    os.kill(first, signal.SIGKILL)
    assert family.wait_for_life(2) != first
    assert len([command for command in family.members().values() if "4242" in command]) == 1
    assert "The supervisor was killed (signal SIGKILL) and is started again." in family.output.read_text()
    family.keeper.send_signal(signal.SIGTERM)
    assert family.keeper.wait() == 0
    assert not family.members()


def test_a_killed_keeper_takes_supervisor_and_programs_with_it_and_frees_the_home(family: Family, until):
    family.wait_for_life(1)
    family.keeper.kill()
    family.keeper.wait()
    until(lambda: not family.has("4242") and not family.has("supervisor.py"), "the end of supervisor and programs")
    until(lambda: not is_held(family.home / "run" / "lock"), "the end of the lock")
