"""Every identity reaches its own topics and no others: each one times each kind of topic, both ways, MQTT 5 and 3.1.1.

Real mosquitto with the configuration of deploy/, real certificates.
"""

import threading

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from shigotoba_backend.enrolment.access import SERVICES
from shigotoba_testing.authority import Platform, platform
from shigotoba_testing.waiting import until
from shigotoba_wire import topics
from shigotoba_wire.tls import tls_context
from shigotoba_wire.topics import bucket_of, upstream

__all__ = ["platform"]

pytestmark = pytest.mark.integration

WITNESS = "witness"
SIMULATOR = "simulator"
PARTS = {name for name, *_ in SERVICES} - {SIMULATOR}
IDENTITIES = ("gw-1", "gw-9", SIMULATOR, *sorted(PARTS))
"""gw-9 has a certificate of the authority and is not admitted."""

UP = ("readings", "health", "events", "results")
DOWN = ("receipts", "config", "turned-away", "schedule", "event-receipts", "commands")
GATEWAYS = ("gw-1", "gw-2")
TOPICS = [
    *(upstream("honcho", gateway).up(kind) for gateway in GATEWAYS for kind in UP),
    *(upstream("honcho", gateway).down(kind) for gateway in GATEWAYS for kind in DOWN),
    *(upstream("elsewhere", gateway).up("readings") for gateway in GATEWAYS),
    upstream("honcho", "history").up("readings"),
    upstream("elsewhere", "history").down("receipts"),
    f"shigotoba/v1/{'0' if bucket_of('gw-1') != '0' else '1'}/honcho/gw-1/up/readings",
    "shigotoba/v1/local/gw-1/edge-1/up/readings",
    "shigotoba/v2/0/honcho/gw-1/up/readings",
    "homeassistant/sensor/x/config",
    "gw-1",
]
WIDE = ("#", "+/+/+/+/+/+/+", "shigotoba/#", "$SYS/#", *TOPICS)
VERSIONS = [MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311]


def may_write(identity: str, topic: str) -> bool:
    """What the design says, in other words than the access list."""
    parts = topic.split("/")
    if topic not in TOPICS or parts[:2] != ["shigotoba", "v1"]:
        return False
    if identity in PARTS:
        return parts[5] == "down"
    if identity == SIMULATOR:
        return parts[4:6] == ["history", "up"]
    admitted = identity in {"gw-1", "gw-2"}
    return admitted and parts[2:6] == [bucket_of(identity), "honcho", identity, "up"]


def may_read(identity: str, topic: str) -> bool:
    parts = topic.split("/")
    if topic not in TOPICS or parts[:2] != ["shigotoba", "v1"]:
        return False
    if identity in PARTS:
        return parts[5] in {"up", "down"}
    if identity == SIMULATOR:
        return parts[4:6] == ["history", "down"]
    own = parts[2:5] == [bucket_of(identity), "honcho", identity] and identity in {"gw-1", "gw-2"}
    return own and (parts[5] == "down" or parts[6] == "health")


class Peer:
    """A connected client that remembers what it got and what the broker said of what it sent."""

    def __init__(self, platform: Platform, identity: str, version: MQTTProtocolVersion, *filters: str) -> None:
        broker = platform.identity(identity)
        self.got: set[tuple[str, str]] = set()
        self.denied: set[str] = set()
        self._sent: dict[int, str] = {}
        self._sending = threading.Lock()
        self._ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, f"client-of-{identity}", protocol=version)
        self._client.tls_set_context(tls_context(broker.ca_file, broker.cert_file, broker.key_file))
        self._client.on_connect = lambda *_: self._client.subscribe([(each, 1) for each in filters or ["none"]])
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._when_message
        self._client.on_publish = self._when_published
        self._client.reconnect_delay_set(0.01, 0.01)
        self._client.connect(broker.host, broker.port, 20)
        self._client.loop_start()
        assert self._ready.wait(30)

    def _when_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.got.add((message.topic, message.payload.decode()))

    def _when_published(self, _client, _data, mid, reason, _properties) -> None:
        with self._sending:
            if reason.is_failure:
                self.denied.add(self._sent[mid])

    def publish_everywhere(self, payload: str) -> None:
        """Publish on every topic; after a denied message mosquitto 2.0.11 ends a TLS connection, so come back first."""
        for topic in [*TOPICS, "$SYS/broker/mine"]:
            self._publish(topic, payload)

    def fence(self) -> None:
        """Whatever the broker sent us before is here when this returns."""
        self._publish("fence", "")

    def _publish(self, topic: str, payload: str) -> None:
        until(self._client.is_connected)
        with self._sending:
            info = self._client.publish(topic, payload, qos=1)
            self._sent[info.mid] = topic
        until(info.is_published)

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def test_every_kind_of_message_has_its_topic_among_those_that_are_tried() -> None:
    """A new kind is a word in ``topics``; those that are local to a gateway's own broker aside."""
    words = {value for name, value in vars(topics).items() if name.isupper() and isinstance(value, str)}
    assert words == {*UP, *DOWN, topics.ROOT, topics.LOCAL, topics.DISPLAYS}


@pytest.fixture(scope="module")
def witnessed(platform: Platform) -> Platform:
    """The platform, and in its access list a witness who sees and may do everything."""
    with (platform.directory / "acl").open("a") as rules:
        rules.write(f"\nuser {WITNESS}\ntopic readwrite #\n")
    platform.reload()
    return platform


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
@pytest.mark.parametrize("identity", IDENTITIES)
def test_an_identity_writes_its_own_topics_and_no_others(
    witnessed: Platform, identity: str, version: MQTTProtocolVersion
) -> None:
    witness = Peer(witnessed, WITNESS, MQTTProtocolVersion.MQTTv5, "#")
    peer = Peer(witnessed, identity, version)
    peer.publish_everywhere(f"from {identity}")
    peer.leave()
    witness.fence()
    arrived = {topic for topic, payload in witness.got if payload == f"from {identity}"}
    witness.leave()
    assert arrived == {topic for topic in TOPICS if may_write(identity, topic)}
    if version is MQTTProtocolVersion.MQTTv5:
        assert peer.denied == {topic for topic in [*TOPICS, "$SYS/broker/mine"] if not may_write(identity, topic)}
    else:
        assert peer.denied == set()  # 3.1.1 cannot say so: the courier listens for its own health instead


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
@pytest.mark.parametrize("identity", IDENTITIES)
def test_an_identity_reads_its_own_topics_and_no_others(
    witnessed: Platform, identity: str, version: MQTTProtocolVersion
) -> None:
    peer = Peer(witnessed, identity, version, *WIDE)
    witness = Peer(witnessed, WITNESS, MQTTProtocolVersion.MQTTv5)
    witness.publish_everywhere("for you?")
    peer.fence()
    witness.leave()
    peer.leave()
    assert {topic for topic, _ in peer.got} == {topic for topic in TOPICS if may_read(identity, topic)}
