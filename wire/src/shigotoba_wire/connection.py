"""One MQTT connection, from CONNECT to its end; never used again afterwards.

paho-mqtt does the protocol. A connection that ends is thrown away with all its state, so neither an acknowledgement
nor an outgoing message of an old connection can ever reach a new one (research/mqtt.md section 2, "stale ack").

Responsible for one connection. Refuses to reconnect (see ``link``) and to know what messages mean.
"""

# paho types the TLS context as unknown; the one call is in open().
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from typing import NamedTuple

import msgspec
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, LogLevel, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from shigotoba_wire.answers import Answers, Denials
from shigotoba_wire.settings import Broker, read_secret
from shigotoba_wire.tls import in_words, tls_context

log = logging.getLogger(__name__)

SESSION_EXPIRY_S = 7 * 24 * 3600
"""How long the broker keeps a persistent session (MQTT 5 needs it said, research/mqtt.md section 2)."""


class Session(msgspec.Struct, frozen=True):
    """Who connects, and what for.

    Attributes:
        client_id: Stable for persistent sessions.
        filters: Subscriptions, all at QoS 1.
        persistent: The broker keeps what arrives while we are away.
        manual_ack: Deliveries are acknowledged one by one with ``Connection.acknowledge``.
        window: Deliveries the broker may have under way without acknowledgement (MQTT 5 only). mosquitto 2.0 keeps to
            it until the first is acknowledged, then to its own ``max_inflight_messages``, 2,000 in our settings.
    """

    client_id: str
    filters: tuple[str, ...] = ()
    persistent: bool = False
    manual_ack: bool = False
    window: int = 500


class Delivery(NamedTuple):
    """A message as it arrived, with what is needed to acknowledge it.

    ``retained`` says that the broker had kept it from before we subscribed: an old word, not a fresh one.
    """

    topic: str
    payload: bytes
    mid: int
    connection: Connection
    retained: bool = False


