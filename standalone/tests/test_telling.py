"""The supervisor's log, for people and for programs."""

from __future__ import annotations

import json
import logging
import sys

from shigotoba_standalone.telling import JsonLines


def test_a_line_for_programs_is_one_object_traceback_included_and_no_variable() -> None:
    line = ""
    try:
        _start("horse" * 2)
    except ValueError:
        fell = logging.LogRecord("supervisor", logging.ERROR, "", 0, "%s fell", ("it",), sys.exc_info())
        line = JsonLines().format(fell)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["logger"], told["message"]) == ("error", "supervisor", "it fell")
    assert told["at"].endswith("+00:00")
    assert "_start" in told["error"]
    assert "horsehorse" not in line


def _start(password: str) -> None:
    raise ValueError(f"a password of {len(password)} characters")
