"""What a person reads: each thing once on a pipe, an aligned table for the status."""

import pytest

from shigotoba_standalone.console import BarsConsole, LinesConsole, table
from shigotoba_standalone.supervisor import ProcessStatus, Progress, Status
from shigotoba_standalone.supervisor.status import State

ADDRESS = "http://127.0.0.1:8050/"


def statuses() -> list[Status]:
    starting = Status(1, "starting PostgreSQL", Progress(1, 5))
    running = [Status(1, "running", Progress(5, 5), ADDRESS, Progress(done, 30)) for done in range(31)]
    return [starting, starting, *running]


def test_on_a_pipe_each_thing_is_said_once_and_history_in_tenths(capsys: pytest.CaptureFixture[str]):
    with LinesConsole() as console:
        for status in statuses():
            console.show(status)
    lines = capsys.readouterr().out.splitlines()
    assert lines.count("[1/5] starting PostgreSQL") == 1
    assert sum(ADDRESS in line for line in lines) == 1
    assert [line for line in lines if line.startswith("history")] == [
        f"history: {i} % loaded" for i in range(0, 101, 10)
    ]


def test_on_a_terminal_the_address_stays_and_the_bars_reach_their_ends(capsys: pytest.CaptureFixture[str]):
    with BarsConsole() as console:
        console.line("gateway ended (signal SIGKILL) and is started again.")
        for status in statuses():
            console.show(status)
    out = capsys.readouterr().out
    assert out.count(ADDRESS) == 1
    assert "gateway ended (signal SIGKILL)" in out
    assert out.count("100 %") >= 2


def test_the_table_lines_up_and_dashes_what_is_not_there():
    running = ProcessStatus("postgres", State.RUNNING, 123, 0, "2026-11-21T00:00:00Z", "")
    waiting = ProcessStatus("edge", State.WAITING, None, 2, "2026-11-21T00:00:01Z", "signal SIGKILL")
    head, first, second = table(Status(1, processes=(running, waiting))).splitlines()
    columns = [line.index("2026") for line in (first, second)]
    assert columns == [head.index("started")] * 2
    assert first.endswith("-")
    assert second.endswith("signal SIGKILL")
    assert second.split()[:2] == ["edge", "waiting"]
