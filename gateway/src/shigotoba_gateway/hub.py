"""The gateway as a whole: local intake, spool, the way upstream, its own health.

Responsible for starting, joining and stopping the parts. Refuses everything the parts do.
"""

from __future__ import annotations

import logging
import threading
import time

from shigotoba_gateway.intake import Intake
from shigotoba_gateway.pulse import Pulse
from shigotoba_gateway.settings import GatewaySettings
from shigotoba_gateway.spool import Spool
from shigotoba_wire.courier import Courier
from shigotoba_wire.downlink import decode_config
from shigotoba_wire.errors import MessageError
from shigotoba_wire.health import encode_health
from shigotoba_wire.inbox import Inbox
from shigotoba_wire.topics import CONFIG, HEALTH, local_filter, upstream

log = logging.getLogger(__name__)


def now_ms() -> int:
    """UTC milliseconds by the system clock."""
    return time.time_ns() // 1_000_000


class Hub:
    """A running gateway."""

    def __init__(self, settings: GatewaySettings) -> None:
        gateway = settings.gateway
        self._spool = Spool.open(settings.spool, settings.site, gateway)
        self._pulse = Pulse(gateway, now_ms, self._spool.desired())
        self._inbox = Inbox(settings.local, f"{gateway}.intake", [local_filter(gateway)])
        self._intake = Intake(self._inbox, self._spool, gateway, self._pulse)
        channel = upstream(settings.site, gateway)
        self._courier = Courier(self._spool.outbox, settings.upstream, channel, self._when_asked)

    def run(self, stopping: threading.Event) -> None:
        """Work until asked to stop; what is taken in by then is on disk.

        An error that the intake cannot wait out ends the run, and with it the process: whoever supervises it starts it
        again, and a half-dead gateway is not mistaken for a living one.
        """
        self._inbox.start()
        self._courier.start()
        beat = threading.Thread(target=self._beat, args=(stopping,), name="health")
        beat.start()
        log.info("spool %s: %d readings wait", self._spool.outbox.epoch, self._spool.outbox.waiting())
        try:
            self._intake.run(stopping)
        finally:
            stopping.set()
            beat.join()
            self._inbox.stop()
            self._courier.stop()
            self._spool.close()

    def _beat(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            self._courier.publish(HEALTH, encode_health(self._pulse.health(self._spool)))
            stopping.wait(self._pulse.health_every_s)

    def _when_asked(self, kind: str, payload: bytes) -> None:
        if kind != CONFIG:
            log.warning("the backend asks for %r, which this gateway does not know", kind)
            return
        try:
            config = decode_config(payload)
        except MessageError as error:
            log.warning("a desired configuration was refused: %s", error)
            return
        current = self._pulse.desired
        if current is None or config.version > current.version:
            self._spool.keep_desired(config)
            self._pulse.desired = config
            log.info("configuration %d is in force", config.version)
