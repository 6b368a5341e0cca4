"""Telling systemd that we are ready, and that we are still alive (sd_notify(3)).

The watchdog is fed only while every part that must move does move: a process of which one part hangs is started again.

Responsible for the datagrams. Refuses to do anything where no systemd listens.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Mapping
from typing import Final

log = logging.getLogger(__name__)

STUCK_S: Final = 30.0


class Notifier:
    """The line to systemd. Safe to use from several threads."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._moved_s: dict[str, float] = {}
        self._lock = threading.Lock()
        self._said = ""

    def alive(self, part: str) -> None:
        """``part`` has moved; from now on it must go on moving."""
        with self._lock:
            self._moved_s[part] = time.monotonic()

    def ready(self) -> None:
        """We do our work from now on."""
        self._send("READY=1")

    def stopping(self) -> None:
        """We are about to end."""
        self._send("STOPPING=1")

    def beat(self, status: str) -> None:
        """Feed the watchdog if every part moves, and say how things are."""
        stuck = self.stuck()
        if not stuck:
            self._send(f"WATCHDOG=1\nSTATUS={status}")
        elif self._said != stuck:
            log.error("%s has not moved for %.0f s; systemd will start us again", stuck, STUCK_S)
        self._said = stuck

    def stuck(self) -> str:
        """The parts that have not moved for too long."""
        now_s = time.monotonic()
        with self._lock:
            return ", ".join(part for part, moved_s in self._moved_s.items() if now_s - moved_s > STUCK_S)

    def _send(self, message: str) -> None:
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.sendto(message.encode(), address)
        except OSError as error:
            log.warning("systemd could not be told %s: %s", message.split("\n", maxsplit=1)[0], error)
