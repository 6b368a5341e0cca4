from hypothesis import given
from hypothesis import strategies as st

from shigotoba_gateway.messages import Refused, understand
from shigotoba_wire.errors import Refusal
from shigotoba_wire.health import AgentHealth, encode_health
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.senml import encode_batch
from shigotoba_wire.topics import HEALTH, READINGS, local, upstream

CHANNEL = local("gw-1", "edge-1")
BATCH = Batch("gw-1", "edge-1", "e", 1, (Reading("d", "occupancy", True, 1_795_000_000_000),))


def reason(topic: str, payload: bytes) -> Refusal:
    message = understand(topic, payload, "gw-1")
    assert isinstance(message, Refused)
    return message.reason


def test_a_batch_of_an_own_agent_is_understood() -> None:
    assert understand(CHANNEL.up(READINGS), encode_batch(BATCH), "gw-1") == BATCH


def test_health_of_an_own_agent_is_understood() -> None:
    health = AgentHealth("edge-1", 2, 1, "e", 5, 0)
    assert understand(CHANNEL.up(HEALTH), encode_health(health), "gw-1") == health


def test_an_agent_cannot_speak_for_another() -> None:
    assert reason(local("gw-1", "edge-2").up(READINGS), encode_batch(BATCH)) is Refusal.WRONG_SENDER


def test_an_agent_of_another_gateway_is_refused() -> None:
    assert reason(local("gw-2", "edge-1").up(READINGS), encode_batch(BATCH)) is Refusal.BAD_TOPIC
    assert reason(upstream("honcho", "gw-1").up(READINGS), encode_batch(BATCH)) is Refusal.BAD_TOPIC


def test_an_unknown_kind_is_refused() -> None:
    assert reason(CHANNEL.up("gossip"), b"{}") is Refusal.BAD_TOPIC


@given(st.text(), st.binary())
def test_no_topic_and_no_payload_raises_anything(topic: str, payload: bytes) -> None:
    assert isinstance(understand(topic, payload, "gw-1"), Refused)


@given(st.sampled_from([READINGS, HEALTH]), st.binary())
def test_random_bytes_on_a_good_topic_are_refused_with_the_agent_named(kind: str, payload: bytes) -> None:
    message = understand(CHANNEL.up(kind), payload, "gw-1")
    assert isinstance(message, Refused)
    assert message.agent == "edge-1"
