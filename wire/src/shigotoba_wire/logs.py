"""How a process tells what it does: one line per event on stderr, for people or as JSON for programs.

A line can carry facts beside its sentence: those that the caller gives (``extra={"facts": {...}}``) and those of
whatever is under way (``about``), such as the number of a request. A batch is known by one word at every station, so
that a search for it shows its way.

Responsible for the form of a line, and for who is heard. Refuses to decide what is worth telling, and to write files:
whoever supervises the process keeps what it says.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

import msgspec

REQUESTS: Final = logging.getLogger("shigotoba.requests")
BATCHES: Final = logging.getLogger("shigotoba.batches")

_about: ContextVar[Mapping[str, object]] = ContextVar("about")


class LogSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a process says of its work, and how.

    Attributes:
        style: `text` for people; `json` for programs, one object per line.
        requests: Whether each HTTP request has a line, without what was asked of whom.
        batches: Whether each batch of readings has a line at each station, to follow it by.
    """

    style: Literal["text", "json"] = "text"
    requests: bool = False
    batches: bool = False


def begin(settings: LogSettings, level: int = logging.INFO, stream: TextIO | None = None) -> logging.Handler:
    """Lets this process tell, from ``level`` on, to stderr unless another stream is given; a second time changes how.

    Libraries are heard from warnings on: what they tell of a good day names addresses that may hold secrets.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(lambda record: record.levelno >= logging.WARNING or record.name.startswith("shigotoba"))
    handler.setFormatter(JsonLines() if settings.style == "json" else TextLines())
    root = logging.getLogger()
    for former in [each for each in root.handlers if isinstance(each.formatter, (TextLines, JsonLines))]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)
    for logger, wanted in ((REQUESTS, settings.requests), (BATCHES, settings.batches)):
        logger.setLevel(logging.NOTSET if wanted else logging.WARNING)
    return handler


@contextmanager
def about(**facts: object) -> Generator[None]:
    """Every line that is told inside carries these facts, also from threads that inherit the context."""
    token = _about.set({**_about.get({}), **facts})
    try:
        yield
    finally:
        _about.reset(token)


def batch_at(station: str, batch: str, **facts: object) -> None:
    """Tells that a batch is at a station.

    Args:
        station: What happened to it there, in a word or two.
        batch: Its name, see ``batch_name``.
        facts: What else is to be said.
    """
    BATCHES.info(station, extra={"facts": {"batch": batch, **facts}})


def batch_name(scope: str, sender: str, epoch: str, first_seq: int) -> str:
    """The one word by which a batch is known at every station."""
    return f"{scope}/{sender}/{epoch}/{first_seq}"


class TextLines(logging.Formatter):
    """For people: time, level, logger, sentence, facts. A traceback follows on lines of its own."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802, the name is logging's
        """The line; a line break in what is told cannot pass for another line."""
        told = "".join(f" {name}={value}" for name, value in _facts(record).items())
        return (super().formatMessage(record) + told).replace("\r", "\\r").replace("\n", "\\n")


class JsonLines(logging.Formatter):
    """For programs: one JSON object per line, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_facts(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line, enc_hook=str).decode()


def _facts(record: logging.LogRecord) -> dict[str, object]:
    given: Mapping[str, object] = getattr(record, "facts", {})
    return {**_about.get({}), **given}
