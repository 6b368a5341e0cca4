"""The supervisor over real small processes: started, killed, started again, stopped in reverse, nobody left."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from shigotoba_standalone.accounts import our_account
from shigotoba_standalone.errors import StandaloneError
from shigotoba_standalone.programs import Program
from shigotoba_standalone.supervisor import ProcessStatus, Supervisor, ticks
from shigotoba_standalone.supervisor.backoff import LONGEST_S, STEADY_S, Backoff
from shigotoba_standalone.supervisor.logs import last_line, trim
from shigotoba_standalone.supervisor.status import State


def python(name: str, code: str, **options) -> Program:
    return Program(name, [sys.executable, "-c", code], **options)


def sleeper(name: str, **options) -> Program:
    return Program(name, ["/bin/sleep", "600"], **options)


def alive(pid: int | None) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def until(condition: Callable[[], object]) -> None:
    async for _ in ticks(0.02, 60.0):
        if condition():
            return
    raise AssertionError("it did not come to pass")


class Recorder:
    """What a supervisor said and showed."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.shown: list[ProcessStatus] = []

    def changed(self, states) -> None:
        self.shown = list(states)

    def of(self, name: str) -> ProcessStatus:
        return next(each for each in self.shown if each.name == name)

    @asynccontextmanager
    async def supervise(self, logs: Path) -> AsyncIterator[Supervisor]:
        async with Supervisor(logs, self.said.append, self.changed) as supervisor:
            yield supervisor


async def test_a_killed_program_is_started_again_and_that_is_said(tmp_path: Path):
    recorder = Recorder()
    async with recorder.supervise(tmp_path) as supervisor:
        await supervisor.start_and_wait(sleeper("sleeper"))
        first = recorder.of("sleeper").pid
        os.kill(first, signal.SIGKILL)
        await until(lambda: recorder.of("sleeper").restarts == 1 and recorder.of("sleeper").pid)
        assert recorder.of("sleeper").pid != first
        assert recorder.of("sleeper").last_end == "signal SIGKILL"
    assert recorder.said == ["sleeper ended (signal SIGKILL) and is started again."]


async def test_a_program_that_keeps_dying_is_waited_for_longer_and_longer(tmp_path: Path):
    recorder = Recorder()
    async with recorder.supervise(tmp_path) as supervisor:
        supervisor.start(python("weak", "raise SystemExit(3)"))
        await until(lambda: recorder.shown and recorder.of("weak").restarts >= 2)
        assert recorder.of("weak").last_end == "status 3"


def test_the_wait_doubles_up_to_a_bound_and_a_steady_run_resets_it():
    state, waits = Backoff(), []
    for _ in range(20):
        state = state.after(0.1)
        waits.append(state.wait_s)
    assert waits[:4] == [0.2, 0.4, 0.8, 1.6]
    assert waits[-1] == LONGEST_S
    assert state.after(STEADY_S) == Backoff(1)


async def test_programs_stop_in_the_reverse_of_their_order(tmp_path: Path):
    recorder, ends = Recorder(), tmp_path / "ends"
    code = (
        "import signal, sys, pathlib\n"
        "def end(*_):\n"
        f"    open({str(ends)!r}, 'a').write(sys.argv[1])\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path(sys.argv[2]).touch()\n"
        "while True: signal.pause()"
    )
    async with recorder.supervise(tmp_path / "log") as supervisor:
        for name in "abc":
            here = tmp_path / name
            command = [sys.executable, "-c", code, name, str(here)]
            await supervisor.start_and_wait(Program(name, command, ready=here.exists))
    assert ends.read_text() == "cba"
    assert {each.state for each in recorder.shown} == {State.STOPPED}


async def test_a_program_that_will_not_stop_is_killed_with_all_it_started(tmp_path: Path):
    recorder, note = Recorder(), tmp_path / "pid"
    code = (
        "import signal, subprocess, pathlib\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['/bin/sleep', '600'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "while True: signal.pause()"
    )
    async with recorder.supervise(tmp_path / "log") as supervisor:
        child = supervisor.start(python("stubborn", code, ready=lambda: note.exists() and note.read_text() != ""))
        await child.wait_ready(60)
        await child.stop(grace_s=0.3)
        grandchild = int(note.read_text())
        await until(lambda: not alive(grandchild))
    assert recorder.said == ["stubborn did not stop within 0.3 s and was killed."]


async def test_what_a_killed_program_started_does_not_outlive_it(tmp_path: Path):
    recorder, note = Recorder(), tmp_path / "pid"
    code = (
        "import subprocess, pathlib\n"
        "child = subprocess.Popen(['/bin/sleep', '600'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "child.wait()"
    )
    async with recorder.supervise(tmp_path / "log") as supervisor:
        await supervisor.start(
            python("parent", code, ready=lambda: note.exists() and note.read_text() != "")
        ).wait_ready(60)
        grandchild = int(note.read_text())
        os.kill(recorder.of("parent").pid, signal.SIGKILL)
        await until(lambda: not alive(grandchild))


