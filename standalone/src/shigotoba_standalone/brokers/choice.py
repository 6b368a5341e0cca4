"""Which broker: mosquitto if this machine has it, else the embedded one."""

from __future__ import annotations

from enum import Enum

from shigotoba_standalone.brokers.mosquitto import find


class Kind(Enum):
    """The brokers we can run."""

    MOSQUITTO = "mosquitto"
    AMQTT = "amqtt"


def choose() -> Kind:
    """The better one of those that are here."""
    return Kind.MOSQUITTO if find() else Kind.AMQTT