class Connection:
    """A connection to a broker.

    Attributes:
        established: Set once the broker has accepted us.
        ended: Set when it is over, for whatever reason.
        outcome: Why it ended, in words.
        perhaps_wrong_version: The broker refused this version of MQTT or said nothing at all.
    """

    def __init__(
        self,
        broker: Broker,
        session: Session,
        protocol: MQTTProtocolVersion,
        on_delivery: Callable[[Delivery], None],
        denials: Denials,
    ) -> None:
        self._broker = broker
        self._session = session
        self._protocol = protocol
        self._on_delivery = on_delivery
        self._denials = denials
        self._said_by_the_network = ""
        self._answers = Answers()
        self.established = threading.Event()
        self.ended = threading.Event()
        self.outcome = ""
        self.perhaps_wrong_version = True
        self._network: threading.Thread | None = None
        self._client = self._make_client()

    def _make_client(self) -> Client:
        v5 = self._protocol == MQTTProtocolVersion.MQTTv5
        client = Client(
            CallbackAPIVersion.VERSION2,
            self._session.client_id,
            clean_session=None if v5 else not self._session.persistent,
            protocol=self._protocol,
            reconnect_on_failure=False,
            manual_ack=self._session.manual_ack,
        )
        client.on_socket_open = _send_at_once
        client.on_connect = self._when_connected
        client.on_disconnect = self._when_disconnected
        client.on_message = self._when_message
        client.on_publish = self._when_published
        client.on_subscribe = self._when_subscribed
        client.on_log = self._when_logged
        return client

    def open(self) -> None:
        """Connect and start the network thread.

        Raises:
            OSError: The broker cannot be reached, or it is not the one our authority vouches for.
            SettingsError: The password file or a file of the certificate cannot be read.
        """
        broker = self._broker
        if broker.username:
            password = read_secret(broker.password_file) if broker.password_file else None
            self._client.username_pw_set(broker.username, password)
        if broker.ca_file:
            self._client.tls_set_context(tls_context(broker.ca_file, broker.cert_file, broker.key_file))
        self._connect()
        before = self._network_threads()
        self._client.loop_start()
        self._network = next(iter(self._network_threads() - before), None)

    def _connect(self) -> None:
        broker = self._broker
        if self._protocol != MQTTProtocolVersion.MQTTv5:
            self._client.connect(broker.host, broker.port, broker.keepalive_s)
            return
        properties = Properties(PacketTypes.CONNECT)
        properties.ReceiveMaximum = self._session.window
        if self._session.persistent:
            properties.SessionExpiryInterval = SESSION_EXPIRY_S
        self._client.connect(
            broker.host,
            broker.port,
            broker.keepalive_s,
            clean_start=not self._session.persistent,
            properties=properties,
        )

    def _network_threads(self) -> set[threading.Thread]:
        """Threads paho has made for our client id, also for connections that have ended but not yet gone."""
        name = f"paho-mqtt-client-{self._session.client_id}"
        return {thread for thread in threading.enumerate() if thread.name == name}

    def network_thread_alive(self) -> bool:
        """Whether paho's thread still runs; it dies of any exception in a callback, and ``is_connected`` hides that."""
        return self._network is not None and self._network.is_alive()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Hand a QoS 1 message to the broker; whether it was taken on (not: whether it arrived)."""
        if not self.established.is_set() or self.ended.is_set():
            return False
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            return False
        early = self._answers.asked(info.mid, topic)
        if early is not None:
            self._note_answer(topic, early)
        return True

    def acknowledge(self, delivery: Delivery) -> None:
        """Tell the broker that a delivery of this connection is safe with us."""
        if delivery.connection is self and not self.ended.is_set():
            self._client.ack(delivery.mid, 1)

    def close(self, within_s: float = 2.0) -> None:
        """Say goodbye to the broker and wait a little for the network thread, which then closes the socket."""
        self._client.disconnect()
        if self._network is not None:
            self._network.join(within_s)
        self._end("closed by us")

    def abandon(self, outcome: str) -> None:
        """End the connection without waiting for anybody."""
        self._end(outcome)
        self._client.disconnect()

    def _end(self, outcome: str) -> None:
        if not self.ended.is_set():
            self.outcome = outcome
            self.ended.set()

    def _when_connected(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self.perhaps_wrong_version = reason.getName() == "Unsupported protocol version"
            self._end(f"refused: {reason.getName()}")
            return
        # paho puts every packet into words as long as anybody wants to hear them: a fifth of what a message costs.
        client.on_log = None
        if self._session.filters:
            client.subscribe([(topic_filter, 1) for topic_filter in self._session.filters])
        self.established.set()

    def _when_disconnected(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if self._said_by_the_network:
            self.perhaps_wrong_version = False
        self._end(self._said_by_the_network or str(reason))

    def _when_logged(self, _client: Client, _data: object, level: int, text: str) -> None:
        # With TLS 1.3 the broker judges our certificate after the handshake; paho only logs the alert it then sends.
        if level == LogLevel.MQTT_LOG_ERR and "[SSL" in text:
            self._said_by_the_network = in_words(text)

    def _when_message(self, client: Client, _data: object, message: MQTTMessage) -> None:
        # An exception that leaves a callback kills paho's thread silently: end the connection aloud instead.
        try:
            self._on_delivery(Delivery(message.topic, bytes(message.payload), message.mid, self, message.retain))
        except UnicodeDecodeError:
            log.warning("a message on a topic that is not UTF-8 was dropped")
            client.ack(message.mid, message.qos)
        except Exception:
            log.exception("handling a message failed; the connection starts anew")
            self._end("handling a message failed")
            client.disconnect()

    def _when_published(
        self, _client: Client, _data: object, mid: int, reason: ReasonCode, _properties: Properties
    ) -> None:
        topic = self._answers.answered(mid, reason)
        if topic is not None:
            self._note_answer(topic, reason)

    def _note_answer(self, topic: str, reason: ReasonCode) -> None:
        if self._denials.note(topic, refused=reason.is_failure):
            log.error("the broker refuses what %s publishes on %s: %s", self._broker.username, topic, reason)

    def _when_subscribed(
        self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        for topic_filter, reason in zip(self._session.filters, reasons, strict=False):
            if reason.is_failure:
                log.error("the broker refuses to let %s read %s: %s", self._broker.username, topic_filter, reason)


def _send_at_once(_client: Client, _data: object, sock: object) -> None:
    # An acknowledgement and the receipt after it are two small writes: the second would wait for the peer's delayed
    # ACK of the first, some 40 ms.
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
