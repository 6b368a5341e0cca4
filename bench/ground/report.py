"""What was measured, for people and for later: lines on the console, ratios first, and a JSON in ``bench/results``.

Responsible for those two. Refuses to measure and to judge.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "results"


def keep(name: str, measured: Mapping[str, object]) -> Path:
    """Writes ``measured`` with when and on what it was measured; a later run replaces it."""
    RESULTS.mkdir(exist_ok=True)
    machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version()}
    told = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine, **measured}
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return path


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.0f} %"
