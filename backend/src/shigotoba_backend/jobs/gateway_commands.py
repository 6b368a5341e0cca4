"""Commands to gateways, given out: what the broker holds for each is what the database says is open.

The broker's own word is listened to, so a list that it lost, or that somebody else put there, is put right. Responsible
for this agreement. Refuses to say what a gateway is to do.
"""

from __future__ import annotations

import logging
import secrets
import threading
from datetime import datetime
from typing import Final

import psycopg

from shigotoba_backend.settings import BackendSettings
from shigotoba_backend.site.gateway_commands import LINGERS, NOTHING, open_commands
from shigotoba_backend.store.sql import load
from shigotoba_wire.connection import Delivery, Session
from shigotoba_wire.link import Link
from shigotoba_wire.topics import COMMANDS, ROOT, upstream

log = logging.getLogger(__name__)

_QUERIES: Final = load("gateway_commands.sql", package="shigotoba_backend.jobs")


class GatewayCommands:
    """What the broker holds, as heard from it, and the connection it is heard over."""

    def __init__(self) -> None:
        self._link: Link | None = None
        self._held: dict[str, bytes] = {}
        self._anew = threading.Event()

    def publish(self, conn: psycopg.Connection, settings: BackendSettings, now: datetime) -> int:
        """Gives every gateway its list where the broker holds another; how many."""
        link = self._link or self._connect(settings)
        if link.connection is None:
            return 0
        gateways = conn.execute(_QUERIES["told_lately"], {"since": now - LINGERS}).fetchall()
        wanted = dict.fromkeys(self._held.copy(), NOTHING)
        for site, gateway in gateways:
            wanted[upstream(site, gateway).down(COMMANDS)] = open_commands(conn, site, gateway, now)
        everything = self._anew.is_set()  # The broker may have lost what it retained.
        self._anew.clear()
        changed = [topic for topic, payload in wanted.items() if everything or self._held.get(topic) != payload]
        for topic in changed:
            if link.publish(topic, wanted[topic], retain=True):
                log.info("%s: commands given, %d octets", topic, len(wanted[topic]))
        return len(changed)

    def stop(self) -> None:
        """Disconnects."""
        if self._link is not None:
            self._link.stop()
            self._link = None

    def _connect(self, settings: BackendSettings) -> Link:
        session = Session(f"commands-{secrets.token_hex(4)}", (f"{ROOT}/+/+/+/down/{COMMANDS}",))
        self._link = Link(settings.broker, session, self._hear, self._anew.set)
        self._link.start()
        return self._link

    def _hear(self, delivery: Delivery) -> None:
        self._held[delivery.topic] = delivery.payload
