"""What the backend asks of a gateway, retained, versioned, answered in its health; and when it does not listen to it.

Responsible for the messages. Refuses to apply them (see the gateway).
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from shigotoba_wire.decoding import decode_message


class DesiredConfig(msgspec.Struct, frozen=True):
    """The configuration a gateway should have.

    Attributes:
        version: Rises with each change; a gateway never goes back to a lower one.
        health_every_s: How often the gateway publishes its health, 1 to 3600 seconds.
    """

    version: Annotated[int, msgspec.Meta(ge=1)]
    health_every_s: Annotated[float, msgspec.Meta(ge=1.0, le=3600.0)] = 10.0


class TurnedAway(msgspec.Struct, frozen=True):
    """Another process speaks for the gateway, and this one is not listened to.

    Said again whenever it speaks, not retained: one that has not been told for a while may take itself for heard. Its
    batches are put off with receipts; none is lost.

    Attributes:
        instance: The process that is turned away, by the name in its health.
        since_ms: Since when another holds the gateway, UTC milliseconds.
    """

    instance: str
    since_ms: int


def encode_config(config: DesiredConfig) -> bytes:
    """The configuration as JSON."""
    return msgspec.json.encode(config)


def decode_config(payload: bytes) -> DesiredConfig:
    """The configuration in ``payload``.

    Raises:
        MessageError: It is none, or a value is out of range.
    """
    return decode_message(payload, DesiredConfig)


def encode_turned_away(message: TurnedAway) -> bytes:
    """The message as JSON."""
    return msgspec.json.encode(message)


def decode_turned_away(payload: bytes) -> TurnedAway:
    """The message in ``payload``.

    Raises:
        MessageError: It is none.
    """
    return decode_message(payload, TurnedAway)
