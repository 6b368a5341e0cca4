"""``python -m shigotoba_backend.api.openapi``: the API's description (OpenAPI 3.1) as docs/openapi.json has it.

Responsible for printing what the routes say. Refuses to add to it.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

from shigotoba_backend.api.app import build
from shigotoba_backend.settings import BackendSettings
from shigotoba_wire.settings import Broker


def described() -> str:
    """The document, the same for the same routes."""
    app = build(BackendSettings("", Broker("localhost", 1883)), lambda: datetime.now(UTC))
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(described())
