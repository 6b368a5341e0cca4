from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_sim.building import Building, building
from shigotoba_sim.commands import (
    Command,
    CommandError,
    CommandLog,
    FaxPages,
    Leave,
    PressRocker,
    PrintSides,
    Sit,
    append_command,
    check,
    event_of,
)
from shigotoba_sim.plan.events import Job, Press

PLACE = building(7, "honcho", "gw-1")
ALL: list[Command] = [
    Sit(1_000, "3f-s05"),
    Leave(2_000, "3f-s05"),
    PressRocker(3_000, "4f-b2", "BO"),
    PrintSides(4_000, "3f-p1", 7, duplex=True),
    FaxPages(5_000, PLACE.mfps[2].device, 3, "in"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "commands.jsonl"


def log_of(path: Path, place: Building = PLACE) -> CommandLog:
    return CommandLog(path, place, not_before_ms=0)


def test_what_is_appended_is_read_once_and_in_order(path: Path) -> None:
    log = log_of(path)
    assert log.new() == []
    for command in ALL[:2]:
        append_command(path, command)
    assert log.new() == ALL[:2]
    for command in ALL[2:]:
        append_command(path, command)
    assert log.new() == ALL[2:]
    assert log.new() == []
    assert log_of(path).new() == ALL


def test_a_line_is_read_only_when_it_is_whole(path: Path) -> None:
    append_command(path, ALL[0])
    line = path.read_bytes()
    path.write_bytes(line[:-5])
    log = log_of(path)
    assert log.new() == []
    path.write_bytes(line)
    assert log.new() == [ALL[0]]


def test_a_line_torn_by_a_killed_writer_does_not_swallow_the_next(path: Path) -> None:
    path.write_bytes(b'{"do":"sit","at')
    append_command(path, ALL[0])
    assert log_of(path).new() == [ALL[0]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"garbage", "malformed"),
        (b'{"do":"dance","at_ms":1}', "dance"),
        (b'{"do":"sit","at_ms":1}', "space"),
        (b'{"do":"sit","at_ms":"now","space":"3f-s01"}', "at_ms"),
        (b'{"do":"sit","at_ms":1,"space":"3f-s99"}', "3f-s99: no such space. There are 3f-s01, "),
        (b'{"do":"press","at_ms":1,"space":"3f-s01"}', "is seat, not booth"),
        (b'{"do":"press","at_ms":1,"space":"3f-b1","button":"CI"}', "CI"),
        (b'{"do":"print","at_ms":1,"mfp":"9f-p1","sides":1}', "9f-p1: no such printer. There are 3f-p1"),
        (b'{"do":"print","at_ms":1,"mfp":"3f-p1","sides":0}', "sides"),
        (b'{"do":"sit","at_ms":-5,"space":"3f-s01"}', "before lively_from"),
        (b"\xff\xfe", ""),
    ],
)
def test_a_line_that_is_no_command_is_skipped_with_its_number_and_the_reason(
    path: Path, caplog: pytest.LogCaptureFixture, line: bytes, reason: str
) -> None:
    append_command(path, ALL[0])
    path.write_bytes(path.read_bytes() + line + b"\n")
    append_command(path, ALL[1])
    with caplog.at_level(logging.WARNING):
        assert log_of(path).new() == ALL[:2]
    assert "line 2 skipped" in caplog.text
    assert reason in caplog.text


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("commands") / "commands.jsonl"
    path.write_bytes(content + b"\n")
    append_command(path, ALL[0])
    assert log_of(path).new()[-1:] == ALL[:1]


def test_a_file_that_shrinks_is_refused(path: Path) -> None:
    append_command(path, ALL[0])
    log = log_of(path)
    log.new()
    path.write_bytes(b"")
    with pytest.raises(CommandError, match="has become shorter"):
        log.new()


def test_a_refusal_names_what_there_is_on_that_floor() -> None:
    with pytest.raises(CommandError) as refused:
        check(PressRocker(1, "4f-b9"), PLACE, 0)
    assert str(refused.value) == "4f-b9: no such space. There are 4f-b1, 4f-b2, 4f-b3, 4f-b4."


def test_commands_become_the_events_that_people_cause() -> None:
    ricoh, _sharp, upstairs = (mfp.device for mfp in PLACE.mfps)
    assert event_of(PressRocker(3, "4f-b2", "BO"), PLACE) == Press(3, "4f-b2", "BO")
    assert event_of(PrintSides(4, "3f-p1", 7, duplex=True), PLACE) == Job(4, ricoh, "print", 7, 4)
    assert event_of(FaxPages(5, upstairs, 3, "in"), PLACE) == Job(5, upstairs, "fax_in", 3, 3, pages=3)
    assert event_of(FaxPages(6, "4f-p1", 2), PLACE) == Job(6, upstairs, "fax_out", 0, 0, pages=2)
