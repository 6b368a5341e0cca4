"""``docs/metrics.md``: the catalogue for people. ``python -m shigotoba_backend.metrics.page`` writes it to stdout."""

from __future__ import annotations

import sys
from typing import Final

from shigotoba_backend.metrics.catalogue import METRICS

_HEAD: Final = """\
# Metrics

`python -m shigotoba_backend metrics --settings backend.toml` answers Prometheus on `[metrics] host` and `port` (by
default `127.0.0.1:9464/metrics`). The numbers come from the database at the moment of asking, so they also tell of
processes that have died. What was never reported is absent: absent is not 0. Written by `make docs` from
`backend/src/shigotoba_backend/metrics/catalogue.py`; alerts: `deploy/prometheus/alerts.yml`.

| metric | kind | labels | meaning |
|---|---|---|---|
| `shigotoba_database_up` | gauge | | 1 if the database answered this question, else 0. |
"""


def page() -> str:
    """The whole page."""
    rows = (
        f"| `{each.name}` | {each.kind} | {', '.join(f'`{label}`' for label in each.labels)} | {each.meaning} |\n"
        for each in METRICS
    )
    return _HEAD + "".join(rows).replace("|  |", "| |")


if __name__ == "__main__":
    sys.stdout.write(page())
