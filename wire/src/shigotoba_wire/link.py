"""Keeps one MQTT connection up: makes a new one whenever the last has ended.

MQTT 5 is tried first. A broker that refuses it, or does not answer it at all (amqtt takes a CONNECT of version 5 for a
longer one of 3.1.1 and waits for the rest), is spoken to in 3.1.1. Over TLS silence is no answer: amqtt does not speak
TLS here, and a broker that has its hands full would be left without a way to refuse; nor is one connection that broke
without a word, which a broker that starts again leaves behind. A watchdog notices a network thread that died.

Responsible for staying connected. Refuses to queue: what is published while there is no connection is not sent, and
whoever publishes is told so.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Final

from paho.mqtt.enums import MQTTProtocolVersion

from shigotoba_wire.answers import Denials
from shigotoba_wire.connection import Connection, Delivery, Session
from shigotoba_wire.errors import SettingsError
from shigotoba_wire.settings import Broker
from shigotoba_wire.tls import in_words, refusal, tls_context

log = logging.getLogger(__name__)

WATCH_EVERY_S: Final = 1.0
GREET_EVERY_S: Final = 0.02
HANDSHAKE_S: Final = 2.0
"""A broker that has not answered CONNECT by then is tried anew: without TLS, with the other version of MQTT."""

SILENT: Final = "no answer to CONNECT"

FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 5.0
UNEXPLAINED: Final = "Unspecified error"
"""What paho says when a socket breaks without a word."""

STEADY_S: Final = 3.0
"""A connection that lasted less is followed by a longer pause: mosquitto ends one over TLS at each denied message."""

BREAKS_TO_DOUBT: Final = 2
"""So many connections in a row that broke without a word speak against the version of MQTT."""

_OTHER: Final = {
    MQTTProtocolVersion.MQTTv5: MQTTProtocolVersion.MQTTv311,
    MQTTProtocolVersion.MQTTv311: MQTTProtocolVersion.MQTTv5,
}


class Link:
    """A connection that comes back.

    Attributes:
        trouble: Why the last connection ended or could not be made; empty while there is one, and before the first.
    """

    def __init__(
        self,
        broker: Broker,
        session: Session,
        on_delivery: Callable[[Delivery], None],
        on_established: Callable[[], None] = lambda: None,
        rng: random.Random | None = None,
    ) -> None:
        self._broker = broker
        self._session = session
        self._on_delivery = on_delivery
        self._on_established = on_established
        self._rng = rng or random.Random()
        self._protocol = MQTTProtocolVersion.MQTTv5
        self._breaks = 0
        self._stopping = threading.Event()
        self._connection: Connection | None = None
        self._pause_s = FIRST_PAUSE_S
        self._rest_until_s = float("-inf")
        self.trouble = ""
        self._denials = Denials()
        self._thread = threading.Thread(target=self._keep, name=f"link-{session.client_id}", daemon=True)

    def start(self) -> None:
        """Begin to connect, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Disconnect for good."""
        self._stopping.set()
        if self._connection is not None:
            self._connection.close()
        if self._thread.is_alive():
            self._thread.join()

    def rest(self, for_s: float) -> None:
        """End the connection and make no new one for so long."""
        self._rest_until_s = time.monotonic() + for_s
        self.begin_anew("resting")

    def begin_anew(self, why: str) -> None:
        """End the connection that stands, if any; the next one is made as always."""
        if self._connection is not None:
            self._connection.abandon(why)

    @property
    def connection(self) -> Connection | None:
        """The connection that is established now, if any."""
        connection = self._connection
        usable = connection is not None and connection.established.is_set() and not connection.ended.is_set()
        return connection if usable else None

    @property
    def denied(self) -> frozenset[str]:
        """Topics on which the broker refused what we published last, on whichever connection; 3.1.1 cannot say so."""
        return self._denials.topics

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Publish at QoS 1 if connected; whether the message was taken on."""
        connection = self.connection
        return connection is not None and connection.publish(topic, payload, retain=retain)

    def _keep(self) -> None:
        quiet = False
        while not self._stopping.is_set():
            began_s = time.monotonic()
            outcome = self._live_once()
            if time.monotonic() - began_s >= STEADY_S:
                self._pause_s = FIRST_PAUSE_S
            self.trouble = outcome
            if self._stopping.is_set():
                return
            if not quiet:
                log.warning("%s: no connection to %s (%s); trying on", *self._names(), outcome)
            quiet = self._pause_s > FIRST_PAUSE_S
            self._stopping.wait(max(self._pause_s * self._rng.uniform(0.8, 1.2), self._rest_until_s - time.monotonic()))
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)

    def _names(self) -> tuple[str, str]:
        return self._session.client_id, f"{self._broker.host}:{self._broker.port}"

    def _live_once(self) -> str:
        connection = Connection(self._broker, self._session, self._protocol, self._on_delivery, self._denials)
        try:
            connection.open()
        except (OSError, SettingsError) as error:
            return in_words(str(error))
        self._connection = connection
        self._watch(connection)
        if connection.established.is_set():
            self._breaks = 0
            return connection.outcome
        why = self._why() if connection.outcome == UNEXPLAINED else connection.outcome
        if connection.perhaps_wrong_version and self._perhaps_of_the_version(connection.outcome, why):
            self._protocol = _OTHER[self._protocol]
            self._breaks = 0
        return why

    def _perhaps_of_the_version(self, outcome: str, why: str) -> bool:
        if outcome == SILENT:
            return self._broker.ca_file is None
        if why != UNEXPLAINED:
            return outcome != UNEXPLAINED
        self._breaks += 1
        return self._breaks >= BREAKS_TO_DOUBT

    def _why(self) -> str:
        """Why TLS does not let us in, asked by listening; or that nobody knows."""
        broker = self._broker
        if broker.ca_file is None or self._stopping.is_set():
            return UNEXPLAINED
        try:
            context = tls_context(broker.ca_file, broker.cert_file, broker.key_file)
        except SettingsError as error:
            return str(error)
        return refusal(broker.host, broker.port, context) or UNEXPLAINED

    def _watch(self, connection: Connection) -> None:
        if not self._greet(connection):
            return
        while not connection.ended.wait(WATCH_EVERY_S):
            if not connection.network_thread_alive():
                connection.abandon("the network thread died")

    def _greet(self, connection: Connection) -> bool:
        deadline_s = time.monotonic() + HANDSHAKE_S
        while not connection.established.is_set():
            if time.monotonic() > deadline_s:
                connection.abandon(SILENT)
            if connection.ended.wait(GREET_EVERY_S):
                return False
        self.trouble = ""
        log.info("%s: connected to %s (%s)", *self._names(), self._protocol.name)
        self._on_established()
        return True
