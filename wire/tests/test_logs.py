"""A line of the log says what happened, for people or for programs, and with what it has to do."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path

import pytest

from shigotoba_wire.logs import BATCHES, REQUESTS, LogSettings, about, batch_at, batch_name, begin

log = logging.getLogger("shigotoba_somewhere")


@pytest.fixture(autouse=True)
def the_logs_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for logger in (REQUESTS, BATCHES):
        logger.setLevel(logging.NOTSET)


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_text_is_a_line_with_the_facts_at_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    begin(LogSettings())
    with about(request="a1"):
        log.warning("%s is away", "it", extra={"facts": {"tries": 3}})
    [line] = told(capsys)
    assert line.endswith("WARNING shigotoba_somewhere it is away request=a1 tries=3")


def test_json_is_one_object_per_line_traceback_included(capsys: pytest.CaptureFixture[str]) -> None:
    begin(LogSettings("json"))
    try:
        int("第一\n第二")
    except ValueError:
        log.exception("failed", extra={"facts": {"where": Path("/x")}})
    [line] = told(capsys)
    found = json.loads(line)
    assert (found["level"], found["logger"], found["message"], found["where"]) == (
        "error", "shigotoba_somewhere", "failed", "/x",
    )  # fmt: skip
    assert found["at"].endswith("+00:00")
    assert found["error"].splitlines()[-1].startswith("ValueError: invalid literal")


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_line_break_in_what_is_told_cannot_pass_for_another_line(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(LogSettings("json" if style == "json" else "text"))
    log.warning("a message of %s was refused", "gw-1\n2026-11-21 INFO root all is well\r", extra={"facts": {"a": "\n"}})
    assert len(told(capsys)) == 1


def test_facts_reach_threads_that_inherit_the_context_and_end_with_their_block(
    capsys: pytest.CaptureFixture[str],
) -> None:
    begin(LogSettings("json"))
    with about(request="a1"):
        context = copy_context()
    thread = threading.Thread(target=context.run, args=(log.info, "inside"))
    thread.start()
    thread.join()
    log.info("outside")
    first, second = (json.loads(line) for line in told(capsys))
    assert first["request"] == "a1"
    assert "request" not in second


def test_a_batch_has_a_line_only_where_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    name = batch_name("honcho", "gw-1", "e", 41)
    begin(LogSettings("json"))
    batch_at("sent", name)
    assert told(capsys) == []
    begin(LogSettings("json", batches=True))
    batch_at("sent", name, tries=1)
    [line] = told(capsys)
    assert {"message": "sent", "batch": "honcho/gw-1/e/41", "tries": 1}.items() <= json.loads(line).items()


def test_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    begin(LogSettings())
    logging.getLogger("httpx2").info("HTTP Request: POST https://example.lg.jp/hook?secret=1")
    logging.getLogger("httpx2").warning("no answer")
    [line] = told(capsys)
    assert "no answer" in line
