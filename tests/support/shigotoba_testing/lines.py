"""What is told to the log, caught for a test."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from shigotoba_wire.logs import BATCHES, REQUESTS, LogSettings, begin


@contextmanager
def lines_told(settings: LogSettings) -> Generator[Callable[[], list[str]]]:
    """Inside, everything is told as ``settings`` say; the function returns the lines since it was last asked."""
    root = logging.getLogger()
    level, told = root.level, io.StringIO()

    def since() -> list[str]:
        lines = told.getvalue().splitlines()
        told.seek(0)
        told.truncate()
        return lines

    handler = begin(settings, stream=told)
    try:
        yield since
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        for logger in (REQUESTS, BATCHES):
            logger.setLevel(logging.NOTSET)


@contextmanager
def objects_told(settings: LogSettings) -> Generator[Callable[[], list[dict[str, Any]]]]:
    """The same for JSON lines."""
    with lines_told(settings) as since:
        yield lambda: [json.loads(line) for line in since()]