async def test_refused_settings_end_everything_with_the_programs_own_words(tmp_path: Path):
    recorder = Recorder()
    picky = python("picky", "import sys; print('picky.toml: no such file', file=sys.stderr); sys.exit(2)")

    async def serve() -> None:
        async with recorder.supervise(tmp_path) as supervisor:
            supervisor.start(sleeper("sleeper"))
            supervisor.start(picky)
            await supervisor.serve()

    with pytest.raises(StandaloneError, match=r"picky cannot work: picky\.toml: no such file"):
        await serve()
    assert recorder.of("sleeper").state is State.STOPPED


async def test_work_that_ends_well_is_done_and_work_that_fails_is_tried_again(tmp_path: Path):
    recorder, tried = Recorder(), tmp_path / "tried"
    code = f"import pathlib, sys; p = pathlib.Path({str(tried)!r}); again = p.exists(); p.touch(); sys.exit(not again)"
    async with recorder.supervise(tmp_path / "log") as supervisor:
        await supervisor.start_work(python("work", code)).ended()
        assert recorder.of("work").state is State.DONE
        assert recorder.of("work").restarts == 1


async def test_a_step_that_fails_says_its_last_line(tmp_path: Path):
    async with Recorder().supervise(tmp_path) as supervisor:
        await supervisor.run(python("fine", "print('done')"))
        with pytest.raises(StandaloneError, match="migrate failed: the schema is locked"):
            await supervisor.run(python("migrate", "raise SystemExit('the schema is locked')"))


async def test_a_step_killed_by_a_signal_is_run_again(tmp_path: Path):
    recorder, tried = Recorder(), tmp_path / "tried"
    code = (
        "import os, pathlib, signal\n"
        f"tried = pathlib.Path({str(tried)!r})\n"
        "if not tried.exists():\n"
        "    tried.touch()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    async with recorder.supervise(tmp_path / "log") as supervisor:
        await supervisor.run(python("migrate", code))
    assert recorder.said == ["migrate was killed (signal SIGKILL) and is run again."]


async def test_a_program_that_cannot_be_started_yet_is_tried_again(tmp_path: Path):
    recorder, tries = Recorder(), iter([True, False])

    def mend() -> None:
        if next(tries):
            raise StandaloneError("another PostgreSQL (pid 7) is still using it")

    async with recorder.supervise(tmp_path) as supervisor:
        await supervisor.start_and_wait(sleeper("postgres", mend=mend))
    assert recorder.said == ["postgres cannot be started yet: another PostgreSQL (pid 7) is still using it"]


async def test_a_missing_executable_is_named_in_the_log(tmp_path: Path):
    recorder = Recorder()
    async with recorder.supervise(tmp_path) as supervisor:
        with pytest.raises(StandaloneError, match=r"/no/such/broker: cannot be started \(No such file or directory\)"):
            await supervisor.run(Program("broker", ["/no/such/broker"]))


async def test_a_program_with_our_own_account_needs_no_right_to_change_accounts(tmp_path: Path):
    program = Program("sleeper", ["/bin/sleep", "600"], account=our_account())
    assert "-" in program.launch_command()
    async with Recorder().supervise(tmp_path) as supervisor:
        await supervisor.start_and_wait(program)


async def test_cancelling_in_the_middle_of_a_start_leaves_nobody(tmp_path: Path):
    recorder = Recorder()

    async def start() -> None:
        async with recorder.supervise(tmp_path) as supervisor:
            supervisor.start(sleeper("sleeper"))
            await supervisor.start_and_wait(sleeper("never-ready", ready=lambda: False))

    task = asyncio.create_task(start())
    await until(lambda: len([each for each in recorder.shown if each.pid]) == 2)
    pids = [each.pid for each in recorder.shown]
    task.cancel()
    await asyncio.wait([task])
    assert not any(alive(pid) for pid in pids)


def test_a_log_that_grew_too_big_starts_again_and_keeps_what_it_held(tmp_path: Path):
    log = tmp_path / "edge.log"
    with log.open("ab") as writer:
        writer.write(b"x" * 100)
        writer.flush()
        trim(log, largest=100)
        assert log.stat().st_size == 100
        writer.write(b"y")
        writer.flush()
        trim(log, largest=100)
        writer.write(b"after\n")
    assert log.read_text() == "after\n"
    assert (tmp_path / "edge.log.1").stat().st_size == 101
    assert last_line(log) == "after"
    assert last_line(tmp_path / "none") == "it said nothing"
