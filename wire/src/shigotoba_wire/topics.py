"""Topic names: versioned, by shard bucket, site and gateway, with a way up and a way down.

``shigotoba/v1/{bucket}/{scope}/{sender}/up/{kind}`` and ``.../down/{kind}``. Upstream the scope is the site and the
sender the gateway; on a gateway's local broker the bucket is ``local``, the scope the gateway and the sender the
agent. The bucket is one hexadecimal digit of a stable hash of the gateway, so that an ingest worker subscribes to
just its share; no shared subscriptions (research/mqtt.md section 3: brokers strand or lose messages there).

Responsible for building and parsing names. Refuses to subscribe or publish.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

import msgspec

from shigotoba_wire.errors import MessageError, Refusal
from shigotoba_wire.readings import is_name

ROOT: Final = "shigotoba/v1"
BUCKETS: Final = tuple("0123456789abcdef")
LOCAL: Final = "local"

READINGS: Final = "readings"
HEALTH: Final = "health"
RECEIPTS: Final = "receipts"
CONFIG: Final = "config"
TURNED_AWAY: Final = "turned-away"
SCHEDULE: Final = "schedule"
EVENTS: Final = "events"
EVENT_RECEIPTS: Final = "event-receipts"
COMMANDS: Final = "commands"
RESULTS: Final = "results"

DISPLAYS: Final = "displays"
"""Name of the local channel that displays listen on; no agent may have it."""

_TOPICS_REMEMBERED: Final = 4_096


class Channel(msgspec.Struct, frozen=True):
    """One sender's pair of topic branches."""

    bucket: str
    scope: str
    sender: str

    @property
    def base(self) -> str:
        """The part before ``/up`` and ``/down``."""
        return f"{ROOT}/{self.bucket}/{self.scope}/{self.sender}"

    def up(self, kind: str) -> str:
        """Topic on which the sender publishes ``kind``."""
        return f"{self.base}/up/{kind}"

    def down(self, kind: str) -> str:
        """Topic on which the sender listens for ``kind``."""
        return f"{self.base}/down/{kind}"


def upstream(site: str, gateway: str) -> Channel:
    """The channel between a gateway and the backend."""
    return Channel(bucket_of(gateway), site, gateway)


def local(gateway: str, agent: str) -> Channel:
    """The channel between an edge agent and its gateway."""
    return Channel(LOCAL, gateway, agent)


def display(gateway: str, booth: str) -> str:
    """Topic of a booth's display on the gateway's local broker, retained."""
    return local(gateway, DISPLAYS).down(booth)


@lru_cache(_TOPICS_REMEMBERED)
def bucket_of(gateway: str) -> str:
    """The gateway's bucket: the first hexadecimal digit of the SHA-256 of its name."""
    return hashlib.sha256(gateway.encode()).hexdigest()[0]


def shard_filters(shard: int, shards: int) -> list[str]:
    """Subscriptions of ingest worker ``shard`` of ``shards`` (1 to 16): all kinds of all gateways in its buckets.

    Raises:
        ValueError: The numbers do not describe a shard.
    """
    if not 0 <= shard < shards <= len(BUCKETS):
        raise ValueError(f"shard {shard} of {shards}: need 0 <= shard < shards <= {len(BUCKETS)}")
    if shards == 1:
        return [f"{ROOT}/+/+/+/up/+"]
    return [f"{ROOT}/{bucket}/+/+/up/+" for i, bucket in enumerate(BUCKETS) if i % shards == shard]


def local_filter(gateway: str) -> str:
    """Subscription of a gateway on its local broker: all kinds of all its agents."""
    return f"{ROOT}/{LOCAL}/{gateway}/+/up/+"


@lru_cache(_TOPICS_REMEMBERED)
def parse_up(topic: str) -> tuple[Channel, str]:
    """The channel and kind of an upward topic. The same few topics come for years, so answers are remembered.

    Raises:
        MessageError: It is not one of ours, or a gateway publishes in a bucket that is not its own.
    """
    parts = topic.split("/")
    if len(parts) != 7 or "/".join(parts[:2]) != ROOT or parts[5] != "up":
        raise MessageError(Refusal.BAD_TOPIC, f"{topic!r} is not {ROOT}/bucket/scope/sender/up/kind")
    bucket, scope, sender, kind = parts[2], parts[3], parts[4], parts[6]
    if not (is_name(scope) and is_name(sender) and is_name(kind)):
        raise MessageError(Refusal.BAD_TOPIC, f"{topic!r} has a part that is not a name")
    if bucket not in (LOCAL, bucket_of(sender)):
        raise MessageError(
            Refusal.BAD_TOPIC, f"{topic!r}: bucket {bucket!r} is not the sender's, {bucket_of(sender)!r}"
        )
    return Channel(bucket, scope, sender), kind
