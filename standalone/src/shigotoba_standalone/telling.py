"""How the supervisor tells what it does: lines for people, or one JSON object per line for programs.

The same form as that of the processes it starts (``shigotoba_wire.logs``); it imports none of their rooms.

Responsible for the form of a line. Refuses to decide what is worth telling.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime


def begin(style: str) -> None:
    """Let this process tell, to its errors, in ``text`` or ``json``."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines() if style == "json" else logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])


class JsonLines(logging.Formatter):
    """One JSON object per line, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
