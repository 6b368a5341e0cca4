"""Any bytes on any topic: understood, or refused with the right reason; never an exception."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigotoba_backend.ingest.mail import HealthNote, Parcel, open_mail, sites_named
from shigotoba_wire.errors import Refusal
from shigotoba_wire.health import GatewayHealth, encode_health
from shigotoba_wire.pack import MAX_PAYLOAD_BYTES
from shigotoba_wire.readings import Batch, Reading
from shigotoba_wire.senml import columns_of, encode_batch
from shigotoba_wire.topics import HEALTH, READINGS, upstream

NOW_MS = 1_794_000_000_000
CHANNEL = upstream("honcho", "gw-1")
SITES = {"honcho": 1}
BATCH = Batch("honcho", "gw-1", "e", 1, (Reading("seat", "occupancy", True, NOW_MS),))
HEALTH_NOW = GatewayHealth("gw-1", NOW_MS, NOW_MS - 1000, "e", 2, 0, 0)
GOOD = encode_batch(BATCH)


class Message(NamedTuple):
    topic: str
    payload: bytes


def health(**changes: object) -> bytes:
    return encode_health(msgspec.structs.replace(HEALTH_NOW, **changes))


def test_readings_and_health_are_told_apart() -> None:
    arrivals = [Message(CHANNEL.up(READINGS), GOOD), Message(CHANNEL.up(HEALTH), health())]
    mail = open_mail(arrivals, SITES, NOW_MS)
    assert mail.parcels == [Parcel(CHANNEL.up(READINGS), CHANNEL, 1, columns_of(BATCH))]
    assert mail.health == [HealthNote(CHANNEL, 1, HEALTH_NOW, health())]
    assert mail.refused == []


MALFORMED = [
    (CHANNEL.up(READINGS), GOOD[:-1], Refusal.MALFORMED),
    (CHANNEL.up(READINGS), b"", Refusal.MALFORMED),
    (CHANNEL.up(READINGS), b"[]", Refusal.MALFORMED),
    (CHANNEL.up(READINGS), b'{"e": 1}', Refusal.MALFORMED),
    (CHANNEL.up(READINGS), b"[" * 100_000, Refusal.MALFORMED),
    (CHANNEL.up(READINGS), GOOD.replace(b"seat", b"se\xff"), Refusal.NOT_UTF8),
    (CHANNEL.up(READINGS), GOOD + b" " * MAX_PAYLOAD_BYTES, Refusal.TOO_LONG),
    (CHANNEL.up(READINGS), GOOD.replace(b'"sq":1', b'"sq":0'), Refusal.BAD_SEQUENCE),
    (CHANNEL.up(READINGS), GOOD.replace(b'"vb":true', b'"vb":"true"'), Refusal.MALFORMED),
    (CHANNEL.up(READINGS), GOOD.replace(b'"vb":true', b'"vb":true,"v":1'), Refusal.BAD_VALUE),
    (CHANNEL.up(READINGS), GOOD.replace(b"gw-1", b"gw-2"), Refusal.WRONG_SENDER),
    (upstream("elsewhere", "gw-1").up(READINGS), GOOD.replace(b"honcho", b"elsewhere"), Refusal.WRONG_SENDER),
    (CHANNEL.up("gossip"), GOOD, Refusal.BAD_TOPIC),
    ("shigotoba/v1/local/honcho/gw-1/up/readings", GOOD, Refusal.BAD_TOPIC),
    ("shigotoba/v1/x/honcho/gw-1/up/readings", GOOD, Refusal.BAD_TOPIC),
    ("shigotoba/v1", GOOD, Refusal.BAD_TOPIC),
    ("", GOOD, Refusal.BAD_TOPIC),
    (CHANNEL.up(HEALTH), b"null", Refusal.MALFORMED),
    (CHANNEL.up(HEALTH), b'{"x":' + b"[" * 100_000, Refusal.MALFORMED),
    (CHANNEL.up(HEALTH), health(gateway="gw-2"), Refusal.WRONG_SENDER),
    (CHANNEL.up(HEALTH), health(at_ms=NOW_MS + 600_000), Refusal.FUTURE_TIME),
    (CHANNEL.up(HEALTH), health(at_ms=0), Refusal.ABSURD_TIME),
    (CHANNEL.up(HEALTH), health() + b" " * MAX_PAYLOAD_BYTES, Refusal.TOO_LONG),
]


@pytest.mark.parametrize(("topic", "payload", "reason"), MALFORMED)
def test_what_cannot_be_taken_is_refused_with_its_reason(topic: str, payload: bytes, reason: Refusal) -> None:
    mail = open_mail([Message(topic, payload)], SITES, NOW_MS)
    assert [(refused.reason, refused.payload) for refused in mail.refused] == [(reason, payload)]
    assert not mail.parcels
    assert not mail.health


@given(st.lists(st.tuples(st.sampled_from([CHANNEL.up(READINGS), CHANNEL.up(HEALTH)]) | st.text(), st.binary())))
def test_every_message_ends_up_somewhere(messages: list[tuple[str, bytes]]) -> None:
    arrivals = [Message(*message) for message in messages]
    assert sites_named(arrivals) <= {part for message in arrivals for part in message.topic.split("/")}
    mail = open_mail(arrivals, SITES, NOW_MS)
    assert len(mail.parcels) + len(mail.health) + len(mail.refused) == len(arrivals)
