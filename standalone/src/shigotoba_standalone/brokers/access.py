"""Who may do what: each user's topics, up and down, upstream and on a gateway's own broker.

Responsible for the rules as values. Refuses to write any broker's configuration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ROOT = "shigotoba/v1"


@dataclass(frozen=True)
class User:
    """A name the broker knows, and the topic filters it may publish to and subscribe to."""

    name: str
    may_write: Sequence[str]
    may_read: Sequence[str]


def upstream_users(senders: Sequence[str]) -> list[User]:
    """Users of the broker between gateways and backend: each of ``senders``, and ``ingest``.

    ``ingest`` also reads what gateways are told, to see that it is there.
    """
    base = f"{ROOT}/+/+/+"
    ingest = User("ingest", may_write=[f"{base}/down/#"], may_read=[f"{base}/up/#", f"{base}/down/#"])
    return [*(_sender(f"{ROOT}/+/+/{name}", name) for name in senders), ingest]


def local_users(gateway: str, agents: Sequence[str]) -> list[User]:
    """Users of a gateway's own broker: each of ``agents``, the gateway, and ``displays`` beside the booths."""
    branch = f"{ROOT}/local/{gateway}"
    displays = User("displays", may_write=[], may_read=[f"{branch}/displays/down/#"])
    return [_sender(f"{branch}/{name}", name) for name in agents] + [_receiver(f"{branch}/+", gateway), displays]


def _sender(base: str, name: str) -> User:
    """It also reads its own health: what never comes back was denied, even where the broker acknowledges it."""
    return User(name, may_write=[f"{base}/up/#"], may_read=[f"{base}/down/#", f"{base}/up/health"])


def _receiver(base: str, name: str) -> User:
    return User(name, may_write=[f"{base}/down/#"], may_read=[f"{base}/up/#"])
