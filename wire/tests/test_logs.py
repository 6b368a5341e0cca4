"""A line of the log says what happened, for people or for programs, and with what it has to do."""

from __future__ import annotations

import json
import logging
import threading
from contextvars import copy_context
from pathlib import Path

import pytest

from shigotoba_testing.lines import lines_told, objects_told
from shigotoba_wire.logs import LogSettings, about, batch_at, batch_name

log = logging.getLogger("shigotoba_somewhere")


def test_text_is_a_line_with_the_facts_at_its_end() -> None:
    with lines_told(LogSettings()) as told, about(request="a1"):
        log.warning("%s is away", "it", extra={"facts": {"tries": 3}})
    [line] = told()
    assert line.endswith("WARNING shigotoba_somewhere it is away request=a1 tries=3")


def test_json_is_one_object_per_line_traceback_included() -> None:
    with objects_told(LogSettings("json")) as told:
        try:
            int("第一\n第二")
        except ValueError:
            log.exception("failed", extra={"facts": {"where": Path("/x")}})
    [line] = told()
    assert (line["level"], line["logger"], line["message"], line["where"]) == (
        "error", "shigotoba_somewhere", "failed", "/x",
    )  # fmt: skip
    assert line["at"].endswith("+00:00")
    assert line["error"].splitlines()[-1].startswith("ValueError: invalid literal")


@pytest.mark.parametrize("settings", [LogSettings("text"), LogSettings("json")])
def test_a_traceback_shows_no_value_of_a_variable(settings: LogSettings) -> None:
    with lines_told(settings) as told:
        try:
            _sign_in("horse" * 2)
        except ValueError:
            log.exception("refused")
    assert "_sign_in" in "".join(told())
    assert "horsehorse" not in "".join(told())


def _sign_in(password: str) -> None:
    raise ValueError(f"a password of {len(password)} characters")


@pytest.mark.parametrize("settings", [LogSettings("text"), LogSettings("json")])
def test_a_line_break_in_what_is_told_cannot_pass_for_another_line(settings: LogSettings) -> None:
    with lines_told(settings) as told:
        log.warning("%s was refused", "gw-1\n2026-11-21 INFO root all is well\r", extra={"facts": {"a": "\n"}})
    assert len(told()) == 1


def test_facts_reach_threads_that_inherit_the_context_and_end_with_their_block() -> None:
    with objects_told(LogSettings("json")) as told:
        with about(request="a1"):
            context = copy_context()
        thread = threading.Thread(target=context.run, args=(log.info, "inside"))
        thread.start()
        thread.join()
        log.info("outside")
    first, second = told()
    assert first["request"] == "a1"
    assert "request" not in second


def test_a_batch_has_a_line_only_where_that_is_asked_for() -> None:
    name = batch_name("honcho", "gw-1", "e", 41)
    with lines_told(LogSettings("json")) as told:
        batch_at("sent", name)
    assert told() == []
    with lines_told(LogSettings("json", batches=True)) as told:
        batch_at("sent", name, tries=1)
    [line] = told()
    assert {"message": "sent", "batch": "honcho/gw-1/e/41", "tries": 1}.items() <= json.loads(line).items()


def test_libraries_are_heard_from_warnings_on() -> None:
    with lines_told(LogSettings()) as told:
        logging.getLogger("httpx2").info("HTTP Request: POST https://example.lg.jp/hook?secret=1")
        logging.getLogger("httpx2").warning("no answer")
    [line] = told()
    assert "no answer" in line
