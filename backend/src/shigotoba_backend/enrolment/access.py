"""The upstream broker's access list: every identity reaches its own topics and no others.

Each admitted gateway is named with its site and bucket, so that a name can speak for nothing but the place it was
invited to. A gateway also reads its own health: what never comes back was denied, even where the broker acknowledges
it (MQTT 3.1.1).

Responsible for the text of mosquitto's ``acl_file``. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from shigotoba_backend.enrolment.rows import Admitted
from shigotoba_wire.topics import HEALTH, ROOT, upstream

_EVERY: Final = f"{ROOT}/+/+/+"

SERVICES: Final = (
    ("ingest", ("readwrite", f"{_EVERY}/down/#"), ("read", f"{_EVERY}/up/#")),
    ("api", ("readwrite", f"{_EVERY}/down/#"), ("read", f"{_EVERY}/up/#")),
    ("jobs", ("readwrite", f"{_EVERY}/down/#"), ("read", f"{_EVERY}/up/#")),
    ("simulator", ("write", f"{ROOT}/+/+/history/up/#"), ("read", f"{ROOT}/+/+/history/down/#")),
)
"""The platform's own parts, by the common name of their certificates; the simulator's exists where one was issued."""


def access_list(gateways: Iterable[Admitted]) -> str:
    """The whole list."""
    blocks = [_block(name, *rules) for name, *rules in SERVICES]
    blocks += [_gateway(gateway) for gateway in gateways]
    return "# Written by shigotoba_backend from its database; changes are overwritten.\n\n" + "\n".join(blocks)


def _gateway(gateway: Admitted) -> str:
    channel = upstream(gateway.site, gateway.gateway)
    return _block(
        gateway.gateway, ("write", channel.up("#")), ("read", channel.down("#")), ("read", channel.up(HEALTH))
    )


def _block(name: str, *rules: tuple[str, str]) -> str:
    return "\n".join([f"user {name}", *(f"topic {access} {topic}" for access, topic in rules), ""])
