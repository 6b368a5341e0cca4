"""The commands ``migrate`` and ``ready``: the schema of the database and this version of the program.

Responsible for what is printed. Refuses to decide what is missing.
"""

from __future__ import annotations

import argparse
import contextlib
from datetime import UTC, datetime
from typing import Final

from shigotoba_backend.commands import Command
from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.store.connection import check_migrated, connect
from shigotoba_backend.store.migrate import migrate, shipped
from shigotoba_backend.upkeep.layout import LayoutError, make_months_ahead
from shigotoba_backend.upkeep.moving import arrange

OBSTACLES: Final = (LayoutError,)


def _ready(settings: BackendSettings, _options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        check_migrated(conn)
    print("ready")


def _migrate(settings: BackendSettings, _options: argparse.Namespace) -> None:
    with contextlib.closing(connect(settings.database)) as conn:
        for migration in migrate(conn, shipped()):
            print(f"applied {migration.number:04}_{migration.name}")
        arrange(conn, settings.layout, print)
        make_months_ahead(conn, datetime.now(UTC))
    print("the schema is up to date")


MIGRATE: Final = Command("migrate", "bring the database's schema up to this version", _migrate)
READY: Final = Command("ready", "say whether the database can be used by this version; status 0 if so", _ready)
